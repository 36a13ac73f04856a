"""Subsets of marks, and which serves a sample."""

import numpy as np
import pytest

from histoexpr.transfer._mark_subsets import choose_subsets, list_subsets

MARKS = ["a", "b", "c"]


def test_all_subsets_come_largest_first():
    assert list_subsets("all", MARKS, 1) == [
        (0, 1, 2), (0, 1), (0, 2), (1, 2), (0,), (1,), (2,),
    ]  # fmt: skip
    assert list_subsets("all", MARKS, 2) == [(0, 1, 2), (0, 1), (0, 2), (1, 2)]
    assert len(list_subsets("all", list("abcdef"), 1)) == 63


def test_stated_subsets_are_found_by_name():
    # sorted by size only: of equal size the first stays first
    assert list_subsets([["B"], ["c", "a"], ["b", "a"]], MARKS, 1) == [(0, 2), (0, 1), (1,)]
    assert list_subsets([("a",), ["a"]], MARKS, 1) == [(0,)]
    assert list_subsets([["a"], ["A", "b"]], ["A", "a", "b"], 1) == [(0, 2), (1,)]


@pytest.mark.parametrize(
    ("subsets", "min_marks", "message"),
    [
        ("all", 4, "min_marks=4, but X has 3 marks: a, b, c"),
        ([["a", "d"]], 1, "No mark d of subsets in X; it has a, b, c"),
        (["ab"], 1, r"got the text 'ab'.*\[\['ab'\]\]"),
        ([["a", "a"]], 1, "each once"),
        ([["a"]], 2, "at least min_marks=2"),
        ([[]], 1, "at least min_marks=1"),
        ([], 1, "subsets is empty"),
    ],
)
def test_subsets_that_cannot_be(subsets, min_marks, message):
    with pytest.raises(ValueError, match=message):
        list_subsets(subsets, MARKS, min_marks)


def test_too_many_subsets_are_refused():
    with pytest.raises(ValueError, match=r"7 marks have 127 subsets.*subsets=\[\['a', 'b'\]"):
        list_subsets("all", list("abcdefg"), 1)
    assert len(list_subsets("all", list("abcdefg"), 5)) == 29


def test_a_sample_is_served_by_the_first_subset_that_it_has():
    subsets = [(0, 1), (1, 2), (1,)]
    present = np.array([[1, 1, 1], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 1, 0]], dtype=bool)
    np.testing.assert_array_equal(choose_subsets(present, subsets), [0, 1, 2, -1, 0])
    assert choose_subsets(present[:0], subsets).shape == (0,)
