"""CellPriorClassifier: shares as asked for, order kept, training cells kept, no effect of none."""

import pickle

import numpy as np
import pytest
import sklearn
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    CellPriorClassifier,
    CrossCellSplit,
    HistoneDataset,
    HistoneLinearClassifier,
    make_histone_cells,
)
from histoexpr.exceptions import HistoexprWarning

LOGISTIC = make_pipeline(BinPooler("mean"), LogisticRegression(C=1e4))
METHODS = ["shift", "quantile"]


def draw(cell, n=2000, share=0.5, stretch=1.0, shift=0.0, seed=0):
    """Return a cell of one mark, normal around -1 and 1 in silent and expressed genes."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(int)
    x = stretch * rng.normal(2.0 * y - 1, 1.0) + shift
    return HistoneDataset(
        x[:, None, None], y, cell=[cell] * n, gene=np.arange(n).astype(str), marks=["H3K4me3"]
    )


@pytest.fixture(scope="module")
def train():
    return draw("a")


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_changed_nothing_is_corrected(train, method):
    model = CellPriorClassifier(LOGISTIC, method=method).fit(train)
    plain = model.estimator_
    same = train.replace(cell=["b"] * len(train))
    np.testing.assert_allclose(model.predict_proba(same), plain.predict_proba(same), atol=1e-3)
    other = draw("b", seed=1)
    corrected, before = (m.predict_proba(other)[:, 1] for m in (model, plain))
    assert np.abs(corrected - before).max() < 0.06
    np.testing.assert_allclose(model.predict_proba(train), plain.predict_proba(train), rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("expressed", ["training", 0.3])
def test_a_cell_with_stronger_signals_is_mended(train, method, expressed):
    share = 0.5 if expressed == "training" else expressed
    deeper = draw("b", share=share, shift=1.0, seed=1)
    model = CellPriorClassifier(LOGISTIC, expressed=expressed, method=method).fit(train)
    before, after = (m.predict_proba(deeper)[:, 1] for m in (model.estimator_, model))
    assert np.mean(before > 0.5) > share + 0.12
    assert after.mean() == pytest.approx(share if expressed != "training" else train.y.mean())
    assert np.mean(after > 0.5) == pytest.approx(share, abs=0.04)
    assert log_loss(deeper.y, after) < log_loss(deeper.y, before) - 0.1
    assert brier_score_loss(deeper.y, after) < brier_score_loss(deeper.y, before) - 0.03
    assert np.array_equal(np.argsort(before, kind="stable"), np.argsort(after, kind="stable"))
    assert np.array_equal(model.predict(deeper), (after > 0.5).astype(int))
    assert model.score(deeper) == np.mean(model.predict(deeper) == deeper.y)
    np.testing.assert_allclose(model.decision_function(deeper), logit(after), atol=1e-6)
    np.testing.assert_allclose(expit(model.decision_function(deeper)), after)


def test_weaker_marks_are_mended_by_quantiles_only(train):
    weaker = draw("b", stretch=0.4, seed=1)
    losses = {}
    for method in METHODS:
        proba = CellPriorClassifier(LOGISTIC, method=method).fit(train).predict_proba(weaker)
        losses[method] = log_loss(weaker.y, proba)
    assert losses["quantile"] < losses["shift"] - 0.03
    best = log_loss(weaker.y, LOGISTIC.fit(weaker, weaker.y).predict_proba(weaker))
    assert losses["quantile"] < best + 0.01


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_the_share_is_estimated(train, share):
    other = draw("b", n=5000, share=share, seed=1)
    model = CellPriorClassifier(LOGISTIC, expressed="estimate", method="shift").fit(train)
    proba = model.predict_proba(other)[:, 1]
    assert proba.mean() == pytest.approx(other.y.mean(), abs=0.02)
    plain = log_loss(other.y, model.estimator_.predict_proba(other))
    assert log_loss(other.y, proba) < plain + 1e-3


@pytest.mark.parametrize("method", METHODS)
def test_new_cells_are_learned_apart_and_once(cells, method):
    train, new = cells.select(cells=cells.cells[0]), cells.select(cells=cells.cells[1:])
    model = CellPriorClassifier(HistoneLinearClassifier(), method=method).fit(train)
    together = model.predict_proba(new)
    order = np.random.default_rng(0).permutation(len(new))
    assert np.array_equal(model.predict_proba(new[order]), together[order])
    second = new.cell == cells.cells[1]
    assert np.array_equal(model.predict_proba(new[second]), together[second])
    mixed = HistoneDataset.concat([train, new])
    assert np.array_equal(model.predict_proba(mixed)[len(train) :], together)
    with pytest.raises(ValueError, match=r"1 sample.s. of the new cell .* learn_cells"):
        model.predict_proba(new[:1])
    with pytest.warns(HistoexprWarning, match="from 30 samples only"):
        model.predict_proba(new[:30])

    assert model.learn_cells(new.replace(y=None)) is model
    assert model.new_cells_.tolist() == cells.cells[1:].tolist()
    for row in (0, 7, len(new) - 1):
        assert np.array_equal(model.predict_proba(new[[row]])[0], together[row])
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.predict_proba(new[:5]), together[:5])
    # training cells stay as they are
    before = model.predict_proba(train[:5])
    model.learn_cells(train.replace(X=train.X * 2))
    assert np.array_equal(model.predict_proba(train[:5]), before)


def test_arrays_with_and_without_cells(cells):
    train, new = cells.select(cells=cells.cells[0]), cells.select(cells=cells.cells[1])
    expected = CellPriorClassifier().fit(train).predict_proba(new)
    model = CellPriorClassifier().fit(train.X, train.y, cell=train.cell)
    assert np.array_equal(model.predict_proba(new.X, cell=new.cell), expected)
    right = model.predict(new) == new.y
    assert model.score(new.X, new.y, cell=new.cell) == np.mean(right)
    weight = np.arange(len(new))
    found = model.score(new.X, new.y, sample_weight=weight, cell=new.cell)
    assert found == pytest.approx(np.average(right, weights=weight))
    with pytest.raises(ValueError, match="CellPriorClassifier was fitted with the cells"):
        model.predict(new.X)
    unnamed = CellPriorClassifier().fit(train.X, train.y)
    plain = HistoneLinearClassifier(n_regions=10).fit(train.X, train.y).predict_proba(new.X)
    np.testing.assert_allclose(unnamed.predict_proba(new.X), plain, rtol=1e-6)
    with pytest.raises(ValueError, match="cell is missing: name the new cell"):
        unnamed.learn_cells(new.X)


def test_cells_reach_an_inner_normaliser_by_routing(cells):
    train, new = cells.select(cells=cells.cells[0]), cells.select(cells=cells.cells[1])
    steps = BinPooler("sum"), LogisticRegression(max_iter=2000)
    expected = CellPriorClassifier(make_pipeline(CellNormalizer(), *steps)).fit(train)
    expected = expected.predict_proba(new)
    with sklearn.config_context(enable_metadata_routing=True):
        asks = CellNormalizer().set_fit_request(cell=True).set_transform_request(cell=True)
        model = CellPriorClassifier(make_pipeline(asks, *steps))
        model.fit(train.X, train.y, cell=train.cell)
        assert np.array_equal(model.predict_proba(new.X, cell=new.cell), expected)
        routing = model.get_metadata_routing()
        assert routing.consumes("fit", ["cell", "other"]) == {"cell"}
        assert routing.consumes("predict", ["cell"]) == {"cell"}


def test_search_over_its_parameters(cells):
    search = GridSearchCV(
        CellPriorClassifier(HistoneLinearClassifier()),
        {"method": METHODS, "estimator__alpha": ["auto", 0.1]},
        cv=CrossCellSplit("exclusive", n_splits=2),
        scoring="neg_log_loss",
    ).fit(cells, cells.y)
    assert len(np.unique(search.cv_results_["mean_test_score"])) == 4


@pytest.mark.parametrize(
    ("params", "y", "message"),
    [
        ({"expressed": "estimate", "method": "quantile"}, None, "no share to estimate"),
        ({"expressed": "estimate"}, None, "no share to estimate"),
        ({"expressed": 1.0}, None, "The 'expressed' parameter of CellPriorClassifier"),
        ({"expressed": "half"}, None, "The 'expressed' parameter"),
        ({"method": "rank"}, None, "The 'method' parameter"),
        ({"estimator": BinPooler()}, None, "The 'estimator' parameter"),
        ({}, np.arange(600) % 3, "Only binary classification is supported"),
    ],
)
def test_refuses(cells, params, y, message):
    with pytest.raises(ValueError, match=message):
        CellPriorClassifier(**params).fit(cells, y)


def test_fit_parameters_and_names_are_those_of_the_estimator(cells):
    weight = np.where(cells.y == 1, 5.0, 1.0)
    model = CellPriorClassifier(HistoneLinearClassifier())
    model.fit(cells, sample_weight=weight)
    weighted = HistoneLinearClassifier().fit(cells, sample_weight=weight)
    np.testing.assert_allclose(model.predict_proba(cells), weighted.predict_proba(cells))
    assert model.mark_names_in_.tolist() == cells.marks
    assert (model.bin_size_in_, model.n_marks_in_) == (cells.bin_size, cells.n_marks)
