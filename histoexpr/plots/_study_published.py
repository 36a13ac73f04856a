"""Figures that set a study beside published figures."""

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


def published_figure(study):
    """Draw published AUROC against ours, or return None where nothing can be compared."""
    found = {group["regime"]: (group, scores) for group, scores in reversed(plain_scores(study))}
    pairs = [(column, *found[regime]) for column, regime in _REGIMES.items() if regime in found]
    if not pairs:
        return None
    table, colors, handles = published_auroc(), colors_of(study.models), {}
    axes = new_panels(len(pairs), size=(3.1, 3.6))
    for ax, (column, group, scores) in zip(axes, pairs, strict=True):
        scores = scores.loc[scores.index.isin(table.index)]
        published = table.loc[scores.index, column]
        for model, values in scores.items():
            handles[model] = ax.plot(published, values, ".", color=colors[model], ms=5)[0]
        low = np.nanmin([0.47, *published, *scores.to_numpy().ravel()])
        ax.plot([0, 1], [0, 1], color="0.6", lw=0.8, zorder=0)
        ax.set_xlabel(wrap(f"published: {PUBLISHED_COLUMNS[column]}", 30), fontsize=SMALL)
        ax.set_ylabel(wrap(f"ours: {group['name']}", 30), fontsize=SMALL)
        ax.set(xlim=(low - 0.02, 1), ylim=(low - 0.02, 1), aspect="equal")
        clean(ax)
    add_legend(ax.figure, handles, fontsize=SMALL)
    return ax.figure


def flipped_figure(study):
    """Draw AUROC against the share of labels that comparing numbers as text flips."""
    table, colors = published_auroc(), colors_of(study.models)
    share, values = 100 * table["flipped"], table["deepchrome"]
    r = np.corrcoef(share, values)[0, 1]
    [ax] = new_panels(size=(5.6, 3.8))
    ax.plot(share, values, ".", color="0.45", label=f"published, DeepChrome (r = {r:.2f})")
    own = [scores for group, scores in plain_scores(study) if group["regime"] == "own"]
    for model, values in own[0].items() if own else ():
        values = values[values.index.isin(table.index)]
        style = {"ms": 5, "color": colors[model], "label": f"ours, {shorten_name(model)}"}
        ax.plot(share[values.index], values, "x", **style)
    ax.set_xlabel("labels flipped by comparing numbers as text (%)")
    ax.set_ylabel("test AUROC, own cell")
    clean(ax)
    ax.legend(frameon=False, fontsize=SMALL)
    return ax.figure
