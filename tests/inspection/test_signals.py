"""Validation of signals, and the names that come with them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline

from histoexpr import SignalScaler
from histoexpr.inspection import ClassMaps, common_marks, common_orientation, signals_and_marks
from support.small_datasets import make_dataset


def test_arrays_have_no_names():
    X = np.arange(12, dtype=np.uint8).reshape(2, 3, 2)
    signals, marks = signals_and_marks(X, "X")
    assert signals.dtype == np.float64
    np.testing.assert_array_equal(signals, X)
    assert marks is None
    assert signals_and_marks(X, "X", dtype="numeric")[0].dtype == np.uint8


def test_maps_and_frames_bring_their_names():
    X = np.ones((2, 3, 2))
    maps = ClassMaps(X, np.ones(2), 1, "data", marks=["a", "b"])
    signals, marks = signals_and_marks(maps, "backgrounds")
    np.testing.assert_array_equal(signals, X)
    assert marks == ["a", "b"]
    frame = pd.DataFrame(np.arange(8).reshape(2, 4), columns=["b:1", "b:0", "a:0", "a:1"])
    signals, marks = signals_and_marks(frame, "X")
    assert marks == ["b", "a"]
    np.testing.assert_array_equal(signals[0], [[1, 2], [0, 3]])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((2, 3)), r"backgrounds must have shape \(n_samples, .*got \(2, 3\)"),
        (np.ones((1, 3, 2)), "at least 2 samples"),
        (np.ones((0, 3, 2)), "at least 2 samples"),
        (-np.ones((2, 3, 2)), "Negative values.*backgrounds"),
        (np.full((2, 3, 2), np.nan), "backgrounds contains NaN"),
        (np.full((2, 3, 2), np.inf), "backgrounds contains infinity"),
    ],
)
def test_what_is_no_signal_is_named(values, message):
    with pytest.raises(ValueError, match=message):
        signals_and_marks(values, "backgrounds")


def test_marks_have_to_agree():
    assert common_marks({"X": None, "generator": None}) is None
    assert common_marks({"X": None, "generator": ["a"], "classifier": ["a"]}) == ["a"]
    with pytest.raises(ValueError, match=r"X has the marks \['a', 'b'\], but generator has"):
        common_marks({"X": ["a", "b"], "generator": ["b", "a"]})


def test_orientation_has_to_agree():
    data = make_dataset(oriented=True)
    fitted = make_pipeline(SignalScaler()).fit(data)
    maps = ClassMaps(data.X, np.ones(8), 1, "data", oriented=False)
    assert common_orientation([None, data.X, make_dataset()]) is None
    assert common_orientation([None, make_dataset(), fitted]) is True
    assert common_orientation([maps]) is False
    with pytest.raises(ValueError, match=r"ClassMaps has bins along the genome.*orient\(\)"):
        common_orientation([maps, fitted])
