"""Tests of models over cells: by hand, by brute force, and against published values."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from histoexpr.metrics import equivalence_test, friedman_ranks, holm, holm_known, paired_tests


def test_holm_by_hand():
    # sorted 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1, then made increasing
    np.testing.assert_allclose(holm([0.03, 0.01, 0.5, 0.02]), [0.06, 0.04, 0.5, 0.06])
    np.testing.assert_allclose(holm([0.9, 0.8]), [1, 1])
    assert holm([]).shape == (0,)


def test_paired_tests_by_hand():
    a = [0.9, 0.8, 0.7, 0.6, 0.5]
    tests = paired_tests({"a": a, "b": np.subtract(a, [0.1, 0.2, 0.3, 0.4, 0.5]), "c": a})
    assert [(t["first"], t["second"]) for t in tests] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert tests[0]["mean_difference"] == pytest.approx(0.3)
    # all five differences of one sign: 2 of the 32 assignments of signs
    assert tests[0]["p_value"] == pytest.approx(2 / 32)
    assert tests[1]["p_value"] == 1
    assert tests[0]["p_holm"] == pytest.approx(6 / 32)


@pytest.mark.parametrize(
    "differences",
    [
        [1, 2, 3, -4, 5, 6],
        [1, 1, -1, 1, 1, 2],
        [0, 0, 1, 2, -1, 3, 4],
        [0, 0, 0, 1],
        [0, 0.5],
        [2, -2],
        [1, -2, 2, 2, -3, 1, 1, 4, 0, 5, 5, -1, 3],
    ],
)
def test_wilcoxon_with_ties_and_zeros_equals_all_assignments_of_signs(differences):
    # scores whose differences are tied, but for the noise of floating point
    base = np.linspace(0.1, 0.83, len(differences))
    test = paired_tests({"a": base + np.divide(differences, 10), "b": base})[0]
    ranks = stats.rankdata(np.abs([d for d in differences if d]))
    signs = np.sign([d for d in differences if d])
    sums = [ranks @ s for s in product([-1, 1], repeat=len(ranks))]
    assert test["p_value"] == pytest.approx(np.mean(np.abs(sums) >= abs(ranks @ signs)))


def test_noise_of_floating_point_is_no_difference():
    a = np.array([0.9, 0.8, 0.7, 0.85, 0.6, 0.95])
    test = paired_tests({"a": a, "b": a * (1 + 1e-15)})[0]
    assert (test["mean_difference"], test["p_value"]) == (0, 1)


def test_friedman_by_hand():
    scores = {"worst": [1, 1, 1, 1], "best": [3, 3, 3, 3], "middle": [2, 2, 2, 2]}
    result = friedman_ranks(scores)
    assert result["mean_ranks"] == {"best": 1, "middle": 2, "worst": 3}
    # 12 / (n k (k+1)) sum of R² - 3 n (k+1) with rank sums 4, 8, 12
    assert result["statistic"] == pytest.approx(12 / 48 * (16 + 64 + 144) - 48)
    # Demšar (2006), table 5a: q 2.343 for three models at 0.05
    assert result["critical_difference"] == pytest.approx(2.343 * np.sqrt(12 / 24), abs=1e-3)
    reverse = friedman_ranks(scores, larger_is_better=False)
    assert list(reverse["mean_ranks"]) == ["worst", "middle", "best"]
    assert friedman_ranks({name: [1, 2] for name in "abc"})["p_value"] == 1


def test_friedman_with_ties_by_hand():
    table = np.array([[0.9, 0.7, 0.5, 0.9], [0.8, 0.7, 0.6, 0.9], [0.8, 0.9, 0.4, 0.9]])
    # ranks 1 2.5 2.5, 2.5 2.5 1, 2 1 3, 2 2 2: rank sums 7.5, 8, 8.5; ties take 6, 6, 0, 24
    raw = 12 / (4 * 3 * 4) * (7.5**2 + 8**2 + 8.5**2) - 3 * 4 * 4
    result = friedman_ranks(dict(zip("abc", table, strict=True)))
    assert result["statistic"] == pytest.approx(raw / (1 - 36 / (4 * 3 * 8)))
    assert result["mean_ranks"] == {"a": 7.5 / 4, "b": 2, "c": 8.5 / 4}


def test_equivalence_is_two_one_sided_t_tests():
    rng = np.random.default_rng(0)
    for mean in (0.003, -0.008, 0.02):
        difference = rng.normal(mean, 0.01, 9)
        above = stats.ttest_1samp(difference, -0.01, alternative="greater").pvalue
        below = stats.ttest_1samp(difference, 0.01, alternative="less").pvalue
        result = equivalence_test(0.8 + difference, np.full(9, 0.8), 0.01)
        assert result["p_value"] == pytest.approx(max(above, below))
        expected = stats.ttest_1samp(difference, 0).confidence_interval(0.9)
        np.testing.assert_allclose([result["low"], result["high"]], expected)
        reach = max(abs(expected.low), abs(expected.high))
        assert result["equivalent"] == (reach < 0.01)


def test_equivalence_of_constant_differences():
    ones = np.ones(2)
    for difference, p_value in [(0, 0), (0.04, 0), (0.05, 1), (0.06, 1)]:
        result = equivalence_test(ones, ones - difference, 0.05)
        assert result["p_value"] == p_value
        assert result["low"] == result["high"] == pytest.approx(difference)


def test_equivalence_by_hand():
    first, second = np.array([0.82, 0.80, 0.78, 0.84]), np.full(4, 0.80)
    result = equivalence_test(first, second, 0.05)
    # differences 0.02, 0, -0.02, 0.04: mean 0.01, standard error sqrt(0.002 / 3) / 2
    error = np.sqrt(0.002 / 3) / 2
    assert result["mean_difference"] == pytest.approx(0.01)
    assert result["p_value"] == pytest.approx(stats.t.sf(0.04 / error, 3))
    assert result["high"] == pytest.approx(0.01 + 2.353363 * error, abs=1e-7)
    assert result["equivalent"]
    assert not equivalence_test(first, second, 0.02)["equivalent"]
    # outside of the margin: the p value is above one half
    assert equivalence_test(first + 0.1, second, 0.05)["p_value"] > 0.5
    assert equivalence_test([1.0, 1.0], [1.0, 1.0], 0.01)["p_value"] == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: friedman_ranks({"a": [1, 2], "b": [1, 2]}), "at least three models"),
        (lambda: paired_tests({"a": [1, 2], "b": [1, 2, 3]}), "one value per cell"),
        (lambda: paired_tests({"a": [1, np.nan], "b": [1, 2]}), "scores of a are not defined"),
        (lambda: equivalence_test([1], [1], 0.1), "at least 2 cells"),
        (lambda: equivalence_test([1, 2], [1, 2], 0), "'margin' parameter of equivalence_test"),
        (lambda: equivalence_test([1, 2], [1, 2], 0.1, alpha=5), "'alpha' parameter"),
        (lambda: friedman_ranks({n: [1, 2] for n in "abc"}, alpha=0), "'alpha' parameter"),
        (lambda: holm([0.1, np.nan]), "numbers between 0 and 1"),
    ],
)
def test_faults_are_reported(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_undefined_p_values_are_no_tests():
    np.testing.assert_allclose(
        holm_known([0.01, None, 0.03, np.nan]), [0.02, np.nan, 0.03, np.nan]
    )
    assert np.isnan(holm_known([np.nan])).all()
    assert len(holm_known([])) == 0
