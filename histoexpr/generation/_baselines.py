"""Baseline generators: two simple ones, and one that copies and must be detected.

Each takes the training signals of a class, ``unit`` (n_marks,), that signals are divided by before
``log(1 + x)``, and ``steps`` (n_marks,), of which signals are multiples, 0 where of none.
"""

import numpy as np

from ._units import log_signals, on_steps

# Training samples of a class that are looked at, at the most
_MOST = 5000


def resampled_bins(X, rows, rng, *, unit, steps):
    """Draw every bin of every mark on its own from the samples of a class."""
    picked = rng.randint(len(X), size=(rows, *X.shape[1:]))
    bins, marks = np.ogrid[: X.shape[1], : X.shape[2]]
    return X[picked, bins, marks]


def gaussian(X, rows, rng, *, unit, steps):
    """Draw from the multivariate Gaussian of a class's log signals, cut off at zero."""
    flat = log_signals(X, unit).reshape(len(X), -1)
    # In a sample as small as a class of genes, the covariance is that of few directions;
    # drawing in their space is the same as drawing from the full matrix.
    weights = rng.standard_normal((rows, len(X))) / np.sqrt(max(len(X) - 1, 1))
    drawn = flat.mean(axis=0) + weights @ (flat - flat.mean(axis=0))
    return np.expm1(np.maximum(drawn, 0)).reshape(rows, *X.shape[1:]) * unit


def jittered(X, rows, rng, *, unit, steps):
    """Copy samples of a class and disturb signals a little: 10 %, and half a step or unit."""
    picked = rng.choice(len(X), size=rows, replace=rows > len(X))
    factor = np.exp(0.1 * rng.standard_normal((rows, *X.shape[1:])))
    shift = rng.uniform(-0.5, 0.5, size=factor.shape) * np.where(steps > 0, steps, unit)
    return np.maximum(X[picked] * factor + shift * (X[picked] > 0), 0)


def by_class(make, X, strata, wanted, rng, *, unit, steps):
    """Return one sample of each wanted stratum, made by one of the functions above.

    ``strata`` are those of the training signals X, a class or a class and cell type. What is made
    is rounded to steps.
    """
    out = np.empty((len(wanted), *X.shape[1:]))
    for number in np.unique(wanted):
        rows, there = np.flatnonzero(wanted == number), np.flatnonzero(strata == number)
        if len(there) > _MOST:
            there = np.sort(rng.choice(there, size=_MOST, replace=False))
        own = np.asarray(X[there], dtype=np.float64)
        out[rows] = make(own, len(rows), rng, unit=unit, steps=steps)
    return on_steps(out, steps)
