"""Marks by name, bins and windows, of X against those of fit."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from histoexpr import HistoneDataset
from histoexpr.utils import check_signals, find_order, name_marks, read_signals, take_marks
from support.signals import COUNTS, frame


class Estimator(BaseEstimator):
    pass


def dataset(marks, X=COUNTS, **params):
    rows = np.arange(len(X))
    return HistoneDataset(X, cell=rows, gene=rows, marks=marks, **params)


def fitted(X):
    estimator = Estimator()
    check_signals(estimator, X, reset=True)
    return estimator


@pytest.mark.parametrize(
    ("expected", "found", "order"),
    [
        (["a", "b", "c"], ["c", "a", "b"], [1, 2, 0]),
        (["H3K4me3", "H3K9AC"], ["h3k9ac", "h3k4ME3"], [1, 0]),
        (["a", "A"], ["A", "a"], [1, 0]),  # exactly, before case is ignored
        (["a", "b"], ["a", "c"], None),
        (["a", "b"], ["a", "b", "c"], None),
        (["a", "b", "c"], ["a", "b"], None),
        (["a", "b"], ["A", "a"], None),
        (["a", "B"], ["b", "B"], None),
        (None, ["a", "b"], [0, 1]),
        (["mark1", "mark2"], ["b", "a"], [0, 1]),
        (["b", "a"], ["mark1", "mark2"], [0, 1]),
        (["mark1", "mark2"], ["mark2", "mark1"], [1, 0]),  # numbers that were moved are names
        (np.array(["x", "y"], dtype=object), ("y", "x"), [1, 0]),
    ],
)
def test_order_of_marks(expected, found, order):
    assert find_order(expected, found) == order


def test_marks_in_the_order_of_fit():
    turned = COUNTS[..., ::-1]
    for first, second in (
        (dataset(["a", "b"]), dataset(["b", "a"], turned)),
        (dataset(["a", "b"]), dataset(["B", "A"], turned)),
        (frame(marks=("a", "b")), dataset(["b", "a"], turned)),
        (dataset(None), dataset(None).select(marks=["mark2", "mark1"])),
        (dataset(None), dataset(["b", "a"])),  # nothing is known
        (COUNTS, dataset(["b", "a"])),
    ):
        out = check_signals(fitted(first), second, reset=False)
        np.testing.assert_array_equal(out, COUNTS)
        assert out.dtype == read_signals(second).values.dtype or out.dtype == np.uint16


def test_marks_that_do_not_match_say_what_to_do():
    """Each remedy is tried."""
    estimator, X = fitted(dataset(["a", "B"])), np.dstack([COUNTS, COUNTS[..., 0]])
    more = dataset(["b", "x", "a"], X)
    with pytest.raises(ValueError, match=r"has the marks b, x, a.*select\(marks=\['a', 'b'\]\)"):
        check_signals(estimator, more, reset=False)
    out = check_signals(estimator, more.select(marks=["a", "b"]), reset=False)
    np.testing.assert_array_equal(out, X[..., [2, 0]])

    other = dataset(["a", "c"])
    with pytest.raises(ValueError, match=r"Missing: B\..* data\.replace\(marks=\[\.\.\.\]\)"):
        check_signals(estimator, other, reset=False)
    np.testing.assert_array_equal(
        check_signals(estimator, other.replace(marks=["a", "b"]), reset=False), COUNTS
    )

    columns = [f"{mark}:{number}" for number in range(4) for mark in "bxa"]
    table = pd.DataFrame(X.reshape(6, 12), columns=columns)
    with pytest.raises(ValueError, match=r"Leave out x\.$"):
        check_signals(estimator, table, reset=False)
    with pytest.raises(ValueError, match=r"Missing: B\..* new names of columns"):
        check_signals(estimator, frame(marks=("a", "c")), reset=False)
    with pytest.raises(ValueError, match="in case only are ambiguous"):
        check_signals(fitted(dataset(["Kac", "kac"])), dataset(["KAC", "kac"]), reset=False)


def test_window_and_bin_size():
    estimator = fitted(dataset(["a", "b"], window=(0, 400)))
    with pytest.raises(ValueError, match=r"X_val has bins of 50 bp.* fitted with bins of 100 bp"):
        check_signals(
            estimator, read_signals(dataset(["a", "b"], bin_size=50), "X_val"), reset=False
        )
    with pytest.raises(ValueError, match=r"window \(-200, 200\).* with the window \(0, 400\)"):
        check_signals(estimator, dataset(["a", "b"]), reset=False)
    assert len(check_signals(estimator, COUNTS, reset=False)) == 6  # unknown
    check_signals(estimator, COUNTS, reset=True)
    assert not hasattr(estimator, "window_in_")
    assert not hasattr(estimator, "bin_size_in_")


def test_orientation():
    along, turned = (dataset(["a", "b"], oriented=oriented) for oriented in (False, True))
    estimator = fitted(along)
    assert estimator.oriented_in_ is False
    with pytest.raises(
        ValueError,
        match=r"X_val has bins along transcription \(oriented=True\), but Estimator was fitted "
        r"with bins along the genome.*data\.orient\(False\), or fit again",
    ):
        check_signals(estimator, read_signals(turned, "X_val"), reset=False)
    with pytest.raises(ValueError, match=r"X has bins along the genome.*data\.orient\(\)"):
        check_signals(fitted(turned), along, reset=False)
    for known, unknown in ((along, COUNTS), (COUNTS, turned), (dataset(["a", "b"]), turned)):
        assert len(check_signals(fitted(known), unknown, reset=False)) == 6
    check_signals(estimator, COUNTS, reset=True)
    assert not hasattr(estimator, "oriented_in_")


def test_numbers_of_bins_of_frames():
    """Bins 31 to 34 are not bins 1 to 4 of the same mark."""
    estimator = fitted(frame())
    shifted = frame().rename(columns=lambda name: f"{name[:-1]}3{name[-1]}")
    with pytest.raises(ValueError, match=r"bins 30, 31, 32, 33|31, 32, 33, 34.* the bins"):
        check_signals(estimator, shifted, reset=False)
    np.testing.assert_array_equal(check_signals(fitted(COUNTS), shifted, reset=False), COUNTS)


def test_marks_of_a_function():
    source = read_signals(dataset(["b", "a"]), "reference")
    turned = take_marks(COUNTS, ["a", "b"], source, "the others have")
    np.testing.assert_array_equal(turned, COUNTS[..., ::-1])
    assert turned.flags.c_contiguous
    assert take_marks(COUNTS, ["b", "a"], source, "the others have") is COUNTS
    assert take_marks(COUNTS, ["x", "y"], read_signals(COUNTS), "the others have") is COUNTS
    with pytest.raises(ValueError, match="reference has the marks b, a, but the others have x, y"):
        take_marks(COUNTS, ["x", "y"], source, "the others have")


def test_names_that_are_given():
    assert name_marks(None, None, 2) == ["mark1", "mark2"]
    assert name_marks(None, ["a", "b"], 2) == ["a", "b"]
    assert name_marks(["x", "y"], ["a", "b"], 2) == ["x", "y"]
    assert name_marks(["mark2", "mark1"], ["mark1", "mark2"], 2) == ["mark2", "mark1"]
    with pytest.raises(ValueError, match="mark_names are b, a, but those of the signals are a, b"):
        name_marks(["b", "a"], ["a", "b"], 2, "mark_names")
    with pytest.raises(ValueError, match=r"1 mark names \(a\) for 2 marks"):
        name_marks(["a"], None, 2)
