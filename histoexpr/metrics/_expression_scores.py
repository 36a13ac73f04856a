"""Scores of predicted expression."""

import numpy as np

from ._auroc import mean_ranks
from ._labels_and_scores import as_float64

# The keys of what expression_scores returns
EXPRESSION_SCORES = ("r2", "pearson", "spearman", "root_mean_squared_error")


def expression_scores(y_true, y_pred):
    """Score predictions of a continuous target, such as log2(RPKM + 1).

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Measured values.
    y_pred : array-like of shape (n_samples,)
        Predicted values, on the same scale.

    Returns
    -------
    dict
        ``r2``, the share of the variance of ``y_true`` that is explained, NaN where it is
        constant; ``pearson`` and ``spearman``, NaN where either is constant; and
        ``root_mean_squared_error``.

    Raises
    ------
    ValueError
        If there are no samples, lengths differ, or a value is not a finite number.

    Notes
    -----
    With mean squared error e and variance v of ``y_true`` (divided by the number of samples)
    R² is 1 - e / v: 0 for its mean as prediction, and below 0 for worse. Correlations do not see
    shift and scale of the predictions, which R² does: a model may rank the genes of a new cell
    rightly and be off for all of them. Spearman's is Pearson's correlation of ranks, ties having
    their mean rank.

    Examples
    --------
    >>> from histoexpr.metrics import expression_scores
    >>> scores = expression_scores([0.0, 1.0, 2.0, 5.0], [1.0, 2.0, 3.0, 6.0])
    >>> round(scores["pearson"], 3), round(scores["r2"], 3), scores["root_mean_squared_error"]
    (1.0, 0.714, 1.0)
    """
    y_true, y_pred = as_values(y_true, "y_true"), as_values(y_pred, "y_pred")
    if len(y_true) != len(y_pred):
        raise ValueError(f"y_true has {len(y_true)} samples, but y_pred has {len(y_pred)}.")
    with np.errstate(over="ignore"):
        error = float(np.mean((y_true - y_pred) ** 2))
    variance = float("nan") if is_constant(y_true) else float(np.var(y_true))
    return {
        "r2": 1 - error / variance if variance else float("nan"),
        "pearson": pearson(y_true, y_pred),
        "spearman": pearson(mean_ranks(y_true), mean_ranks(y_pred)),
        "root_mean_squared_error": float(np.sqrt(error)),
    }


def pearson(first, second):
    """Return Pearson's correlation of two vectors; NaN where one is constant."""
    if is_constant(first) or is_constant(second):
        return float("nan")
    # scaled by their largest value, of which no square is too large or too small
    first, second = (values - values.mean() for values in (first, second))
    first, second = (values / np.abs(values).max() for values in (first, second))
    return float(np.clip(first @ second / np.sqrt((first @ first) * (second @ second)), -1, 1))


def is_constant(values):
    """Return whether all values are equal: rounding would leave a little variance of them."""
    return bool((values == values[0]).all())


def as_values(values, name):
    """Return finite numbers of one dimension, at least one, as float64."""
    values = as_float64(values, name)
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"{name} has shape {values.shape}; expected one dimension, not empty.")
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise ValueError(
            f"{name} is {values[wrong[0]]} in row {wrong[0]} ({len(wrong)} such value(s)); "
            "expected finite numbers. Leave these samples out."
        )
    return values
