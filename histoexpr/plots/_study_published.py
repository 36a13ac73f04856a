"""Figures that set a study beside published figures."""

import numpy as np

from ..experiments import by_cell
from ..replication import PUBLISHED_COLUMNS, published_auroc
from ._study_parts import (
    add_legend,
    colors_of,
    models_of,
    new_figure,
    plain_groups,
    shorten_name,
    wrap,
)
from ._style import clean


def published_figure(study):
    """Draw published AUROC against ours, or return None where nothing can be compared."""
    groups = {group["regime"]: group for group in reversed(plain_groups(study))}
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
    table, colors = published_auroc(), colors_of(study)
    figure, axes = new_figure(1, len(pairs), figsize=(3.1 * len(pairs), 3.6))
    handles = {}
    for ax, (column, group) in zip(axes.flat, pairs, strict=True):
        low = 0.47
        for model in models_of(study, group):
            values = by_cell(study, group, model)
            points = [(table.loc[c, column], v) for c, v in values.items() if c in table.index]
            x, y = np.array(points).reshape(-1, 2).T
            handles[model] = ax.plot(x, y, ".", color=colors[model], ms=5)[0]
            low = np.nanmin([low, *x, *y])
        ax.plot([0, 1], [0, 1], color="0.6", lw=0.8, zorder=0)
        ax.set_xlabel(wrap(f"published: {PUBLISHED_COLUMNS[column]}", 30), fontsize=8)
        ax.set_ylabel(wrap(f"ours: {group['name']}", 30), fontsize=8)
        ax.set(xlim=(low - 0.02, 1), ylim=(low - 0.02, 1), aspect="equal")
        clean(ax)
    add_legend(figure, handles, 4)
    return figure


def flipped_figure(study):
    """Draw AUROC against the share of labels that comparing numbers as text flips."""
    table = published_auroc()
    figure, [[ax]] = new_figure(figsize=(5.6, 3.8))
    share, values = table["flipped"].to_numpy(), table["deepchrome"].to_numpy()
    r = np.corrcoef(share, values)[0, 1]
    ax.plot(100 * share, values, ".", color="0.45", label=f"published, DeepChrome (r = {r:.2f})")
    own = next((g for g in plain_groups(study) if g["regime"] == "own"), None)
    colors = colors_of(study)
    for model in [] if own is None else models_of(study, own):
        ours = {c: v for c, v in by_cell(study, own, model).items() if c in table.index}
        x = 100 * table.loc[list(ours), "flipped"]
        ax.plot(
            x,
            list(ours.values()),
            "x",
            ms=5,
            color=colors[model],
            label=f"ours, {shorten_name(model)}",
        )
    ax.set_xlabel("labels flipped by comparing numbers as text (%)")
    ax.set_ylabel("test AUROC, own cell")
    clean(ax)
    ax.legend(frameon=False, fontsize=8)
    return figure
