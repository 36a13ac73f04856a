"""What makes measures of signals independent of the unit that signals are in."""

import numpy as np

from ..utils import mean_signal, split_batches

# Of the mean signal of a mark, as for the networks' own logarithms
_PSEUDOCOUNT = 0.2
# A quotient as near to a whole number is one: signals may have been rounded to 32 bits
_ROUNDING = 1e-3


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


def steps_of(X):
    """Return for each mark the step that all its signals are multiples of, else 0.

    Of counts it is 1, of counts divided by the depth of a track that quotient, of a track of
    enrichments 0. The smallest positive signal of X (n_samples, n_bins, n_marks) is tried.
    """
    smallest, fits = np.full(X.shape[2], np.inf), np.ones(X.shape[2], dtype=bool)
    for rows in split_batches(len(X), 512):
        values = np.asarray(X[rows], dtype=np.float64)
        positive = np.where(values > 0, values, np.inf)
        smallest = np.minimum(smallest, positive.min(axis=(0, 1)))
    found = np.isfinite(smallest)
    step = np.where(found, smallest, 1.0)
    for rows in split_batches(len(X), 512):
        quotient = np.asarray(X[rows], dtype=np.float64) / step
        off = np.abs(quotient - np.rint(quotient)) > _ROUNDING * np.maximum(1, quotient / 1e3)
        fits &= ~off.any(axis=(0, 1))
    return np.where(fits & found, step, 0.0)


def on_steps(X, steps):
    """Return signals rounded to multiples of the step of their mark, as they are where it is 0."""
    steps = np.asarray(steps)
    rounded = np.rint(X / np.where(steps > 0, steps, 1.0)) * steps
    return np.where(steps > 0, rounded, X)
