"""The tables of the report: columns of statistics, their headings and how values are shown."""

import functools

import pandas as pd

from ..experiments import BASELINE, BETWEEN_SCORES, SCORE_NAMES, UNITS, plain_names, signed


def study_tables(study):
    """Return the tables of a study by name, each as :func:`format_columns` returns it."""
    statistics, plain = study.statistics, plain_names(study)
    means = statistics.means
    # baselines are not trained
    means = means.assign(n_train=means["n_train"].where(means["group"] != BASELINE))
    models, regimes = (
        frame if frame.empty else frame[frame["group"].isin(plain)]
        for frame in (statistics.models, statistics.regimes)
    )
    regimes = one_row_per_regime(regimes)
    on_labels = means.dropna(subset="roc_auc")
    expression = _on_expression(statistics) if "pearson" in study.compared else means.iloc[:0]
    between = _one_row_per_model(statistics.between)
    tables = {
        "means": format_columns(on_labels, _MEANS),
        "between": format_columns(between, _between(_BETWEEN)),
        "changes": format_columns(
            _known(between, [f"{name} score" for name in _CHANGES]), _between(_CHANGES)
        ),
        "expression": format_columns(expression, _EXPRESSION),
        "calibration": format_columns(means.dropna(subset="accuracy"), _CALIBRATION),
        "models": format_columns(models, _MODELS),
        "regimes": format_columns(_defined(regimes, "roc_auc"), _REGIMES),
        "regimes_calibration": format_columns(
            _defined(regimes, "log_loss", "transferred_accuracy"), _REGIMES_CALIBRATION
        ),
        "regimes_expression": format_columns(_defined(regimes, "pearson"), _REGIMES_EXPRESSION),
        "pairs": format_columns(statistics.pairs, _PAIRS),
        "against_baselines": format_columns(statistics.against_baselines, _AGAINST_BASELINES),
        "cells": format_columns(
            _known(statistics.intervals, ["morans_i"]).query("n_cells > 2"), _CELLS
        ),
    }
    units = UNITS[statistics.resampled]
    for table in tables.values():
        table["head"] = [head.replace("over genes", f"over {units}") for head in table["head"]]
    return tables


def _one_row_per_model(between):
    """Return scores between cells side by side: columns such as ``roc_auc low``."""
    if between.empty or set(between["metric"]) <= {"roc_auc"}:
        return between.iloc[:0]
    place = ["group", "model"]
    order = pd.MultiIndex.from_frame(between[place].drop_duplicates())
    wide = between.pivot(index=place, columns="metric").reindex(order)
    wide.columns = [f"{metric} {name}" for name, metric in wide.columns]
    return wide.reset_index()


def _between(titles):
    """Return columns of scores between cells: each with its interval and number of genes."""
    columns = dict(_GROUP)
    for name, title in titles.items():
        columns[f"{name} score"] = title, number
        columns[f"{name} low", f"{name} high"] = "95 %", interval
        columns[f"{name} n_genes"] = "genes", _count
    return columns


def _on_expression(statistics):
    """Return the means of the scores against expression with the intervals of two of them."""
    means, place = statistics.means, ["group", "model"]
    for metric in ("pearson", "r2"):
        part = statistics.intervals[statistics.intervals["metric"] == metric]
        part = part.set_index(place).drop(columns=["metric", "score"])
        means = means.join(part.add_prefix(f"{metric} "), on=place)
    return means.dropna(subset=["pearson", "r2"], how="all")


def _defined(regimes, *metrics):
    """Return the rows of regimes in which one of some scores was compared."""
    return _known(regimes, [f"{metric} mean_difference" for metric in metrics])


def _known(frame, names):
    """Return the rows in which one of some columns is known."""
    names = [name for name in names if name in frame]
    return frame.dropna(subset=names, how="all") if names else frame.iloc[:0]


def format_columns(frame, columns):
    """Return ``head`` and ``rows`` as text; the first ``n_text`` columns hold words.

    ``columns`` has the heading and the function that makes text of values, by column of the
    DataFrame or columns that are shown as one. Those that it lacks count as not defined.
    """
    shows = [
        ((names,) if isinstance(names, str) else names, show)
        for names, (_, show) in columns.items()
    ]
    return {
        "head": [heading for heading, _ in columns.values()],
        "rows": [
            [show(*map(row.get, names)) for names, show in shows]
            for row in frame.to_dict("records")
        ],
        "n_text": sum(show in (str, _pair, SCORE_NAMES.get) for _, show in shows),
    }


def one_row_per_regime(regimes):
    """Return what regimes are compared in side by side: columns such as ``log_loss p_holm``."""
    if regimes.empty:
        return regimes
    place = ["group", "model", "own"]
    order = pd.MultiIndex.from_frame(regimes[place].drop_duplicates())
    wide = regimes.pivot(index=place, columns="metric").reindex(order)
    wide.columns = [f"{metric} {name}" for name, metric in wide.columns]
    return wide.reset_index()


def number(value, digits=3):
    """Return a number as text, a dash where there is none."""
    return "–" if pd.isna(value) else f"{value:,.{digits}f}"


def interval(low, high, show=number):
    """Return an interval as text, a dash where there is none."""
    return "–" if pd.isna(low) or pd.isna(high) else f"{show(low)} to {show(high)}"


def p_value(value):
    """Return a p value as text."""
    return "< 0.001" if not pd.isna(value) and value < 0.001 else number(value)


def _pair(first, second):
    return f"{first} − {second}"


def _shown(equivalent):
    return "–" if pd.isna(equivalent) else "yes" if equivalent else "not shown"


def _expected_i(n_cells):
    """Return Moran's I of independent values as text."""
    return signed(-1 / (n_cells - 1), 2)


_count = functools.partial(number, digits=0)
_two_digits = functools.partial(signed, digits=2)
_noise = functools.partial(number, digits=4)
_change = functools.partial(interval, show=signed)

_GROUP = {"group": ("experiment", str), "model": ("model", str)}
_MEANS = _GROUP | {
    "roc_auc": ("AUROC", number),
    ("low_by_cells", "high_by_cells"): ("95 % over cells", interval),
    ("low_by_genes", "high_by_genes"): ("95 % over genes", interval),
    "seed_noise": ("seed noise", _noise),
    "roc_auc_variable": ("AUROC of variable genes", number),
    "average_precision": ("average precision", number),
    "roc_auc_clear": ("AUROC of clear genes", number),
    "n_train": ("training samples", _count),
}
# What the printed table has, and what is left of the scores between cells
_BETWEEN = {
    "roc_auc": "AUROC, all genes",
    "roc_auc_variable": "AUROC, variable genes",
    **{n: BETWEEN_SCORES[n] for n in ("switching_accuracy", "within_gene_spearman")},
}
_CHANGES = {n: title for n, title in BETWEEN_SCORES.items() if n not in _BETWEEN}
_EXPRESSION = _GROUP | {
    "pearson": ("Pearson’s r", number),
    ("pearson low_by_cells", "pearson high_by_cells"): ("95 % over cells", interval),
    ("pearson low_by_genes", "pearson high_by_genes"): ("95 % over genes", interval),
    "pearson seed_noise": ("seed noise", _noise),
    "spearman": ("Spearman’s ρ", number),
    "r2": ("R²", number),
    ("r2 low_by_genes", "r2 high_by_genes"): ("95 % over genes", interval),
    "root_mean_squared_error": ("root mean squared error", number),
}
_CALIBRATION = _GROUP | {
    "log_loss": ("log loss", number),
    "brier_score_loss": ("Brier", number),
    "expected_calibration_error": ("calibration error", number),
    "accuracy": ("accuracy at 0.5", number),
    "transferred_accuracy": ("at transferred threshold", number),
    "balanced_accuracy": ("balanced accuracy", number),
}
_MODELS = {
    "group": ("experiment", str),
    "metric": ("score", SCORE_NAMES.get),
    ("first", "second"): ("models", _pair),
    "n_cells": ("cells", _count),
    "n_clusters": ("clusters", _count),
    "mean_difference": ("difference", signed),
    ("low_90", "high_90"): ("90 % over cells", _change),
    ("low_by_genes", "high_by_genes"): ("95 % over genes", _change),
    "seed_noise": ("seed noise", _noise),
    "p_value": ("Wilcoxon p", p_value),
    "p_holm": ("Holm p", p_value),
    "p_equivalence_holm": ("Holm p of equivalence", p_value),
    "equivalent": ("equivalent over cells", _shown),
    "p_equivalence_by_genes_holm": ("Holm p of equivalence over genes", p_value),
    "equivalent_by_genes": ("equivalent over genes", _shown),
}
_AGAINST_BASELINES = _GROUP | {
    "metric": ("score", SCORE_NAMES.get),
    "baseline": ("less", str),
    "difference": ("difference", signed),
    ("low", "high"): ("95 % over genes", _change),
    "p_value": ("p", p_value),
    "p_holm": ("Holm p", p_value),
    "n_cells": ("cells", _count),
}
_CELLS = _GROUP | {
    "metric": ("score", SCORE_NAMES.get),
    "n_cells": ("cells", _count),
    "n_clusters": ("clusters", _count),
    "morans_i": ("Moran’s I", _two_digits),
    ("n_cells",): ("without dependence", _expected_i),
    "p_morans_i": ("p", p_value),
}
_REGIMES = _GROUP | {
    "own": ("against", str),
    "roc_auc mean_difference": ("AUROC", signed),
    ("roc_auc low", "roc_auc high"): ("95 % over cells", _change),
    ("roc_auc low_by_genes", "roc_auc high_by_genes"): ("95 % over genes", _change),
    "roc_auc seed_noise": ("seed noise", _noise),
    "roc_auc p_value": ("Wilcoxon p", p_value),
    "roc_auc p_holm": ("Holm p", p_value),
}
_REGIMES_CALIBRATION = _GROUP | {
    "own": ("against", str),
    "log_loss mean_difference": ("log loss", signed),
    ("log_loss low", "log_loss high"): ("95 % over cells", _change),
    "log_loss seed_noise": ("seed noise", _noise),
    "log_loss p_holm": ("Holm p", p_value),
    "transferred_accuracy mean_difference": ("accuracy at transferred threshold", signed),
    ("transferred_accuracy low", "transferred_accuracy high"): ("95 % over cells", _change),
    "transferred_accuracy seed_noise": ("seed noise", _noise),
    "transferred_accuracy p_holm": ("Holm p", p_value),
}
_REGIMES_EXPRESSION = _GROUP | {
    "own": ("against", str),
    "pearson mean_difference": ("Pearson’s r", signed),
    ("pearson low", "pearson high"): ("95 % over cells", _change),
    ("pearson low_by_genes", "pearson high_by_genes"): ("95 % over genes", _change),
    "pearson seed_noise": ("seed noise", _noise),
    "pearson p_holm": ("Holm p", p_value),
    "r2 mean_difference": ("R²", signed),
    ("r2 low_by_genes", "r2 high_by_genes"): ("95 % over genes", _change),
    "r2 p_holm": ("Holm p", p_value),
}
_PAIRS = _GROUP | {
    "train_cell": ("training cell", str),
    "test_cell": ("test cell", str),
    "metric": ("of", SCORE_NAMES.get),
    "score": ("score", number),
    ("low", "high"): ("95 % over genes", interval),
}
