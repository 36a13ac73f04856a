"""Levels of marks in backgrounds: real tracks from near a quantile, or factors."""

import numpy as np

from ..utils import random_generator, signed_log1p

QUANTILES, FACTORS = "quantiles", "factors"
# Donors of a quantile q lie between q - 5 % and q + 5 %; near it are backgrounds within 12.5 %,
# so that those near two quartiles of each mark are a sixteenth where marks are independent
_DONORS, _NEAR = 0.05, 0.125


def mark_strength(X, places):
    """Return (n_samples, n_marks) the mean log signal, log(1 + x), of each mark in its bins."""
    return np.column_stack(
        [signed_log1p(X[:, place, mark]).mean(axis=1) for mark, place in enumerate(places)]
    )


class MarkLevels:
    """Sets marks of backgrounds to levels.

    A quantile puts into the region of a mark the track of another background, drawn from those
    whose mean log signal there is near that quantile; a factor multiplies the mark, or a profile.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        All backgrounds: quantiles and donors are of these.
    rows : ndarray of int
        The backgrounds that are varied.
    places : list of slice
        Bins of each mark.
    contrast : {"quantiles", "factors"}
    levels : ndarray of float
    profile : ndarray of shape (n_bins, n_marks), optional
        Signals at factor 1; by default each background's own.
    n_donors : int
        Donors for each background and level.
    """

    def __init__(self, X, rows, places, contrast, levels, *, profile, n_donors, random_state):
        self.X, self.rows, self.places = X, rows, places
        self.contrast, self.levels, self.profile = contrast, levels, profile
        self.n_rounds = n_donors if contrast == QUANTILES else 1
        if contrast == QUANTILES:
            self._strength = mark_strength(X, places)
            seed = int(random_generator(random_state).integers(2**31))
            self._pools = [self._pools_of(mark) for mark in range(X.shape[2])]
            self._donors = [
                self._draw(pools, np.random.default_rng([seed, mark]))
                for mark, pools in enumerate(self._pools)
            ]

    def _pools_of(self, mark):
        """Return the backgrounds near each level of a mark."""
        last = len(self.X) - 1
        order = np.argsort(self._strength[:, mark], kind="stable")
        ends = np.clip(self.levels[:, None] + [-_DONORS, _DONORS], 0, 1) * last
        return [order[int(np.floor(a)) : int(np.ceil(b)) + 1] for a, b in ends]

    def _draw(self, pools, rng):
        shape = self.n_rounds, len(self.rows)
        return [pool[rng.integers(len(pool), size=shape)] for pool in pools]

    def varies(self, mark):
        """Return whether the highest level of a mark is above the lowest one."""
        if self.contrast == FACTORS:
            return True
        ends = [self._strength[self._pools[mark][at], mark].mean() for at in (0, -1)]
        return ends[1] - ends[0] > 1e-9 * max(1.0, abs(ends[1]))

    def is_own(self, level):
        """Return whether a level, by number, leaves backgrounds as they are."""
        return self.contrast == FACTORS and self.profile is None and self.levels[level] == 1

    def signals(self, cell, number):
        """Return the varied backgrounds; ``cell`` has (mark, number of level) pairs."""
        varied = self.X[self.rows]
        for mark, level in cell:
            at = slice(None), self.places[mark], mark
            if self.contrast == QUANTILES:
                varied[at] = self.X[self._donors[mark][level][number]][at]
            else:
                one = varied[at] if self.profile is None else self.profile[at[1:]]
                varied[at] = self.levels[level] * one
        return varied

    def n_near(self, first, second):
        """Return (n_levels, n_levels) how many backgrounds are near each pair of quantiles.

        NaN of factors, which are of no background.
        """
        n_levels = len(self.levels)
        if self.contrast == FACTORS:
            return np.full((n_levels, n_levels), np.nan)
        near = []
        for mark in (first, second):
            values = self._strength[:, mark]
            ends = np.clip(self.levels + np.array([[-_NEAR], [_NEAR]]), 0, 1)
            low, high = np.quantile(values, ends)
            near.append((values[:, None] >= low) & (values[:, None] <= high))
        return (near[0].T.astype(float) @ near[1]).round()
