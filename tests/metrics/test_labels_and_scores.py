"""Labels of two classes, probabilities and scores as they are read."""

import numpy as np
import pytest

from histoexpr.metrics._labels_and_scores import (
    as_binary,
    as_probability,
    as_scores,
    binary_column,
)


def test_the_positive_class_is_one_or_the_last():
    for labels in ([0, 1, 1], [-1, 1, 1], ["off", "on", "on"], [False, True, True], [2.0, 7, 7]):
        assert as_binary(labels).tolist() == [False, True, True]
    assert as_binary([0, 0]).tolist() == [False, False]
    with pytest.raises(ValueError, match=r"labels has 1 class\(es\) \(2\)"):
        as_binary([2, 2], "labels")


def test_probability_of_the_positive_class():
    assert as_probability([[0.9, 0.1], [0.2, 0.8]], 2).tolist() == [0.1, 0.8]
    assert as_probability(np.float32([0, 1]), 2).dtype == np.float64
    with pytest.raises(ValueError, match="p has values that are not between 0 and 1"):
        as_probability([0.1, -0.1], 2, "p")


def test_scores_are_real_numbers():
    assert as_scores([True, False]).dtype == np.uint8
    assert as_scores(np.array([1, 2.5], dtype=object)).dtype == np.float64
    with pytest.raises(ValueError, match="y_score has dtype complex"):
        as_scores([1j])


def test_one_dimension():
    with pytest.raises(ValueError, match=r"y has shape \(1, 2\)"):
        binary_column(np.ones((1, 2)), "y")
    with pytest.raises(ValueError, match="y has no samples"):
        binary_column(np.ones(0), "y")
