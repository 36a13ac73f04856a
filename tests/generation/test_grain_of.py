"""Detection of what signals are multiples of, and of the size of a read."""

import numpy as np
import pytest

from histoexpr.generation._grain_of import grain_of, kind_of_grain


def coverage(rate, *, read=37, n_bins=100, width=100, n_samples=400, seed=0):
    """Return the depth of reads that start anywhere, summed over bins of so many bases."""
    rng = np.random.default_rng(seed)
    depth = np.zeros((n_samples, n_bins * width + read + 1))
    for row in depth:
        starts = rng.integers(0, n_bins * width, size=rng.poisson(rate * n_bins))
        np.add.at(row, starts, 1)
        np.add.at(row, starts + read, -1)
    depth = depth.cumsum(axis=1)[:, : n_bins * width]
    return depth.reshape(n_samples, n_bins, width).sum(axis=2)[:, :, None]


def test_the_size_of_a_read_is_found_in_coverage():
    X = coverage(0.3)
    quantum, read, reach = grain_of(X, None)[:, 0]
    assert (quantum, read) == (1, 37)
    assert reach == pytest.approx(0.36, abs=0.04)
    quantum, read, reach = grain_of(X / np.float32(100), None)[:, 0]
    assert (quantum, read) == (pytest.approx(0.01), pytest.approx(0.37))
    assert reach == pytest.approx(0.36, abs=0.04)
    assert kind_of_grain(grain_of(X, np.arange(300))) == "reads"


def test_counts_have_a_quantum_and_no_reads():
    X = np.random.default_rng(0).poisson([0.1, 3.0, 40.0], (300, 50, 3))
    np.testing.assert_array_equal(grain_of(X, None), [[1, 1, 1], [0, 0, 0], [0, 0, 0]])
    scaled = X * np.array([0.37, 1e-4, 250.0])
    np.testing.assert_allclose(grain_of(scaled, None)[0], [0.37, 1e-4, 250])
    assert kind_of_grain(grain_of(X, None)) == "counts"


def test_other_signals_have_no_grain():
    X = np.random.default_rng(0).gamma(2.0, size=(300, 50, 2))
    X[..., 1] = 0
    assert not grain_of(X, None).any()
    assert kind_of_grain(grain_of(X, None)) is None
    X[0, 0, 1] = 0.3  # a single signal is a multiple of itself
    assert not grain_of(X, None).any()


def test_few_samples_show_no_reads():
    assert grain_of(coverage(0.3, n_samples=3), None)[1, 0] == 0
