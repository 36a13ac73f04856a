"""Small classifiers of every kind, as tests train them."""

import numpy as np

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, HistoneMLPClassifier

CNN = HistoneCNNClassifier(max_epochs=3, hidden_sizes=(20,), n_filters=8, lr=3e-3, random_state=0)
MLP = HistoneMLPClassifier(max_epochs=3, hidden_sizes=(30, 20, 10), lr=3e-3, random_state=0)
LINEAR = HistoneLinearClassifier(random_state=0)
LINEAR_SGD = HistoneLinearClassifier(solver="sgd", max_epochs=3, random_state=0)
ALL = [CNN, MLP, LINEAR, LINEAR_SGD]
NETS = [CNN, MLP, LINEAR_SGD]


def ids(estimator):
    """Return the short name of a classifier, for parametrised tests."""
    solver = getattr(estimator, "solver", "")
    return type(estimator).__name__[7:-10] + solver


def two_mark_counts():
    """Return counts of two marks; the first is higher in class 1, at the centre only."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 300)
    rate = np.ones((300, 40, 2)) * rng.gamma(5, 0.4, (300, 1, 1))
    rate[:, 15:25, 0] += 2.0 * y[:, None]
    return rng.poisson(rate).astype(np.uint8), y
