"""Area under the ROC curve of many score vectors."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import shorten
from ._labels_and_scores import as_binary, as_scores


def auroc(y_true, y_score):
    """Area under the ROC curve, column by column.

    Equal to :func:`sklearn.metrics.roc_auc_score`. Each score vector is sorted once, whatever
    the number of label vectors. :func:`auroc_matrix` takes every pair of columns.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,) or (n_samples, n_columns)
        Labels of two classes: 0 and 1, or two others of which the last in sorting order is
        the positive class.
    y_score : array-like of shape (n_samples,) or (n_samples, n_columns)
        Scores; only their order matters. A single column of labels is used for all columns
        of scores, and the other way round.

    Returns
    -------
    float or ndarray of shape (n_columns,)
        A float if both are one-dimensional. NaN where the labels are all of one class.

    Raises
    ------
    ValueError
        If the shapes differ, there are no samples, scores are not numbers or NaN, or labels
        are of more than two classes.

    Warns
    -----
    HistoexprWarning
        If the labels in a column are all of one class.

    Notes
    -----
    The probability that a sample of the positive class scores higher than one of the negative
    class, ties counting one half. With R the sum of the mean ranks of the n positive among all
    n + m samples it is (R - n (n + 1) / 2) / (n m), Mann and Whitney's U over n m (Hanley and
    McNeil 1982, Radiology 143:29-36).

    Examples
    --------
    >>> from histoexpr.metrics import auroc
    >>> auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> auroc([0, 0, 1, 1], [[0.1, 3], [0.4, 2], [0.35, 1], [0.8, 1]])
    array([0.75, 0.  ])
    """
    y_true, y_score = as_binary(y_true), as_scores(y_score)
    labels, scores = _as_columns(y_true, y_score)
    n_labels, n_scores = labels.shape[1], scores.shape[1]
    if n_labels != n_scores and 1 not in (n_labels, n_scores):
        raise ValueError(
            f"y_true has {n_labels} columns, but y_score has {n_scores}. For every pair of "
            "columns use auroc_matrix."
        )
    if n_scores == 1:
        result = _against_all(labels, scores[:, 0])
    else:
        pairs = zip(np.broadcast_to(labels, scores.shape).T, scores.T, strict=True)
        result = np.array([_against_all(y[:, None], column)[0] for y, column in pairs])
    _warn_of_single_classes(labels)
    return float(result[0]) if y_true.ndim == y_score.ndim == 1 else result


def auroc_matrix(y_true, y_score):
    """Area under the ROC curve of every score vector against every label vector.

    ``y_true`` is (n_samples, n_labels), for example the same genes in several cells; ``y_score``
    is (n_samples, n_scores), for example models trained on several cells. The result is
    (n_scores, n_labels), NaN for labels of one class; what is checked is as in :func:`auroc`.
    """
    labels, scores = _as_columns(as_binary(y_true), as_scores(y_score))
    _warn_of_single_classes(labels)
    return np.array([_against_all(labels, column) for column in scores.T])


def mean_ranks(values):
    """Return the ranks of a vector from 1, the mean rank for ties.

    Bitwise equal to :func:`scipy.stats.rankdata`, which takes 4 times as long: its sorting is
    stable, and it averages where there are no ties.
    """
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    ranks = np.empty(len(values))
    if len(starts) == len(values):
        ranks[order] = np.arange(1.0, len(values) + 1)
        return ranks
    stops = np.append(starts[1:], len(values))
    ranks[order] = np.repeat((starts + stops + 1) / 2, stops - starts)
    return ranks


def _against_all(labels, scores):
    """Return the AUROC of one score vector against every column of labels."""
    n_positive = labels.sum(axis=0, dtype=np.float64)
    # ranks are multiples of one half, so that the sum is exact in any order
    rank_sum = mean_ranks(np.ascontiguousarray(scores)) @ labels.astype(np.float64)
    with np.errstate(invalid="ignore"):
        excess = rank_sum - n_positive * (n_positive + 1) / 2
        return excess / (n_positive * (len(labels) - n_positive))


def _as_columns(labels, scores):
    if len(labels) != len(scores):
        raise ValueError(f"y_true has {len(labels)} samples, but y_score has {len(scores)}.")
    if len(labels) == 0:
        raise ValueError("y_true has no samples.")
    return [values[:, None] if values.ndim == 1 else values for values in (labels, scores)]


def _warn_of_single_classes(labels):
    single = np.flatnonzero(labels.all(axis=0) | ~labels.any(axis=0))
    if len(single):
        which = "y_true" if labels.shape[1] == 1 else f"column(s) {shorten(single)} of y_true"
        warnings.warn(
            f"The labels in {which} are all of one class, so that AUROC is not defined; NaN.",
            HistoexprWarning,
            stacklevel=3,
        )
