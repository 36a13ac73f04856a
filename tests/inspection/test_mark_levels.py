"""Levels of marks are real tracks from near a quantile, or factors."""

import numpy as np
import pytest

from histoexpr.inspection._mark_levels import MarkLevels, mark_strength

EVERYWHERE = [slice(None)] * 2


def levels_of(X, contrast="quantiles", levels=(0.25, 0.75), places=EVERYWHERE, **params):
    params = {"profile": None, "n_donors": 1, "random_state": 0, **params}
    return MarkLevels(X, np.arange(len(X)), places, contrast, np.array(levels), **params)


@pytest.fixture
def X():
    """Background number n has n in all bins of mark 0, its own numbers in mark 1."""
    rng = np.random.default_rng(0)
    X = np.repeat(np.arange(101.0)[:, None, None], 2, axis=2) * np.ones((1, 5, 1))
    X[:, :, 1] = rng.permutation(101)[:, None] + rng.random((101, 5))
    return X


def test_strength_is_the_mean_log_signal():
    X = np.array([[[0, 1], [1, 3], [3, 7]]])
    found = mark_strength(X, [slice(1, 3), slice(None)])
    np.testing.assert_allclose(found, np.log([[8, 64]]) / [2, 3])


def test_donors_are_near_their_quantile_and_whole(X):
    varied = levels_of(X, n_donors=4)
    for level, (low, high) in enumerate([(20, 30), (70, 80)]):
        tracks = np.stack([varied.signals(((0, level),), number) for number in range(4)])
        assert low <= tracks[..., 0].min() < low + 3
        assert high - 3 < tracks[..., 0].max() <= high
        np.testing.assert_array_equal(tracks[..., 1], np.broadcast_to(X[..., 1], (4, 101, 5)))
    both = varied.signals(((0, 0), (1, 1)), 2)
    whole = {tuple(track) for track in X[:, :, 1]}
    assert {tuple(track) for track in both[:, :, 1]} < whole


def test_donors_are_the_same_in_every_combination(X):
    varied = levels_of(X)
    alone, high, low = (
        varied.signals(cell, 0) for cell in (((0, 1),), ((0, 1), (1, 1)), ((0, 1), (1, 0)))
    )
    np.testing.assert_array_equal(alone[..., 0], high[..., 0])
    np.testing.assert_array_equal(alone[..., 0], low[..., 0])
    assert (high[..., 1] != low[..., 1]).any()


def test_only_the_region_is_set(X):
    varied = levels_of(X, places=[slice(1, 3), slice(None)])
    found = varied.signals(((0, 1),), 0)
    outside = [0, 3, 4]
    np.testing.assert_array_equal(found[:, outside, 0], X[:, outside, 0])
    assert (found[:, 1:3, 0] >= 70).all()


def test_factors_multiply(X):
    varied = levels_of(X, "factors", (0, 1, 2))
    np.testing.assert_array_equal(varied.signals(((0, 2),), 0)[..., 0], 2 * X[..., 0])
    assert [varied.is_own(level) for level in range(3)] == [False, True, False]
    profile = np.full((5, 2), 7.0)
    varied = levels_of(X, "factors", (0, 1, 2), profile=profile)
    np.testing.assert_array_equal(varied.signals(((1, 2),), 0)[..., 1], 14)
    assert not varied.is_own(1)
    assert np.isnan(varied.n_near(0, 1)).all()


def test_marks_that_do_not_vary_are_known(X):
    X[:, :, 1] = 3
    assert [levels_of(X).varies(mark) for mark in range(2)] == [True, False]
    X[:85, :, 1] = 0  # the upper quartile is still 0
    assert not levels_of(X).varies(1)


def test_combinations_that_there_are_not_are_counted():
    """Marks exclude each other: either is high only where the other is low."""
    X = np.ones((40, 3, 2))
    X[:20, :, 0], X[20:, :, 1] = 9, 9
    np.testing.assert_array_equal(levels_of(X).n_near(0, 1), [[0, 20], [20, 0]])
    X[:, :, 1] = X[:, :, 0]
    np.testing.assert_array_equal(levels_of(X).n_near(0, 1), [[20, 0], [0, 20]])
