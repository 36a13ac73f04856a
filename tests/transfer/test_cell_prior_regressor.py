"""CellPriorRegressor: distributions as in training, order kept, nothing done where nothing is."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellPriorRegressor,
    HistoneDataset,
    HistoneLinearRegressor,
    make_histone_cells,
)

RIDGE = make_pipeline(BinPooler("mean"), Ridge(alpha=1e-3))


def draw(cell, n=3000, stretch=1.0, shift=0.0, seed=0):
    """Return a cell whose log2 level is that of one mark and noise; the mark may be distorted."""
    rng = np.random.default_rng(seed)
    signal = rng.gamma(2.0, 1.5, size=n)
    level = np.maximum(signal + rng.normal(0, 0.7, size=n), 0)
    return HistoneDataset(
        (stretch * signal + shift)[:, None, None],
        cell=[cell] * n,
        gene=np.arange(n).astype(str),
        expression=2.0**level - 1,
        marks=["H3K4me3"],
    )


def levels(data):
    return np.log2(data.expression + 1)


@pytest.mark.parametrize("method", ["quantile", "shift"])
def test_where_nothing_changed_nothing_is_corrected(method):
    train, other = draw("a"), draw("b", seed=1)
    model = CellPriorRegressor(RIDGE, method=method).fit(train)
    plain = model.estimator_
    np.testing.assert_array_equal(model.predict(train), plain.predict(train))
    same = train.replace(cell=["b"] * len(train))
    np.testing.assert_allclose(model.predict(same), plain.predict(same), atol=0.02)
    scores = [r2_score(levels(other), m.predict(other)) for m in (plain, model)]
    assert scores[1] == pytest.approx(scores[0], abs=0.01)


@pytest.mark.parametrize(("stretch", "shift"), [(1.0, 2.0), (2.0, 0.0), (0.5, 0.0)])
def test_a_distorted_cell_is_mended(stretch, shift):
    train, other = draw("a"), draw("b", stretch=stretch, shift=shift, seed=1)
    found = {}
    for method in ("quantile", "shift"):
        model = CellPriorRegressor(RIDGE, method=method).fit(train)
        before, after = model.estimator_.predict(other), model.predict(other)
        found[method] = r2_score(levels(other), after)
        assert after.mean() == pytest.approx(model.predict(train).mean(), abs=0.01)
        assert np.all(np.diff(after[np.argsort(before)]) >= 0)
        assert found[method] > r2_score(levels(other), before) + 0.1
    assert found["quantile"] > 0.8
    assert found["quantile"] > found["shift"] + (0.05 if stretch != 1 else -0.01)


def test_new_cells_are_learned_once():
    data = make_histone_cells(n_cells=3, n_genes=200, random_state=0)
    train, new = data.select(cells=data.cells[0]), data.select(cells=data.cells[1:])
    model = CellPriorRegressor().fit(train)
    together = model.predict(new)
    order = np.random.default_rng(0).permutation(len(new))
    assert np.array_equal(model.predict(new[order]), together[order])
    with pytest.raises(ValueError, match="learn_cells first"):
        model.predict(new[:1])
    model.learn_cells(new)
    np.testing.assert_allclose(model.predict(new[:1]), together[:1], rtol=1e-6)
    assert model.new_cells_.tolist() == data.cells[1:].tolist()


def test_expression_comes_from_the_data_set_or_as_y():
    data = make_histone_cells(n_cells=2, n_genes=150, random_state=0)
    by_data = CellPriorRegressor().fit(data)
    by_array = CellPriorRegressor(HistoneLinearRegressor(n_regions=10))
    by_array.fit(data.X, levels(data), cell=data.cell)
    found = by_array.predict(data.X, cell=data.cell)
    np.testing.assert_allclose(found, by_data.predict(data), rtol=1e-5)
    assert by_array.score(data.X, levels(data), cell=data.cell) == pytest.approx(
        by_data.score(data), abs=1e-6
    )
    with pytest.raises(ValueError, match="expression"):
        CellPriorRegressor().fit(data.replace(expression=None))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"method": "rank"}, "The 'method' parameter of CellPriorRegressor"),
        ({"estimator": BinPooler()}, "The 'estimator' parameter"),
    ],
)
def test_refuses(params, message):
    data = make_histone_cells(n_cells=2, n_genes=50, random_state=0)
    with pytest.raises(ValueError, match=message):
        CellPriorRegressor(**params).fit(data)
