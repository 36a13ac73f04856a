"""What the figures of a study share: scores by cell and model, axes, names and legends."""

import textwrap

import pandas as pd

from ..utils import require
from ._style import PALETTE


def new_figure(n_rows=1, n_columns=1, *, figsize, **shared):
    """Return a figure and its axes, unknown to pyplot: no backend is chosen, none to close."""
    figures = require("matplotlib.figure", "Drawing the figures of a study")
    figure = figures.Figure(figsize=figsize, layout="constrained")
    return figure, figure.subplots(n_rows, n_columns, squeeze=False, **shared)


def scores_of(study, group):
    """Return the AUROC of a group by test cell (rows) and model with results (columns)."""
    scores = {name: study.by_group(group, name) for name in study.models}
    return pd.DataFrame({name: values for name, values in scores.items() if len(values)})


def plain_scores(study):
    """Return the groups that are no point of a size curve, each with its :func:`scores_of`."""
    found = [(group, scores_of(study, group)) for group in study.plain_groups]
    return [(group, scores) for group, scores in found if len(scores)]


def colors_of(study):
    """Return a colour for each model."""
    return {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(study.models)}


def wrap(text, width=22):
    """Return a name in lines."""
    return "\n".join(textwrap.wrap(shorten_name(text), width)) or text


def shorten_name(text, length=60):
    """Return a name that leaves room for the figure."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def add_legend(figure, handles, ncols):
    """Add a legend of artists by name below the axes."""
    figure.legend(
        handles.values(),
        map(shorten_name, handles),
        loc="outside lower center",
        ncols=ncols,
        frameon=False,
        fontsize=8,
    )
