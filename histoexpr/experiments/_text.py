"""Summaries of results as text tables."""

import pandas as pd

from ..utils import format_table
from ._words import BASELINES

_SHORT = {
    "roc_auc": "AUROC",
    "average_precision": "avg. precision",
    "balanced_accuracy": "balanced acc.",
    "brier_score_loss": "Brier",
    "pearson": "Pearson",
    "r2": "R²",
    "root_mean_squared_error": "RMSE",
}
_ON_EXPRESSION = ("pearson", "r2", "root_mean_squared_error")


def format_summary(results, *, only_mean=False):
    """Return the scores by test cell, unless ``only_mean``, and their means as text.

    Those against expression are shown beside models of it; what no row has is left out.
    """
    head, summary = ["test cell", "model", "trained on"], results.summary()
    shown = {name: text for name, text in _SHORT.items() if summary[name].notna().any()}
    if "pearson" not in results.compared:
        shown = {name: text for name, text in shown.items() if name not in _ON_EXPRESSION}
    lines, last = [[*head, *shown.values()]], None
    for row in summary.itertuples():
        if only_mean and row.test_cell != "mean":
            continue
        if last not in (None, row.test_cell):
            lines.append(None)
        cell = row.test_cell if row.test_cell != last else ""
        last = row.test_cell
        scores = [_number(getattr(row, name)) for name in shown]
        trained_on = BASELINES.get(row.model, row.experiment)
        lines.append([cell, row.model, trained_on, *scores])
    return format_table(lines, len(head))


def format_means(results):
    """Return mean scores with intervals over cells as text."""
    parts = []
    if "roc_auc" in results.compared:
        others = {"log loss": "log_loss", "accuracy": "accuracy"}
        parts.append(_means_by(results, "roc_auc", "AUROC", others))
    if "pearson" in results.compared:
        others = {"R²": "r2", "RMSE": "root_mean_squared_error"}
        parts.append(_means_by(results, "pearson", "Pearson", others))
    return "\n\n".join(parts)


def _means_by(results, metric, name, others):
    statistics = results.statistics
    intervals = statistics.intervals
    intervals = intervals[intervals["metric"] == metric].set_index(["group", "model"])
    lines = [["experiment", "model", name, "95 % over cells", *others]]
    for row in statistics.means.itertuples():
        found = intervals.loc[(row.group, row.model)]
        if pd.isna(found["score"]):
            continue
        low, high = found["low_by_cells"], found["high_by_cells"]
        reach = "–" if pd.isna(low) else f"{_number(low)} to {_number(high)}"
        values = [_number(getattr(row, column)) for column in others.values()]
        lines.append([row.group, row.model, _number(found["score"]), reach, *values])
    return format_table(lines, 2)


def _number(value):
    return "–" if pd.isna(value) else f"{value:.3f}"
