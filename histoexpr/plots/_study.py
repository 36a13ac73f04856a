"""Figures of a study."""

import math

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage

from ..experiments import CONSENSUS, by_cell
from ..replication import published_auroc
from ..utils import require
from ._cross_cell import CrossCellDisplay
from ._study_parts import (
    add_legend,
    colors_of,
    models_of,
    new_figure,
    plain_groups,
    shorten_name,
    wrap,
)
from ._study_published import flipped_figure, published_figure
from ._style import clean

# Quartiles of fewer cells say nothing
_BOXED = 5


def study_figures(study):
    """Draw the figures of a study.

    Parameters
    ----------
    study : Study
        See :func:`histoexpr.experiments.run_study`.

    Returns
    -------
    dict of str -> matplotlib.figure.Figure
        ``regimes`` (AUROC over cells by experiment and model); ``matrix-<model>`` for
        experiments with every training cell; ``models`` (each model against the first, by
        cell); ``ranks`` (critical difference, three models and more); ``sizes`` (score
        against number of cells or genes); ``published`` and ``flipped-labels`` where test
        cells are among the 56 published ones. What the study does not tell is left out.
        pyplot does not know the figures: none is shown or has to be closed.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    matplotlib = require("matplotlib", "Drawing the figures of a study")
    with matplotlib.rc_context({"text.parse_math": False}):  # a $ in a name is no formula
        figures = _all_figures(study)
    return {name: figure for name, figure in figures.items() if figure is not None}


def _all_figures(study):
    figures = {"regimes": _regimes(study)}
    for group in study.groups:
        if group["regime"] == "each" and len(study.cells) > 1:
            for model in models_of(study, group):
                name = f"matrix-{model}"
                while name in figures:
                    name += "-2"
                figures[name] = _matrix(study, group, model)
    figures["models"] = _models_by_cell(study)
    figures["ranks"] = _ranks(study)
    figures["sizes"] = _sizes(study)
    if set(study.cells) & set(published_auroc().index):
        figures["published"] = published_figure(study)
        figures["flipped-labels"] = flipped_figure(study)
    return figures


def _consensus(study, metric="roc_auc"):
    if not study.select("baseline", CONSENSUS):
        return {}
    return study.by_cell("baseline", CONSENSUS, metric)


def _regimes(study):
    groups, colors = plain_groups(study), colors_of(study)
    if not groups:
        return None
    n_models = max(len(models_of(study, group)) for group in groups)
    height = 1.3 + len(groups) * (0.3 + 0.24 * n_models)
    figure, [[ax]] = new_figure(figsize=(6.4, height))
    step, shown = 0.8 / n_models, {}
    for row, group in enumerate(groups):
        names = models_of(study, group)
        for number, name in enumerate(names):
            values = [v for v in by_cell(study, group, name).values() if not math.isnan(v)]
            y = row + (number - (len(names) - 1) / 2) * step
            if len(values) >= _BOXED:
                boxes = ax.boxplot(
                    [values],
                    positions=[y],
                    orientation="horizontal",
                    widths=step * 0.75,
                    showfliers=False,
                    patch_artist=True,
                    medianprops={"color": "black"},
                )
                boxes["boxes"][0].set(facecolor=colors[name], alpha=0.35)
            spread = np.random.default_rng(0).uniform(-0.2, 0.2, len(values)) * step
            shown[name] = ax.plot(values, y + spread, ".", color=colors[name], ms=4)[0]
    baseline = [v for v in _consensus(study).values() if not math.isnan(v)]
    if baseline:
        label = f"{CONSENSUS}, mean"
        shown[label] = ax.axvline(np.mean(baseline), color="0.4", ls="--", lw=1)
    ax.set_yticks(range(len(groups)), [wrap(group["name"]) for group in groups])
    ax.invert_yaxis()
    ax.set_xlabel("AUROC by test cell")
    clean(ax)
    add_legend(figure, shown, 3)
    return figure


def _matrix(study, group, model):
    matrix = study.matrix(group["experiment"], model, n_genes=group["n_genes"])
    scores, consensus = matrix.score(), matrix.consensus()
    if np.isnan(scores).all():
        return None
    rows, columns = map(np.arange, scores.shape)
    if matrix.train_cells == matrix.test_cells:
        rows = columns = cluster_order(scores)
    display = CrossCellDisplay(
        scores[np.ix_(rows, columns)],
        [matrix.train_cells[number] for number in rows],
        [matrix.test_cells[number] for number in columns],
        consensus=None if consensus is None else consensus[columns],
    )
    figure, [[ax]] = new_figure(figsize=display.figsize)
    display.plot(ax=ax, title=wrap(f"{model}: {group['name']}", 40))
    return figure


def cluster_order(scores):
    """Return an order of cells that puts those side by side that score alike.

    Parameters
    ----------
    scores : ndarray of shape (n_cells, n_cells)
        Training cells × test cells; what is missing counts as the mean.

    Returns
    -------
    ndarray of int of shape (n_cells,)
    """
    if len(scores) < 3 or np.isnan(scores).all():
        return np.arange(len(scores))
    filled = np.where(np.isnan(scores), np.nanmean(scores), scores)
    # as a training cell and as a test cell
    features = np.hstack([filled, filled.T])
    return leaves_list(linkage(features, method="average", optimal_ordering=True))


def _models_by_cell(study):
    groups = [g for g in plain_groups(study) if len(models_of(study, g)) > 1][:4]
    if not groups:
        return None
    colors = colors_of(study)
    columns = min(len(groups), 2)
    rows = -(-len(groups) // columns)
    figure, axes = new_figure(rows, columns, figsize=(3.3 * columns, 3.2 * rows + 0.4))
    handles = {}
    for ax, group in zip(axes.flat, groups, strict=False):
        first, *others = models_of(study, group)
        base = by_cell(study, group, first)
        for name in others:
            values = by_cell(study, group, name)
            points = [(base[c], values[c]) for c in values if c in base]
            handles[name] = ax.plot(*zip(*points, strict=True), ".", color=colors[name], ms=6)[0]
        low = min(*ax.get_xlim(), *ax.get_ylim())
        high = max(*ax.get_xlim(), *ax.get_ylim())
        ax.plot([low, high], [low, high], color="0.6", lw=0.8, zorder=0)
        ax.set(xlim=(low, high), ylim=(low, high), aspect="equal")
        ax.set_title(wrap(group["name"], 30), fontsize=9)
        ax.set_xlabel(wrap(f"AUROC, {first}", 30))
        ax.set_ylabel("AUROC, other model")
        clean(ax)
    for ax in axes.flat[len(groups) :]:
        ax.set_visible(False)
    add_legend(figure, handles, 4)
    return figure


def _ranks(study):
    plain = {group["name"] for group in plain_groups(study)}
    compared = [m for m in study.summary["models"] if m["ranks"] and m["group"] in plain]
    if not compared:
        return None
    colors = colors_of(study)
    figure, axes = new_figure(len(compared), figsize=(6, 1.5 * len(compared) + 0.2))
    for ax, entry in zip(axes.flat, compared, strict=True):
        ranks, reach = entry["ranks"]["mean_ranks"], entry["ranks"]["critical_difference"]
        for number, (name, rank) in enumerate(ranks.items()):
            ax.plot([rank], [number], "o", color=colors[name])
            # models whose bars overlap are not told apart
            ax.plot([rank - reach / 2, rank + reach / 2], [number] * 2, color=colors[name], lw=2)
        ax.set_yticks(range(len(ranks)), [wrap(name) for name in ranks], fontsize=8)
        ax.set_ylim(len(ranks) - 0.5, -0.5)
        ax.set_xlim(0.5, len(ranks) + 0.5)
        title = f"{shorten_name(entry['group'])}: {entry['ranks']['n_cells']} cells"
        ax.set_title(title, fontsize=9)
        clean(ax)
    axes.flat[-1].set_xlabel("mean rank by AUROC, 1 is best; bars: critical difference")
    return figure


def _sizes(study):
    curves = {}
    for group in study.groups:
        for key in ("n_cells", "n_genes"):
            same = [g for g in study.groups if g["experiment"] == group["experiment"]]
            other = {"n_cells": "n_genes", "n_genes": "n_cells"}[key]
            largest = max((g.get(other) for g in same), key=_as_number)
            if len({g.get(key) for g in same}) > 1 and group.get(other) == largest:
                curves.setdefault((key, group["experiment"]), []).append(group)
    if not curves:
        return None
    colors, keys = colors_of(study), sorted({key for key, _ in curves})
    figure, axes = new_figure(1, len(keys), figsize=(4 * len(keys), 3.6), sharey=True)
    handles, sizes = {}, {}
    for (key, experiment), groups in curves.items():
        ax = axes.flat[keys.index(key)]
        experiments = [e for k, e in curves if k == key]
        style = ("-", "--", ":", "-.")[experiments.index(experiment) % 4]
        for model in models_of(study, groups[0]):
            points = sorted(_point(study, group, key, model) for group in groups)
            line = ax.plot(
                *zip(*points, strict=True), style, marker="o", ms=3, color=colors[model]
            )[0]
            handles[f"{model}, {experiment}"] = line
            sizes.setdefault(key, set()).update(size for size, _ in points)
        ax.set_xscale("log", base=2)
        ax.set_xlabel({"n_cells": "training cells", "n_genes": "training genes per cell"}[key])
        clean(ax)
    for key, ax in zip(keys, axes.flat, strict=True):
        # what was run, and nothing in between
        ax.set_xticks(sorted(sizes[key]), [f"{size:,.0f}" for size in sorted(sizes[key])])
        ax.minorticks_off()
    axes.flat[0].set_ylabel("AUROC, mean over test cells")
    add_legend(figure, handles, 2)
    return figure


def _as_number(size):
    return math.inf if size in ("all", None) else size


def _point(study, group, key, model):
    size = group[key]
    if size == "all":
        record = study.select(group["experiment"], model, n_genes="all")[0]
        size = record["n_train"] / record["n_cells"]
    means = study.summary["means"]
    found = next(m for m in means if (m["group"], m["model"]) == (group["name"], model))
    return size, math.nan if found["roc_auc"] is None else found["roc_auc"]
