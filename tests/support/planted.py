"""Signals whose marks appear together, and classifiers whose marks interact, as is known."""

import numpy as np
from sklearn.base import BaseEstimator

from histoexpr.utils import match_signals, read_signals

SMALL_CNN = {"n_filters": 4, "hidden_sizes": (8,), "max_epochs": 8, "lr": 1e-2}
SMALL_CNN |= {"batch_size": 32, "device": "cpu"}


def planted_pairs():
    """Marks 0 and 2 agree at 1,000 to 2,000 bp; mark 1 there with mark 2 at the far end."""
    rng = np.random.default_rng(0)
    X = (rng.random((600, 5, 3)) < 0.3).astype(float)
    X[:, 3, 2] = X[:, 3, 0]
    X[:, 0, 2] = X[:, 3, 1]
    return np.repeat(X, 10, axis=1)


def four_corners(repeats=10):
    """Mark 0 is 1 or 3 in all bins, mark 1 is 2 or 5, and mark 2 is 1, ten of each combination."""
    a, b = np.meshgrid([1.0, 3.0], [2.0, 5.0])
    one = np.stack([a.ravel(), b.ravel(), np.ones(4)], axis=1)
    return np.repeat(np.tile(one, (repeats, 1))[:, None, :], 6, axis=1)


def arranged(estimator, X):
    """Return X, signals or a data set, as an array with the marks in the order of fit."""
    source = read_signals(X)
    return match_signals(estimator, np.asarray(source.values), source)


class Known(BaseEstimator):
    """Log-odds of class 1: 2 a - b + c a b of the marks' means a and b, times the scale."""

    classes_ = np.array([0, 1])

    def __init__(self, c=0.0, scale=1.0):
        self.c = c
        self.scale = scale

    def fit(self, X, y=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def _log_odds(self, X):
        X = np.asarray(X)
        a, b = X[:, :, 0].mean(axis=1), X[:, :, 1].mean(axis=1)
        return self.scale * (2 * a - b + self.c * a * b)

    def predict_proba(self, X):
        odds = self._log_odds(arranged(self, X))
        return np.stack([1 / (1 + np.exp(odds)), 1 / (1 + np.exp(-odds))], axis=1)


class KnownWithDecision(Known):
    factor = 1.0

    def decision_function(self, X):
        return self.factor * self._log_odds(arranged(self, X))


class OtherDecision(KnownWithDecision):
    factor = 0.5


class Both(Known):
    """Log-odds 3 where mark 0 is at the TSS and mark 1 behind it, -1 elsewhere."""

    def _log_odds(self, X):
        tss, behind = X[:, 4:6, 0].min(axis=1) >= 1, X[:, 8:10, 1].min(axis=1) >= 1
        return np.where(tss & behind, 3.0, -1.0)
