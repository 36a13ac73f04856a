"""Scores under many sets of sample weights at once, for bootstraps."""

import numpy as np

from ._bootstrap import weighted_auroc

# Probabilities are kept this far from 0 and 1, where the logarithm has no value
_LEAST = 1e-7
# Sets of weights at a time: of 15,000 samples, tables of 8 MB
_SETS = 64


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


def _in_parts(score):
    """Return a score that is given some sets of weights at a time: tables of all are large."""

    def of_all(y, predicted, weights):
        parts = range(0, weights.shape[1], _SETS)
        return np.concatenate([score(y, predicted, weights[:, p : p + _SETS]) for p in parts])

    return of_all


def _runs(values):
    """Return what sorts values, and where each run of equal ones begins and, exclusive, ends."""
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(np.diff(values[order])) + 1
    return order, np.append(0, changes), np.append(changes, len(values))


def _cumulated(values):
    """Return sums of the first 0, 1, ... rows."""
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])


@_in_parts
def _average_precision(y, predicted, weights):
    order, starts, ends = _runs(-predicted)
    hits, all_of_them = (_cumulated(w[order]) for w in (weights * (y == 1)[:, None], weights))
    gained = hits[ends] - hits[starts]
    # where nothing is drawn nothing is gained
    precision = hits[ends] / np.maximum(all_of_them[ends], 1)
    several = (hits[-1] > 0) & (hits[-1] < all_of_them[-1])
    return np.where(several, _ratio((gained * precision).sum(axis=0), hits[-1]), np.nan)


@_in_parts
def _spearman(y, predicted, weights):
    first, second = (_ranks(values, weights) for values in (y, predicted))
    total = weights.sum(axis=0)
    first, second = (r - _ratio((r * weights).sum(axis=0), total) for r in (first, second))
    sums = [(weights * a * b).sum(axis=0) for a in (first, second) for b in (first, second)]
    # a single value that is drawn again and again has no rank correlation
    variances = np.where(np.minimum(sums[0], sums[3]) > 1e-9 * total, sums[0] * sums[3], 0)
    return _ratio(sums[1], np.sqrt(variances))


def _ranks(values, weights):
    """Return the mean rank of each sample among as many of each as their weights, by set."""
    order, starts, ends = _runs(values)
    below = _cumulated(weights[order])
    ranks = np.empty(weights.shape)
    ranks[order] = np.repeat((below[starts] + below[ends] + 1) / 2, ends - starts, axis=0)
    return ranks


# Scores that a bootstrap takes: functions of y, predictions and weights (n_samples, n_sets)
WEIGHTED_SCORES = {
    "roc_auc": lambda y, predicted, weights: weighted_auroc(y == 1, predicted, weights),
    "average_precision": _average_precision,
    "log_loss": _log_loss,
    "brier_score_loss": _squared_error,
    "r2": _r2,
    "pearson": _pearson,
    "spearman": _spearman,
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
