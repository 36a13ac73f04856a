"""Means of scores over cells."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments._score_means import (
    is_small,
    mean_by_cell,
    same_cells,
    scores_by_model,
    seed_noise,
)

ROWS = pd.DataFrame(
    {
        "test_cell": ["B", "A", "A", "B"],
        "random_state": [0, 0, 1, 1],
        "roc_auc": [0.8, 0.6, 0.8, np.nan],
    }
)


def test_means_are_over_what_is_defined():
    assert mean_by_cell(ROWS, "roc_auc").to_dict() == pytest.approx({"A": 0.7, "B": 0.8})
    # means .7 and .8 of the two random states
    assert seed_noise(ROWS, "roc_auc") == pytest.approx(np.std([0.7, 0.8], ddof=1))
    assert seed_noise(ROWS, "roc_auc", ROWS) == 0
    assert seed_noise(ROWS[:2], "roc_auc") is None


def test_what_is_compared_has_the_same_cells():
    first, second = same_cells(ROWS, ROWS[ROWS["test_cell"] == "A"])
    assert set(first["test_cell"]) == {"A"} == set(second["test_cell"])


def test_models_without_the_score_are_left_out(mixed_results):
    group = mixed_results.groups[0]
    names = ["logistic", "ridge"]
    assert list(scores_by_model(mixed_results, group, names, "r2")) == ["ridge"]
    both = scores_by_model(mixed_results, group, names, "roc_auc")
    assert list(both) == names
    assert both.index.tolist() == mixed_results.cells


def test_large_matrices_are_not_resampled(mixed_results):
    each = {"regime": "each"}
    assert is_small(mixed_results, each)

    class Many:
        cells = range(13)

    assert not is_small(Many, each)
    assert is_small(Many, {"regime": "own"})
