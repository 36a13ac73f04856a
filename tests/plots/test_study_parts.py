"""What the figures of a study share."""

import numpy as np
import pytest

from histoexpr.plots._study_parts import (
    add_legend,
    colors_of,
    new_figure,
    plain_scores,
    scores_of,
    shorten_name,
    wrap,
)
from support.drawn import CELLS, MODELS, labels, values_of

pytest.importorskip("matplotlib")


def test_scores_are_those_of_each_cell_and_model(study):
    for group in study.groups:
        scores = scores_of(study, group)
        assert list(scores) == MODELS
        assert list(scores.index) == CELLS
        for model in MODELS:
            np.testing.assert_array_equal(scores[model], values_of(study, group["name"], model))
    assert scores_of(study, {"experiment": "no such", "regime": "own"}).empty


def test_plain_scores_leave_size_curves_out(study):
    assert [group["name"] for group, _ in plain_scores(study)] == ["own", "each", "others"]


def test_each_model_has_a_colour_of_its_own(study):
    colors = colors_of(study)
    assert list(colors) == study.models
    assert len(set(colors.values())) == len(study.models)


def test_pyplot_does_not_know_the_figures():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    figure, axes = new_figure(2, 3, figsize=(3, 2))
    assert axes.shape == (2, 3)
    assert figure.get_size_inches().tolist() == [3, 2]
    assert plt.get_fignums() == before


def test_long_names_leave_room():
    assert shorten_name("a" * 60) == "a" * 60
    assert shorten_name("a" * 61) == "a" * 59 + "…"
    assert max(map(len, wrap("some words " * 9).split("\n"))) <= 22
    assert wrap("") == ""
    figure, [[ax]] = new_figure(figsize=(3, 2))
    add_legend(figure, {"b" * 100: ax.plot([1])[0]}, 1)
    assert labels(figure.legends[0].get_texts()) == ["b" * 59 + "…"]
