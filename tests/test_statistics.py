"""Statistics over cells: by hand, by brute force, and against published values."""

import numpy as np
import pytest
from scipy import stats

from histoexpr.experiments import (
    bootstrap_auroc,
    bootstrap_mean,
    equivalence_test,
    friedman_ranks,
    holm,
    paired_tests,
)
from histoexpr.metrics import auroc


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


def test_bootstrap_of_genes_equals_brute_force():
    rng = np.random.default_rng(1)
    gene = np.tile(np.arange(30), 2)
    cell = np.repeat(["b", "a"], 30)
    y = rng.integers(0, 2, 60)
    score = rng.integers(0, 8, 60) / 8  # with ties
    result = bootstrap_auroc(y, score, gene, cell, n_resamples=20, random_state=3)
    draws = np.random.default_rng(3).multinomial(30, np.full(30, 1 / 30), size=20)
    for number, draw in enumerate(draws):
        for column, name in enumerate("ab"):
            rows = np.flatnonzero(cell == name)
            rows = np.repeat(rows, draw[gene[rows]])
            assert result[number, column] == pytest.approx(auroc(y[rows], score[rows]))


def test_bootstrap_of_cells_covers():
    rng = np.random.default_rng(0)
    hits = 0
    for seed in range(200):
        low, high = bootstrap_mean(rng.normal(0.8, 0.05, 30), n_resamples=400, random_state=seed)
        hits += low <= 0.8 <= high
    assert 180 <= hits <= 199
    assert np.isnan(bootstrap_mean([0.5])).all()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: friedman_ranks({"a": [1, 2], "b": [1, 2]}), "at least three models"),
        (lambda: paired_tests({"a": [1, 2], "b": [1, 2, 3]}), "one value per cell"),
        (lambda: paired_tests({"a": [1, np.nan], "b": [1, 2]}), "scores of a are not defined"),
        (lambda: equivalence_test([1], [1], 0.1), "at least 2 cells"),
        (lambda: equivalence_test([1, 2], [1, 2], 0), "margin must be positive"),
    ],
)
def test_faults_are_told(call, told):
    with pytest.raises(ValueError, match=told):
        call()
