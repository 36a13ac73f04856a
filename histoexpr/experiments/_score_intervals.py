"""How sure the scores of an evaluation are: genes, intervals, and what is too little of either."""

import numpy as np
import pandas as pd

from ..utils import shorten
from ._gene_blocks import known_genes
from ._gene_bootstrap import best_bootstrap
from ._score_means import is_small, mean_by_cell
from ._words import BASELINE, BASELINES, LABEL, MAIN_SCORES, SCORE_NAMES

COLUMNS = (
    *("test_cell", "experiment", "model", "metric", "score", "low", "high"),
    *("n_genes", "n_rarer", "resampled"),
)
# With 20 genes of each class an AUROC of 0.9 has a standard error of 0.05 (Hanley and McNeil
# 1982), hence an interval of 0.1 to each side: wider than what models and baselines differ by
LEAST_RARER, WIDEST = 20, 0.1
_CONFIDENCE = 0.95


def compute_intervals(results):
    """Return the main scores by test cell and their mean over cells, each with an interval.

    Blocks of genes are drawn, see gene_blocks. Matrices of more than 12 cells have sizes alone.
    See CrossCellResults.score_intervals.
    """
    frame = known_genes(results)
    sizes, bootstrap = _count(frame), best_bootstrap(results, frame)
    metrics = [name for name in MAIN_SCORES.values() if name in results.compared]
    baseline = {"experiment": BASELINE, "name": BASELINE, "regime": BASELINE}
    found = []
    for group in [*results.groups, baseline]:
        for model in results.models:
            rows = results.of_group(group, model)
            if rows.empty or (group["name"] == BASELINE) != (model in BASELINES):
                continue
            few = group["name"] == BASELINE or is_small(results, group)
            for metric in metrics:
                means = mean_by_cell(rows, metric)
                means["mean"] = means.mean()
                for cell, part in [*rows.groupby("test_cell"), ("mean", rows)]:
                    low = high = np.nan
                    if few and not np.isnan(means[cell]):
                        low, high = bootstrap.interval(part, _CONFIDENCE, metric)
                    tested = part["test_cell"].unique()
                    # a mean over cells is over the genes of its smallest cell at least
                    n, rarer = (min(sizes[c][at] for c in tested) for at in (0, 1))
                    place = cell, group["name"], model, metric, means[cell], low, high
                    found.append((*place, n, rarer, bootstrap.unit))
    return pd.DataFrame(found, columns=COLUMNS)


def _count(tested):
    """Return (test genes, those of the rarer label or NaN) by cell."""
    sizes = {}
    for cell, frame in tested.groupby("cell"):
        rarer = np.nan
        if LABEL in frame:
            n_on = int((frame[LABEL] == 1).sum())
            rarer = min(n_on, len(frame) - n_on)
        sizes[cell] = len(frame), rarer
    return sizes


def describe_small(frame):
    """Return a sentence that says which scores rest on too few genes; "" if none does.

    Too few are fewer than LEAST_RARER genes of the rarer label in a cell, or an interval that
    reaches further than WIDEST to either side of the best model's score.
    """
    of_cells = frame[(frame["test_cell"] != "mean") & ~frame["model"].isin(BASELINES)]
    parts = []
    for cell, rows in of_cells.groupby("test_cell", sort=False):
        n, rarer = rows["n_genes"].iloc[0], rows["n_rarer"].iloc[0]
        half = ((rows["high"] - rows["low"]) / 2).min()
        if not (rarer < LEAST_RARER or half > WIDEST):
            continue
        about = [f"{n:,} genes"]
        if rarer < LEAST_RARER:
            about.append(f"{rarer:.0f} of the rarer label")
        if half > WIDEST:
            about.append(f"±{half:.2f}")
        parts.append(f"{cell} ({', '.join(about)})")
    if not parts:
        return ""
    names = " or ".join(SCORE_NAMES[name] for name in frame["metric"].unique())
    return (
        f"Too few test genes to tell models apart: {shorten(parts, 4)}. From "
        f"{LEAST_RARER} genes of each label on, an interval of {names} reaches about {WIDEST:g} "
        "to either side. Use more genes, or test all by folds of genes or chromosomes."
    )
