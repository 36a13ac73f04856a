"""Scores under many sets of sample weights at once, for bootstraps."""

import numpy as np

from ._bootstrap import weighted_auroc

# Probabilities are kept this far from 0 and 1, where the logarithm has no value
_LEAST = 1e-7


def _weighted_mean(values, weights):
    """Return the mean of values under each set of weights, NaN where all are 0."""
    return _ratio(values @ weights, weights.sum(axis=0))


def _squared_error(y, predicted, weights):
    return _weighted_mean((y - predicted) ** 2, weights)


def _moments(values, weights):
    """Return values less their mean, and their weighted mean and variance; 0 for rounding."""
    centred = values - values.mean()  # what is far from 0 would lose digits in squares
    mean = _weighted_mean(centred, weights)
    variance = _weighted_mean(centred**2, weights) - mean**2
    variance[variance < max(1e-12 * np.max(centred**2), 1e-30 * np.max(values**2))] = 0
    return centred, mean, variance


def _r2(y, predicted, weights):
    _, _, variance = _moments(y, weights)
    return 1 - _ratio(_squared_error(y, predicted, weights), variance)


def _pearson(y, predicted, weights):
    first, first_mean, first_variance = _moments(y, weights)
    second, second_mean, second_variance = _moments(predicted, weights)
    covariance = _weighted_mean(first * second, weights) - first_mean * second_mean
    return _ratio(covariance, np.sqrt(first_variance * second_variance))


def _ratio(numerator, denominator):
    """Return a ratio, NaN where the denominator is 0 or not defined."""
    undefined = np.full(len(denominator), np.nan)
    return np.divide(numerator, denominator, out=undefined, where=denominator > 0)


def _log_loss(y, predicted, weights):
    of_label = np.clip(np.where(y == 1, predicted, 1 - predicted), _LEAST, 1)
    return _weighted_mean(-np.log(of_label), weights)


# Scores that a bootstrap takes: functions of y, predictions and weights (n_samples, n_sets)
WEIGHTED_SCORES = {
    "roc_auc": lambda y, predicted, weights: weighted_auroc(y == 1, predicted, weights),
    "log_loss": _log_loss,
    "brier_score_loss": _squared_error,
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
