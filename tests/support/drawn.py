"""Small studies to draw, and what their figures hold."""

import numpy as np

CELLS = ["E003", "E004", "E005", "E116", "E123", "mine"]
MODELS = ["linear", "logistic", "largest"]
EVERY_REGIME = [
    {"name": "own", "regime": "own"},
    {"name": "each", "regime": "each"},
    {"name": "others", "regime": "exclusive"},
]


def values_of(study, name, model):
    """Scores by test cell; of a matrix, of the other cells' models."""
    return study.by_group(next(g for g in study.groups if g["name"] == name), model)


def marked(ax, marker):
    """Lines of a kind of marker, as arrays of points."""
    return [np.array(line.get_data()).T for line in ax.lines if line.get_marker() == marker]


def labels(ticks):
    return [tick.get_text() for tick in ticks]


def legend(figure):
    found = figure.legends[0]
    return {
        text.get_text(): handle.get_color()
        for text, handle in zip(found.get_texts(), found.legend_handles, strict=True)
    }
