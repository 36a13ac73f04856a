"""Results of interactions: their tables and text."""

import numpy as np
import pytest

from histoexpr.inspection import mark_interaction_matrix, mark_interactions
from support.planted import Both, Known, four_corners

REMOVAL = {"contrast": "factors", "null": None}


def test_matrix_screens_all_pairs():
    matrix = mark_interaction_matrix(
        Both(),
        1,
        backgrounds=np.ones((4, 10, 3)),
        marks=["a", "b", "c"],
        regions=((-100, 100), (300, 500), None),
        **REMOVAL,
    )
    expected = np.array([[np.nan, 4, 0], [4, np.nan, 0], [0, 0, np.nan]])
    np.testing.assert_allclose(matrix.interaction, expected, atol=1e-9)
    assert matrix.table.mark_a.tolist() == ["a", "a", "b"]
    assert matrix.table.mark_b.tolist() == ["b", "c", "c"]
    assert matrix.table.interaction.round(6).tolist() == [4, 0, 0]
    np.testing.assert_allclose(matrix.table.background_se, 0, atol=1e-9)
    assert matrix.table[["p_value", "p_holm", "null_mean", "product_p"]].isna().all(axis=None)
    title = repr(matrix).splitlines()[0]
    assert title.startswith("Log-odds of class 1 beyond the sum")
    assert title.endswith("between factors (outside the data) 0 and 1, no null")
    assert "<td>b</td>" in matrix._repr_html_()
    np.testing.assert_array_equal(matrix.matrix("interaction"), matrix.interaction)
    with pytest.raises(ValueError, match=r"column must be one of interaction, .* got 'note'"):
        matrix.matrix("note")


def test_columns_of_the_matrix_with_a_null():
    X, y = four_corners(), np.tile([0, 1], 20)
    matrix = mark_interaction_matrix(Known(0.5), 1, backgrounds=X, y=y, n_null=3)
    assert list(matrix.table) == [
        *("mark_a", "mark_b", "interaction", "null_mean", "null_sd", "difference", "low", "high"),
        *("p_value", "p_holm", "product_term", "product_p", "product_p_holm"),
        *("background_se", "fit_sd", "n_near", "note"),
    ]
    assert "between quantiles 0.25 and 0.75, null of 3 refits" in repr(matrix)
    assert (matrix.n_null, matrix.n_fits) == (3, 1)


def test_levels_of_two_marks_as_a_table():
    X = np.ones((4, 6, 3))
    found = mark_interactions(
        Known(0.5), 1, ("mark1", "mark3"), backgrounds=X, levels=[1, 2], **REMOVAL
    )
    table = found.table
    assert len(table) == 9
    row = table[(table.level_a == 2) & (table.level_b == 1)].iloc[0]
    assert row.score == found.scores[2, 1]
    assert row.additive == found.additive[2, 1]
    assert row.interaction == found.interaction[2, 1] == row.score - row.additive
    assert row.background_se == found.background_se[2, 1]
    assert table[["difference", "p_value", "n_near"]].isna().all(axis=None)
    title = repr(found).splitlines()[0]
    assert "factors (outside the data) of mark1 (a) and mark3 (b), no null" in title
