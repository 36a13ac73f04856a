"""Baseline generators: two simple ones, and one that copies and must be detected."""

import numpy as np

from ._fidelity import log_signals


def resampled_bins(X, rows, rng):
    """Draw every bin of every mark on its own from the samples of a class."""
    picked = rng.randint(len(X), size=(rows, *X.shape[1:]))
    bins, marks = np.ogrid[: X.shape[1], : X.shape[2]]
    return X[picked, bins, marks]


def gaussian(X, rows, rng):
    """Draw from the multivariate Gaussian of a class's log signals, cut off at zero."""
    flat = log_signals(X).reshape(len(X), -1)
    # In a sample as small as a class of genes, the covariance is that of few directions;
    # drawing in their space is the same as drawing from the full matrix.
    weights = rng.standard_normal((rows, len(X))) / np.sqrt(max(len(X) - 1, 1))
    drawn = flat.mean(axis=0) + weights @ (flat - flat.mean(axis=0))
    return np.expm1(np.maximum(drawn, 0)).reshape(rows, *X.shape[1:])


def jittered(X, rows, rng):
    """Copy samples of a class and disturb them a little (10 % and half a count)."""
    picked = rng.choice(len(X), size=rows, replace=rows > len(X))
    factor = np.exp(0.1 * rng.standard_normal((rows, *X.shape[1:])))
    shift = rng.uniform(-0.5, 0.5, size=factor.shape)
    return np.maximum(X[picked] * factor + shift * (X[picked] > 0), 0)


def by_class(make, X, y, wanted, rng):
    """Return one sample of each wanted class, made by one of the functions above.

    They take the training signals ``X`` of a class, and the number of samples to make.
    """
    out = np.empty((len(wanted), *X.shape[1:]))
    for label in np.unique(wanted):
        rows = np.flatnonzero(wanted == label)
        out[rows] = make(X[y == label], len(rows), rng)
    return out
