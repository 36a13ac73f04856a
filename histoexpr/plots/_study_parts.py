"""What the figures of a study share."""

import textwrap

from ..utils import require
from ._style import PALETTE


def new_figure(n_rows=1, n_columns=1, *, figsize, **shared):
    """Return a figure and its axes, unknown to pyplot: no backend is chosen, none to close."""
    figures = require("matplotlib.figure", "Drawing the figures of a study")
    figure = figures.Figure(figsize=figsize, layout="constrained")
    return figure, figure.subplots(n_rows, n_columns, squeeze=False, **shared)


def models_of(study, group):
    """Return the models that have results in a group."""
    return [name for name in study.models if not study.of_group(group, name).empty]


def plain_groups(study):
    """Return the groups that have models and are no point of a size curve."""
    return [group for group in study.plain_groups if models_of(study, group)]


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
    names = [shorten_name(name) for name in handles]
    figure.legend(
        handles.values(),
        names,
        loc="outside lower center",
        ncols=ncols,
        frameon=False,
        fontsize=8,
    )
