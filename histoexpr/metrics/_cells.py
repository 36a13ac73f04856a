"""Scores cell by cell, and how well probabilities are calibrated."""

import warnings

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
)

from ..datasets._columns import check_positive_int, shorten
from ..exceptions import HistoexprWarning
from ..model_selection import check_groups
from ._auroc import auroc
from ._binary import as_binary, as_probability


def cell_scores(y_true, y_proba, cell):
    """Score predicted probabilities cell by cell.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    y_proba : array-like of shape (n_samples,) or (n_samples, 2)
        Probability of the positive class, or what ``predict_proba`` returned.
    cell : array-like of shape (n_samples,)
        Cell of each sample.

    Returns
    -------
    list of dict
        One record for each cell, sorted by cell, with the keys ``cell``, ``n`` (samples),
        ``prevalence`` (share of positive labels), ``auroc``, ``average_precision``,
        ``balanced_accuracy`` (positive above 0.5), ``brier``, ``log_loss`` (natural
        logarithm) and ``ece`` (:func:`expected_calibration_error`). What needs both classes
        is NaN in a cell that has only one.

    Raises
    ------
    ValueError
        If lengths differ, there are no samples, labels are not of two classes, or
        ``y_proba`` holds no probabilities.

    Warns
    -----
    HistoexprWarning
        If a cell has labels of one class only.

    See Also
    --------
    macro_mean : The mean over the cells.

    Examples
    --------
    >>> from histoexpr.metrics import cell_scores
    >>> records = cell_scores(
    ...     [0, 1, 0, 1], [0.2, 0.9, 0.6, 0.4], ["E003", "E003", "E123", "E123"]
    ... )
    >>> [(record["cell"], record["auroc"]) for record in records]
    [('E003', 1.0), ('E123', 0.0)]
    """
    positive = as_binary(y_true)
    if positive.ndim != 1:
        raise ValueError(f"y_true has shape {positive.shape}; expected one dimension.")
    if len(positive) == 0:
        raise ValueError("y_true has no samples.")
    proba = as_probability(y_proba, len(positive))
    cell = check_groups(cell, len(positive)).cell
    names, codes = np.unique(cell, return_inverse=True)
    records, single = [], []
    for number, name in enumerate(names):
        rows = codes == number
        record = {"cell": str(name), **_scores(positive[rows], proba[rows])}
        records.append(record)
        if record["prevalence"] in (0, 1):
            single.append(name)
    if single:
        warnings.warn(
            f"The labels of cell {shorten(single)} are all of one class: AUROC, average "
            "precision and balanced accuracy are not defined there; NaN.",
            HistoexprWarning,
            stacklevel=2,
        )
    return records


def _scores(positive, proba):
    ranking = dict.fromkeys(("auroc", "average_precision", "balanced_accuracy"), float("nan"))
    if positive.any() and not positive.all():
        ranking = {
            "auroc": auroc(positive, proba),
            "average_precision": float(average_precision_score(positive, proba)),
            "balanced_accuracy": float(balanced_accuracy_score(positive, proba > 0.5)),
        }
    return {
        "n": len(positive),
        "prevalence": float(positive.mean()),
        **ranking,
        "brier": float(brier_score_loss(positive, proba, labels=[False, True])),
        "log_loss": float(log_loss(positive, proba, labels=[False, True])),
        "ece": expected_calibration_error(positive, proba),
    }


def macro_mean(records):
    """Average records of scores over cells, every cell counting the same.

    Parameters
    ----------
    records : sequence of dict
        What :func:`cell_scores` returned.

    Returns
    -------
    dict
        A record with ``cell`` "mean", ``n`` the sum, and the mean of every score over the
        cells where it is defined (NaN if nowhere).

    Raises
    ------
    ValueError
        If there is no record.
    """
    records = list(records)
    if not records:
        raise ValueError("There are no records to average.")
    mean = {"cell": "mean", "n": sum(record["n"] for record in records)}
    for name in records[0]:
        if name not in mean:
            values = np.array([record[name] for record in records], dtype=np.float64)
            defined = values[~np.isnan(values)]
            mean[name] = float(defined.mean()) if len(defined) else float("nan")
    return mean


def expected_calibration_error(y_true, y_proba, *, n_bins=10):
    """Mean distance of predicted probabilities from observed shares.

    Samples are put into bins of equal width by their probability; the absolute difference
    of mean probability and share of positive labels is averaged over the bins, weighted by
    their numbers of samples (Guo et al. 2017, On Calibration of Modern Neural Networks, in
    its form for the probability of the positive class).

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    y_proba : array-like of shape (n_samples,) or (n_samples, 2)
        Probability of the positive class, or what ``predict_proba`` returned.
    n_bins : int, default=10
        Number of bins between 0 and 1.

    Returns
    -------
    float
        Between 0 (calibrated) and 1.

    Raises
    ------
    ValueError
        As :func:`cell_scores`.

    Examples
    --------
    >>> from histoexpr.metrics import expected_calibration_error
    >>> round(expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75]), 2)
    0.25
    """
    positive = as_binary(y_true)
    if positive.ndim != 1 or len(positive) == 0:
        raise ValueError(f"y_true has shape {positive.shape}; expected one dimension, not empty.")
    proba = as_probability(y_proba, len(positive))
    n_bins = check_positive_int("n_bins", n_bins)
    bins = np.minimum((proba * n_bins).astype(int), n_bins - 1)
    excess = np.bincount(bins, weights=proba - positive)
    return float(np.abs(excess).sum() / len(positive))
