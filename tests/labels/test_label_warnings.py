"""Cut-offs at the smallest value and labels of one class are said, by cell."""

import warnings

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from histoexpr.exceptions import HistoexprWarning
from histoexpr.labels import binarize_expression


def said(values, *args, **parameters):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        binarize_expression(values, *args, **parameters)
    assert all(w.category is HistoexprWarning for w in caught)
    return [str(w.message) for w in caught]


def test_only_the_cells_at_fault_are_named():
    values = [[0.0, 1.0], [0.0, 2.0], [0.0, 3.0], [5.0, 4.0]]
    table = ExpressionTable(values, list("abcd"), ["E003", "E004"])
    (floor,) = said(table)
    assert "cell E003" in floor
    assert "E004" not in floor
    (column,) = said(np.array(values))
    assert "columns 0" in column


def test_a_floor_need_not_be_zero():
    assert "(-3)" in said([-3.0, -3.0, -3.0, 1.0])[0]


@pytest.mark.parametrize(
    ("method", "parameters"),
    [("quantile", {"quantile": 0.5}), ("top-bottom", {"fraction": 0.5})],
)
def test_other_rules_at_the_floor(method, parameters):
    assert "smallest value" in said([0.0, 0.0, 0.0, 4.0], method, **parameters)[0]


def test_a_chosen_threshold_is_no_fault_but_one_class_is():
    assert said([0.0, 0.0, 3.0], "threshold", threshold=0) == []
    assert "one class" in said([1.0, 2.0, 3.0], "threshold", threshold=9)[0]


def test_nothing_is_said_of_two_classes_or_of_one_gene():
    assert said([1.0, 2.0, 3.0, 4.0]) == []
    assert said([1.0]) == []
