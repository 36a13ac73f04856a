"""Distributions and maps between them: by hand, exact where short, close where shortened."""

import numpy as np
import pytest

from histoexpr.preprocessing._distributions import (
    MATCHES,
    MAX_KNOTS,
    describe_values,
    match_depth,
    match_power,
    match_quantiles,
)

rng = np.random.default_rng(0)


def test_distribution_by_hand():
    for dtype in (np.uint8, np.uint16, np.int64, np.float32):
        found = describe_values(np.array([[0, 4], [4, 10]], dtype=dtype))
        assert found.values.tolist() == [0, 4, 10]
        assert found.weights.tolist() == [0.25, 0.5, 0.25]
        assert found.levels.tolist() == [0.125, 0.5, 0.875]
        assert found.mean == 4.5
        assert found.quantiles([0, 0.5, 0.6875, 1]).tolist() == [0, 4, 7, 10]


def test_long_tables_are_shortened_and_keep_means_and_tails():
    values = rng.lognormal(0, 2, size=200_000)
    found = describe_values(values)
    assert MAX_KNOTS * 0.5 < len(found.values) <= MAX_KNOTS
    assert np.all(np.diff(found.values) > 0)
    assert found.values[[0, -1]] == pytest.approx([values.min(), values.max()], rel=1e-12)
    assert found.weights.sum() == pytest.approx(1)
    assert found.mean == pytest.approx(values.mean(), rel=1e-9)
    assert found.values @ found.weights == pytest.approx(values.mean(), rel=1e-9)
    levels = [0.01, 0.1, 0.5, 0.9, 0.99, 0.9999]
    np.testing.assert_allclose(found.quantiles(levels), np.quantile(values, levels), rtol=0.02)


def test_quantiles_by_hand():
    # half of the values are below 2, half of the reference below 20, and so on
    found, reference = describe_values(np.array([1, 2, 3])), describe_values(np.array([5, 20, 50]))
    mapping = match_quantiles(found, [reference])
    assert mapping(np.array([0, 1, 2, 3, 1.5, 6])).tolist() == [0, 5, 20, 50, 12.5, 100]
    # the mean of two references: 6, 16, 60
    other = describe_values(np.array([7, 12, 70]))
    assert match_quantiles(found, [reference, other])(np.arange(1, 4)).tolist() == [6, 16, 60]


def test_ties_and_zeros():
    # levels of 0, 1, 2: .25, .625, .875; the reference has no zeros
    found = describe_values(np.array([0, 0, 1, 2]))
    mapping = match_quantiles(found, [describe_values(np.array([2, 4, 6, 8]))])
    assert mapping(np.array([0.0, 1.0, 2.0])).tolist() == [0, 6, 8]


def test_a_factor_by_hand():
    mapping = match_depth(*(lambda a, b: (a, [b]))(describe_values([1, 3]), describe_values([7])))
    assert mapping(np.array([0, 0.5, 3, 10])).tolist() == [0, 1.75, 10.5, 35]
    same = match_depth(describe_values([1, 3]), [describe_values([1, 3])])
    assert same(np.arange(60_000.0)).tolist() == list(range(60_000))


def test_a_power_is_found_again():
    values = rng.gamma(0.7, 10, size=5000)
    reference = describe_values(2.5 * values**1.6)
    mapping = match_power(describe_values(values), [reference])
    np.testing.assert_allclose(mapping(values), 2.5 * values**1.6, rtol=0.03, atol=0.01)
    mapped = np.sort(mapping(values))
    wanted = np.sort(2.5 * values**1.6)
    for part in (slice(0, 4000), slice(4000, None)):
        assert mapped[part].mean() == pytest.approx(wanted[part].mean(), rel=0.01)


@pytest.mark.parametrize("values", [[3, 3, 3], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]])
def test_a_power_that_cannot_be_found_is_a_factor(values):
    reference = describe_values(rng.gamma(1, 5, size=300))
    found = describe_values(np.array(values, dtype=np.uint8))
    mapped = match_power(found, [reference])(np.array(values))
    assert mapped.mean() == pytest.approx(reference.mean)


@pytest.mark.parametrize("method", MATCHES)
def test_maps_increase_and_keep_zero(method):
    values = rng.negative_binomial(0.5, 0.02, size=3000)
    found = describe_values(values)
    references = [describe_values(rng.gamma(1, scale, size=3000)) for scale in (3, 20)]
    mapped = MATCHES[method](found, references)(np.arange(3 * values.max()))
    assert mapped[0] == 0
    assert np.all(np.diff(mapped) > 0)
