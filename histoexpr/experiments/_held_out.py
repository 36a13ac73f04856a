"""Held-out scores of one model as a table: score by score with its interval, n, and baselines."""

import numpy as np
import pandas as pd

from ..utils import format_table
from ._score_intervals import LEAST_RARER, WIDEST
from ._words import (
    BASELINE,
    BASELINES,
    CONSENSUS,
    EXPRESSION,
    LABEL,
    MAIN_SCORES,
    OTHERS,
    SCORE_NAMES,
)

# What is shown of a model, by what it is trained on
SHOWN = {
    LABEL: ("roc_auc", "average_precision", "log_loss"),
    EXPRESSION: ("pearson", "spearman", "r2", "roc_auc"),
}
COLUMNS = (
    *("model", "trained_on", "test_cell", "metric", "score", "low", "high"),
    *("n", "n_positive", "resampled"),
)
# Of fewer chromosomes there is no interval at a confidence of .95, see bootstrap_mean
LEAST_CHROMOSOMES = 6
_HEADINGS = {
    "roc_auc": "AUROC",
    "average_precision": "avg. precision",
    "log_loss": "log loss",
    "pearson": "Pearson",
    "spearman": "Spearman",
    "r2": "R²",
}


def held_out_table(results):
    """Return the scores of results, by model, test cell and score, as a DataFrame.

    ``trained_on`` are the cells, ``n`` the samples tested, ``n_positive`` those of the second
    class (NaN without labels), and ``resampled`` what the interval is over: "chrom", or "gene"
    where fewer than six chromosomes are known. Baselines are those of what the model predicts.
    """
    [target] = {results.targets[name] for name in results.models if name not in BASELINES}
    labels, expression = (_any(results, name) for name in ("roc_auc", "pearson"))
    known = {"roc_auc": labels, "average_precision": labels, "log_loss": labels}
    metrics = [name for name in SHOWN[target] if known.get(name, expression)]
    sizes, by = _sizes(results)
    found = results.intervals(metrics, by=by)
    baseline = found["experiment"] == BASELINE
    found["trained_on"] = found["experiment"].where(~baseline, found["model"].map(BASELINES))
    kept = ~baseline | (found["model"].map(results.targets) == target)
    # a share of 0 or 1, mostly, is no probability
    kept &= (found["model"] != CONSENSUS) | (found["metric"] != "log_loss")
    found = found[kept].join(sizes, on="test_cell").assign(resampled=by)
    return found[list(COLUMNS)].reset_index(drop=True)


def _any(results, score):
    return results.table[score].notna().any()


def _sizes(results):
    """Return n and n_positive by test cell, the sums as "mean", and what can be resampled."""
    first = results.select(BASELINE)
    first = first[first["model"] == first["model"].iloc[0]] if len(first) else results.table
    parts = [results.predictions(row) for row in first.drop_duplicates(["fold", "test_cell"])
             .itertuples()]  # fmt: skip
    frame = pd.concat(parts)
    # labels are int8, in which 200 of them cannot be summed
    positive = frame[LABEL].astype(float) if LABEL in frame else pd.Series(np.nan, frame.index)
    sizes = pd.DataFrame({"n": 1, "n_positive": positive}).groupby(frame["cell"].to_numpy())
    sizes = sizes.sum(min_count=1)
    sizes.loc["mean"] = sizes.sum(min_count=1)
    known = "chrom" in frame and (frame["chrom"].astype(str) != "").all()
    several = known and frame["chrom"].nunique() >= LEAST_CHROMOSOMES
    return sizes.astype({"n": int}), "chrom" if several else "gene"


def weak_points(table, target):
    """Return as sentences what is too small, in a table of scores, for the scores to say much.

    ``table`` has the scores of one model: ``metric``, ``test_cell``, ``score``, ``low``,
    ``high``, ``n``, ``n_positive`` and ``resampled``. Counted are the genes of the smallest cell:
    the same gene in another cell is no independent one.
    """
    rows = table[table["metric"] == MAIN_SCORES[target]]
    if rows.empty:
        rows = table
    if rows.empty:
        return []
    found, mean = [], rows[rows["test_cell"] == "mean"].iloc[-1]
    rarer = np.fmin(rows["n_positive"], rows["n"] - rows["n_positive"]).fillna(rows["n"])
    place = int(rarer.to_numpy().argmin())
    n, fewest = int(rows["n"].iloc[place]), int(rarer.iloc[place])
    what = "genes" if np.isnan(mean["n_positive"]) else "of the rarer class"
    if fewest < LEAST_RARER:
        found.append(
            f"Too few genes to judge by: {n} are tested in a cell, {fewest} {what} (at least "
            f"{LEAST_RARER} are needed). The scores say little."
        )
    elif (mean["high"] - mean["low"]) / 2 > WIDEST:
        found.append(
            f"{SCORE_NAMES[mean['metric']]} is {mean['score']:.3f}, but with {n} genes in a cell "
            f"anything from {mean['low']:.3f} to {mean['high']:.3f} is compatible with it: more "
            "genes are needed."
        )
    if mean["resampled"] == "gene":
        found.append(
            f"Intervals are over genes as if they were independent, since fewer than "
            f"{LEAST_CHROMOSOMES} chromosomes are known: they are somewhat too narrow."
        )
    return found


def format_scores(table, *, by_cell=False):
    """Return a table of scores as text, a line per model and training cells, scores beside.

    Means over the test cells alone, unless ``by_cell``; of one cell its own. Every score stands
    with its interval, every line with n.
    """
    cells = list(dict.fromkeys(table["test_cell"]))
    shown = cells if by_cell or len(cells) < 2 else ["mean"]
    if len(cells) == 2:  # of one cell the mean is the same
        shown = cells[:1]
    metrics = list(dict.fromkeys(table["metric"]))
    places = {"model": "model", "trained_on": "trained on", "test_cell": "test cell"}
    if "model" not in table:
        places = {"test_cell": "test cell"}
    elif len(shown) == 1:
        del places["test_cell"]
    head, places = [*places.values()], [*places]
    lines = [[*head, "n", *(_HEADINGS[name] for name in metrics)]]
    table = table[table["test_cell"].isin(shown)]
    for key, rows in table.groupby(places, sort=False, dropna=False):
        scores = rows.set_index("metric")
        cells = [_interval(scores.loc[m]) if m in scores.index else "–" for m in metrics]
        if set(cells) != {"–"}:
            lines.append([*map(str, key), f"{int(rows['n'].iloc[0]):,}", *cells])
    return format_table(lines, len(head))


def scores_legend(table):
    """Return what stands below a table of held-out scores, as lines."""
    lines = ["95 % intervals in parentheses; n: samples (gene and cell) unseen in training."]
    if (table["trained_on"] == OTHERS).any():
        lines.append(f'What to expect of a new cell type say the rows "{OTHERS}".')
    return lines


def _interval(row):
    if pd.isna(row["score"]):
        return "–"
    if pd.isna(row["low"]):
        return f"{row['score']:.3f}"
    return f"{row['score']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
