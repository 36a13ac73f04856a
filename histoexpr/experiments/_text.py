"""Summaries of results as text tables."""

import textwrap

import pandas as pd

from ..utils import format_table
from ._against_baselines import SAME_GENE_BASELINES
from ._findings import signed
from ._gene_blocks import UNITS
from ._words import BASELINES, CONSENSUS, LEAST_SD, MAIN_SCORES, SCORE_NAMES

_SHORT = {
    "roc_auc": "AUROC",
    "average_precision": "avg. prec.",
    "balanced_accuracy": "bal. acc.",
    "brier_score_loss": "Brier",
    "pearson": "Pearson",
    "r2": "R²",
    "root_mean_squared_error": "RMSE",
}
# Scores between cells -> heading, and what is said of them
_BETWEEN = {
    "roc_auc": ("AUROC, all genes", ""),
    "roc_auc_variable": (
        "variable genes",
        "Variable genes: AUROC of those whose label differs among the other cells.",
    ),
    "switching_accuracy": (
        "order right",
        "Order right: of two cells between which the label of a gene differs, the score is higher "
        "where it is on; by chance 0.5.",
    ),
    "within_gene_spearman": (
        "within-gene ρ",
        f"Within-gene ρ: Spearman over cells within each gene with a standard deviation above "
        f"{LEAST_SD:g} log2 unit; by chance 0.",
    ),
}
_LEFT_OUT = (
    "Baselines have no scores between cells: a mean of the other cells falls as the gene's own "
    "value rises."
)
# What stands where a log loss of the consensus would
HARD = "A consensus of 0 or 1 is no probability: it has no log loss."
_LESS = {"roc_auc": "all genes", "roc_auc_variable": "variable genes"}
_ALPHA = 0.05
_WITH_INTERVAL = tuple(MAIN_SCORES.values())
# Of sentences below tables
_WIDTH = 100
_ON_EXPRESSION = ("pearson", "r2", "root_mean_squared_error")


def format_summary(results, *, only_mean=False):
    """Return the scores by test cell, unless ``only_mean``, and their means as text.

    Those against expression are shown beside models of it; what no row has is left out.
    """
    head, summary = ["test cell", "model", "trained on"], results.summary()
    shown = {name: text for name, text in _SHORT.items() if summary[name].notna().any()}
    if "pearson" not in results.compared:
        shown = {name: text for name, text in shown.items() if name not in _ON_EXPRESSION}
    keys = ["test_cell", "experiment", "model", "metric"]
    intervals = results.score_intervals.set_index(keys)
    titles = []
    for name, text in shown.items():
        titles += [text, "95 % interval"] if name in _WITH_INTERVAL else [text]
    lines, last = [[*head, "n", *titles]], None
    for row in summary.itertuples():
        if only_mean and row.test_cell != "mean":
            continue
        if last not in (None, row.test_cell):
            lines.append(None)
        cell = row.test_cell if row.test_cell != last else ""
        last = row.test_cell
        place = row.test_cell, row.experiment, row.model
        scores, n = [], "–"
        for name in shown:
            scores.append(_number(getattr(row, name)))
            if name in _WITH_INTERVAL:
                found = intervals.loc[(*place, name)]
                n = f"{found['n_genes']:,}"
                scores.append(_reach(found["low"], found["high"]))
        trained_on = BASELINES.get(row.model, row.experiment)
        lines.append([cell, row.model, trained_on, n, *scores])
    units = UNITS[intervals["resampled"].iloc[0]]
    legend = f"n: test genes, of a mean those of the smallest cell; intervals over {units}."
    if only_mean and intervals["low"].isna().any():
        legend += " Matrices of more than 12 cells have none."
    return "\n".join([format_table(lines, len(head)), legend, *_said(results)])


def _said(results):
    """Return which genes are tested, and whether they are too few, as wrapped lines."""
    texts = results.manifest.get("held_out", ""), results.too_small
    return [textwrap.fill(text, _WIDTH) for text in texts if text]


def _reach(low, high):
    return "–" if pd.isna(low) else f"{_number(low)} to {_number(high)}"


def format_means(results):
    """Return mean scores with intervals over cells as text."""
    parts = []
    if "roc_auc" in results.compared:
        others = {"log loss": "log_loss", "accuracy": "accuracy"}
        parts.append(_means_by(results, "roc_auc", "AUROC", others))
    if "pearson" in results.compared:
        others = {"R²": "r2", "RMSE": "root_mean_squared_error"}
        parts.append(_means_by(results, "pearson", "Pearson", others))
    legend = (
        "n: test genes of the smallest cell. Intervals of the mean over cells have clusters of "
        "similar cells as their units, six at least."
    )
    if "log loss" in parts[0] and CONSENSUS in results.models:
        legend += f" {HARD}"
    parts[-1] = "\n".join([parts[-1], textwrap.fill(legend, _WIDTH), *_said(results)])
    return "\n\n".join(parts)


def format_between(results):
    """Return what models say of the differences between cells as text, with a legend.

    Empty if there is nothing beside the AUROC.
    """
    frame = results.between_cells
    shown = (
        [name for name in _BETWEEN if (frame.get("metric") == name).any()] if len(frame) else []
    )
    if set(shown) <= {"roc_auc"}:
        return ""
    scores = {(row.group, row.model, row.metric): row for row in frame.itertuples()}
    head = [f"{_BETWEEN[name][0]}, n = {_range(frame, name)}" for name in shown]
    lines = [["model", "trained on", *head]]
    for group, model in dict.fromkeys((group, model) for group, model, _ in scores):
        cells = [_with_interval(scores.get((group, model, name))) for name in shown]
        lines.append([model, BASELINES.get(model, group), *cells])
    units = UNITS[frame["resampled"].iloc[0]]
    legend = [_BETWEEN[name][1] for name in shown if _BETWEEN[name][1]]
    legend += [_LEFT_OUT] if any("–" in line[-1] for line in lines) else []
    legend += [f"In parentheses: 95 % intervals over {units}; n: genes."]
    return "\n".join([format_table(lines, 2), "", *legend])


def format_against_baselines(results):
    """Return how models differ from the baselines of the same gene as text; "" without any."""
    frame = results.statistics.against_baselines
    frame = frame if frame.empty else frame[frame["metric"] != "r2"]
    if frame.empty:
        return ""
    present = set(zip(frame["metric"], frame["baseline"], strict=True))
    shown = [
        (metric, name)
        for metric, names in SAME_GENE_BASELINES.items()
        for name in names
        if (metric, name) in present
    ]
    rows = {(r.group, r.model, r.metric, r.baseline): r for r in frame.itertuples()}
    heads = [
        f"{_LESS.get(metric, SCORE_NAMES[metric])} − {name.removeprefix('same-gene ')}"
        for metric, name in shown
    ]
    lines = [["model", "trained on", *heads]]
    for group, model in dict.fromkeys((group, model) for group, model, *_ in rows):
        found = [rows.get((group, model, *place)) for place in shown]
        lines.append([model, group, *map(_less, found)])
    units = UNITS[frame["resampled"].iloc[0]]
    legend = (
        "Differences from what is known of the same gene in the other cells without any signal, "
        "same-gene consensus, rank or mean (Schreiber et al. 2020, Genome Biology 21:282), over "
        "the same cells and genes. In "
        f"parentheses: paired 95 % intervals over {units}; * p < 0.05, adjusted."
    )
    return "\n".join([format_table(lines, 2), textwrap.fill(legend, _WIDTH)])


def _less(row):
    if row is None or pd.isna(row.difference):
        return "–"
    text = signed(row.difference)
    if not pd.isna(row.low):
        text += f" ({signed(row.low)} to {signed(row.high)})"
    return f"{text}*" if row.p_holm < _ALPHA else text


def _range(frame, metric):
    """Return the least and the largest number of genes that a score is over."""
    sizes = frame.loc[frame["metric"] == metric, "n_genes"].astype(int)
    low, high = sizes.min(), sizes.max()
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _with_interval(row):
    if row is None or pd.isna(row.score):
        return "–"
    if pd.isna(row.low):
        return _number(row.score)
    return f"{_number(row.score)} ({_number(row.low)} to {_number(row.high)})"


def _means_by(results, metric, name, others):
    statistics = results.statistics
    intervals = statistics.intervals
    intervals = intervals[intervals["metric"] == metric].set_index(["group", "model"])
    over = f"95 % over {UNITS[statistics.resampled]}"
    lines = [["experiment", "model", "n", name, "95 % over cells", over, *others]]
    of_means = results.score_intervals.query("test_cell == 'mean'")
    sizes = of_means.drop_duplicates(["experiment", "model"])
    sizes = sizes.set_index(["experiment", "model"])["n_genes"].to_dict()
    for row in statistics.means.itertuples():
        found = intervals.loc[(row.group, row.model)]
        if pd.isna(found["score"]):
            continue
        low, high = found["low_by_cells"], found["high_by_cells"]
        n = sizes[row.group, row.model]
        over_genes = found["low_by_genes"], found["high_by_genes"]
        reaches = [_reach(low, high), _reach(*over_genes)]
        values = [_number(getattr(row, column)) for column in others.values()]
        place = [row.group, row.model, f"{n:,}"]
        lines.append([*place, _number(found["score"]), *reaches, *values])
    return format_table(lines, 2)


def _number(value):
    return "–" if pd.isna(value) else f"{value:.3f}"
