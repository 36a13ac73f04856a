"""learn_cells walks a model: every step learns from what the steps before make of X."""

import numpy as np
import pytest
import sklearn
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    CellPriorClassifier,
    HistoneLinearClassifier,
    SignalScaler,
    make_histone_cells,
)
from histoexpr.transfer import learn_cells
from histoexpr.transfer._learn_cells import cell_params, learns_cells


@pytest.fixture(scope="module")
def halves():
    data = make_histone_cells(n_cells=2, n_genes=200, random_state=0)
    return [data.select(cells=cell) for cell in data.cells]


@pytest.mark.parametrize("before", [[], [SignalScaler(log1p=False, standardize=None)]])
def test_single_samples_after_learning_are_as_all_together(halves, before):
    first, second = halves
    model = make_pipeline(*before, CellNormalizer(), HistoneLinearClassifier()).fit(first)
    together = model.predict_proba(second)
    with pytest.raises(ValueError, match="learn_cells"):
        model.predict_proba(second[:1])
    assert learn_cells(model, second) is model
    one_by_one = np.concatenate([model.predict_proba(second[[row]]) for row in range(20)])
    np.testing.assert_allclose(one_by_one, together[:20], rtol=1e-5)


def test_nested_models_learn_from_the_inside(halves):
    first, second = halves
    inner = make_pipeline(CellNormalizer(), HistoneLinearClassifier())
    model = make_pipeline(CellPriorClassifier(inner)).fit(first)
    together = model.predict_proba(second)
    learn_cells(model, second)
    assert model[0].new_cells_.tolist() == second.cells.tolist()
    assert model[0].estimator_[0].new_cells_.tolist() == second.cells.tolist()
    np.testing.assert_allclose(model.predict_proba(second[:3]), together[:3], rtol=1e-5)


def test_cells_of_arrays_are_given_to_steps(halves):
    first, second = halves
    with sklearn.config_context(enable_metadata_routing=True):
        step = CellNormalizer().set_fit_request(cell=True).set_transform_request(cell=True)
        steps = SignalScaler(log1p=False, standardize=None), step, BinPooler("sum")
        model = make_pipeline(*steps, LogisticRegression(max_iter=2000))
        model.fit(first.X, first.y, cell=first.cell)
        together = model.predict_proba(second.X, cell=second.cell)
        learn_cells(model, second.X, second.cell)
        few = model.predict_proba(second.X[:2], cell=second.cell[:2])
        np.testing.assert_allclose(few, together[:2], rtol=1e-5)


def test_models_that_learn_nothing_stay(halves):
    model = HistoneLinearClassifier().fit(halves[0])
    assert learn_cells(model, halves[1]) is model
    with pytest.raises(NotFittedError):
        learn_cells(make_pipeline(HistoneLinearClassifier()), halves[1])


def test_cells_are_passed_to_those_that_ask():
    assert cell_params(CellNormalizer(), "transform", ["a"]) == {}
    with sklearn.config_context(enable_metadata_routing=True):
        asks = CellNormalizer().set_transform_request(cell=True)
        assert cell_params(asks, "transform", ["a"]) == {"cell": ["a"]}
        assert cell_params(asks, "transform", None) == {}
        assert cell_params(SignalScaler(), "transform", ["a"]) == {}


def test_searches_learn_through_what_they_found(halves):
    first, second = halves
    steps = make_pipeline(CellNormalizer(), HistoneLinearClassifier())
    search = GridSearchCV(steps, {"cellnormalizer__method": ["quantile", "depth"]}, cv=2)
    search.fit(first, first.y)
    assert learn_cells(search, second) is search
    whole = search.predict_proba(second)
    np.testing.assert_allclose(search.predict_proba(second[:3]), whole[:3])


def test_models_that_learn_cells_are_known(halves):
    first, _ = halves
    steps = make_pipeline(CellNormalizer(), HistoneLinearClassifier())
    assert learns_cells(steps)
    assert learns_cells(GridSearchCV(steps, {}, cv=2).fit(first, first.y))
    assert not learns_cells(make_pipeline(SignalScaler(), HistoneLinearClassifier()))
