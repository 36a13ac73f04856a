"""Changes between cells: beside SciPy, symmetry, without and with an effect, real cells."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from histoexpr.metrics import fold_change_scores
from support.between_cells import columns_of, coverage


def test_equals_scipy_over_pairs_of_cells():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(50, 4))
    y[rng.random(y.shape) < 0.2] = np.nan
    predicted = np.nan_to_num(y) + rng.normal(size=y.shape)
    expected = []
    for a, b in combinations(range(4), 2):
        change = y[:, b] - y[:, a]
        known = ~np.isnan(change)
        pair = change[known], (predicted[:, b] - predicted[:, a])[known]
        expected.append((pearsonr(*pair)[0], spearmanr(*pair)[0]))
    columns = columns_of(50, 4)
    found = fold_change_scores(y.ravel(), predicted.ravel(), **columns)
    assert [f.value for f in found] == pytest.approx(np.mean(expected, axis=0))
    both = (~np.isnan(y)).astype(int)
    n_pairs = (both.sum(axis=1) * (both.sum(axis=1) - 1) // 2).sum()
    assert found.pearson.n_pairs == found.spearman.n_pairs == n_pairs
    # cells in another order, and another scale
    other = columns | {"cell": np.char.add("x", (9 - columns["cell"].astype(int)).astype(str))}
    again = fold_change_scores(y.ravel(), 1e6 * predicted.ravel() - 3, **other)
    assert [f.value for f in again] == pytest.approx([f.value for f in found])


def test_resamples_are_correlations_of_repeated_genes():
    rng = np.random.default_rng(0)
    y, predicted = rng.normal(size=(2, 60, 2))
    found = fold_change_scores(
        y.ravel(), predicted.ravel(), **columns_of(60, 2, 6), n_resamples=2, confidence=0.05
    )
    draws = np.random.default_rng(0).multinomial(6, np.full(6, 1 / 6), size=2)
    change = np.diff(y)[:, 0], np.diff(predicted)[:, 0]
    repeated = [np.repeat(np.arange(60), draw[np.arange(60) % 6]) for draw in draws]
    expected = [pearsonr(change[0][rows], change[1][rows])[0] for rows in repeated]
    middle = (found.pearson.low + found.pearson.high) / 2
    assert middle == pytest.approx(np.mean(expected))


def test_what_does_not_change():
    columns = columns_of(20, 2)
    y = np.random.default_rng(0).normal(size=(20, 2))
    flat = np.repeat(np.arange(20.0), 2)
    assert [f.value for f in fold_change_scores(y.ravel(), flat, **columns)] == [0, 0]
    nothing = fold_change_scores(flat, y.ravel(), **columns)
    assert np.isnan([f.value for f in nothing]).all()
    assert nothing.pearson.n_genes == 0


@pytest.mark.parametrize("name", ["pearson", "spearman"])
def test_intervals_cover_nothing_and_find_something(name):
    columns = columns_of(200, 3)

    def score(effect):
        def draw(rng):
            y, noise = rng.normal(size=(2, 600))
            found = fold_change_scores(y, effect * y + noise, **columns, n_resamples=400)
            return getattr(found, name)

        return draw

    share, mean = coverage(score(0), 0, 150)
    assert 0.88 <= share <= 0.99
    assert mean == pytest.approx(0, abs=0.01)
    share, _ = coverage(score(0.4), 0, 40)
    assert share == 0
