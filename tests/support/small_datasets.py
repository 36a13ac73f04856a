"""A small data set, and the comparison of two."""

import numpy as np

from histoexpr import HistoneDataset


def make_dataset(n_genes=4, cells=("A", "B"), **changes):
    n = n_genes * len(cells)
    genes = [f"00{i}" for i in range(n_genes)]
    columns = {
        "X": np.arange(n * 6).reshape(n, 3, 2),
        "y": np.arange(n) % 2,
        "cell": np.repeat(cells, n_genes),
        "gene": genes * len(cells),
        "chrom": ["chr1"] * n,
        "tss": np.arange(n) * 1000,
        "strand": ["+", "-"] * (n // 2),
        "expression": np.linspace(0, 1, n),
        "split": ["train", "test"] * (n // 2),
        "symbol": [f"S{i}" for i in range(n_genes)] * len(cells),
        "marks": ["K4", "K27"],
    }
    columns.update(changes)
    return HistoneDataset(columns.pop("X"), columns.pop("y"), **columns)


def assert_equal_datasets(a, b):
    np.testing.assert_array_equal(a.X, b.X)
    assert list(a.samples) == list(b.samples)
    for name in a.samples:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert (a.marks, a.bin_size, a.window, a.meta) == (b.marks, b.bin_size, b.window, b.meta)
