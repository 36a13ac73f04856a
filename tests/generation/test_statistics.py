"""Plain measures by hand, what they detect, and their weights."""

import numpy as np
import pytest

from histoexpr.generation import _statistics as statistics

ALL = ("profile_correlation", "marginal_distance", "zero_fraction_error")
ALL += ("autocorrelation_error", "mark_correlation_error")


def test_measures_by_hand():
    A, B = np.zeros((4, 3, 1)), np.ones((4, 3, 1))
    assert statistics.marginal_distance(A, B) == pytest.approx([1.0])
    assert statistics.zero_fraction_error(A, B) == pytest.approx([1.0])
    assert statistics.zero_fraction_error(B, A) == pytest.approx([-1.0])
    assert np.isnan(statistics.profile_correlation(A, B)).all()
    assert np.isnan(statistics.mark_correlation_error(A, B))
    peak = np.zeros((2, 4, 1))
    peak[:, 1] = 5
    assert statistics.profile_correlation(peak, 2 * peak) == pytest.approx([1.0])
    assert statistics.profile_correlation(peak, 5 - peak) == pytest.approx([-1.0])


def test_marginal_distance_is_wassersteins():
    from scipy.stats import wasserstein_distance

    rng = np.random.default_rng(0)
    counts, real = rng.poisson(3, (20, 8, 2)), rng.gamma(2, 1, (20, 30, 2))
    for A, B, error in (
        (counts, counts[::-1] // 2, 1e-9),
        (np.log1p(real), np.log1p(real**3), 0.005),
    ):
        found = statistics.marginal_distance(A.astype(float), B.astype(float))
        exact = [wasserstein_distance(A[..., k].ravel(), B[..., k].ravel()) for k in range(2)]
        np.testing.assert_allclose(found, exact, atol=error)


def test_mark_correlation_sees_decoupled_marks():
    rng = np.random.default_rng(0)
    level = np.log1p(rng.poisson(20, (300, 1, 1)) + np.zeros((1, 6, 2)))
    shuffled = np.stack([level[:, :, 0], level[rng.permutation(300), :, 1]], axis=2)
    assert statistics.mark_correlation_error(level, level) == 0
    assert statistics.mark_correlation_error(shuffled, level) > 0.8
    np.testing.assert_allclose(statistics.marginal_distance(shuffled, level), 0, atol=1e-12)


def test_autocorrelation_sees_independent_bins():
    rng = np.random.default_rng(0)
    smooth = np.log1p(np.repeat(rng.poisson(5, (200, 4, 1)), 10, axis=1))
    scattered = rng.permuted(smooth, axis=0)
    assert statistics.autocorrelation_error(smooth, smooth) == 0
    assert statistics.autocorrelation_error(scattered, smooth)[0] > 0.4


@pytest.mark.parametrize("name", ALL)
def test_weights_are_numbers_of_copies(name):
    rng = np.random.default_rng(1)
    A, B = np.log1p(rng.poisson(2, (2, 12, 11, 3)))
    a, b = rng.integers(0, 3, (2, 12, 2))
    measure = getattr(statistics, name)
    found = measure(A, B, a, b)
    for column in range(2):
        copied = [np.repeat(X, w[:, column], axis=0) for X, w in ((A, a), (B, b))]
        np.testing.assert_allclose(found[column], measure(*copied), atol=1e-12)
