"""Odds ratios of two marks, pooled over strata."""

import numpy as np
import pytest
from scipy.stats import norm, t

from histoexpr.inspection._odds import pooled_odds
from histoexpr.metrics import Blocks


def samples_of(both, one, other, neither):
    return np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [both, one, other, neither], axis=0)


def columns(rows):
    rows = np.asarray(rows, dtype=float)
    return rows[:, :1], rows[:, 1:]


def simulate(n, base, effect, seed, n_columns=30, **params):
    """Return columns of presence that depend on a number only, and its deciles."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n)
    shares = 1 / (1 + np.exp(-base - effect * z))[:, None]
    first, second = ((rng.random((n, n_columns)) < shares).astype(float) for _ in range(2))
    return first, second, z.argsort().argsort() * 10 // n


def test_two_strata_by_hand():
    parts = samples_of(4, 1, 2, 3), samples_of(2, 6, 1, 11)
    strata = np.repeat([0, 1], [10, 20])
    odds = pooled_odds(*columns(np.concatenate(parts)), strata)
    # half a sample, by size: a sixth to each count of the first, a third of the second
    h, g = 1 / 6, 1 / 3
    n = 10 + 4 * h, 20 + 4 * g
    R = np.array([(4 + h) * (3 + h) / n[0], (2 + g) * (11 + g) / n[1]])
    S = np.array([(1 + h) * (2 + h) / n[0], (6 + g) * (1 + g) / n[1]])
    # expected of independence: 10 with 5 and 6 in one, 20 with 8 and 3 in the other
    e_R = (3 + h) * (2 + h) / n[0] + (1.2 + g) * (10.2 + g) / n[1]
    e_S = (2 + h) * (3 + h) / n[0] + (6.8 + g) * (1.8 + g) / n[1]
    expected = np.log2(R.sum() / S.sum()) - np.log2(e_R / e_S)
    np.testing.assert_allclose(odds.log2_odds, [[expected]])
    P = np.array([(7 + 2 * h) / n[0], (13 + 2 * g) / n[1]])
    Q = np.array([(3 + 2 * h) / n[0], (7 + 2 * g) / n[1]])
    variance = (P @ R) / (2 * R.sum() ** 2) + (Q @ S) / (2 * S.sum() ** 2)
    variance += (P @ S + Q @ R) / (2 * R.sum() * S.sum())
    np.testing.assert_allclose(odds.errors, [[np.sqrt(variance) / np.log(2)]])
    assert odds.n_strata.tolist() == [[2]]


def test_one_stratum_has_the_error_of_woolf():
    odds = pooled_odds(*columns(samples_of(4, 1, 2, 3)), np.zeros(10, dtype=int))
    np.testing.assert_allclose(odds.log2_odds, [[np.log2(4.5 * 3.5 / (1.5 * 2.5))]])
    variance = 1 / 4.5 + 1 / 1.5 + 1 / 2.5 + 1 / 3.5
    np.testing.assert_allclose(odds.errors, [[np.sqrt(variance) / np.log(2)]])


def test_strata_without_both_kinds_tell_nothing():
    """Within strata the first mark is in all samples or in none."""
    first = np.repeat([0.0, 1.0], 10)[:, None]
    second = np.tile([0.0, 1.0], 10)[:, None]
    odds = pooled_odds(first, second, np.repeat([0, 1], 10))
    assert odds.n_strata.tolist() == [[0]]
    assert np.isnan(odds.log2_odds).all()
    assert np.isnan(odds.errors).all()
    assert pooled_odds(first, second, np.zeros(20, dtype=int)).n_strata.tolist() == [[1]]


@pytest.mark.parametrize(("n", "base", "effect"), [(1000, 0, 1), (300, -2.5, 0.5), (80, 0, 0)])
def test_marks_that_are_independent_in_strata_have_0_at_their_rate(n, base, effect):
    missed, middle = [], []
    for seed in range(12):
        odds = pooled_odds(*simulate(n, base, effect, seed))
        known = np.isfinite(odds.log2_odds)
        missed.append((np.abs(odds.log2_odds) > norm.ppf(0.975) * odds.errors)[known].mean())
        middle.append(odds.log2_odds[known].mean())
    assert 0.005 < np.mean(missed) < 0.07
    assert abs(np.mean(middle)) < 0.3
    if n == 1000:  # without strata they are together
        first, second, _ = simulate(n, base, effect, 0)
        assert pooled_odds(first, second, np.zeros(n, dtype=int)).log2_odds.mean() > 0.8


def test_an_association_within_strata_is_found():
    first, _, strata = simulate(600, 0, 1, 1)
    rng = np.random.default_rng(0)
    # odds ratio of 4 or more within strata: a third of the samples follow the first mark
    second = np.where(rng.random(first.shape) < 1 / 3, first, rng.random(first.shape) < 0.5)
    odds = pooled_odds(first, second, strata)
    own = np.diagonal(odds.log2_odds - norm.ppf(0.975) * odds.errors)
    assert np.mean(own > 0) > 0.9
    middle = np.mean(np.diagonal(odds.log2_odds))
    assert middle == pytest.approx(2, abs=0.2)  # (2/3 · 2/3) / (1/3 · 1/3) = 4


def test_errors_over_blocks_know_that_neighbours_are_alike():
    """Of 40 blocks each has its own share of both marks."""
    rng = np.random.default_rng(5)
    missed = {"block": [], "sample": []}
    for _ in range(15):
        codes = np.repeat(np.arange(40), 25)
        first, second = (
            (rng.random((1000, 6)) < rng.beta(1, 1, (40, 6))[codes]).astype(float) for _ in "ab"
        )
        nothing = np.zeros(1000, dtype=int)
        for name, blocks in (("block", Blocks(codes, 40, "chromosome")), ("sample", None)):
            odds = pooled_odds(first, second, nothing, blocks)
            reach = norm.ppf(0.975) if blocks is None else t.ppf(0.975, 39)
            missed[name].append(np.mean(np.abs(odds.log2_odds) > reach * odds.errors))
    assert np.mean(missed["block"]) < 0.08
    assert np.mean(missed["sample"]) > 0.15


def test_errors_over_blocks_of_equal_size_are_the_usual_jackknife():
    first, second, strata = simulate(400, 0, 0.5, 3, n_columns=2)
    codes = np.arange(400) % 8
    with_blocks = pooled_odds(first, second, strata, Blocks(codes, 8, "gene"))
    parts = [
        pooled_odds(*(values[codes != block] for values in (first, second, strata))).log2_odds
        for block in range(8)
    ]
    usual = np.sqrt(7 * np.var(parts, axis=0))
    formula = pooled_odds(first, second, strata).errors
    np.testing.assert_allclose(with_blocks.errors, np.maximum(usual, formula), rtol=1e-6)
    assert (usual > formula).any()
