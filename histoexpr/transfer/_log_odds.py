"""Log-odds moved to another share of the positive class."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

# Log-odds beyond are those of probabilities that cannot be told from 0 or 1
_LARGEST = 36.0
# Steps of the estimate of a share at the most, and when it has converged
_STEPS, _TOLERANCE = 10_000, 1e-9


def log_odds(probability):
    """Return the log-odds of probabilities of the positive class, float64 and finite."""
    return np.clip(logit(np.asarray(probability, dtype=np.float64)), -_LARGEST, _LARGEST)


def shift_to_share(scores, share):
    """Return what is to be added to log-odds for a mean probability of ``share``."""
    scores = np.sort(scores)  # the order of samples does not reach the last digit
    limit = 2 * _LARGEST + abs(logit(share))
    return brentq(lambda shift: expit(scores + shift).mean() - share, -limit, limit, xtol=1e-12)


def estimate_share(scores, share):
    """Return the share of the positive class in new samples; ``share`` is that of training.

    The expectation-maximisation of Saerens et al. (2002, Neural Computation 14:21-41): given the
    share, the probabilities are those of log-odds shifted by the difference of its logit; the
    share is then their mean. It assumes that signals differ between the cells in nothing but how
    many genes are expressed.
    """
    scores, found = np.sort(scores), share
    for _ in range(_STEPS):
        before, found = found, expit(scores + logit(found) - logit(share)).mean()
        # without any overlap of the classes the share may run to an end
        found = np.clip(found, 1e-6, 1 - 1e-6)
        if abs(found - before) < _TOLERANCE:
            break
    return float(found)
