"""The default models of what changes in pairs of cells: small networks and boosting, averaged."""

import math
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from ..preprocessing import PairPooler
from ..utils import split_batches

# Chosen by cross-validation over chromosomes, see benchmarks/differential.py
_TREE_REGIONS, _NET_REGIONS, _N_NETS = 5, 10, 3
_NET = {"hidden_layer_sizes": (64, 32), "alpha": 1.0, "learning_rate_init": 2e-3}
_STEPS, _EPOCHS = 1100, (6, 60)
# Samples that networks are asked for at a time
_BATCH = 256


class ChangeModel(BaseEstimator):
    """Base of a mean of boosting and three small networks on pooled changes and means.

    Boosting sees the changes and means of five regions, the networks those of ten.
    """

    def __init__(self, random_state=0):
        self.random_state = random_state

    def _fit(self, X, y, sample_weight):
        random = check_random_state(self.random_state)
        seeds = random.randint(np.iinfo(np.int32).max, size=1 + _N_NETS)
        n_bins = X.shape[1]
        self.trees_ = make_pipeline(
            PairPooler(min(_TREE_REGIONS, n_bins)),
            # early stopping would hold out pairs of which the other order is trained on
            self._boosting(early_stopping=False, random_state=int(seeds[0])),
        )
        last = self.trees_.steps[-1][0]
        self.trees_.fit(X, y, **{f"{last}__sample_weight": sample_weight})
        self.scale_ = make_pipeline(PairPooler(min(_NET_REGIONS, n_bins)), StandardScaler())
        features = self.scale_.fit_transform(X)
        self.nets_ = [self._fit_net(features, y, sample_weight, int(s)) for s in seeds[1:]]
        return self

    def _ask_nets(self, X, method):
        """Return the mean answer of the networks.

        All batches are filled up to one size: the last bit of a product of matrices depends on
        their shape, and so would a prediction on the samples that it is made with.
        """
        features, answers = self.scale_.transform(X), []
        batch = np.zeros((_BATCH, features.shape[1]), dtype=features.dtype)
        for rows in split_batches(len(features), _BATCH):
            size = rows.stop - rows.start
            batch[:size], batch[size:] = features[rows], 0
            answers.append(np.mean([getattr(n, method)(batch) for n in self.nets_], axis=0)[:size])
        return np.concatenate(answers)

    def _fit_net(self, features, y, sample_weight, seed):
        batch = int(np.clip(len(features) // 40, min(16, len(features)), 256))
        epochs = int(np.clip(math.ceil(_STEPS * batch / len(features)), *_EPOCHS))
        net = self._network(**_NET, batch_size=batch, max_iter=epochs, random_state=seed)
        with warnings.catch_warnings():
            # a fixed number of steps is the regularisation
            warnings.simplefilter("ignore", ConvergenceWarning)
            return net.fit(features, y, sample_weight=sample_weight)


class ChangeRegressor(RegressorMixin, ChangeModel):
    """How much expression changes; see :class:`ChangeModel`."""

    _boosting, _network = HistGradientBoostingRegressor, MLPRegressor

    def fit(self, X, y, sample_weight=None):
        """Fit to pairs and their changes."""
        self.center_ = float(np.average(y, weights=sample_weight))
        spread = math.sqrt(np.average((y - self.center_) ** 2, weights=sample_weight))
        # of equal values rounding leaves a deviation, too
        self.spread_ = spread if spread > 1e-12 * abs(self.center_) else 0.0
        return self._fit(X, (y - self.center_) / (self.spread_ or 1.0), sample_weight)

    def predict(self, X):
        """Return the predicted changes."""
        nets = self._ask_nets(X, "predict")
        return self.center_ + self.spread_ * (self.trees_.predict(X) + nets) / 2


class ChangeClassifier(ClassifierMixin, ChangeModel):
    """Whether expression rises; see :class:`ChangeModel`."""

    _boosting, _network = HistGradientBoostingClassifier, MLPClassifier

    def fit(self, X, y, sample_weight=None):
        """Fit to pairs and their directions."""
        self.classes_ = np.unique(y)
        return self._fit(X, y, sample_weight)

    def predict_proba(self, X):
        """Return the probabilities of both directions."""
        return (self.trees_.predict_proba(X) + self._ask_nets(X, "predict_proba")) / 2
