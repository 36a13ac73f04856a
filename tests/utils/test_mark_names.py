"""Names of marks, and columns called ``mark:bin``."""

import pytest

from histoexpr.utils import check_marks, parse_signal_columns


def test_columns_in_any_order():
    layout = parse_signal_columns(["b:2", "a:1", "a:2", "b:1"])
    assert layout == ([3, 1, 0, 2], [1, 2], ["b", "a"])
    assert (layout.bins, layout.marks) == ([1, 2], ["b", "a"])
    assert parse_signal_columns(["a", 7]) is None


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a:1", "label"], "called mark:bin, but label is not"),
        (["a:1", "label", 7], "but label, 7 are not"),
        (["a:1", "a:01"], "Column a:1 appears twice"),
        (["a:1", "b:1", "a:2"], "lacks b:2. Every mark needs every bin"),
    ],
)
def test_columns_at_fault_are_named(names, message):
    with pytest.raises(ValueError, match=message):
        parse_signal_columns(names)


def test_mark_names():
    assert check_marks(None, 2) == ["mark1", "mark2"]
    assert check_marks("H3K4me3", 1) == ["H3K4me3"]
    with pytest.raises(ValueError, match=r"2 mark names \(a, b\) for 3 marks"):
        check_marks(["a", "b"], 3)
    with pytest.raises(ValueError, match="not distinct: a, a"):
        check_marks(["a", "a"], 2)
    with pytest.raises(ValueError, match=r"marks must be a sequence of 2 names.*got 5\."):
        check_marks(5, 2)
