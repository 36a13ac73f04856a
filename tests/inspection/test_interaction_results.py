"""Results of interactions: their tables and text."""

import numpy as np

from histoexpr.inspection import mark_interaction_matrix, mark_interactions
from support.planted import Both, Known


def test_matrix_screens_all_pairs():
    matrix = mark_interaction_matrix(
        Both(),
        1,
        backgrounds=np.ones((4, 10, 3)),
        marks=["a", "b", "c"],
        regions=((-100, 100), (300, 500), None),
    )
    expected = np.array([[np.nan, 4, 0], [4, np.nan, 0], [0, 0, np.nan]])
    np.testing.assert_allclose(matrix.interaction, expected, atol=1e-9)
    np.testing.assert_allclose(matrix.errors, np.where(np.isnan(expected), np.nan, 0), atol=1e-9)
    assert list(matrix.table) == ["first_mark", "second_mark", "interaction", "error"]
    assert matrix.table.first_mark.tolist() == ["a", "a", "b"]
    assert matrix.table.second_mark.tolist() == ["b", "c", "c"]
    assert matrix.table.interaction.round(6).tolist() == [4, 0, 0]
    np.testing.assert_allclose(matrix.table.error, 0, atol=1e-9)
    assert repr(matrix).splitlines()[0].startswith("Log-odds of class 1 beyond the sum")
    assert "<td>b</td>" in matrix._repr_html_()


def test_levels_of_two_marks_as_a_table():
    found = mark_interactions(
        Known(0.5), 1, ("mark1", "mark3"), backgrounds=np.ones((4, 6, 3)), levels=[1, 2]
    )
    table = found.table
    assert len(table) == 9
    row = table[(table.first_level == 2) & (table.second_level == 1)].iloc[0]
    assert row.score == found.scores[2, 1]
    assert row.additive == found.additive[2, 1]
    assert row.interaction == found.interaction[2, 1] == row.score - row.additive
    assert row.error == found.errors[2, 1]
    assert "mark1 (first) and mark3 (second)" in repr(found).splitlines()[0]
