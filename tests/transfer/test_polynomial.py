import numpy as np
import pytest

from histoexpr.transfer._polynomial import Polynomial


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(0)
    return rng.normal(size=(4000, 2)), rng


def test_products_and_squares_are_found(numbers):
    X, _ = numbers
    y = 1 + 2 * X[:, 0] - X[:, 0] * X[:, 1] + 0.5 * X[:, 1] ** 2
    found = Polynomial(2, classes=False).fit(X, y).output(X)
    assert np.corrcoef(found, y)[0, 1] > 0.9999
    # of a line, the interaction is not known
    assert np.corrcoef(Polynomial(1, classes=False).fit(X, y).output(X), y)[0, 1] < 0.95


def test_probabilities_are_those_that_labels_were_drawn_with(numbers):
    X, rng = numbers
    p = 1 / (1 + np.exp(-1.5 * X[:, 0]))
    model = Polynomial(1, classes=True).fit(X, (rng.random(len(X)) < p).astype(int))
    assert np.abs(model.expected(X) - p).mean() < 0.03


def test_rows_are_computed_by_themselves_to_the_last_bit(numbers):
    X, _ = numbers
    model = Polynomial(2, classes=True).fit(X, (X[:, 0] > 0).astype(int))
    whole = model.output(X)
    np.testing.assert_array_equal(whole[:7], model.output(X[:7]))
    np.testing.assert_array_equal(whole[[3]], model.output(X[[3]]))
    assert model.output(X[:0]).shape == (0,)


def test_beyond_the_range_of_training_it_is_constant(numbers):
    X, _ = numbers
    model = Polynomial(3, classes=False).fit(X, X[:, 0] ** 3)
    largest = X.max(axis=0)
    np.testing.assert_array_equal(model.output(largest[None]), model.output(100 * largest[None]))


def test_a_constant_feature_does_no_harm():
    X = np.column_stack([np.ones(50), np.arange(50.0)])
    model = Polynomial(2, classes=False).fit(X, np.arange(50.0))
    assert np.isfinite(model.output(X)).all()
