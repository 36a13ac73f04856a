"""What makes measures of signals independent of the unit that signals are in."""

import numpy as np

from ..utils import mean_signal

# Of the mean signal of a mark, as for the classifiers' own logarithms
_PSEUDOCOUNT = 0.2


def pseudocounts(X):
    """Return what signals of each mark are divided by before ``log(1 + x)``, float64 (n_marks,).

    It is a fifth of the mark's mean signal in X (n_samples, n_bins, n_marks), 1 for a mark
    without signal: multiplied by whatever factor, signals have the same logarithms.
    """
    mean = mean_signal(X)
    return np.where(mean > 0, _PSEUDOCOUNT * mean, 1.0)


def log_signals(X, unit=1.0):
    """Return ``log(1 + X / unit)`` as float64."""
    return np.log1p(np.asarray(X, dtype=np.float64) / unit)


def on_steps(X, steps):
    """Return signals rounded to multiples of the step of their mark, as they are where it is 0."""
    steps = np.asarray(steps)
    rounded = np.rint(X / np.where(steps > 0, steps, 1.0)) * steps
    return np.where(steps > 0, rounded, X)
