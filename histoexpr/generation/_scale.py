"""Scale of the signals: whether they are counts, and mean and deviation of each mark."""

from itertools import pairwise

import numpy as np
from scipy.stats import norm

from ..utils import region_edges, signal_moments, signed_log1p, split_batches

# Of the root mean square over marks. A mark that is nearly always absent would otherwise
# dominate the critic wherever it is present.
_SMALLEST_SCALE = 0.5
# Median positive signals of more wholes than the first number are brought to the second
_UNUSUAL, _USUAL = 30.0, 3.0
# Samples that the unit is measured on, at the most
_N_MEASURED = 1000
# Share of bins above which mean and deviation describe the logarithms of a mark
_MOSTLY_PRESENT = 0.9


def are_counts(X):
    """Whether signals are whole numbers throughout, read batch by batch."""
    return X.dtype.kind in "iu" or all(
        np.array_equal(X[rows], np.rint(X[rows])) for rows in split_batches(len(X), 512)
    )


def signal_unit(X, rows, grain):
    """Return for each mark the unit in which its signals are as large as counts are.

    Logarithms of 1 + signal / unit are modelled: far from it they no longer describe signals. The
    unit is a read, where ``grain`` (see :func:`grain_of`) knows its size, else what signals are
    multiples of; it is a third of the median of the positive signals of the samples ``rows``
    (None for all; of many, some at equal distances) where there is neither, or that median is
    more than 30 of it. Signals in another unit of measure give the same logarithms.
    """
    used = np.arange(len(X)) if rows is None else rows
    values = np.asarray(X[used[:: -(-len(used) // _N_MEASURED)]])
    median = np.array([np.median(mark[mark > 0]) if (mark > 0).any() else _USUAL
                       for mark in np.moveaxis(values, 2, 0)])  # fmt: skip
    quantum, read, _ = grain
    whole = np.where(read > 0, read, quantum)
    return np.where((whole > 0) & (median <= _UNUSUAL * whole), whole, median / _USUAL)


def critic_scale(X, rows, unit):
    """Return mean and standard deviation of the log signals of each mark, in their unit.

    The samples ``rows`` (None for all) of ``X`` (n_samples, n_bins, n_marks) are used. The
    deviation of no mark is below half of what is usual among them.
    """
    center, scale = signal_moments(_InUnits.of(X, unit), log1p=True, rows=rows)
    return center, np.maximum(scale, _SMALLEST_SCALE * np.sqrt(np.square(scale).mean()))


def sum_scale(X, rows, unit, n_regions):
    """Return mean and standard deviation of the log sums over regions of each mark, in its unit.

    Of many samples some at equal distances are used.
    """
    used = np.arange(len(X)) if rows is None else rows
    values = np.asarray(X[used[:: -(-len(used) // _N_MEASURED)]]) / unit
    edges = region_edges(X.shape[1], n_regions)
    parts = [values[:, first:last].sum(axis=1) for first, last in pairwise(edges)]
    sums = np.log1p(np.stack(parts, axis=1))
    spread = sums.std(axis=(0, 1))
    return sums.mean(axis=(0, 1)), np.where(spread > 0, spread, 1.0)


def largest_signal(X, rows):
    """Return the largest signal of each mark in the samples ``rows``, None for all."""
    used = np.arange(len(X)) if rows is None else rows
    tops = [X[used[batch]].max(axis=(0, 1)) for batch in split_batches(len(used), 512)]
    return np.max(tops, axis=0).astype(np.float64)


class _InUnits:
    """Signals in units of each mark, divided batch by batch: X may be a memory map."""

    def __init__(self, X, unit):
        self.X, self.unit, self.shape = X, unit, X.shape

    @classmethod
    def of(cls, X, unit):
        return X if np.all(unit == 1) else cls(X, unit)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, rows):
        return self.X[rows] / self.unit


def output_scale(X, rows, center, scale, unit, smallest):
    """Return mean and deviation of a normal variable that has the signals as positive part.

    Mean and deviation do not describe the logarithms of a mark that is mostly absent: a
    network would need outputs of many deviations to make it at all. Those given, ``center``
    and ``scale`` (n_marks,), stay for marks that are nearly always or never present.

    A mark is present in a share ``p`` of the bins, where the mean of its logarithms is ``m``.
    With ``z`` the normal quantile that is exceeded with probability ``p``, and the threshold
    ``t`` = ``log(1 + 0.5 smallest / unit)`` (``smallest`` is what signals are multiples of, such
    as 1 for counts, and 0 without), the variable exceeds ``t`` with probability ``p`` and has the
    mean ``m`` there if::

        deviation = (m - t) / (pdf(z) / p - z)
        mean = t - z * deviation
    """
    X = _InUnits.of(X, unit)
    used = np.arange(len(X)) if rows is None else rows
    present, total = np.zeros(X.shape[2]), np.zeros(X.shape[2])
    for batch in split_batches(len(used), 512):
        values = X[used[batch]]
        present += (values > 0).sum(axis=(0, 1))
        total += signed_log1p(values).sum(axis=(0, 1), dtype=np.float64)
    share = present / (len(used) * X.shape[1])
    usual = (share == 0) | (share > _MOSTLY_PRESENT)
    share = np.where(usual, 0.5, share)
    threshold = np.log1p(0.5 * smallest / unit)
    quantile = norm.isf(share)
    # the mean of a standard normal variable above that quantile
    above = norm.pdf(quantile) / share
    deviation = (total / np.maximum(present, 1) - threshold) / (above - quantile)
    mean = threshold - quantile * deviation
    return np.where(usual, center, mean), np.where(usual, scale, deviation)
