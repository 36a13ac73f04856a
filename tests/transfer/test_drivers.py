"""Contributions of marks: hand-computed ones, and that they add up."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, HistoneCNNRegressor, HistoneLinearRegressor, SignalScaler
from histoexpr.transfer._drivers import describe_drivers, is_additive, mark_contributions


def game(value):
    """A change of two genes, the second half as large, from the marks that are exchanged."""
    return lambda mask: value(*mask.astype(float)) * np.array([1.0, 0.5])


def test_additive_changes_are_taken_apart():
    change = game(lambda a, b, c: 7 + 2 * a - 3 * b)
    found, how = mark_contributions(change, 3, additive=True)
    assert how == "exchange"
    np.testing.assert_allclose(found, [[2, -3, 0], [1, -1.5, 0]])
    by_shapley, how = mark_contributions(change, 3)
    assert how == "shapley"
    np.testing.assert_allclose(by_shapley, found)


def test_an_interaction_is_shared_equally():
    """Of 6 that take both of two marks, each gets 3; of 6 that take all three, each gets 2."""
    found, _ = mark_contributions(game(lambda a, b, c: 6 * a * b + c), 3)
    np.testing.assert_allclose(found[0], [3, 3, 1])
    found, _ = mark_contributions(game(lambda a, b, c: 6 * a * b * c), 3)
    np.testing.assert_allclose(found[0], [2, 2, 2])


@pytest.mark.parametrize("n_marks", [1, 2, 5, 6])
def test_shapley_values_sum_to_the_change(n_marks):
    table = np.random.default_rng(n_marks).normal(size=(2,) * n_marks + (3,))
    found, _ = mark_contributions(lambda mask: table[tuple(mask.astype(int))], n_marks)
    ends = table[(1,) * n_marks] - table[(0,) * n_marks]
    np.testing.assert_allclose(found.sum(axis=1), ends)


def test_of_many_marks_pairs_are_shared_and_the_rest_is_a_gap():
    n_marks = 7
    calls = []

    def pairs_of_marks(mask):
        calls.append(mask)
        return np.array([6.0 * mask[0] * mask[1] + mask[2]])

    found, how = mark_contributions(pairs_of_marks, n_marks)
    assert how == "mean exchange"
    assert len(calls) == 2 * n_marks + 2
    np.testing.assert_allclose(found, [[3, 3, 1, 0, 0, 0, 0]])
    three, _ = mark_contributions(lambda m: np.array([6.0 * m[:3].all()]), n_marks)
    assert three.sum() == 9  # where 6 is to be explained


def test_which_estimators_are_additive():
    linear = HistoneLinearRegressor(n_regions=2)
    assert is_additive(linear)
    assert is_additive(make_pipeline(SignalScaler(), linear))
    assert not is_additive(make_pipeline(BinPooler("sum"), LinearRegression()))
    assert not is_additive(HistoneCNNRegressor())


def test_drivers_in_words():
    contributions = np.array([[6.0, 3, -1], [-6, 0.2, -2], [0, 0, 0]])
    texts = describe_drivers(contributions, np.array([8.0, -7.8, 0]), ["K4", "K27", "K9"])
    assert texts == ["K4 60%, K27 30%, K9 -10%", "K4 73%, K9 24%", ""]
