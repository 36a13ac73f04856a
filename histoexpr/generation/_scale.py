"""What signals are: counts or not, and on what scale the critic sees them."""

import numpy as np
from scipy.stats import norm

from ..utils import signal_moments, signed_log1p, split_batches

# Of the root mean square over marks. A mark that is nearly always absent would otherwise
# count for so much, wherever it is present, that the critic saw little else.
_SMALLEST_SCALE = 0.5
# Share of bins above which a mark's logarithms have a mean and deviation that tell something
_MOSTLY_PRESENT = 0.9


def are_counts(X):
    """Whether signals are whole numbers throughout, read batch by batch."""
    return X.dtype.kind in "iu" or all(
        np.array_equal(X[rows], np.rint(X[rows])) for rows in split_batches(len(X), 512)
    )


def critic_scale(X, rows):
    """Return center and scale of the log signals of each mark.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Signals, possibly a memory map.
    rows : ndarray of int or None
        Samples to use; None for all.

    Returns
    -------
    center, scale : ndarray of shape (n_marks,)
        Mean and standard deviation, but the deviation of no mark is below half of what is
        usual among them.
    """
    center, scale = signal_moments(X, log1p=True, rows=rows)
    return center, np.maximum(scale, _SMALLEST_SCALE * np.sqrt(np.square(scale).mean()))


def output_scale(X, rows, center, scale, counts):
    """Return mean and deviation of a normal variable that has the signals as positive part.

    Of the logarithms of a mark that is mostly absent, mean and deviation tell little: a
    network would need outputs of many deviations to make it at all. A normal variable that
    exceeds zero (for counts: what is rounded to 1) as often as the mark is present, and then
    has its mean, is reached by common outputs.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Signals, possibly a memory map.
    rows : ndarray of int or None
        Samples to use; None for all.
    center, scale : ndarray of shape (n_marks,)
        Mean and deviation, used for marks that are nearly always or never present.
    counts : bool
        Whether signals are whole numbers.

    Returns
    -------
    mean, deviation : ndarray of shape (n_marks,)
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
    mean = total / np.maximum(present, 1)
    deviation = (mean - threshold) / (above - quantile)
    return np.where(usual, center, threshold - quantile * deviation), np.where(
        usual, scale, deviation
    )
