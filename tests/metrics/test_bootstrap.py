"""Bootstraps: coverage, brute force, and what they refuse."""

import numpy as np
import pytest

from histoexpr.metrics import _bootstrap, auroc, bootstrap_auroc, bootstrap_mean, weighted_auroc


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


@pytest.mark.parametrize("cached", [1, 1000, 1 << 20])
def test_sets_of_weights_do_not_depend_on_each_other(monkeypatch, cached):
    monkeypatch.setattr(_bootstrap, "_CACHED", cached)
    rng = np.random.default_rng(2)
    y, score = rng.random(50) < 0.5, rng.integers(0, 20, 50) / 20  # with ties
    weights = rng.integers(0, 3, (50, 150)).astype(np.float32)
    weights[y, 70] = 0
    found = weighted_auroc(y, score, weights)
    assert found.shape == (150,)
    assert np.flatnonzero(np.isnan(found)).tolist() == [70]
    for number in (0, 63, 64, 127, 128, 149):
        times = weights[:, number].astype(int)
        assert found[number] == auroc(np.repeat(y, times), np.repeat(score, times))


def test_bootstrap_of_cells_covers():
    rng = np.random.default_rng(0)
    hits = 0
    for seed in range(200):
        low, high = bootstrap_mean(rng.normal(0.8, 0.05, 30), n_resamples=400, random_state=seed)
        hits += low <= 0.8 <= high
    assert 180 <= hits <= 199


def test_bootstrap_of_few_cells_covers():
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(600):
        low, high = bootstrap_mean(rng.normal(0.8, 0.05, 7), n_resamples=600)
        hits += low <= 0.8 <= high
    # the percentile interval as it is would cover 86 %
    assert hits / 600 == pytest.approx(0.93, abs=0.025)


def test_bootstrap_of_too_few_cells_says_nothing():
    for n_cells in range(6):
        assert np.isnan(bootstrap_mean(np.arange(n_cells))).all()
    assert np.isfinite(bootstrap_mean(np.arange(6))).all()
    assert np.isfinite(bootstrap_mean(np.arange(4), confidence=0.8)).all()
    assert bootstrap_mean(np.full(6, 0.5)) == (0.5, 0.5)


def test_bootstrap_of_genes_takes_lists_and_names():
    y, score = ["off", "on", "off", "on"], [0.1, 0.2, 0.3, 0.4]
    result = bootstrap_auroc(y, score, list("abab"), list("ccdd"), n_resamples=50)
    assert result.shape == (50, 2)
    assert np.nanmin(result) == 1


def test_random_state_takes_every_form():
    values = np.random.default_rng(0).normal(size=10)
    assert bootstrap_mean(values, random_state=3) == bootstrap_mean(values, random_state=3)
    drawn = [bootstrap_mean(values, random_state=np.random.RandomState(3)) for _ in range(2)]
    assert drawn[0] == drawn[1] != bootstrap_mean(values, random_state=None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap_mean([1, np.nan]), "not defined in 1 cell"),
        (lambda: bootstrap_mean([[1, 2]]), "one value per cell"),
        (lambda: bootstrap_mean([1, 2], confidence=95), "'confidence' parameter"),
        (lambda: bootstrap_mean([1, 2], n_resamples=True), "'n_resamples' parameter"),
        (lambda: bootstrap_mean([1, 2], random_state="a"), "'random_state' parameter"),
        (lambda: bootstrap_auroc([0, 1], [0.1, np.nan], [1, 2], [3, 3]), "NaN"),
        (lambda: bootstrap_auroc([0, 1], [0.1, 0.2], ["a"], ["c", "c"]), "of one length"),
        (lambda: bootstrap_auroc([], [], [], []), "no samples"),
    ],
)
def test_faults_are_reported(call, message):
    with pytest.raises(ValueError, match=message):
        call()
