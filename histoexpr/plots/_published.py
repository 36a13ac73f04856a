"""Scores of a study beside the published ones."""

import numpy as np

from ..replication import PUBLISHED_COLUMNS, published_auroc
from ._panels import add_legend, new_panels
from ._study_scores import plain_scores
from ._style import SMALL, clean, colors_of, shorten_name, wrap

# Published column -> the regime that it is compared with
_REGIMES = {
    "deepchrome2_cnn_own": "own",
    "deepchrome2_linear_own": "own",
    "deepchrome2_cnn_others": "exclusive all",
}


def published_figure(study, cells):
    """Draw published AUROC against that of a study, or return None if nothing can be compared.

    ``cells`` are those that can be, see :func:`histoexpr.experiments.benchmark_cells`.
    """
    found = {group["regime"]: (group, scores) for group, scores in reversed(plain_scores(study))}
    pairs = [(column, *found[regime]) for column, regime in _REGIMES.items() if regime in found]
    if not pairs:
        return None
    table, colors, handles = published_auroc(), colors_of(study.models), {}
    axes = new_panels(len(pairs), size=(3.1, 3.6))
    for ax, (column, group, scores) in zip(axes, pairs, strict=True):
        scores = scores.loc[scores.index.isin(cells)]
        published = table.loc[scores.index, column]
        for model, values in scores.items():
            handles[model] = ax.plot(published, values, ".", color=colors[model], ms=5)[0]
        low = np.nanmin([0.47, *published, *scores.to_numpy().ravel()])
        ax.plot([0, 1], [0, 1], color="0.6", lw=0.8, zorder=0)
        ax.set_xlabel(wrap(f"published: {PUBLISHED_COLUMNS[column]}", 30), fontsize=SMALL)
        ax.set_ylabel(wrap(f"this study: {group['name']}", 30), fontsize=SMALL)
        ax.set(xlim=(low - 0.02, 1), ylim=(low - 0.02, 1), aspect="equal")
        clean(ax)
    add_legend(ax.figure, handles, fontsize=SMALL)
    return ax.figure


def flipped_figure(study, cells):
    """Draw AUROC against the share of labels that comparing numbers as text flips."""
    table, colors = published_auroc(), colors_of(study.models)
    share, values = 100 * table["flipped"], table["deepchrome"]
    r = np.corrcoef(share, values)[0, 1]
    [ax] = new_panels(size=(5.6, 3.8))
    label = f"published, DeepChrome, {len(values)} cells (r = {r:.2f})"
    ax.plot(share, values, ".", color="0.45", label=label)
    own = [scores for group, scores in plain_scores(study) if group["regime"] == "own"]
    for model, values in own[0].items() if own else ():
        values = values[values.index.isin(cells)]
        label = f"this study, {shorten_name(model)}, {number_of_cells(values.notna().sum())}"
        ax.plot(share[values.index], values, "x", ms=5, color=colors[model], label=label)
    ax.set_xlabel("labels flipped by comparing numbers as text (%)")
    ax.set_ylabel("test AUROC, own cell")
    clean(ax)
    ax.legend(frameon=False, fontsize=SMALL)
    return ax.figure


def number_of_cells(number):
    """Return a number of cells as text."""
    return f"{number} cell" + ("s" if number != 1 else "")
