"""Pairs the other way round."""

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells, pair_cells, swap_pairs
from support.small_datasets import assert_equal_datasets


@pytest.mark.parametrize("change", [True, False])
def test_swapped_pairs_are_those_of_the_swapped_cells(change):
    cells = make_histone_cells(n_cells=3, n_genes=30, random_state=0)
    there = pair_cells(cells, [("C01", "C02"), ("C03", "C01")], change=change)
    back = pair_cells(cells, [("C02", "C01"), ("C01", "C03")], change=change)
    assert_equal_datasets(swap_pairs(there).replace(meta=None), back.replace(meta=None))
    assert swap_pairs(there).X.dtype == there.X.dtype
    np.testing.assert_array_equal(swap_pairs(swap_pairs(there)).X, there.X)


def test_what_is_no_pair_is_refused():
    cells = make_histone_cells(n_cells=2, n_genes=30, random_state=0)
    with pytest.raises(ValueError, match=r"no pairs of cells.*pair_cells"):
        swap_pairs(cells)
    pairs = pair_cells(cells)
    with pytest.raises(ValueError, match="no pairs of cells"):
        swap_pairs(pairs.replace(cell=["C01"] * len(pairs)))
    with pytest.raises(ValueError, match=r"y without log2_fold_change.*replace\(y=None\)"):
        swap_pairs(pairs.replace(log2_fold_change=None))
    assert swap_pairs(pairs.replace(log2_fold_change=None, y=None)).y is None
