"""What models predict, and predictions held against expression."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, make_histone_cells
from histoexpr.experiments import evaluate_cells, make_model
from histoexpr.experiments._targets import (
    as_log_odds,
    clear_samples,
    log2_expression,
    score_expression,
    score_part,
    target_of,
)
from histoexpr.metrics import expression_scores


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(2, 120, random_state=0)


def test_regressors_are_trained_on_expression():
    assert target_of(Ridge()) == target_of(make_pipeline(BinPooler(), Ridge()))
    assert target_of(Ridge()) == target_of(make_model("m", "boosting-regressor"))
    assert target_of(Ridge()) == "log2_expression"
    assert target_of(make_pipeline(BinPooler(), LogisticRegression())) == "label"


def test_log2_expression_by_hand():
    found = log2_expression(np.array([0, 1, 3, np.nan, np.inf]))
    np.testing.assert_array_equal(found, [0, 1, 2, np.nan, np.nan])
    # logarithms and differences have no such scale
    assert log2_expression(np.array([1.0, -0.5])) is None
    assert log2_expression(np.full(2, np.nan)) is None
    assert log2_expression(None) is None


def test_clear_samples_by_hand():
    expression = np.array([0, 1.9, 2.1, 3, 3.1, 5, 0, 1, 2, 9, np.nan])
    y = np.array([0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1])
    cell = np.array([0] * 6 + [1] * 5)
    # cut-offs: 2 between 1.9 and 2.1; the median 1.5 where labels do not follow expression
    expected = [1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0]
    assert clear_samples(y, expression, cell).tolist() == [bool(e) for e in expected]
    assert clear_samples(None, expression, cell) is None
    assert clear_samples(y, None, cell) is None
    clear = clear_samples(y[:6], expression[:6], cell[:6])
    assert score_part(y[:6], clear, np.array([0.5, 0, 0, 0, 0.4, 0.6])) == 0.5
    assert np.isnan(score_part(y[:6], np.arange(6) > 3, np.zeros(6)))


def test_scores_are_over_what_is_known():
    expression = np.array([0, 1, np.nan, 4.0])
    predicted = np.array([0.2, 0.3, 0.9, 0.99999])
    known = ~np.isnan(expression)
    found = score_expression(expression, predicted, "label", True)
    odds = as_log_odds(predicted)
    assert odds[0] == pytest.approx(np.log(0.25))
    assert odds[3] == pytest.approx(np.log(999))  # not further
    expected = expression_scores(expression[known], odds[known])
    assert found == {name: expected[name] for name in ("pearson", "spearman")}
    found = score_expression(expression, predicted, "log2_expression", False)
    assert found == expression_scores(expression[known], predicted[known])
    assert score_expression(np.full(4, np.nan), predicted, "label", True) == {}


def test_what_a_data_set_lacks_is_named_with_its_model(data):
    ridge = make_model("m", "ridge")
    missing = data.expression.copy()
    missing[[3, 5]] = np.nan
    for expression, told in [
        (None, "'r' .* is a regressor.* no expression.*relabel"),
        (missing, r"'r' .*expression of 2 of 240 samples.* row 3 .*take\(np.isfinite"),
        (np.log2(data.expression + 0.01), "'r' .*expression is -.* 0 or more. Undo the log"),
    ]:
        with pytest.raises(ValueError, match=told):
            evaluate_cells({"r": ridge}, data.replace(expression=expression), genes="split")
    with pytest.raises(ValueError, match=r"'l' .* is trained on labels, .* no labels"):
        evaluate_cells({"l": make_model("m", "logistic")}, data.replace(y=None), genes="split")
    with pytest.raises(ValueError, match="neither labels nor expression"):
        evaluate_cells({"r": ridge}, data.replace(y=None, expression=None), genes="split")


def test_without_expression_classifiers_have_their_scores(data):
    models = {"l": make_model("m", "logistic")}
    whole = evaluate_cells(models, data, genes="split")
    plain = evaluate_cells(models, data.replace(expression=None), genes="split")
    np.testing.assert_array_equal(plain.scores("same cell"), whole.scores("same cell"))
    absent = ["pearson", "spearman", "roc_auc_clear", "r2", "root_mean_squared_error"]
    assert plain.table[absent].isna().all(axis=None)
    assert whole.select("same cell")[absent[:3]].notna().all(axis=None)
    assert "log2_expression" not in plain.predictions()


def test_without_labels_regressors_have_theirs(data):
    models = {"r": make_model("m", "ridge")}
    whole = evaluate_cells(models, data, genes="split")
    plain = evaluate_cells(models, data.replace(y=None), genes="split")
    np.testing.assert_array_equal(plain.scores("same cell"), whole.scores("same cell"))
    assert plain.table[["roc_auc", "roc_auc_clear", "log_loss"]].isna().all(axis=None)
    assert plain.models == ["r", "same-gene mean", "mean of training genes"]
    assert plain.compared == ("pearson", "r2")
    assert "AUROC" not in plain.format_summary() + plain.format_means()
    assert "label" not in plain.predictions()
