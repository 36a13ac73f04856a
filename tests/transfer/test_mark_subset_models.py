"""The classifier and the regressor of subsets of marks."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    Flattener,
    HistoneDataset,
    HistoneLinearRegressor,
    LeaveOneCellOut,
    MarkSubsetClassifier,
    MarkSubsetRegressor,
    make_histone_cells,
)


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 400, random_state=1)


def test_one_model_serves_a_cell_without_a_mark(data):
    train, test = np.isin(data.gene, data.genes[:300]), data.cell == "C03"
    model = MarkSubsetClassifier().fit(data[train & ~test])
    new = data[~train & test]
    scores = {
        marks: roc_auc_score(new.y, model.decision_function(new.select(marks=list(marks))))
        for marks in (tuple(data.marks), ("H3K27me3", "H3K36me3", "H3K4me3"), ("H3K9me3",))
    }
    five, three, one = scores.values()
    assert five > 0.85
    assert three > 0.8
    assert 0.4 < one < three - 0.1


def test_missing_marks_carry_nothing(data):
    # labels that do not depend on the signals are not predicted by any subset
    y = np.random.default_rng(0).permutation(data.y)
    model = MarkSubsetClassifier(min_marks=2).fit(data[:800], y[:800])
    for marks in (data.marks, data.marks[:2]):
        found = roc_auc_score(y[800:], model.decision_function(data[800:].select(marks=marks)))
        assert 0.4 < found < 0.6


def test_outputs_agree(data):
    text = np.array(["off", "on"])[data.y]
    model = MarkSubsetClassifier(min_marks=3).fit(data.replace(y=text))
    new = data.select(marks=data.marks[:4])
    proba, score = model.predict_proba(new), model.decision_function(new)
    assert model.classes_.tolist() == ["off", "on"]
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    np.testing.assert_allclose(np.log(proba), model.predict_log_proba(new), atol=1e-6)
    np.testing.assert_allclose(np.log(proba[:, 1] / proba[:, 0]), score, atol=1e-5)
    np.testing.assert_array_equal(model.predict(new), model.classes_[(score > 0).astype(int)])
    assert model.score(new.replace(y=text)) == np.mean(model.predict(new) == text)
    with pytest.raises(ValueError, match="no labels"):
        MarkSubsetClassifier().fit(data.replace(y=None))


def test_every_model_knows_every_class(data):
    cells = [data.select(cells=cell) for cell in data.cells]
    one_class = cells[1].select(marks=data.marks[:2])
    one_class = one_class[one_class.y == 1]
    parts = [cells[0].select(marks=data.marks[2:]), one_class]
    train = HistoneDataset.concat([part.with_marks(data.marks) for part in parts])
    model = MarkSubsetClassifier().fit(train)
    assert set(model.subsets_) == {
        tuple(data.marks[i] for i in subset)
        for subset in [(2, 3, 4), (2, 3), (2, 4), (3, 4), (2,), (3,), (4,)]
    }
    with pytest.raises(ValueError, match=r"marks H3K27me3 there are none of class .*0"):
        MarkSubsetClassifier(subsets=[["H3K27me3"]]).fit(train)


def test_regressor_learns_expression_and_takes_it_from_the_data_set(data):
    new = data.select(cells="C03", marks=data.marks[1:])
    train = data.select(cells=["C01", "C02"])
    model = MarkSubsetRegressor().fit(train)
    alone = HistoneLinearRegressor(n_regions=10).fit(train.select(marks=data.marks[1:]))
    np.testing.assert_allclose(model.predict(new), alone.predict(new), atol=1e-4)
    y = np.log2(new.expression + 1)
    assert model.score(new) == pytest.approx(r2_score(y, model.predict(new)))
    assert model.score(new) > 0.4
    with pytest.raises(ValueError, match="no expression"):
        MarkSubsetRegressor().fit(train.replace(expression=None))
    assert not hasattr(model, "predict_proba")


def test_cross_validation_takes_data_sets_of_different_marks(data):
    cells = [data.select(cells=cell) for cell in data.cells]
    cells[1] = cells[1].select(marks=data.marks[:4]).with_marks(data.marks)
    mixed = HistoneDataset.concat(cells)
    model = MarkSubsetClassifier(min_marks=4)
    scores = cross_val_score(model, mixed, mixed.y, cv=LeaveOneCellOut(), scoring="roc_auc")
    assert scores.shape == (3,)
    assert scores.min() > 0.85
    flat = make_pipeline(Flattener(), LogisticRegression())
    assert not hasattr(clone(MarkSubsetClassifier(HistoneLinearRegressor())), "predict_proba")
    assert hasattr(clone(MarkSubsetClassifier(flat)), "predict_log_proba")
