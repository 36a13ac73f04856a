"""The product of two marks in a logistic regression."""

import numpy as np
import pytest
from scipy.stats import chi2

from histoexpr.inspection._product_term import ProductTerms, spline_features

PAIRS = [(0, 1), (0, 2), (1, 2)]


def simulate(seed, product, n=600):
    """Mark 0 saturates, marks 0 and 1 are correlated, and mark 2 does nothing."""
    rng = np.random.default_rng(seed)
    marks = rng.normal(size=(n, 3)) @ np.array([[1, 0.5, 0], [0, 0.8, 0.3], [0, 0, 1]])
    odds = 2 * np.tanh(marks[:, 0]) - marks[:, 1] + product * marks[:, 0] * marks[:, 1]
    return marks, rng.random(n) < 1 / (1 + np.exp(-odds))


def p_values(product, seeds):
    found = []
    for seed in seeds:
        marks, y = simulate(seed, product)
        found.append(ProductTerms(marks, PAIRS).test(y, [])[1])
    return np.array(found)


def test_products_that_are_not_there_are_seldom_found():
    found = p_values(0, range(40))
    assert (found < 0.05).mean() <= 0.1  # 120 tests: 12 or more of them once in 40 times


def test_products_that_are_there_are_found():
    found = p_values(0.8, range(10))
    assert (found[:, 0] < 0.05).sum() >= 8
    marks, y = simulate(0, 0.8, n=20_000)
    found = ProductTerms(marks, PAIRS).fit(y)[0][0, 0]
    assert found == pytest.approx(0.8 * marks[:, 0].std() * marks[:, 1].std(), abs=0.15)


def test_likelihood_ratio_by_hand():
    """Two marks of two values: with splines their main effects are free, the product is the rest.

    The full model has a share for each of the four combinations.
    """
    marks = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 100, axis=0).astype(float)
    ones = np.repeat([20, 40, 40, 90], 100)
    y = np.tile(np.arange(100), 4) < ones
    found, notes = ProductTerms(marks, [(0, 1)]).fit(y)
    odds = np.log(np.array([20, 40, 40, 90]) / np.array([80, 60, 60, 10]))
    # standardised marks are -1 and 1: a product changes the difference of differences by 4
    assert found[0, 0] == pytest.approx((odds[3] - odds[1] - odds[2] + odds[0]) / 4, abs=1e-3)
    assert notes == [""]
    coefficient, p_value, _ = ProductTerms(marks, [(0, 1)]).test(y, [])
    assert coefficient == pytest.approx(found[0, 0])
    assert p_value == pytest.approx(chi2.sf(found[0, 1], 1))


def test_statistics_are_scaled_by_those_of_drawn_labels():
    marks, y = simulate(0, 0.3)
    terms = ProductTerms(marks, PAIRS)
    drawn = [simulate(0, 2.0)[1], simulate(0, 3.0)[1]]  # of the same marks, with products
    statistics = terms.fit(y)[0][:, 1]
    expected = np.array([terms.fit(labels)[0][:, 1] for labels in drawn])
    scale = np.maximum(expected.mean(axis=0), expected.mean())
    assert expected.mean() > 1
    np.testing.assert_allclose(terms.test(y, drawn)[1], chi2.sf(statistics / scale, 1))
    assert (terms.test(y, [])[1] < terms.test(y, drawn)[1]).all()


def test_separated_classes_have_no_p_value():
    rng = np.random.default_rng(0)
    marks = rng.normal(size=(80, 2))
    found, notes = ProductTerms(marks, [(0, 1)]).fit(marks[:, 0] * marks[:, 1] > 0)
    assert np.isnan(found).all()
    assert "separate the classes" in notes[0]


def test_marks_that_do_not_vary_have_no_product():
    marks, y = simulate(0, 0)
    marks[:, 2] = 1
    found, notes = ProductTerms(marks, PAIRS).fit(y)
    assert np.isnan(found).all(axis=1).tolist() == [False, True, True]
    assert [bool(note) for note in notes] == [False, True, True]


def test_splines_of_constant_columns_are_left_out():
    values = np.column_stack([np.ones(50), np.arange(50), np.arange(50) % 2])
    assert spline_features(values[:, :1], 3).shape == (50, 0)
    found = spline_features(values, 3)
    assert np.isfinite(found).all()
    assert found.shape[1] == 4 + 4
