"""Scores under many sets of sample weights at once, for bootstraps."""

import numpy as np

from ._bootstrap import weighted_auroc
from ._expression_scores import is_constant

# Probabilities are kept this far from 0 and 1, where the logarithm has no value
_LEAST = 1e-7


def _weighted_mean(values, weights):
    """Return the mean of values under each set of weights, NaN where all are 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return values @ weights / weights.sum(axis=0)


def _squared_error(y, predicted, weights):
    return _weighted_mean((y - predicted) ** 2, weights)


def _r2(y, predicted, weights):
    if is_constant(y):
        return np.full(weights.shape[1], np.nan)
    centred = y - y.mean()  # what is far from 0 would lose digits in squares
    variance = _weighted_mean(centred**2, weights) - _weighted_mean(centred, weights) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(variance > 0, 1 - _squared_error(y, predicted, weights) / variance, np.nan)


def _pearson(y, predicted, weights):
    if is_constant(y) or is_constant(predicted):
        return np.full(weights.shape[1], np.nan)
    first, second = y - y.mean(), predicted - predicted.mean()
    means = _weighted_mean(first, weights), _weighted_mean(second, weights)
    covariance = _weighted_mean(first * second, weights) - means[0] * means[1]
    variances = [
        _weighted_mean(values**2, weights) - mean**2
        for values, mean in zip((first, second), means, strict=True)
    ]
    product = variances[0] * variances[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(product > 0, covariance / np.sqrt(product), np.nan)


def _log_loss(y, predicted, weights):
    of_label = np.clip(np.where(y == 1, predicted, 1 - predicted), _LEAST, 1)
    return _weighted_mean(-np.log(of_label), weights)


# Scores that a bootstrap takes: functions of y, predictions and weights (n_samples, n_sets)
WEIGHTED_SCORES = {
    "roc_auc": lambda y, predicted, weights: weighted_auroc(y == 1, predicted, weights),
    "log_loss": _log_loss,
    "brier_score_loss": _squared_error,
    "accuracy": lambda y, predicted, weights: _weighted_mean((predicted > 0.5) == y, weights),
    "r2": _r2,
    "pearson": _pearson,
    "root_mean_squared_error": lambda *args: np.sqrt(_squared_error(*args)),
}


def weighted_score(metric, y, predicted, weights):
    """Return a score under several sets of weights, of shape (n_sets,).

    ``metric`` is one of ``WEIGHTED_SCORES``; ``y`` are labels 0 and 1, or measured expression;
    ``weights`` is (n_samples, n_sets). NaN where the score is not defined.
    """
    y, predicted = np.asarray(y, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    if len(y) == 0:
        return np.full(weights.shape[1], np.nan)
    return WEIGHTED_SCORES[metric](y, predicted, np.asarray(weights, dtype=np.float64))
