"""Figures of a study."""

import math

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage

from ..experiments import (
    BASELINE,
    SAME_GENE,
    SCORE_NAMES,
    CrossCellResults,
    benchmark_cells,
)
from ..utils import check_type, require
from ._cross_cell import CrossCellDisplay
from ._panels import add_legend, new_panels
from ._published import flipped_figure, published_figure
from ._study_scores import plain_scores, scores_of
from ._style import SMALL, clean, colors_of, shorten_name, wrap

# Quartiles of fewer cells say nothing
_BOXED = 5
# What grows along a curve -> the label of its axis
_SIZES = {"n_cells": "training cells", "n_genes": "training genes per cell"}


def study_figures(study):
    """Draw the figures of a study.

    Parameters
    ----------
    study : CrossCellResults
        See :func:`histoexpr.experiments.run_study`.

    Returns
    -------
    dict of str -> matplotlib.figure.Figure
        ``regimes`` (AUROC over cells by experiment and model); ``matrix-<model>`` for
        experiments with every training cell (Pearson's correlation of models of
        expression); ``models`` (each model against the first, by cell); ``ranks`` (critical
        difference, three models and more); ``sizes`` (score against number of cells or
        genes); where a model is one of expression, ``pearson-regimes``, ``pearson-models``,
        ``pearson-ranks`` and ``pearson-sizes``, the same by Pearson's correlation, and
        ``r2-regimes``; ``published`` and ``flipped-labels`` of the cells among the 56 published
        ones that are tested on exactly the genes that the benchmark tests. What the study does
        not hold is left out.
        pyplot does not know the figures: none is shown or has to be closed.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    TypeError
        If ``study`` is something else, such as the folder of a study.
    """
    check_study(study)
    matplotlib = require("matplotlib", "Drawing the figures of a study")
    with matplotlib.rc_context({"text.parse_math": False}):  # a $ in a name is no formula
        figures = _all_figures(study)
    return {name: figure for name, figure in figures.items() if figure is not None}


def check_study(study):
    """Refuse anything but results of experiments, and state where they come from."""
    remedy = "Make results with run_study or evaluate_cells, or read those of a folder with "
    check_type("study", study, CrossCellResults, f"{remedy}histoexpr.load_study.")


def _all_figures(study):
    figures = {f"{_prefix(m)}regimes": _regimes(study, m) for m in study.compared}
    for group in study.groups:
        if group["regime"] == "each" and len(study.cells) > 1:
            for model in study.models:
                if study.of_group(group, model).empty:
                    continue
                name = f"matrix-{model}"
                while name in figures:
                    name += "-2"
                figures[name] = _matrix(study, group, model)
    for metric in study.compared:
        if metric != "r2":  # which shift and scale of a cell decide: its regimes say so
            figures[f"{_prefix(metric)}models"] = _models_by_cell(study, metric)
            figures[f"{_prefix(metric)}ranks"] = _ranks(study, metric)
            figures[f"{_prefix(metric)}sizes"] = _sizes(study, metric)
    if cells := benchmark_cells(study):
        figures["published"] = published_figure(study, cells)
        figures["flipped-labels"] = flipped_figure(study, cells)
    return figures


def _prefix(metric):
    return "" if metric == "roc_auc" else f"{metric}-"


def _regimes(study, metric):
    plain, colors = plain_scores(study, metric), colors_of(study.models)
    if not plain:
        return None
    n_models = max(scores.shape[1] for _, scores in plain)
    [ax] = new_panels(size=(6.4, 1.3 + len(plain) * (0.3 + 0.24 * n_models)))
    step, shown = 0.8 / n_models, {}
    for row, (_, scores) in enumerate(plain):
        for number, (name, values) in enumerate(scores.items()):
            values = values.dropna().to_numpy()
            y = row + (number - (scores.shape[1] - 1) / 2) * step
            if len(values) >= _BOXED:
                place = {"positions": [y], "widths": step * 0.75, "orientation": "horizontal"}
                boxes = ax.boxplot([values], patch_artist=True, showfliers=False, **place)
                boxes["medians"][0].set(color="black")
                boxes["boxes"][0].set(facecolor=colors[name], alpha=0.35)
            spread = np.random.default_rng(0).uniform(-0.2, 0.2, len(values)) * step
            shown[name] = ax.plot(values, y + spread, ".", color=colors[name], ms=4)[0]
    for name, style in zip(SAME_GENE.values(), ("--", ":"), strict=True):
        where = {"experiment": BASELINE, "regime": BASELINE}
        baseline = study.by_group(where, name, metric).mean()
        if not math.isnan(baseline):
            shown[f"{name}, mean"] = ax.axvline(baseline, color="0.4", ls=style, lw=1)
    ax.set_yticks(range(len(plain)), [wrap(group["name"]) for group, _ in plain])
    ax.invert_yaxis()
    ax.set_xlabel(f"{SCORE_NAMES[metric]} by test cell")
    clean(ax)
    add_legend(ax.figure, shown, 3, fontsize=SMALL)
    return ax.figure


def _matrix(study, group, model):
    matrix = study.matrix(model, group["experiment"], n_genes=group["n_genes"])
    scores, consensus = matrix.score(), matrix.consensus()
    if np.isnan(scores).all():
        return None
    rows, columns = map(np.arange, scores.shape)
    if matrix.train_cells == matrix.test_cells:
        rows = columns = cluster_order(scores)
    train, test = np.asarray(matrix.train_cells)[rows], np.asarray(matrix.test_cells)[columns]
    consensus = None if consensus is None else consensus[columns]
    beside = {"metric": matrix.metric, "consensus": consensus, "baseline": matrix.baseline}
    display = CrossCellDisplay(scores[np.ix_(rows, columns)], train, test, **beside)
    [ax] = new_panels(size=display.figsize, layout="compressed")
    return display.plot(ax=ax, title=wrap(f"{model}: {group['name']}", 40)).figure_


def cluster_order(scores):
    """Return an order of cells that puts those side by side that score alike.

    ``scores`` are training cells × test cells; what is missing counts as the mean.
    """
    if len(scores) < 3 or np.isnan(scores).all():
        return np.arange(len(scores))
    filled = np.where(np.isnan(scores), np.nanmean(scores), scores)
    # as a training cell and as a test cell
    features = np.hstack([filled, filled.T])
    return leaves_list(linkage(features, method="average", optimal_ordering=True))


def _models_by_cell(study, metric):
    plain = plain_scores(study, metric)
    several = [(group, scores) for group, scores in plain if scores.shape[1] > 1][:4]
    if not several:
        return None
    colors, handles = colors_of(study.models), {}
    axes = new_panels(len(several), 2, size=(3.3, 3.2), margin=(0, 0.4))
    for ax, (group, scores) in zip(axes, several, strict=True):
        first, *others = scores
        for name in others:
            points = scores[first], scores[name]
            handles[name] = ax.plot(*points, ".", color=colors[name], ms=6)[0]
        limits = [*ax.get_xlim(), *ax.get_ylim()]
        ends = min(limits), max(limits)
        ax.plot(ends, ends, color="0.6", lw=0.8, zorder=0)
        ax.set(xlim=ends, ylim=ends, aspect="equal")
        ax.set_title(wrap(group["name"], 30), fontsize=9)
        ax.set_xlabel(wrap(f"{SCORE_NAMES[metric]}, {first}", 30))
        ax.set_ylabel(f"{SCORE_NAMES[metric]}, other model")
        clean(ax)
    add_legend(ax.figure, handles, fontsize=SMALL)
    return ax.figure


def _ranks(study, metric):
    ranks, colors = study.statistics.ranks, colors_of(study.models)
    if not ranks.empty:
        ranks = ranks[ranks["metric"] == metric]
        ranks = ranks[ranks["group"].isin([group["name"] for group in study.plain_groups])]
    if ranks.empty:
        return None
    compared = list(ranks.groupby("group", sort=False))
    reach = ranks["critical_difference"] / 2
    ends = (ranks["mean_rank"] - reach).min(), (ranks["mean_rank"] + reach).max()
    axes = new_panels(len(compared), 1, size=(6, 1.5), margin=(0, 0.2))
    for ax, (group, rows) in zip(axes, compared, strict=True):
        for number, row in enumerate(rows.itertuples()):
            style = {"color": colors[row.model]}
            bar = row.mean_rank + row.critical_difference * np.array([-0.5, 0.5])
            ax.plot([row.mean_rank], [number], "o", **style)
            # models whose bars overlap cannot be distinguished
            ax.plot(bar, [number] * 2, lw=2, **style)
        ax.set_yticks(range(len(rows)), [wrap(name) for name in rows["model"]], fontsize=SMALL)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(min(0.5, ends[0] - 0.1), max(len(rows) + 0.5, ends[1] + 0.1))
        n_cells, n_clusters = rows[["n_cells", "n_clusters"]].iloc[0]
        apart = "" if n_clusters == n_cells else f" in {n_clusters:.0f} clusters of similar ones"
        ax.set_title(f"{shorten_name(group)}: {n_cells:.0f} cells{apart}", fontsize=9)
        clean(ax)
    ax.set_xlabel(f"mean rank by {SCORE_NAMES[metric]}, 1 is best; bars: critical difference")
    return ax.figure


def _sizes(study, metric):
    curves = _curves(study)
    if not curves:
        return None
    colors, handles = colors_of(study.models), {}
    keys = sorted({key for key, _ in curves})
    axes = new_panels(len(keys), size=(4, 3.6), sharey=True)
    for key, ax in zip(keys, axes, strict=True):
        sizes = set()
        experiments = [experiment for other, experiment in curves if other == key]
        for number, experiment in enumerate(experiments):
            style = {"ls": ("-", "--", ":", "-.")[number % 4], "marker": "o", "ms": 3}
            groups = curves[key, experiment]
            for model in scores_of(study, groups[0], metric):
                points = sorted(_point(study, group, key, model, metric) for group in groups)
                x, y = zip(*points, strict=True)
                (handles[f"{model}, {experiment}"],) = ax.plot(x, y, color=colors[model], **style)
                sizes.update(x)
        ax.set_xscale("log", base=2)
        ax.set_xlabel(_SIZES[key])
        clean(ax)
        # what was run, and nothing in between
        ax.set_xticks(sorted(sizes), [f"{size:,.0f}" for size in sorted(sizes)])
        ax.minorticks_off()
    axes[0].set_ylabel(f"{SCORE_NAMES[metric]}, mean over test cells")
    add_legend(ax.figure, handles, 2, fontsize=SMALL)
    return ax.figure


def _curves(study):
    """Return the groups of each curve, by what grows along it and experiment."""
    curves = {}
    for group in study.groups:
        same = [g for g in study.groups if g["experiment"] == group["experiment"]]
        for key, other in (("n_cells", "n_genes"), ("n_genes", "n_cells")):
            largest = max((g.get(other) for g in same), key=_as_number)
            if len({g.get(key) for g in same}) > 1 and group.get(other) == largest:
                curves.setdefault((key, group["experiment"]), []).append(group)
    return curves


def _as_number(size):
    return math.inf if size in ("all", None) else size


def _point(study, group, key, model, metric):
    size = group[key]
    if size == "all":
        row = study.of_group(group, model).iloc[0]
        size = row["n_train"] / row["n_cells"]
    return size, study.by_group(group, model, metric).mean()
