"""Scores of predictions of a fitted model, with intervals over chromosomes or genes."""

import numpy as np
import pandas as pd

from ..metrics import draw_genes, expanded_interval, percentile_interval, weighted_score
from ._held_out import LEAST_CHROMOSOMES, SHOWN, weak_points
from ._targets import log2_expression as as_log2
from ._words import EXPRESSION, LABEL

_RESAMPLES, _CONFIDENCE = 1000, 0.95
COLUMNS = ("test_cell", "metric", "score", "low", "high", "n", "n_positive", "resampled")
_OF_LABELS = ("roc_auc", "average_precision", "log_loss")


def prediction_scores(predicted, cell, gene, chrom=None, *, positive=None, log2_expression=None):
    """Score predictions against what is measured.

    Parameters
    ----------
    predicted : array-like of shape (n_samples,)
        Probabilities of the second class, or log2 expression where ``log2_expression`` is given.
    cell, gene : array-like of str of shape (n_samples,)
    chrom : array-like of str of shape (n_samples,), optional
        Six chromosomes at least are resampled as a whole, else genes are.
    positive : array-like of bool of shape (n_samples,), optional
        Whether the label is the second class.
    log2_expression : array-like of shape (n_samples,), optional
        Measured values, NaN where unknown.

    Returns
    -------
    DataFrame
        One row per test cell and score, then their means with ``test_cell`` "mean": ``score``,
        the ends ``low`` and ``high`` of its 95 % interval, ``n``, ``n_positive`` and what is
        ``resampled``. Scores that are not defined are NaN.

    Notes
    -----
    Intervals are those of :meth:`CrossCellResults.intervals`. Units are drawn alike for all cells.
    """
    predicted = np.asarray(predicted, dtype=np.float64)
    cell, gene = np.asarray(cell, dtype=str), np.asarray(gene, dtype=str)
    target = LABEL if log2_expression is None else EXPRESSION
    unit, by = gene, "gene"
    if chrom is not None and len(np.unique(chrom)) >= LEAST_CHROMOSOMES and (chrom != "").all():
        unit, by = np.asarray(chrom, dtype=str), "chrom"
    names, unit = np.unique(unit, return_inverse=True)
    drawn = draw_genes(len(names), _RESAMPLES, 0)
    found, replicates = [], {}
    for name in [*np.unique(cell).tolist(), "mean"]:
        rows = np.flatnonzero(cell == name) if name != "mean" else np.arange(len(cell))
        sizes = _sizes(rows, positive, log2_expression, target)
        for metric in SHOWN[target]:
            y = positive if metric in _OF_LABELS else log2_expression
            if y is None:
                continue
            if name == "mean":
                parts = np.array(replicates[metric])
                defined = parts[:, ~np.isnan(parts).all(axis=0)]
                values = np.nanmean(defined, axis=0) if defined.size else np.full(1, np.nan)
            else:
                known = rows[~np.isnan(np.asarray(y, dtype=float)[rows])]
                weights = np.column_stack([np.ones(len(known)), drawn[unit[known]]])
                values = weighted_score(metric, np.asarray(y)[known], predicted[known], weights)
                replicates.setdefault(metric, []).append(values)
            score, low, high = _interval(values, by, len(np.unique(unit[rows])))
            found.append([name, metric, score, low, high, *sizes, by])
    return pd.DataFrame(found, columns=COLUMNS)


def _sizes(rows, positive, log2_expression, target):
    if positive is None:
        known = ~np.isnan(np.asarray(log2_expression)[rows])
        return int(known.sum()), np.nan
    n_positive = int(np.asarray(positive)[rows].sum())
    return len(rows), n_positive


def _interval(values, by, n_units):
    """Return a score and its interval; the first of the values is the score itself."""
    score, rest = float(values[0]), values[1:]
    if np.isnan(score):
        return score, np.nan, np.nan
    if by == "chrom":
        return score, *expanded_interval(rest, n_units, _CONFIDENCE)
    return score, *percentile_interval(rest, _CONFIDENCE)


def score_table(table, classes=None):
    """Score a table of :func:`predict_genes` against what it has of measured values.

    Parameters
    ----------
    table : DataFrame
        Of a classifier with two classes, or a regressor of expression.
    classes : array-like of shape (2,), optional
        Those of the classifier.

    Returns
    -------
    scores : DataFrame or None
        See :func:`prediction_scores`; None where nothing can be scored.
    notes : list of str
        Why not, or what the scores are too weak to say.
    """
    positive, notes = _positive(table, classes)
    chrom = table.get("chrom")
    places = table["cell"], table["gene"], None if chrom is None else chrom.to_numpy(dtype=str)
    if "probability" in table and positive is not None:
        scores = prediction_scores(table["probability"], *places, positive=positive)
        target = LABEL
    elif "log2_expression" in table and "expression" in table:
        measured = as_log2(table["expression"].to_numpy())
        if measured is None:
            return None, ["Not scored: expression is negative or unknown throughout."]
        how = {"positive": positive, "log2_expression": measured}
        scores, target = prediction_scores(table["log2_expression"], *places, **how), EXPRESSION
    else:
        return None, notes
    if scores["score"].isna().all():
        return None, [*notes, "Not scored: too few genes, or all of them alike."]
    return scores, notes + weak_points(scores, target)


def _positive(table, classes):
    """Return which labels are the second class, or None, and what is to be said."""
    if "label" not in table:
        return None, []
    label = table["label"].to_numpy()
    classes = np.array([0, 1]) if classes is None else np.asarray(classes)
    if len(classes) != 2:
        return None, [f"Not scored: there are {len(classes)} classes, and scores are of two."]
    known = set(label.tolist())
    if not known <= set(classes.tolist()):
        there, ours = (", ".join(map(str, sorted(c, key=str))) for c in (known, classes.tolist()))
        return None, [f"Not scored: the labels of the data are {there}, of the model {ours}."]
    if len(known) < 2:
        [only] = known
        return None, [f"Not scored against labels: all of the data are {only}."]
    return label == classes[1], []
