"""Signals whose level is known, for tests of regressors."""

import numpy as np


def level_counts(n_samples=300, n_bins=40, seed=0):
    """Counts of two marks, and a target: the logarithm of the first mark's rate, with noise.

    The first mark is high in the second half of the bins only; the second is noise.
    """
    rng = np.random.default_rng(seed)
    level = rng.uniform(0, 3, n_samples)
    rate = np.ones((n_samples, n_bins, 2))
    rate[:, n_bins // 2 :, 0] = np.exp(level)[:, None]
    return rng.poisson(rate).astype(np.uint16), level + 0.1 * rng.standard_normal(n_samples)
