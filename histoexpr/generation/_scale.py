"""Scale of the signals: whether they are counts, and mean and deviation of each mark."""

import numpy as np
from scipy.stats import norm

from ..utils import signal_moments, signed_log1p, split_batches

# Of the root mean square over marks. A mark that is nearly always absent would otherwise
# dominate the critic wherever it is present.
_SMALLEST_SCALE = 0.5
# Share of bins above which mean and deviation describe the logarithms of a mark
_MOSTLY_PRESENT = 0.9


def are_counts(X):
    """Whether signals are whole numbers throughout, read batch by batch."""
    return X.dtype.kind in "iu" or all(
        np.array_equal(X[rows], np.rint(X[rows])) for rows in split_batches(len(X), 512)
    )


def critic_scale(X, rows):
    """Return mean and standard deviation of the log signals of each mark.

    The samples ``rows`` (None for all) of ``X`` (n_samples, n_bins, n_marks) are used. The
    deviation of no mark is below half of what is usual among them.
    """
    center, scale = signal_moments(X, log1p=True, rows=rows)
    return center, np.maximum(scale, _SMALLEST_SCALE * np.sqrt(np.square(scale).mean()))


def output_scale(X, rows, center, scale, counts):
    """Return mean and deviation of a normal variable that has the signals as positive part.

    Mean and deviation do not describe the logarithms of a mark that is mostly absent: a
    network would need outputs of many deviations to make it at all. Those given, ``center``
    and ``scale`` (n_marks,), stay for marks that are nearly always or never present.

    A mark is present in a share ``p`` of the bins, where the mean of its logarithms is ``m``.
    With ``z`` the normal quantile that is exceeded with probability ``p``, and the threshold
    ``t`` = 0 (for counts ``log 1.5``, above which they are rounded to 1 or more), the variable
    exceeds ``t`` with probability ``p`` and has the mean ``m`` there if::

        deviation = (m - t) / (pdf(z) / p - z)
        mean = t - z * deviation
    """
    used = np.arange(len(X)) if rows is None else rows
    present, total = np.zeros(X.shape[2]), np.zeros(X.shape[2])
    for batch in split_batches(len(used), 512):
        values = X[used[batch]]
        present += (values > 0).sum(axis=(0, 1))
        total += signed_log1p(values).sum(axis=(0, 1), dtype=np.float64)
    share = present / (len(used) * X.shape[1])
    usual = (share == 0) | (share > _MOSTLY_PRESENT)
    share = np.where(usual, 0.5, share)
    threshold = np.log(1.5) if counts else 0.0
    quantile = norm.isf(share)
    # the mean of a standard normal variable above that quantile
    above = norm.pdf(quantile) / share
    deviation = (total / np.maximum(present, 1) - threshold) / (above - quantile)
    mean = threshold - quantile * deviation
    return np.where(usual, center, mean), np.where(usual, scale, deviation)
