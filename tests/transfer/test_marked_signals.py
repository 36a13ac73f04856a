"""Signals of which some samples lack some marks."""

import numpy as np
import pytest

from histoexpr.transfer._marked_signals import MarkedSignals, describe_mismatch, find_columns
from histoexpr.utils import read_signals
from support.small_datasets import make_dataset


def marked(X, marks, columns=None):
    source = read_signals(X)
    values = np.asarray(source.values)
    return MarkedSignals(source, values, marks, columns or list(range(len(marks))))


def test_marks_are_missing_where_all_bins_are_nan():
    X = np.ones((3, 4, 2))
    X[1, :, 0] = np.nan
    signals = marked(X, ["a", "b"])
    np.testing.assert_array_equal(signals.present, [[1, 1], [0, 1], [1, 1]])
    np.testing.assert_array_equal(signals.rows_with((0, 1)), [0, 2])
    np.testing.assert_array_equal(signals.part([0, 2], (0,)), X[[0, 2]][:, :, [0]])
    assert signals.part([0, 1, 2], (0, 1)) is signals.values
    # a mark of fit that X does not have at all
    signals = marked(np.ones((3, 4, 2), np.uint8), ["a", "c", "b"], [0, None, 1])
    np.testing.assert_array_equal(signals.present, [[1, 0, 1]] * 3)
    np.testing.assert_array_equal(signals.part([1], (2,)), [[[1]] * 4])


def test_single_missing_bins_are_refused():
    data = make_dataset().with_marks(["K4", "K9"])
    X = np.array(data.X)
    X[5, 1, 0] = np.nan
    with pytest.raises(
        ValueError, match=r"1 of 3 bins of mark K4 for sample 5 \(gene 001, cell B"
    ):
        marked(data.replace(X=X), ["K4", "K9"])


def test_a_part_of_a_data_set_is_one():
    data = make_dataset()
    signals = marked(data, ["K27", "K4"], [1, 0])
    part = signals.part([5, 2], (0,))
    assert (part.marks, list(part.gene), list(part.cell)) == (["K27"], ["001", "002"], ["B", "A"])
    np.testing.assert_array_equal(part.X[:, :, 0], data.X[[5, 2], :, 1])
    # the order is that of fit
    assert signals.part(range(8), (0, 1)).marks == ["K27", "K4"]


def test_columns_are_found_by_name():
    assert find_columns(["H3K4me3", "H3K27ac"], ["h3k4ME3", "H3K9me3"]) == ([0, None], ["H3K9me3"])
    assert find_columns(["a"], ["A", "a"]) == ([1], ["A"])
    assert find_columns(["b"], ["B", "B "]) == ([0], ["B "])
    assert describe_mismatch("X", ["a"], [0], ["z"]) is None
    assert describe_mismatch("X", ["a", "b"], [0, None], []) is None
    assert "lacks b and has z" in describe_mismatch("X", ["a", "b"], [0, None], ["z"])
