"""Scores cell by cell, and their mean over cells."""

import warnings

import pandas as pd

from ..exceptions import HistoexprWarning
from ..model_selection import check_groups
from ..utils import shorten
from ._binary_scores import binary_scores
from ._labels_and_scores import as_probability, binary_column


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
    DataFrame of shape (n_cells, 9)
        One row for each cell, sorted by cell, with the columns ``cell``, ``n`` (samples),
        ``prevalence`` (share of positive labels) and the keys of :func:`binary_scores`. Scores
        that need both classes are NaN in a cell that has only one. :func:`macro_mean` averages
        over the rows.

    Raises
    ------
    ValueError
        If lengths differ, there are no samples, labels are not of two classes, or
        ``y_proba`` holds no probabilities.

    Warns
    -----
    HistoexprWarning
        If a cell has labels of one class only.

    Examples
    --------
    >>> from histoexpr.metrics import cell_scores
    >>> scores = cell_scores(
    ...     [0, 1, 0, 1], [0.2, 0.9, 0.6, 0.4], ["E003", "E003", "E123", "E123"]
    ... )
    >>> scores[["cell", "roc_auc"]].values.tolist()
    [['E003', 1.0], ['E123', 0.0]]
    """
    positive = binary_column(y_true)
    proba = as_probability(y_proba, len(positive))
    cell = check_groups(cell, len(positive)).cell
    samples = pd.DataFrame({"positive": positive, "proba": proba})
    records = []
    for name, part in samples.groupby(cell):
        with warnings.catch_warnings():
            # one warning below names all such cells
            warnings.simplefilter("ignore", HistoexprWarning)
            scores = binary_scores(part["positive"], part["proba"])
        prevalence = part["positive"].mean()
        records.append({"cell": name, "n": len(part), "prevalence": prevalence, **scores})
    table = pd.DataFrame(records)
    single = table.loc[table["prevalence"].isin([0, 1]), "cell"]
    if len(single):
        warnings.warn(
            f"The labels of cell {shorten(single)} are all of one class: AUROC, average "
            "precision and balanced accuracy are not defined there; NaN.",
            HistoexprWarning,
            stacklevel=2,
        )
    return table


def macro_mean(scores):
    """Average what :func:`cell_scores` returned over cells, every cell counting the same.

    In the Series ``cell`` is "mean" and ``n`` the sum; every other entry is the mean over the
    cells where the score is defined, NaN if nowhere.
    """
    if len(scores) == 0:
        raise ValueError("scores has no rows to average.")
    means = scores.drop(columns=["cell", "n"]).mean()
    return pd.Series({"cell": "mean", "n": int(scores["n"].sum()), **means}, name="mean")
