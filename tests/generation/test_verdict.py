"""Standard errors, p values and the verdict, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from histoexpr.generation._measures import DERIVED, MEASURES
from histoexpr.generation._verdict import Estimate, compare_with_real, verdict_of


def test_errors_of_resamples_and_of_draws():
    # the first set is the sample itself; of the others the deviation is 0.1
    one = Estimate([[0.5, 0.4, 0.5, 0.6]], n_blocks=10)
    assert one.value == 0.5
    assert one.error == pytest.approx(0.1 * np.sqrt(10 / 9))
    low, high = one.interval(MEASURES["recall"])
    reach = stats.t.ppf(0.975, 9) * one.error
    assert (low, high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))
    two = Estimate([[0.5, 0.4, 0.5, 0.6], [0.7, 0.6, 0.7, 0.8]], n_blocks=10)
    assert two.value == pytest.approx(0.6)
    # two draws that differ by 0.2 have a deviation of 0.1414, their mean one of 0.1
    assert two.error == pytest.approx(np.hypot(0.1 * np.sqrt(10 / 9), 0.1))
    assert two.interval(MEASURES["recall"])[1] <= 1


def test_undefined_and_constant_figures():
    nothing = Estimate(np.full((2, 5), np.nan), 10)
    assert np.isnan([nothing.error, *nothing.interval(MEASURES["recall"])]).all()
    assert np.isnan(nothing.p_above_zero())
    same = Estimate(np.zeros((2, 5)), 10)
    assert same.p_above_zero() == 0.5
    assert Estimate(np.ones((2, 5)), 10).p_above_zero() == 0


def found(**changes):
    """Every measure at its best, with a spread over resamples, or at another value."""
    rng = np.random.default_rng(0)
    values = {}
    for name, measure in MEASURES.items():
        shape = (2, 200, 2) if measure.by_mark else (2, 200)
        noise = 0.01 * rng.standard_normal(shape)
        noise[:, 0] = 0
        values[name] = changes.get(name, measure.best) + noise
    return values


def told(generator, real):
    p_worse = compare_with_real(generator, real, 50)
    values = {
        source: {name: v[:, 0].mean(axis=0) for name, v in given.items()}
        for source, given in (("generator", generator), ("real", real))
    }
    report = SimpleNamespace(
        p_worse=p_worse, values=values, marks=["a", "b"], n=120, judges={"generator": "cnn"}
    )
    return verdict_of(report)


def test_worse_is_what_differs_by_more_than_noise():
    assert (
        told(found(), found())
        == "Not shown to be worse than real genes in any measure at n = 120."
    )
    worse = {"two_sample": 0.8, "two_sample_cnn": 0.8, "recall": 0.6, "marginal_distance": 0.3}
    worse |= {"zero_fraction_error": np.array([0.0, -0.2]), "profile_correlation": 0.5}
    expected = (
        "Worse than real genes at n = 120 in: two-sample AUROC by a CNN (0.80 against 0.50); "
        "recall (0.60 against 1.00); zero fraction error of b; profile correlation of a and b."
    )
    assert told(found(**worse), found()) == expected
    # what is better than real genes is no fault
    assert (
        told(found(), found(**worse))
        == "Not shown to be worse than real genes in any measure at n = 120."
    )


def test_what_says_the_same_again_has_the_smallest_p_value():
    p_worse = compare_with_real(found(two_sample_tree=0.9), found(), 50)
    assert p_worse["two_sample"] == p_worse["two_sample_tree"] < 0.05 < p_worse["two_sample_cnn"]
    assert set(p_worse) == set(MEASURES)
    assert set(DERIVED) < set(MEASURES)


def test_false_alarms_of_all_measures_together_are_rare():
    alarms = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        sides = []
        for _ in range(2):
            given = {}
            for name, measure in MEASURES.items():
                shape = (1, 60, 2) if measure.by_mark else (1, 60)
                noise = rng.standard_normal(shape)
                noise[:, 0] = 0  # the estimate itself
                drawn = rng.standard_normal((1, 1, *shape[2:])) + noise
                given[name] = 0.01 * drawn + (2 if measure.higher is None else 0)
            sides.append(given)
        p_worse = compare_with_real(*sides, 60)
        alarms += min(np.min(p) for p in p_worse.values()) <= 0.05
    assert alarms <= 0.05 * 150 + 2 * np.sqrt(0.05 * 0.95 * 150)
