"""Scores of predicted probabilities."""

import warnings
from numbers import Integral

import numpy as np
from scipy.special import xlogy

from ..exceptions import HistoexprWarning
from ..utils import Interval, validate_params
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
        ``y_score`` holds no probabilities or, without ``probabilities``, no finite numbers.

    Warns
    -----
    HistoexprWarning
        If the labels are all of one class.

    Notes
    -----
    All but the last are scikit-learn's scores of these names. They are computed here from one
    sort of the scores: scikit-learn checks its arguments again in each of five functions, which
    takes 40 times as long for 70 samples and 18 times for 6,600 (``benchmarks/auroc.py``).

    Examples
    --------
    >>> from histoexpr.metrics import binary_scores
    >>> scores = binary_scores([0, 1, 0, 1], [0.2, 0.9, 0.6, 0.7])
    >>> scores["roc_auc"], scores["balanced_accuracy"], round(scores["brier_score_loss"], 3)
    (1.0, 0.75, 0.125)
    """
    positive, score = check_predictions(y_true, y_score, probabilities)
    if positive.all() or not positive.any():
        warnings.warn(
            "The labels are all of one class: AUROC, average precision and balanced accuracy "
            "are not defined; NaN.",
            HistoexprWarning,
            stacklevel=2,
        )
    return score_checked(positive, score, probabilities)


def check_predictions(y_true, y_score, probabilities=True):
    """Return labels as a Boolean column, and one score per sample, both as they are scored."""
    positive = binary_column(y_true)
    if probabilities:
        return positive, as_probability(y_score, len(positive), "y_score")
    score = as_scores(y_score)
    if score.shape != positive.shape:
        raise ValueError(f"y_score has shape {score.shape}; expected ({len(positive)},).")
    if not np.isfinite(score).all():
        raise ValueError("y_score has infinite values; expected finite numbers.")
    return positive, score


def score_checked(positive, score, probabilities=True):
    """Return all of SCORES of what :func:`check_predictions` returned, without a warning."""
    scores = dict.fromkeys(SCORES, float("nan"))
    n, n_positive = len(positive), int(np.count_nonzero(positive))
    if 0 < n_positive < n:
        scores["roc_auc"], scores["average_precision"] = _ranked(positive, score, n_positive)
        called = score > (0.5 if probabilities else 0)
        hits = np.count_nonzero(called & positive)
        wrong = np.count_nonzero(called) - hits
        n_negative = n - n_positive
        recalls = hits / n_positive, (n_negative - wrong) / n_negative
        scores["balanced_accuracy"] = float(sum(recalls) / 2)
    if probabilities:
        scores["brier_score_loss"], scores["log_loss"] = _losses(positive, score)
        scores["expected_calibration_error"] = _calibration_error(positive, score, 10)
    return scores


def _ranked(positive, score, n_positive):
    """Return AUROC and average precision, of which one sort is most of the work."""
    order = np.argsort(score)
    ordered, n = score[order], len(score)
    before = np.zeros(n + 1)
    np.cumsum(positive[order], out=before[1:])
    # tied samples count as one: where each begins, and the end
    starts = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    bounds = np.concatenate([[0], starts, [n]])
    above = n_positive - before[bounds]  # positives at or above each distinct score, then none
    # ranks are multiples of one half, so that the sum is exact; see auroc
    rank_sum = (above[:-1] - above[1:]) @ ((bounds[:-1] + bounds[1:] + 1) / 2)
    auroc = (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * (n - n_positive))
    precision = above[:-1] / (n - bounds[:-1])
    # max: the sum of nothing but zeros is -0.0
    average = max(0.0, -float(np.sum(np.diff(above / n_positive) * precision)))
    return float(auroc), average


def _losses(positive, proba):
    """Return Brier score and log loss, by the operations of scikit-learn: the same to the bit."""
    other = 1 - proba
    squares = (~positive - other) ** 2 + (positive - proba) ** 2
    tiny = np.finfo(np.float64).eps
    of_class = np.clip(np.where(positive, proba, other), tiny, 1 - tiny)
    # NumPy's logarithm differs in the last bit between processors
    return float(squares.mean() * 0.5), float(-xlogy(1.0, of_class).mean())


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
    return _calibration_error(positive, as_probability(y_proba, len(positive)), n_bins)


def _calibration_error(positive, proba, n_bins):
    bins = np.minimum((proba * n_bins).astype(int), n_bins - 1)
    excess = np.bincount(bins, weights=proba - positive)
    return float(np.abs(excess).sum() / len(positive))
