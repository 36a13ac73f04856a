"""Names of pairs of cells and of the marks of either side."""

import pytest

from histoexpr.utils import cells_of_pair, pair_marks, pair_name, swapped_marks


def test_names_of_pairs():
    assert pair_name("E003", "E123") == "E003 vs E123"
    assert cells_of_pair("E003 vs E123") == ("E003", "E123")
    assert cells_of_pair("E003") is None
    assert cells_of_pair("A vs B vs C") is None
    with pytest.raises(ValueError, match=r"'A vs B' has ' vs ' in its name.*replace"):
        pair_name("A vs B", "C")


def test_swapped_marks_change_sides_and_signs():
    marks = pair_marks(["K4", "K27"], True)
    places, sign = swapped_marks(marks)
    assert [marks[place] for place in places] == [
        "second:K4", "second:K27", "first:K4", "first:K27", "change:K4", "change:K27",
    ]  # fmt: skip
    assert sign.tolist() == [1, 1, 1, 1, -1, -1]
    places, sign = swapped_marks(["second:K4", "first:K4"])  # in any order
    assert (places.tolist(), sign.tolist()) == ([1, 0], [1, 1])
    assert swapped_marks(["change:K4"])[1].tolist() == [-1]
    assert swapped_marks(["K4", "K27"]) is None


@pytest.mark.parametrize("marks", [["first:K4"], ["first:K4", "second:K4", "K27"]])
def test_half_a_pair_is_refused(marks):
    with pytest.raises(ValueError, match=f"'{marks[-1]}' is alone among"):
        swapped_marks(marks)
