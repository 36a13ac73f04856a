"""What X is: arrays, nested lists, frames, data sets, and signals for functions."""

import warnings

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.utils import (
    check_signal_array,
    check_X,
    read_signals,
    refuse_masked,
    warn_of_swapped_axes,
)
from support.signals import COUNTS, frame


def test_any_frame_with_columns_is_arranged():
    class Frame:  # as polars: no iloc
        def __init__(self, table):
            self.columns, self.shape, self._values = list(table), table.shape, table.to_numpy()

        def __array__(self, dtype=None, copy=None):
            return self._values

        def __len__(self):
            return self.shape[0]

    out, marks = check_signal_array(Frame(frame()))
    assert np.array_equal(out, COUNTS)
    assert marks == ["H3K4me3", "H3K27me3"]


def test_what_X_brings():
    source = read_signals(frame())
    assert (source.n_axes, source.is_flat) == (2, False)
    assert source.marks == ["H3K4me3", "H3K27me3"]
    assert source.columns.bins == [1, 2, 3, 4]
    assert read_signals(source) is source
    for X, n_axes in ((COUNTS, 3), (COUNTS.tolist(), 3), (COUNTS[0], 2), ([[1, 2]], 2)):
        source = read_signals(X)
        assert (source.n_axes, source.is_flat, source.marks) == (n_axes, n_axes == 2, None)


def test_a_data_set_brings_its_names():
    data = HistoneDataset(
        COUNTS, cell=["a"] * 6, gene=list("uvwxyz"), marks=["K4", "K27"], bin_size=50
    )
    source = read_signals(data)

    assert source.values is data.X
    assert source.dataset is data
    assert (source.marks, source.bin_size, source.window) == (["K4", "K27"], 50, (-100, 100))
    assert read_signals(source) is source
    signals, marks = check_signal_array(data)
    assert np.array_equal(signals, COUNTS)
    assert marks == ["K4", "K27"]
    with pytest.raises(ValueError, match="no labels"):
        source.labels(None)
    assert source.labels([1, 2]) == [1, 2]


def test_masked_values_are_missing():
    masked = np.ma.masked_equal(COUNTS, COUNTS.max())
    for check in (read_signals, check_X, check_signal_array):
        with pytest.raises(ValueError, match=r"3 masked, that is missing, values.* sample 0"):
            check(masked)
        with pytest.raises(ValueError, match="is missing, values, the first in sample"):
            check(list(masked))
    unmasked = np.ma.masked_equal(COUNTS, 60_000)
    for found in (
        check_X(unmasked),
        check_signal_array(unmasked)[0],
        read_signals(unmasked).values,
    ):
        assert type(found) is np.ndarray
        assert np.array_equal(found, COUNTS)
    assert refuse_masked([1, 2], "y") == [1, 2]
    with pytest.raises(ValueError, match=r"y is a masked .* 1 masked.* sample 2.*y\.filled"):
        refuse_masked(np.ma.masked_equal([0, 0, 1], 1), "y")


@pytest.mark.parametrize(
    ("n_bins", "n_marks", "warns"),
    [(5, 100, True), (2, 3, True), (1, 13, True), (1, 12, False), (100, 5, False), (3, 3, False)],
)
def test_more_marks_than_bins(n_bins, n_marks, warns):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn_of_swapped_axes(n_bins, n_marks)
    assert len(caught) == warns
    for warning in caught:
        assert "(n_samples, n_bins, n_marks)" in str(warning.message)


def test_containers_keep_counts_small():
    assert np.array_equal(check_X(COUNTS.tolist()), COUNTS)
    assert check_X(COUNTS.astype(int)).dtype == np.uint8
    assert check_X(COUNTS * 100).dtype == np.uint16
    assert check_X(COUNTS > 2).dtype == np.uint8
    floats = COUNTS.astype(np.float32)
    assert check_X(floats) is floats


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (COUNTS[0], r"X has shape \(4, 2\); expected three axes"),
        (COUNTS[:, :0], "at least one bin and one mark"),
        (COUNTS.astype(int) - 9, "negative counts. Signals that can be negative must be floats"),
        (COUNTS.astype(str), "X has dtype <U"),
    ],
)
def test_containers_refuse(X, message):
    with pytest.raises(ValueError, match=message):
        check_X(X)


def test_signals_for_functions(tmp_path):
    signals, marks = check_signal_array(COUNTS)
    assert np.shares_memory(signals, COUNTS)
    assert marks is None
    signals, marks = check_signal_array(frame(order=[3, 2, 1, 0, 4, 5, 6, 7]))
    assert np.array_equal(signals, COUNTS[:, :, ::-1])
    assert marks == ["H3K27me3", "H3K4me3"]
    assert check_signal_array(COUNTS > 2)[0].dtype == np.uint8
    assert check_signal_array(COUNTS, dtype=np.float64)[0].dtype == np.float64
    assert check_signal_array(COUNTS[0], n_axes=(2, 3))[0].ndim == 2
    np.save(tmp_path / "X.npy", COUNTS)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert np.shares_memory(check_signal_array(mapped)[0], mapped)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (COUNTS[:, :, 0], r"backgrounds must have shape .* got \(6, 4\)"),
        (COUNTS[:1], r"at least 2 samples, got \(1, 4, 2\)"),
        (COUNTS[:, :0], "backgrounds has .* at least one bin and one mark"),
        (COUNTS - 1.0, "Negative values in data passed to backgrounds"),
        (np.where(COUNTS == 3, np.nan, COUNTS), "backgrounds contains NaN"),
        ([[[1, 2], [3, 4]], [[1, 2]]], "samples in backgrounds differ in shape"),
    ],
)
def test_functions_refuse(X, message):
    with pytest.raises(ValueError, match=message):
        check_signal_array(X, "backgrounds", min_samples=2)
