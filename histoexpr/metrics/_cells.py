"""Scores cell by cell."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..model_selection import check_groups
from ..utils import shorten
from ._binary import as_binary, as_probability, check_one_dimension
from ._scores import binary_scores


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
        ``prevalence`` (share of positive labels) and those of :func:`binary_scores`. What
        needs both classes is NaN in a cell that has only one.

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
    binary_scores : The scores of all samples together.

    Examples
    --------
    >>> from histoexpr.metrics import cell_scores
    >>> records = cell_scores(
    ...     [0, 1, 0, 1], [0.2, 0.9, 0.6, 0.4], ["E003", "E003", "E123", "E123"]
    ... )
    >>> [(record["cell"], record["roc_auc"]) for record in records]
    [('E003', 1.0), ('E123', 0.0)]
    """
    positive = check_one_dimension(as_binary(y_true))
    proba = as_probability(y_proba, len(positive))
    cell = check_groups(cell, len(positive)).cell
    names, codes = np.unique(cell, return_inverse=True)
    records, single = [], []
    for number, name in enumerate(names):
        rows = codes == number
        share = float(positive[rows].mean())
        with warnings.catch_warnings():
            # one warning below names all such cells
            warnings.simplefilter("ignore", HistoexprWarning)
            scores = binary_scores(positive[rows], proba[rows])
        records.append({"cell": str(name), "n": int(rows.sum()), "prevalence": share, **scores})
        if share in (0, 1):
            single.append(name)
    if single:
        warnings.warn(
            f"The labels of cell {shorten(single)} are all of one class: AUROC, average "
            "precision and balanced accuracy are not defined there; NaN.",
            HistoexprWarning,
            stacklevel=2,
        )
    return records


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
