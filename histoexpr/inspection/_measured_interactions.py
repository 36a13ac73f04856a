"""Log-odds of backgrounds whose marks are varied, and what is beyond the sum of their effects."""

import numpy as np

from ..metrics import mean_interval
from ._model_output import ModelOutput

# Signals that are predicted at once, of 8 bytes each
_VALUES = 1 << 22


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

    def of_fits(self, fits):
        """Return scores, additive log-odds, interaction, its ends and the SD over fits.

        Each is (n_pairs, n_levels, n_levels). Backgrounds count where all of a pair's log-odds
        are defined; where fewer than half of them are, all is NaN.
        """
        odds = np.stack([self.log_odds(fit) for fit in fits])
        additive = odds[:, :, :, :1] + odds[:, :, :1] - odds[:, :, :1, :1]
        shape = odds.shape[1:4]
        scores, expected, low, high, spread = np.full((5, *shape), np.nan)
        blocks = self.samples.blocks()
        for at in np.ndindex(shape):
            here = (slice(None), *at)
            kept = ~np.isnan(odds[here] + additive[here]).any(axis=0)
            if not _enough(kept):
                continue
            found, sums = odds[here][:, kept], additive[here][:, kept]
            scores[at], expected[at] = found.mean(), sums.mean()
            difference = found - sums
            of_kept = blocks._replace(codes=blocks.codes[kept])
            low[at], high[at] = mean_interval(difference.mean(axis=0), of_kept)[1:]
            if len(fits) > 1:
                spread[at] = difference.mean(axis=1).std(ddof=1)
        return scores, expected, scores - expected, low, high, spread

    def mean_of(self, fit):
        """Return (n_pairs, n_levels, n_levels) the mean interaction in one fit."""
        odds = self.log_odds(fit)
        beyond = odds - odds[:, :, :1] - odds[:, :1] + odds[:, :1, :1]
        kept = ~np.isnan(beyond)
        with np.errstate(invalid="ignore"):
            means = np.where(kept, beyond, 0).sum(axis=-1) / kept.sum(axis=-1)
        enough = kept.sum(axis=-1) >= np.maximum(2, kept.shape[-1] / 2)
        return np.where(enough, means, np.nan)


def _enough(kept):
    return kept.sum() >= max(2, len(kept) / 2)
