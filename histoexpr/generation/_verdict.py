"""Where generated signals are worse than real ones by more than the noise, in a sentence."""

import numpy as np
from scipy import stats

from ..metrics import holm_known
from ._measures import DERIVED, MEASURES

ALPHA = 0.05
# Judges as people call them
JUDGES = {"tree": "trees", "cnn": "a CNN"}
# What a sentence need not say: it has the stronger judge, and marginals by mark
_UNTOLD = {"two_sample_tree", "two_sample_cnn", "transfer_ratio", "marginal_distance"}


class Estimate:
    """A measure in several draws: ``value``, its standard error and interval.

    ``draws`` is (n_draws, n_sets, ...): the first set has the samples as they are, the others
    are resamples. The error is that of the mean over draws, from the resamples of ``n_blocks``
    blocks, and from the differences between draws, in squares: judges are not trained again in
    resamples, and by these alone the intervals of real against real held .5 in 82 to 88 % of
    draws, not in 95. Of b and d, the errors over blocks and draws, Student's distribution has
    (b² + d²)² / (b⁴ / (n_blocks - 1) + d⁴ / (n_draws - 1)) degrees of freedom (Welch and
    Satterthwaite). Of one draw the error is that over blocks alone, and too small.
    """

    def __init__(self, draws, n_blocks):
        self.draws, self.n_blocks = np.asarray(draws, dtype=np.float64), n_blocks
        mean = self.draws.mean(axis=0)
        self.value = mean[0]
        with np.errstate(invalid="ignore"):
            error = _spread(mean[1:]) * np.sqrt(n_blocks / max(n_blocks - 1, 1))
            between = np.zeros_like(error)
            if len(self.draws) > 1:
                between = self.draws[:, 0].std(axis=0, ddof=1) / np.sqrt(len(self.draws))
        self.error = np.hypot(error, between)
        parts = error**4 / max(n_blocks - 1, 1) + between**4 / max(len(self.draws) - 1, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            self.freedom = np.where(parts > 0, self.error**4 / parts, max(n_blocks - 1, 1))

    def interval(self, measure, confidence=0.95):
        """Return the ends of the interval, within the range of a measure."""
        reach = stats.t.ppf((1 + confidence) / 2, self.freedom) * self.error
        return tuple(np.clip(self.value + side * reach, measure.low, measure.high)
                     for side in (-1, 1))  # fmt: skip

    def p_above_zero(self):
        """Return the one-sided p value of the value not being above 0; NaN if undefined."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.where(self.value == 0, 0.0, self.value / self.error)
        return stats.t.sf(ratio, self.freedom)


def _spread(replicates):
    known = ~np.isnan(replicates).all(axis=0)
    spread = np.full(replicates.shape[1:], np.nan)
    if known.any():
        spread[known] = np.nanstd(replicates[:, known], axis=0, ddof=1)
    return spread


def compare_with_real(generator, real, n_blocks):
    """Return by measure the p values of the generator being worse, adjusted for their number.

    ``generator`` and ``real`` have by measure the values of the same draws and resamples,
    (n_draws, n_sets, ...). Holm's adjustment is over all measures and marks but those that say
    again what others do, which have the smallest of these. NaN where undefined.
    """
    found = {}
    for name, measure in MEASURES.items():
        if name not in DERIVED:
            worse = measure.badness(np.asarray(generator[name]))
            worse = worse - measure.badness(np.asarray(real[name]))
            found[name] = np.asarray(Estimate(worse, n_blocks).p_above_zero())
    flat = np.concatenate([values.ravel() for values in found.values()])
    flat = holm_known(flat)
    ends = np.cumsum([values.size for values in found.values()])[:-1]
    parts = zip(found.items(), np.split(flat, ends), strict=True)
    adjusted = {name: part.reshape(values.shape) for (name, values), part in parts}
    for name, of in DERIVED.items():
        adjusted[name] = np.fmin.reduce([adjusted[other] for other in of])
    return adjusted


def verdict_of(report):
    """Return in one sentence in which measures a generator is worse than real genes."""
    parts = []
    for name, measure in MEASURES.items():
        worse = np.flatnonzero(np.atleast_1d(report.p_worse[name]) <= ALPHA)
        if not len(worse) or name in _UNTOLD:
            continue
        if measure.by_mark:
            parts.append(f"{measure.title} of {_listed([report.marks[k] for k in worse])}")
            continue
        title = measure.title
        if name == "two_sample":
            title = f"two-sample AUROC by {JUDGES[report.judges['generator']]}"
        pair = (report.values[source][name] for source in ("generator", "real"))
        parts.append(title + " ({:.2f} against {:.2f})".format(*pair))
    if parts:
        return f"Worse than real genes at n = {report.n:,} in: {'; '.join(parts)}."
    return f"Not shown to be worse than real genes in any measure at n = {report.n:,}."


def _listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
