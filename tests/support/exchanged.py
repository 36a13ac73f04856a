"""Data sets that containers of others must keep."""

import numpy as np

from histoexpr import HistoneDataset
from support.small_datasets import make_dataset

_BARE = {"cell": ["A", "A"], "gene": ["g", "h"]}
_COUNTS = np.arange(12).reshape(2, 3, 2)

# What is said nothing of stays unknown; nothing becomes another type
DATA_SETS = {
    "every column": make_dataset(
        meta={"counting": "overlap", "deep": [{"ü": None}, 1.5]},
        log2_fold_change=np.linspace(-1, 1, 8),
        oriented=True,
    ),
    "bare": HistoneDataset(_COUNTS, **_BARE),
    "large counts": HistoneDataset(_COUNTS * 100, **_BARE, oriented=False),
    "floats with gaps": HistoneDataset(
        np.where(_COUNTS == 3, np.nan, _COUNTS).astype(np.float32),
        **_BARE,
        expression=[np.nan, 1.0],
        window=(-50, 550),
        bin_size=200,
    ),
    "labels of text": HistoneDataset(
        _COUNTS, ["hoch", "niedrig"], cell=["Zelle α", "B"], gene=["007", "ü:1"],
        marks=["H3K27ac", "first:Käse"], chrom=["chr1", ""], split=["", "test"],
    ),
    "small labels": HistoneDataset(_COUNTS, np.array([1, 0], np.int8), **_BARE),
    "Boolean labels": HistoneDataset(_COUNTS, np.array([True, False]), **_BARE),
    "repeated gene": HistoneDataset(_COUNTS, cell=["A", "A"], gene=["g", "g"]),
    "one bin": HistoneDataset(_COUNTS[:, :1], **_BARE, bin_size=10000, window=(-5000, 5000)),
    "odd bins": HistoneDataset(_COUNTS, **_BARE, bin_size=25, window=(-10, 65)),
}  # fmt: skip


def assert_same(found, data):
    """Assert that two data sets are alike in values, types, and in what they do not know."""
    assert isinstance(found, HistoneDataset)
    assert (found.X.dtype, found.oriented) == (data.X.dtype, data.oriented)
    np.testing.assert_array_equal(found.X, data.X)
    assert list(found.samples) == list(data.samples)
    for name in data.samples:
        values, expected = getattr(found, name), getattr(data, name)
        np.testing.assert_array_equal(values, expected, err_msg=name)
        assert values.dtype == expected.dtype, name
    for name in ("marks", "bin_size", "window", "meta"):
        assert getattr(found, name) == getattr(data, name), name
