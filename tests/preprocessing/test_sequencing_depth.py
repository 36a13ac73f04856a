"""Sequencing depth of cells: by hand, equal afterwards, silent marks, faults."""

import numpy as np
import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.preprocessing import cell_depth, normalize_depth
from support.counts import COUNTS

CELL = np.repeat(["E003", "E123"], 20)


def test_depth_by_hand():
    X = np.array([[[1, 2], [1, 0]], [[3, 0], [1, 0]], [[10, 4], [0, 4]]], dtype=np.uint8)
    cells, depth = cell_depth(X, ["b", "b", "a"])
    assert cells.tolist() == ["a", "b"]
    assert depth.tolist() == [[10, 8], [3, 1]]
    Z = normalize_depth(X, ["b", "b", "a"])
    assert Z.dtype == np.float32
    np.testing.assert_allclose(Z[2], X[2] * [6.5 / 10, 4.5 / 8], rtol=1e-6)
    np.testing.assert_allclose(Z[0], X[0] * [6.5 / 3, 4.5], rtol=1e-6)


@pytest.mark.parametrize("method", ["total", "median"])
def test_depth_is_equal_afterwards(method):
    X = COUNTS.astype(float)
    X[CELL == "E123"] *= [3, 0.1, 1, 2, 7]
    Z = normalize_depth(X, CELL, method=method)
    depth = cell_depth(Z, CELL, method=method)[1]
    np.testing.assert_allclose(depth[0], depth[1])
    reference = [100, 1, 2, 3, 4]
    Z = normalize_depth(X, CELL, method=method, reference=reference)
    np.testing.assert_allclose(cell_depth(Z, CELL, method=method)[1], [reference] * 2)


def test_a_new_cell_takes_the_old_reference():
    reference = cell_depth(COUNTS, CELL)[1].mean(axis=0)
    both = normalize_depth(COUNTS, CELL)
    alone = normalize_depth(COUNTS[20:], CELL[20:], reference=reference)
    assert np.array_equal(alone, both[20:])


def test_silent_marks():
    X = COUNTS.copy()
    X[20:, :, 4] = 0
    with pytest.warns(HistoexprWarning, match=r"No signal at all of mark5 in E123;"):
        Z = normalize_depth(X, CELL)
    assert not Z[20:, :, 4].any()
    np.testing.assert_allclose(Z[:20, :, 4], X[:20, :, 4], rtol=1e-6)
    X[20:23, 0, 4] = 1
    with pytest.raises(ValueError, match=r"of cell E123 have no count of mark5,.*'total'"):
        normalize_depth(X, CELL, method="median")


@pytest.mark.parametrize(
    ("args", "params", "message"),
    [
        ((COUNTS, CELL[1:]), {}, "groups has 39 rows, but X has 40 samples"),
        ((COUNTS[:, :, 0], CELL), {}, "X must have shape"),
        ((COUNTS - 1.0, CELL), {}, "Negative values in data passed to X"),
        ((np.where(COUNTS > 3, np.inf, 1.0), CELL), {}, "X contains infinity"),
        ((np.where(COUNTS > 3, np.nan, 1.0), CELL), {}, "X contains NaN"),
        ((COUNTS, CELL), {"method": "mean"}, "The 'method' parameter of normalize_depth must be"),
        ((COUNTS, CELL), {"method": ["total"]}, "The 'method' parameter"),
        ((COUNTS, CELL), {"reference": [1, 2]}, "one depth for each of the 5 marks"),
        ((COUNTS, CELL), {"reference": [1, 2, 3, 4, 0]}, "reference must be positive"),
        ((COUNTS[:0], []), {}, "with at least 1 sample, got"),
    ],
)
def test_depth_refuses(args, params, message):
    with pytest.raises(ValueError, match=message):
        normalize_depth(*args, **params)
