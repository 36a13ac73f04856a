"""Scores of predicted probabilities."""

import warnings
from numbers import Integral

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
)

from ..exceptions import HistoexprWarning
from ..utils import Interval, validate_params
from ._auroc import auroc
from ._labels_and_scores import as_probability, as_scores, binary_column

# The keys of what binary_scores returns
SCORES = (
    "roc_auc",
    "average_precision",
    "balanced_accuracy",
    "brier_score_loss",
    "log_loss",
    "expected_calibration_error",
)


def binary_scores(y_true, y_score, *, probabilities=True):
    """Score predictions of two classes.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    y_score : array-like of shape (n_samples,) or (n_samples, 2)
        Probability of the positive class, or what ``predict_proba`` returned. Without
        ``probabilities`` what ``decision_function`` returned.
    probabilities : bool, default=True
        Whether ``y_score`` holds probabilities.

    Returns
    -------
    dict
        ``roc_auc``, ``average_precision`` and ``balanced_accuracy`` (positive above 0.5, or
        above 0 without ``probabilities``), NaN if the labels are of one class; and
        ``brier_score_loss``, ``log_loss`` (natural logarithm) and ``expected_calibration_error``,
        NaN without ``probabilities``. Its keys are ``histoexpr.metrics.SCORES``.

    Raises
    ------
    ValueError
        If lengths differ, there are no samples, labels are of more than two classes, or
        ``y_score`` holds no probabilities or, without ``probabilities``, no numbers.

    Warns
    -----
    HistoexprWarning
        If the labels are all of one class.

    Examples
    --------
    >>> from histoexpr.metrics import binary_scores
    >>> scores = binary_scores([0, 1, 0, 1], [0.2, 0.9, 0.6, 0.7])
    >>> scores["roc_auc"], scores["balanced_accuracy"], round(scores["brier_score_loss"], 3)
    (1.0, 0.75, 0.125)
    """
    positive = binary_column(y_true)
    if probabilities:
        score, threshold = as_probability(y_score, len(positive)), 0.5
    else:
        score, threshold = as_scores(y_score), 0
        if score.shape != positive.shape:
            raise ValueError(f"y_score has shape {score.shape}; expected ({len(positive)},).")
    scores = dict.fromkeys(SCORES, float("nan"))
    if positive.all() or not positive.any():
        warnings.warn(
            "The labels are all of one class: AUROC, average precision and balanced accuracy "
            "are not defined; NaN.",
            HistoexprWarning,
            stacklevel=2,
        )
    else:
        scores["roc_auc"] = auroc(positive, score)
        scores["average_precision"] = float(average_precision_score(positive, score))
        scores["balanced_accuracy"] = float(balanced_accuracy_score(positive, score > threshold))
    if probabilities:
        both = [False, True]
        scores["brier_score_loss"] = float(brier_score_loss(positive, score, labels=both))
        scores["log_loss"] = float(log_loss(positive, score, labels=both))
        scores["expected_calibration_error"] = expected_calibration_error(positive, score)
    return scores


@validate_params(
    {"n_bins": [Interval(Integral, 1, None, closed="left")]}, prefer_skip_nested_validation=True
)
def expected_calibration_error(y_true, y_proba, *, n_bins=10):
    """Mean distance of predicted probabilities from observed shares, from 0 (calibrated) to 1.

    ``y_true`` and ``y_proba`` are as for :func:`binary_scores`. Samples are put into ``n_bins``
    bins of equal width by their probability. With n_b of n samples in bin b, their mean
    probability p_b and their share of positive labels q_b the error is the sum of n_b / n |p_b -
    q_b|: equation 3 of Guo et al. (2017, ICML 34:1321-1330), for the probability of the positive
    class.
    """
    positive = binary_column(y_true)
    proba = as_probability(y_proba, len(positive))
    bins = np.minimum((proba * n_bins).astype(int), n_bins - 1)
    excess = np.bincount(bins, weights=proba - positive)
    return float(np.abs(excess).sum() / len(positive))
