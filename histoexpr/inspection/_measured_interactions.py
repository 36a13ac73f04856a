"""Log-odds of backgrounds whose marks are varied, and what is beyond the sum of their effects."""

import warnings
from typing import NamedTuple

import numpy as np
from scipy import stats

from ._model_output import ModelOutput

# Signals that are predicted at once, of 8 bytes each
_VALUES = 1 << 22
# A spread of refits below this is that of rounding
_ROUNDING = 1e-9


class Interactions:
    """Interactions of pairs of marks between pairs of levels, of any fit, in the same backgrounds.

    Parameters
    ----------
    samples : Samples
    levels : MarkLevels
        Of the rows of the samples that are varied.
    pairs : list of (int, int)
    target : label
    """

    def __init__(self, samples, levels, pairs, target):
        self.levels, self.pairs, self.target = levels, pairs, target
        self.samples = samples.take(levels.rows)
        self.n_levels = len(levels.levels)
        self.cells = sorted({self._cell(*at) for at in self._corners()})

    def _corners(self):
        for pair in self.pairs:
            yield from ((pair, i, j) for i, j in np.ndindex(self.n_levels, self.n_levels))

    def _cell(self, pair, i, j):
        """Return what is changed; marks at their own level are left out, to be shared by pairs."""
        changed = zip(pair, (i, j), strict=True)
        return tuple(sorted(c for c in changed if not self.levels.is_own(c[1])))

    def log_odds(self, fit):
        """Return (n_pairs, n_levels, n_levels, n_rows) log-odds of the class, NaN beyond 1e-6."""
        output = ModelOutput(fit, self.target)
        found = self._predict(fit, output)
        if np.isnan(found).any() and hasattr(fit, "decision_function"):
            # by now it is known whether the decision function is the log-odds
            found = self._predict(fit, output)
        at = [self.cells.index(self._cell(*corner)) for corner in self._corners()]
        return found[at].reshape(len(self.pairs), self.n_levels, self.n_levels, -1)

    def _predict(self, fit, output):
        """Return (n_cells, n_rows) log-odds, of several cells in one call."""
        n_rows, rounds = len(self.samples), range(self.levels.n_rounds)
        several = max(1, _VALUES // (self.samples.X.size * len(rounds)))
        found = []
        for start in range(0, len(self.cells), several):
            cells = self.cells[start : start + several]
            signals = [self.levels.signals(cell, number) for cell in cells for number in rounds]
            repeated = self.samples.take(np.tile(np.arange(n_rows), len(signals)))
            odds = output(repeated.given(np.concatenate(signals), fit), beyond="nan")
            found.append(odds.reshape(len(cells), len(rounds), n_rows).mean(axis=1))
        return np.concatenate(found)

    def held_against(self, fits, refits=()):
        """Return a Measured of fits and of refits to additive labels, which may be an iterator.

        Backgrounds count where all of a pair's log-odds are defined, in all fits; where fewer
        than half of them are, all is NaN.
        """
        odds = np.stack([self.log_odds(fit) for fit in fits])
        additive = odds[..., :, :1, :] + odds[..., :1, :, :] - odds[..., :1, :1, :]
        beyond = odds - additive
        kept = ~np.isnan(beyond).any(axis=0)
        kept &= (kept.sum(axis=-1) >= np.maximum(2, kept.shape[-1] / 2))[..., None]
        means = [mean_of_kept(values, kept) for values in (odds, additive, beyond)]
        fit_sd = np.full(kept.shape[:-1], np.nan)
        if len(fits) > 1:
            fit_sd = means[2].std(axis=0, ddof=1)
        null = Null(kept)
        for one in refits:
            odds = self.log_odds(one)
            null.add(odds - odds[:, :, :1] - odds[:, :1] + odds[:, :1, :1])
        difference = beyond.mean(axis=0) - null.of_backgrounds()
        se = standard_error(difference, self.samples.blocks())
        scores, expected, found = (part.mean(axis=0) for part in means)
        return Measured(scores, expected, found, fit_sd, se, *null.test(found, se))


class Measured(NamedTuple):
    """What was measured, each (n_pairs, n_levels, n_levels)."""

    scores: np.ndarray
    additive: np.ndarray
    interaction: np.ndarray
    fit_sd: np.ndarray
    background_se: np.ndarray
    null_mean: np.ndarray
    null_sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray


class Null:
    """Interactions in refits, in the backgrounds that are kept; a refit may lack some."""

    def __init__(self, kept):
        self.kept, self.means = kept, []
        self._sums, self._counts = np.zeros(kept.shape), np.zeros(kept.shape)

    def add(self, beyond):
        """Add the interactions of a refit."""
        defined = self.kept & ~np.isnan(beyond)
        enough = defined.sum(axis=-1) >= np.maximum(2, self.kept.sum(axis=-1) / 2)
        self.means.append(np.where(enough, mean_of_kept(beyond, defined), np.nan))
        defined &= enough[..., None]
        self._sums += np.where(defined, beyond, 0)
        self._counts += defined

    def of_backgrounds(self):
        """Return the mean over refits for each background, 0 without refits."""
        if not self.means:
            return 0.0
        return np.where(self._counts > 0, self._sums / np.maximum(self._counts, 1), np.nan)

    def test(self, found, se):
        """Return mean and SD over refits, and the ends and the p value of the difference.

        A refit in which an interaction is undefined does not count; two thirds have to be left.
        The spread is taken to be at least the median of those of all pairs.
        """
        if not self.means:
            return np.full((5, *found.shape), np.nan)
        means = np.array(self.means)
        counts = (~np.isnan(means)).sum(axis=0)
        known = ~np.isnan(found) & (counts >= max(3, 2 / 3 * len(means)))
        means[:, ~known] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # all are NaN
            mean, sd = np.nanmean(means, axis=0), np.nanstd(means, axis=0, ddof=1)
            least = np.nanmedian(np.where(known, sd, np.nan), axis=0)
        sd[~known] = np.nan
        spread = np.sqrt(np.maximum(sd, least) ** 2 * (1 + 1 / np.maximum(counts, 1)) + se**2)
        spread[~(sd > _ROUNDING)] = np.nan
        student, difference = stats.t(np.maximum(counts - 1, 1)), found - mean
        reach = student.ppf(0.975) * spread
        p_value = 2 * student.sf(abs(difference) / spread)
        return mean, sd, difference - reach, difference + reach, p_value


def mean_of_kept(values, kept):
    """Return means over the last axis of what is kept, NaN of nothing."""
    kept = np.broadcast_to(kept, values.shape)
    counts = kept.sum(axis=-1)
    means = np.where(kept, values, 0).sum(axis=-1) / np.maximum(counts, 1)
    return np.where(counts > 0, means, np.nan)


def standard_error(values, blocks):
    """Return the standard error of means over the last axis, of samples drawn by blocks.

    It is that of a ratio of sums over blocks; NaN are left out.
    """
    kept = ~np.isnan(values)
    shape = values.shape[:-1]
    centred = np.where(kept, values - mean_of_kept(values, kept)[..., None], 0)
    sums, counts = np.zeros((2, blocks.n_blocks, *shape))
    np.add.at(sums, blocks.codes, np.moveaxis(centred, -1, 0))
    np.add.at(counts, blocks.codes, np.moveaxis(kept, -1, 0).astype(float))
    n_blocks, n_kept = (counts > 0).sum(axis=0), counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt((sums**2).sum(axis=0) * n_blocks / (n_blocks - 1)) / n_kept
    return np.where(n_blocks > 1, error, np.nan)
