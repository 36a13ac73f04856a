"""What signals are: counts or not, and on what scale the critic sees them."""

import numpy as np

from ..utils import signal_moments, split_batches

# Of the root mean square over marks. A mark that is nearly always absent would otherwise
# count for so much, wherever it is present, that the critic saw little else.
_SMALLEST_SCALE = 0.5


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
