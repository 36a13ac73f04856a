"""The sample table: selecting and joining."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets._columns import COLUMNS
from support.small_datasets import assert_equal_datasets, make_dataset


def test_select_keeps_all_columns_aligned():
    data = make_dataset()
    part = data.select(cells="B", split="train", marks=["K27"])
    assert part.gene.tolist() == ["000", "002"]
    assert part.cell.tolist() == ["B", "B"]
    np.testing.assert_array_equal(part.X[:, :, 0], data.X[[4, 6], :, 1])
    np.testing.assert_array_equal(part.expression, data.expression[[4, 6]])
    assert part.marks == ["K27"]
    both = data.select(genes=["003", "001"], marks=["K27", "K4"])
    assert both.gene.tolist() == ["001", "003"] * 2
    np.testing.assert_array_equal(both.X, data.X[[1, 3, 5, 7]][..., ::-1])


def test_concat_restores_the_whole_and_reorders_marks():
    data = make_dataset()
    swapped = data.select(cells="B", marks=["K27", "K4"])
    assert_equal_datasets(HistoneDataset.concat([data.select(cells="A"), swapped]), data)
    assert HistoneDataset.concat([data, make_dataset(y=None)]).y is None
    metas = [{"rule": "overlap"}, {"rule": "5prime"}]
    joined = HistoneDataset.concat([make_dataset(meta=meta) for meta in metas])
    assert joined.meta == {"parts": metas}
    without = HistoneDataset.concat([data.select(cells="A"), make_dataset(split=None)])
    assert without.split is None
    for changes, message in [
        ({"marks": ["K4", "K9"]}, "Data set 1 has marks K4, K9"),
        ({"bin_size": 200}, "Data set 1 has bin_size 200"),
    ]:
        with pytest.raises(ValueError, match=message):
            HistoneDataset.concat([data, make_dataset(**changes)])
    with pytest.raises(ValueError, match="at least one"):
        HistoneDataset.concat([])


@pytest.mark.parametrize("order", ["cell by cell", "one cell longer", "shuffled", "nothing"])
def test_text_is_coded_by_sorted_categories_that_all_occur(order):
    data = make_dataset(n_genes=6, cells=("B", "A", "C"))
    rows = np.arange(data.n_samples)
    if order == "one cell longer":
        rows = rows[:-2]
    elif order == "shuffled":
        rows = np.random.default_rng(0).permutation(rows)[:9]
    elif order == "nothing":
        rows = rows[:0]
    known = [name for name in COLUMNS if getattr(data, name) is not None]
    assert len(known) == len(COLUMNS) - 1  # no fold change of single cells
    parts = {name: getattr(data, name)[rows] for name in known}
    given = HistoneDataset(data.X[rows], **parts)
    for part in (given, data.take(rows)):
        assert list(part.samples) == known
        for name, column in part.samples.items():
            np.testing.assert_array_equal(column, parts[name], err_msg=name)
            if isinstance(column.dtype, pd.CategoricalDtype):
                assert column.cat.categories.tolist() == sorted(set(parts[name].tolist()))
    assert given.samples.index.equals(pd.RangeIndex(len(rows)))


def test_joined_categories_are_sorted_and_common_columns_kept():
    a, b = make_dataset(cells=("Z", "B")), make_dataset(cells=("A",), chrom=None, y=[0.5] * 4)
    joined = HistoneDataset.concat([a, b, a.take([])])
    assert joined.cells.tolist() == ["A", "B", "Z"]
    assert joined.cell.tolist() == ["Z"] * 4 + ["B"] * 4 + ["A"] * 4
    assert joined.y.dtype == np.float64
    assert "chrom" not in joined.samples
    assert joined.chrom is None


def test_text_takes_few_bytes():
    n = 40_000
    genes = np.tile([f"ENSG{number:011d}" for number in range(n // 4)], 4)
    data = HistoneDataset(np.ones((n, 1, 1)), cell=np.repeat(list("abcd"), n // 4), gene=genes)
    assert data.samples.memory_usage(index=False, deep=True).sum() < genes.nbytes / 2
