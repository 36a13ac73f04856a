"""The scores that the figures of a study draw."""

import numpy as np

from histoexpr.plots._study_scores import plain_scores, scores_of
from support.drawn import CELLS, MODELS, values_of


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
