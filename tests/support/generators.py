"""Settings of the smallest generator that trains, and generators that train nothing."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

from histoexpr.utils import check_signals, read_signals

# Of the CNNs that a report trains: they learn next to nothing
QUICK = {"n_epochs": 1, "least_steps": 2}
FEW_TREES = {"max_iter": 4, "learning_rate": 0.5, "max_leaf_nodes": 6, "early_stopping": False}
TINY = {"n_steps": 3, "width": 4, "latent_dim": 6, "encoder_steps": 3, "batch_size": 16}


class Replay(BaseEstimator):
    """A generator of known quality: its samples are those of a pool of signals, class by class.

    ``change`` makes signals worse: a function of signals and a RandomState.
    """

    def __init__(self, change=None):
        self.change = change

    def fit(self, X, y):
        self.pool_ = np.asarray(check_signals(self, read_signals(X), reset=True), dtype=float)
        self.y_, self.classes_ = np.asarray(y), np.unique(y)
        return self

    def sample(self, n_samples=1, y=None, *, random_state=None):
        rng = check_random_state(random_state)
        made = np.empty((n_samples, *self.pool_.shape[1:]))
        for label in np.unique(y):
            rows, there = np.flatnonzero(y == label), np.flatnonzero(self.y_ == label)
            picked = rng.choice(there, size=len(rows), replace=len(rows) > len(there))
            made[rows] = self.pool_[picked]
        return made if self.change is None else self.change(made, rng)
