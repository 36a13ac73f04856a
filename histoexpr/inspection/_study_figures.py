"""Figures of a study."""

import math

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage

from ..experiments import PUBLISHED_COLUMNS, by_cell, published_auroc
from ._cross_cell import CrossCellDisplay
from ._style import PALETTE, clean, pyplot

CONSENSUS = "same-gene consensus"
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

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    figures = {"regimes": _regimes(study)}
    for group in study.groups:
        if group["regime"] == "each" and len(study.cells) > 1:
            for model in _models(study, group):
                name = f"matrix-{model}"
                while name in figures:
                    name += "-2"
                figures[name] = _matrix(study, group, model)
    figures["models"] = _models_by_cell(study)
    figures["ranks"] = _ranks(study)
    figures["sizes"] = _sizes(study)
    if set(study.cells) & set(published_auroc()):
        figures["published"] = _published(study)
        figures["flipped-labels"] = _flipped(study)
    return {name: figure for name, figure in figures.items() if figure is not None}


def _models(study, group):
    return [name for name in study.models if by_cell(study, group, name)]


def _plain_groups(study):
    """Return the groups that are no point of a size curve."""
    return [group for group in study.groups if not group["sized"]]


def _colors(study):
    return {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(study.models)}


def _consensus(study, metric="auroc"):
    if not study.select("baseline", CONSENSUS):
        return {}
    return study.by_cell("baseline", CONSENSUS, metric)


def _regimes(study):
    plt = pyplot("Drawing the figures of a study")
    groups, colors = _plain_groups(study), _colors(study)
    if not groups:
        return None
    n_models = max(len(_models(study, group)) for group in groups)
    height = 1.3 + len(groups) * (0.3 + 0.24 * n_models)
    figure, ax = plt.subplots(figsize=(6.4, height), layout="constrained")
    step, shown = 0.8 / n_models, {}
    for row, group in enumerate(groups):
        names = _models(study, group)
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
    ax.set_yticks(range(len(groups)), [_wrap(group["name"]) for group in groups])
    ax.invert_yaxis()
    ax.set_xlabel("AUROC by test cell")
    clean(ax)
    figure.legend(
        shown.values(), shown, loc="outside lower center", ncols=3, frameon=False, fontsize=8
    )
    return figure


def _wrap(text, width=22):
    import textwrap

    return "\n".join(textwrap.wrap(text, width)) or text


def _matrix(study, group, model):
    matrix = study.matrix(group["experiment"], model)
    scores = matrix.score()
    order = cluster_order(scores)
    cells = [matrix.test_cells[number] for number in order]
    consensus = matrix.consensus()
    display = CrossCellDisplay(
        scores[np.ix_(order, order)],
        cells,
        cells,
        consensus=None if consensus is None else consensus[order],
    )
    return display.plot(title=f"{model}: {group['name']}").figure_


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
    if len(scores) < 3:
        return np.arange(len(scores))
    filled = np.where(np.isnan(scores), np.nanmean(scores), scores)
    # as a training cell and as a test cell
    features = np.hstack([filled, filled.T])
    return leaves_list(linkage(features, method="average", optimal_ordering=True))


def _models_by_cell(study):
    plt = pyplot("Drawing the figures of a study")
    groups = [g for g in _plain_groups(study) if len(_models(study, g)) > 1][:4]
    if not groups:
        return None
    colors = _colors(study)
    columns = min(len(groups), 2)
    rows = -(-len(groups) // columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(3.3 * columns, 3.2 * rows + 0.4),
        squeeze=False,
        layout="constrained",
    )
    handles = {}
    for ax, group in zip(axes.flat, groups, strict=False):
        first, *others = _models(study, group)
        base = by_cell(study, group, first)
        for name in others:
            values = by_cell(study, group, name)
            points = [(base[c], values[c]) for c in values if c in base]
            handles[name] = ax.plot(*zip(*points, strict=True), ".", color=colors[name], ms=6)[0]
        low = min(*ax.get_xlim(), *ax.get_ylim())
        high = max(*ax.get_xlim(), *ax.get_ylim())
        ax.plot([low, high], [low, high], color="0.6", lw=0.8, zorder=0)
        ax.set(xlim=(low, high), ylim=(low, high), aspect="equal")
        ax.set_title(group["name"], fontsize=9)
        ax.set_xlabel(f"AUROC, {first}")
        ax.set_ylabel("AUROC, other model")
        clean(ax)
    for ax in axes.flat[len(groups) :]:
        ax.set_visible(False)
    figure.legend(
        handles.values(), handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8
    )
    return figure


def _ranks(study):
    plt = pyplot("Drawing the figures of a study")
    sized = {group["name"] for group in _plain_groups(study)}
    compared = [m for m in study.summary["models"] if m["ranks"] and m["group"] in sized]
    if not compared:
        return None
    colors = _colors(study)
    figure, axes = plt.subplots(
        len(compared),
        1,
        figsize=(6, 1.5 * len(compared) + 0.2),
        squeeze=False,
        layout="constrained",
    )
    for ax, entry in zip(axes.flat, compared, strict=True):
        ranks, reach = entry["ranks"]["mean_ranks"], entry["ranks"]["critical_difference"]
        for number, (name, rank) in enumerate(ranks.items()):
            ax.plot([rank], [number], "o", color=colors[name])
            # models whose bars overlap are not told apart
            ax.plot([rank - reach / 2, rank + reach / 2], [number] * 2, color=colors[name], lw=2)
        ax.set_yticks(range(len(ranks)), list(ranks), fontsize=8)
        ax.set_ylim(len(ranks) - 0.5, -0.5)
        ax.set_xlim(0.5, len(ranks) + 0.5)
        ax.set_title(f"{entry['group']}: {entry['ranks']['n_cells']} cells", fontsize=9)
        clean(ax)
    axes.flat[-1].set_xlabel("mean rank by AUROC, 1 is best; bars: critical difference")
    return figure


def _sizes(study):
    plt = pyplot("Drawing the figures of a study")
    curves = {}
    for group in study.groups:
        for key in ("n_cells", "n_genes"):
            same = [g for g in study.groups if g["experiment"] == group["experiment"]]
            if len({g.get(key) for g in same}) > 1:
                curves.setdefault((key, group["experiment"]), []).append(group)
    if not curves:
        return None
    colors, keys = _colors(study), list(dict.fromkeys(key for key, _ in curves))
    figure, axes = plt.subplots(
        1,
        len(keys),
        figsize=(4 * len(keys), 3.6),
        squeeze=False,
        layout="constrained",
        sharey=True,
    )
    handles, sizes = {}, {}
    for (key, experiment), groups in curves.items():
        ax = axes.flat[keys.index(key)]
        experiments = [e for k, e in curves if k == key]
        style = ("-", "--", ":", "-.")[experiments.index(experiment) % 4]
        for model in _models(study, groups[0]):
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
    figure.legend(
        handles.values(), handles, loc="outside lower center", ncols=2, frameon=False, fontsize=8
    )
    return figure


def _point(study, group, key, model):
    size = group[key]
    if size == "all":
        record = study.select(group["experiment"], model, n_genes="all")[0]
        size = record["n_train"] / record["n_cells"]
    return size, float(np.nanmean(list(by_cell(study, group, model).values())))


def _published(study):
    plt = pyplot("Drawing the figures of a study")
    groups = {group["regime"]: group for group in reversed(_plain_groups(study))}
    pairs = [
        (column, groups.get(regime))
        for column, regime in (
            ("deepchrome2_cnn_own", "own"),
            ("deepchrome2_linear_own", "own"),
            ("deepchrome2_cnn_others", "exclusive all"),
        )
    ]
    pairs = [(column, group) for column, group in pairs if group]
    if not pairs:
        return None
    table, colors = published_auroc(), _colors(study)
    figure, axes = plt.subplots(
        1, len(pairs), figsize=(3.1 * len(pairs), 3.6), squeeze=False, layout="constrained"
    )
    handles = {}
    for ax, (column, group) in zip(axes.flat, pairs, strict=True):
        for model in _models(study, group):
            values = by_cell(study, group, model)
            points = [(table[c][column], v) for c, v in values.items() if c in table]
            handles[model] = ax.plot(*zip(*points, strict=True), ".", color=colors[model], ms=5)[0]
        ax.plot([0.45, 1], [0.45, 1], color="0.6", lw=0.8, zorder=0)
        ax.set_xlabel(_wrap(f"published: {PUBLISHED_COLUMNS[column]}", 30), fontsize=8)
        ax.set_ylabel(_wrap(f"ours: {group['name']}", 30), fontsize=8)
        ax.set(xlim=(0.45, 1), ylim=(0.45, 1), aspect="equal")
        clean(ax)
    figure.legend(
        handles.values(), handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8
    )
    return figure


def _flipped(study):
    plt = pyplot("Drawing the figures of a study")
    table = published_auroc()
    figure, ax = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    share = np.array([row["flipped"] for row in table.values()])
    values = np.array([row["deepchrome"] for row in table.values()])
    r = np.corrcoef(share, values)[0, 1]
    ax.plot(100 * share, values, ".", color="0.45", label=f"published, DeepChrome (r = {r:.2f})")
    own = next((g for g in _plain_groups(study) if g["regime"] == "own"), None)
    colors = _colors(study)
    for model in [] if own is None else _models(study, own):
        ours = {c: v for c, v in by_cell(study, own, model).items() if c in table}
        x = [100 * table[cell]["flipped"] for cell in ours]
        ax.plot(x, list(ours.values()), "x", ms=5, color=colors[model], label=f"ours, {model}")
    ax.set_xlabel("labels flipped by comparing numbers as text (%)")
    ax.set_ylabel("test AUROC, own cell")
    clean(ax)
    ax.legend(frameon=False, fontsize=8)
    return figure
