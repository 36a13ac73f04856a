"""Presence of marks in windows."""

import numpy as np
import pytest

from histoexpr.inspection._presence import read_presence, window_means


def test_windows_of_several_sets_share_thresholds():
    rng = np.random.default_rng(0)
    sets = {"a": rng.poisson(2, (30, 10, 2)), "b": rng.poisson(4, (20, 10, 2))}
    arrays, windows = read_presence(sets, n_windows=2, quantile=0.6)
    both = np.concatenate([arrays["a"], arrays["b"]])
    means = both.reshape(50, 2, 5, 2).mean(axis=2)
    np.testing.assert_allclose(window_means(both, windows.places), means)
    np.testing.assert_allclose(windows.thresholds, np.quantile(means, 0.6, axis=(0, 1)))
    np.testing.assert_array_equal(windows.of(arrays["a"]), means[:30] >= windows.thresholds)
    with pytest.raises(ValueError, match=r"b has \(n_bins, n_marks\) = \(10, 1\), but a has"):
        read_presence({"a": sets["a"], "b": sets["b"][:, :, :1]})


def test_marks_of_sets_are_matched_by_name():
    import pandas as pd

    X = np.random.default_rng(1).poisson([1, 5], (12, 4, 2))
    names = [f"{mark}:{b}" for b in range(4) for mark in ("x", "y")]
    frame = pd.DataFrame(X.reshape(12, 8), columns=names)
    turned = pd.DataFrame(X[:, :, ::-1].reshape(12, 8), columns=[
        f"{mark}:{b}" for b in range(4) for mark in ("y", "x")])  # fmt: skip
    arrays, windows = read_presence({"a": frame, "b": turned}, reference=turned, n_windows=1)
    np.testing.assert_array_equal(arrays["a"], arrays["b"])
    assert windows.marks == ["x", "y"]
    assert windows.thresholds[0] < windows.thresholds[1]
