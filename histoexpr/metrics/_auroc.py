"""Area under the ROC curve of many score vectors."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import shorten
from ._binary import as_binary, as_scores


def auroc(y_true, y_score):
    """Area under the ROC curve, column by column.

    The probability that a sample of the positive class scores higher than one of the
    negative class, ties counting one half; equal to
    :func:`sklearn.metrics.roc_auc_score`. Each score vector is sorted once, whatever the
    number of label vectors.

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

    See Also
    --------
    auroc_matrix : Every score vector against every label vector.

    Examples
    --------
    >>> from histoexpr.metrics import auroc
    >>> auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> auroc([0, 0, 1, 1], [[0.1, 3], [0.4, 2], [0.35, 1], [0.8, 1]])
    array([0.75, 0.  ])
    """
    y_true, y_score = as_binary(y_true), as_scores(y_score)
    scalar = y_true.ndim == y_score.ndim == 1
    labels, scores = _as_columns(y_true, y_score)
    if scores.shape[1] == 1:
        result = _against_all(labels, scores[:, 0])
    elif labels.shape[1] == 1:
        result = np.array([_against_all(labels, column)[0] for column in scores.T])
    elif labels.shape[1] == scores.shape[1]:
        pairs = zip(labels.T, scores.T, strict=True)
        result = np.array([_against_all(y[:, None], column)[0] for y, column in pairs])
    else:
        raise ValueError(
            f"y_true has {labels.shape[1]} columns, but y_score has {scores.shape[1]}. For "
            "every pair of columns use auroc_matrix."
        )
    _warn_of_single_classes(labels)
    return float(result[0]) if scalar else result


def auroc_matrix(y_true, y_score):
    """Area under the ROC curve of every score vector against every label vector.

    Parameters
    ----------
    y_true : array-like of shape (n_samples, n_labels)
        Labels, for example of the same genes in several cells; see :func:`auroc`.
    y_score : array-like of shape (n_samples, n_scores)
        Scores, for example of models trained on several cells.

    Returns
    -------
    ndarray of shape (n_scores, n_labels)
        NaN in the columns of labels that are all of one class.

    Raises
    ------
    ValueError
        As :func:`auroc`.

    Warns
    -----
    HistoexprWarning
        If the labels in a column are all of one class.

    Examples
    --------
    >>> from histoexpr.metrics import auroc_matrix
    >>> auroc_matrix([[0, 1], [0, 0], [1, 1]], [[1, 3], [2, 2], [3, 1]])
    array([[1. , 0.5],
           [0. , 0.5]])
    """
    labels, scores = _as_columns(as_binary(y_true), as_scores(y_score))
    _warn_of_single_classes(labels)
    return np.array([_against_all(labels, column) for column in scores.T])


def mean_ranks(values):
    """Return the ranks of a vector from 1, the mean rank for ties."""
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    ranks = np.empty(len(values))
    if len(starts) == len(values) - 1:
        ranks[order] = np.arange(1.0, len(values) + 1)
        return ranks
    starts = np.concatenate([[0], starts])
    stops = np.append(starts[1:], len(values))
    ranks[order] = np.repeat((starts + stops + 1) / 2, stops - starts)
    return ranks


def _against_all(labels, scores):
    """AUROC of one score vector against the columns of labels, by Mann and Whitney's U."""
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
