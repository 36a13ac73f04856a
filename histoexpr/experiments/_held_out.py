"""Held-out scores of one model as a table: score by score with its interval, n, and baselines."""

import numpy as np
import pandas as pd

from ..utils import format_table
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
# With fewer of the rarer class, one gene moves the AUROC by .01 and more, and an interval over
# genes is too narrow
_LEAST_OF_A_CLASS = 20
# A score is not told apart from that of most other models where its interval reaches further
_WIDEST = 0.1


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
    positive = frame[LABEL] if LABEL in frame else pd.Series(np.nan, frame.index)
    sizes = pd.DataFrame({"n": 1, "n_positive": positive}).groupby(frame["cell"].to_numpy())
    sizes = sizes.sum(min_count=1)
    sizes.loc["mean"] = sizes.sum(min_count=1)
    several = "chrom" in frame and frame["chrom"].nunique() >= LEAST_CHROMOSOMES
    return sizes.astype({"n": int}), "chrom" if several else "gene"


def weak_points(table, target):
    """Return as sentences what is too small, in a table of scores, for the scores to say much.

    ``table`` has ``metric``, ``test_cell``, ``score``, ``low``, ``high``, ``n`` and
    ``n_positive``; "" stands for what is known.
    """
    rows = table[table["metric"] == MAIN_SCORES[target]]
    if rows.empty:
        rows = table
    if rows.empty:
        return []
    found, row = [], rows.iloc[0]
    n, n_positive = int(row["n"]), row["n_positive"]
    fewest = n if np.isnan(n_positive) else int(min(n_positive, n - n_positive))
    what = "genes" if np.isnan(n_positive) else "of the rarer class"
    name = SCORE_NAMES[row["metric"]]
    if fewest < _LEAST_OF_A_CLASS:
        found.append(
            f"Too few genes to judge by: {n} are tested, {fewest} {what} (at least "
            f"{_LEAST_OF_A_CLASS} are needed). The scores say little."
        )
    elif (row["high"] - row["low"]) / 2 > _WIDEST:
        found.append(
            f"{name} is {row['score']:.3f}, but with {n} genes anything from {row['low']:.3f} to "
            f"{row['high']:.3f} is compatible with it: more genes are needed."
        )
    if row["resampled"] == "gene":
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
