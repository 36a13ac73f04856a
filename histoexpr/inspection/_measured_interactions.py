"""Log-odds of backgrounds whose marks are varied, and what is refitted to hold them against."""

import numpy as np
from scipy import stats

from ..metrics import mean_interval
from ..utils import HasMethods, progress_bar, read_signals
from ._additive_null import additive_probabilities, draw_labels, refit
from ._class_map_results import ClassMaps
from ._mark_levels import MarkLevels
from ._model_output import ModelOutput
from ._samples import Samples
from ._signals import common_orientation, common_window

CLASSIFIERS = [HasMethods(["predict_proba"]), list, tuple]
# A spread of refits below this is that of rounding
_ROUNDING = 1e-9


def check_fits(classifier):
    """Return a list of classifiers from one or several."""
    fits = list(classifier) if isinstance(classifier, list | tuple) else [classifier]
    if not fits:
        raise ValueError("classifier is an empty list; give one classifier or several.")
    return fits


def read_backgrounds(backgrounds, fits, marks, window, bin_size):
    """Return Samples of backgrounds, which may be ClassMaps; negative signals are refused."""
    sources = fits
    if isinstance(backgrounds, ClassMaps):
        sources, marks = [backgrounds, *fits], marks or backgrounds.marks
        backgrounds = backgrounds.signals
    samples = Samples(
        backgrounds, sources, marks=marks, window=window, bin_size=bin_size, name="backgrounds"
    )
    if len(samples) < 2:
        raise ValueError("backgrounds has one sample; effects are averaged over two or more.")
    if (samples.X < 0).any():
        raise ValueError("Negative values in backgrounds; signals are counts or densities.")
    return samples


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
        found = {cell: self._predict(fit, output, cell) for cell in self.cells}
        if hasattr(fit, "decision_function"):
            # by now it is known whether the decision function is the log-odds
            for cell in [c for c, odds in found.items() if np.isnan(odds).any()]:
                found[cell] = self._predict(fit, output, cell)
        odds = [found[self._cell(*at)] for at in self._corners()]
        return np.reshape(odds, (len(self.pairs), self.n_levels, self.n_levels, -1))

    def _predict(self, fit, output, cell):
        rounds = range(self.levels.n_rounds)
        signals = (self.levels.signals(cell, number) for number in rounds)
        return np.mean(
            [output(self.samples.given(X, fit), beyond="nan") for X in signals], axis=0
        )

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


class AdditiveNull:
    """Refits to labels that are drawn from a model in which marks only add up.

    Parameters
    ----------
    fits : list of classifiers
    backgrounds : Samples
    X, y
        What the classifiers were fitted to; default the backgrounds and their labels.
    marks : list of str or None
        Names that an array X has.
    """

    def __init__(self, fits, backgrounds, X, y, rng):
        if X is None:
            X = backgrounds.dataset if backgrounds.dataset is not None else backgrounds.X
        labels = read_signals(X).labels(y)
        if labels is None:
            raise ValueError(
                "The null takes labels: pass X= and y= (or a labelled data set as X=), what the "
                "classifier was fitted to, or null=None to do without it and without p values."
            )
        self.X, self.y, self.rng, self.fits = X, np.asarray(labels), rng, fits
        sources = [backgrounds.dataset, *fits]
        common_orientation([*sources, X])
        common_window([*sources, X], None, None)
        self.samples = Samples(X, fits)
        if self.y.shape != (len(self.samples),):
            raise ValueError(
                f"y must have one label for each of the {len(self.samples)} samples of X, got the "
                f"shape {self.y.shape}."
            )
        if self.samples.X.shape[1:] != backgrounds.X.shape[1:]:
            raise ValueError(
                f"X has (n_bins, n_marks) = {self.samples.X.shape[1:]}, but the backgrounds have "
                f"{backgrounds.X.shape[1:]}. Give what the classifier was fitted to."
            )
        for fit in fits:
            known, found = np.asarray(fit.classes_), np.unique(self.y)
            if not np.array_equal(known, found):
                raise ValueError(
                    f"y has the labels {found.tolist()}, but the classifier knows "
                    f"{known.tolist()}. Give X and y that it was fitted to."
                )
        self.classes = np.unique(self.y)
        self.order = _order(self.samples.marks, backgrounds.marks)

    def draw(self, n_null):
        """Return (n_null, n_samples) labels drawn from the additive model."""
        proba = additive_probabilities(self.samples.X, self.y)
        gene = self.samples.gene
        return [draw_labels(proba, self.classes, self.rng, gene) for _ in range(n_null)]

    def refits(self, drawn, verbose):
        """Yield a refit to each of the drawn labels; several fits take turns."""
        numbers = progress_bar(range(len(drawn)), show=verbose > 0, desc="refits")
        for number in numbers:
            seed = int(self.rng.integers(2**31 - 1))
            yield refit(self.fits[number % len(self.fits)], self.X, drawn[number], seed)


def _order(marks, wanted):
    """Return the numbers of the wanted marks among marks; those without names keep theirs."""
    if {*marks} == {*wanted}:
        return [marks.index(mark) for mark in wanted]
    return list(range(len(wanted)))


def against_null(found, drawn):
    """Return mean and SD over refits, and the p value of what was found, NaN if unknown.

    A refit in which an interaction is undefined does not count; two thirds have to be left.
    """
    kept = ~np.isnan(drawn)
    n_kept = kept.sum(axis=0)
    known = (n_kept >= 3) & (n_kept >= 2 / 3 * len(drawn)) & ~np.isnan(found)
    mean, sd, p_value = np.full((3, *np.shape(found)), np.nan)
    for at in np.argwhere(known):
        at = tuple(at)
        values = drawn[(slice(None), *at)][kept[(slice(None), *at)]]
        mean[at], sd[at] = values.mean(), values.std(ddof=1)
        if sd[at] > _ROUNDING:
            t = abs(found[at] - mean[at]) / (sd[at] * np.sqrt(1 + 1 / len(values)))
            p_value[at] = 2 * stats.t.sf(t, len(values) - 1)
    return mean, sd, p_value


def make_levels(samples, places, contrast, levels, *, profile, n_backgrounds, n_donors, rng):
    """Return MarkLevels of at most so many backgrounds, drawn at random."""
    rows = np.arange(len(samples))
    if len(rows) > n_backgrounds:
        rows = np.sort(rng.choice(len(rows), n_backgrounds, replace=False))
    return MarkLevels(
        samples.X, rows, places, contrast, levels,
        profile=profile, n_donors=n_donors, random_state=int(rng.integers(2**31)),
    )  # fmt: skip
