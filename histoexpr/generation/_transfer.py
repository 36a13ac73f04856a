"""Train on generated signals, test on real ones."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..metrics import weighted_auroc
from ._units import log_signals

MODELS = ("cnn", "linear")
_TRAINING = {"n_epochs": 6, "least_steps": 60}  # of the CNN


def transfer_scores(model, A, y, asked, *, unit, seed, flip=False):
    """Return what a classifier trained on signals A of classes y gives for the signals asked.

    ``y`` has numbers of classes from 0; of two classes the result is (n_asked,), of more
    (n_asked, n_classes). "cnn" is the CNN of DeepChrome 2.0, "linear" a logistic regression on
    ``mean_b L[i, b, k]``. Esteban, Hyland and Rätsch (2017), Real-valued (medical) time series
    generation with recurrent conditional GANs, arXiv 1706.02633.
    """
    if model == "cnn":
        from ._cnn import cnn_scores  # loads torch

        given = log_signals(A, unit), y, log_signals(asked, unit)
        return cnn_scores(*given, seed=seed, flip=flip, **_TRAINING)
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    linear.fit(log_signals(A, unit).mean(axis=1), y)
    return linear.decision_function(log_signals(asked, unit).mean(axis=1))


def transfer_auroc(scores, y, weights):
    """Return the AUROC of scores for each set of weights, of several classes one against rest.

    ``weights`` is (n_samples, n_sets), the result (n_sets,).
    """
    if scores.ndim == 1:
        return weighted_auroc(y == 1, scores, weights)
    found = [weighted_auroc(y == k, column, weights) for k, column in enumerate(scores.T)]
    return np.mean(found, axis=0)
