"""Scores of predicted expression: by hand, against scikit-learn and SciPy, at the edges."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import r2_score, root_mean_squared_error

from histoexpr.metrics import EXPRESSION_SCORES, expression_scores


def test_scores_by_hand():
    scores = expression_scores([1, 2, 3, 6], [2, 2, 4, 4])
    # errors 1, 0, 1, -2; the mean is 3, squared deviations 4, 1, 0, 9
    assert scores["root_mean_squared_error"] == np.sqrt(6 / 4)
    assert scores["r2"] == 1 - 6 / 14
    assert scores["pearson"] == pytest.approx(6 / np.sqrt(14 * 4))
    # ranks 1 2 3 4 and 1.5 1.5 3.5 3.5
    assert scores["spearman"] == pytest.approx(4 / np.sqrt(5 * 4))


def test_scores_equal_those_of_others():
    rng = np.random.default_rng(0)
    for n_samples in (3, 50, 1000):
        y = np.log2(rng.gamma(0.3, 30, n_samples) + 1)
        y[rng.random(n_samples) < 0.2] = 0  # many genes are not expressed at all
        predicted = y.round() + rng.normal(size=n_samples)
        scores = expression_scores(y, predicted)
        assert tuple(scores) == EXPRESSION_SCORES
        assert scores["r2"] == pytest.approx(r2_score(y, predicted))
        assert scores["pearson"] == pytest.approx(stats.pearsonr(y, predicted).statistic)
        assert scores["spearman"] == pytest.approx(stats.spearmanr(y, predicted).statistic)
        error = root_mean_squared_error(y, predicted)
        assert scores["root_mean_squared_error"] == pytest.approx(error)


def test_correlations_see_no_shift_and_scale_and_r2_does():
    y = np.random.default_rng(0).normal(size=40)
    far = expression_scores(y, 1e6 + 3e4 * y)
    assert far["pearson"] == pytest.approx(1)
    assert far["spearman"] == 1
    assert far["r2"] < -1e6
    assert expression_scores(y, -y)["pearson"] == pytest.approx(-1)
    huge = expression_scores(y * 1e-100, y * 1e200)
    assert huge["pearson"] == pytest.approx(1)
    assert huge["root_mean_squared_error"] == np.inf


def test_what_is_constant_is_not_defined():
    flat = expression_scores([0.1, 0.2, 0.9], [0.1] * 3)
    assert np.isnan([flat["pearson"], flat["spearman"]]).all()
    assert expression_scores([1, 2, 3], [2] * 3)["r2"] == 0
    # 0.1 times three is not 0.3: rounding leaves a variance
    measured = expression_scores([0.1] * 3, [0.1, 0.2, 0.9])
    assert np.isnan([measured[name] for name in ("r2", "pearson", "spearman")]).all()
    assert measured["root_mean_squared_error"] == pytest.approx(np.sqrt(0.65 / 3))


@pytest.mark.parametrize(
    ("y", "predicted", "told"),
    [
        ([1, np.nan], [1, 2], "y_true is nan in row 1"),
        ([1, 2], [np.inf, 2], "y_pred is inf in row 0"),
        ([1, 2], [1, 2, 3], "2 samples, but y_pred has 3"),
        ([], [], "y_true has shape"),
        ([1, 2], [[1], [2]], "y_pred has shape"),
        (["a"], [1], "y_true must hold numbers"),
    ],
)
def test_faults_are_reported(y, predicted, told):
    with pytest.raises(ValueError, match=told):
        expression_scores(y, predicted)
