"""Summaries of results as text tables."""

import pandas as pd

from ..utils import format_table
from ._words import BASELINES

_SHORT = {
    "roc_auc": "AUROC",
    "average_precision": "avg. precision",
    "balanced_accuracy": "balanced acc.",
    "brier_score_loss": "Brier",
}


def format_summary(results, *, only_mean=False):
    """Return the scores by test cell, unless ``only_mean``, and their means as text."""
    head = ["test cell", "model", "trained on"]
    lines, last = [[*head, *_SHORT.values()]], None
    for row in results.summary().itertuples():
        if only_mean and row.test_cell != "mean":
            continue
        if last not in (None, row.test_cell):
            lines.append(None)
        shown = row.test_cell if row.test_cell != last else ""
        last = row.test_cell
        scores = [f"{getattr(row, name):.3f}" for name in _SHORT]
        trained_on = BASELINES.get(row.model, row.experiment)
        lines.append([shown, row.model, trained_on, *scores])
    return format_table(lines, len(head))


def format_means(results):
    """Return mean scores with intervals over cells as text."""
    head = ["experiment", "model"]
    lines = [[*head, "AUROC", "95 % over cells", "log loss", "accuracy"]]
    for row in results.statistics.means.itertuples():
        score, loss, accuracy = map(_number, (row.roc_auc, row.log_loss, row.accuracy))
        low, high = row.low_by_cells, row.high_by_cells
        reach = "–" if pd.isna(low) else f"{_number(low)} to {_number(high)}"
        lines.append([row.group, row.model, score, reach, loss, accuracy])
    return format_table(lines, len(head))


def _number(value):
    return "–" if pd.isna(value) else f"{value:.3f}"
