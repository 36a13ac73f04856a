"""Draws of samples, class by class."""

from types import SimpleNamespace

import numpy as np

from histoexpr.generation._draws import feasible, matched_rows, matching, stratified


def samples(y, cell=None):
    return SimpleNamespace(
        y=np.array(list(y)), cell=None if cell is None else np.array(list(cell))
    )


def test_strata_are_classes_and_cell_types_where_both_sides_have_them():
    test, training = samples("abb", "xxy"), samples("bbaac", "yxxyx")
    wanted, there = matching(test, training)
    assert wanted.tolist() == [0, 1, 2]
    assert there.tolist() == [2, 1, 0, -1, -1]
    for other in (samples("bbaac"), samples("bbaac", "zzzzz")):
        wanted, there = matching(test, other)
        assert wanted.tolist() == [0, 1, 1]
        assert there.tolist() == [1, 1, 0, 0, -1]


def test_as_many_as_both_sides_have():
    wanted = np.repeat([0, 1], [30, 10])
    assert feasible(100, wanted, np.repeat([0, 1], [400, 400]), limit=40) == 40
    assert feasible(20, wanted, np.repeat([0, 1], [400, 400]), limit=40) == 20
    # a quarter of what is drawn is of class 1, of which there are 5
    assert feasible(100, wanted, np.repeat([0, 1, -1], [400, 5, 9])) == 20


def test_draws_keep_the_shares_of_classes_and_take_no_row_twice():
    rng = np.random.RandomState(0)
    strata = np.repeat([0, 1, 2], [50, 30, 20])
    for n in (10, 37, 100):
        rows = stratified(strata, n, rng)
        assert len(set(rows)) == n
        np.testing.assert_allclose(
            np.bincount(strata[rows]), n * np.array([0.5, 0.3, 0.2]), atol=1
        )
    wanted = np.array([1, 0, 1, 1])
    there = np.array([0, 1, 1, 1, -1])
    rows = matched_rows(wanted, there, rng)
    assert there[rows].tolist() == wanted.tolist()
    assert len(set(rows)) == 4
    assert there[matched_rows(np.zeros(3, int), there, rng)].tolist() == [0, 0, 0]
