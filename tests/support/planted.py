"""Signals whose marks appear together, and classifiers whose marks interact, as is known."""

import numpy as np
from sklearn.base import BaseEstimator

SMALL_CNN = {"n_filters": 4, "hidden_sizes": (8,), "max_epochs": 8, "lr": 1e-2}
SMALL_CNN |= {"batch_size": 32, "device": "cpu"}


def planted_pairs():
    """Marks 0 and 2 agree at 1,000 to 2,000 bp; mark 1 there with mark 2 at the far end."""
    rng = np.random.default_rng(0)
    X = (rng.random((600, 5, 3)) < 0.3).astype(float)
    X[:, 3, 2] = X[:, 3, 0]
    X[:, 0, 2] = X[:, 3, 1]
    return np.repeat(X, 10, axis=1)


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
        odds = self._log_odds(X)
        return np.stack([1 / (1 + np.exp(odds)), 1 / (1 + np.exp(-odds))], axis=1)


class KnownWithDecision(Known):
    factor = 1.0

    def decision_function(self, X):
        return self.factor * self._log_odds(X)


class OtherDecision(KnownWithDecision):
    factor = 0.5


class Both(Known):
    """Log-odds 3 where mark 0 is at the TSS and mark 1 behind it, -1 elsewhere."""

    def _log_odds(self, X):
        tss, behind = X[:, 4:6, 0].min(axis=1) >= 1, X[:, 8:10, 1].min(axis=1) >= 1
        return np.where(tss & behind, 3.0, -1.0)
