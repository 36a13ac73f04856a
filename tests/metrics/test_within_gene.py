"""Spearman's correlation within genes: by hand, beside SciPy, without and with an effect."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from histoexpr.metrics import auroc, within_gene_spearman
from support.between_cells import columns_of, coverage


def test_by_hand():
    columns = columns_of(5, 4, 5)
    y = [[1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 0, 0], [1, 2, 3, 5], [1, np.nan, np.nan, 2]]
    predicted = [[1, 2, 3, 4], [1, 2, 4, 3], [1, 2, 3, 4], [7, 7, 7, 7], [1, 2, 3, 4]]
    found = within_gene_spearman(np.ravel(y), np.ravel(predicted), **columns)
    # 1, -0.8, left out as constant, 0 as nothing is told apart, left out as of two cells
    assert found.value == pytest.approx((1 - 0.8 + 0) / 3)
    assert (found.n_genes, found.n_pairs, found.n_left_out) == (3, 18, 2)
    with_two = within_gene_spearman(np.ravel(y), np.ravel(predicted), **columns, min_cells=2)
    assert with_two.value == pytest.approx((1 - 0.8 + 0 + 1) / 4)
    assert with_two.n_pairs == 19


def test_equals_scipy_with_ties_and_gaps():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 5, (60, 7)).astype(float)
    y[rng.random(y.shape) < 0.3] = np.nan
    predicted = rng.integers(0, 6, (60, 7)).astype(float)
    expected = []
    for measured, scores in zip(y, predicted, strict=True):
        known = ~np.isnan(measured)
        if known.sum() < 3 or np.ptp(measured[known]) == 0:
            continue
        constant = np.ptp(scores[known]) == 0
        expected.append(0 if constant else spearmanr(measured[known], scores[known])[0])
    found = within_gene_spearman(y.ravel(), predicted.ravel(), **columns_of(60, 7))
    assert found.value == pytest.approx(np.mean(expected))
    assert found.n_genes == len(expected)
    assert found.n_genes + found.n_left_out == 60


def test_what_is_a_property_of_the_gene_reaches_nothing():
    rng = np.random.default_rng(0)
    level = rng.normal(size=200)
    y = level[:, None] + 0.5 * rng.normal(size=(200, 5))
    predicted = np.repeat(level, 5)
    assert auroc(y.ravel() > 0, predicted) > 0.9
    assert within_gene_spearman(y.ravel(), predicted, **columns_of(200, 5)).value == 0


def test_the_mean_of_the_other_cells_reaches_minus_one():
    y = np.random.default_rng(0).normal(size=(50, 6))
    others = (y.sum(axis=1, keepdims=True) - y) / 5
    found = within_gene_spearman(y.ravel(), others.ravel(), **columns_of(50, 6))
    assert found.value == pytest.approx(-1)


def test_intervals_cover_nothing_and_find_something():
    columns = columns_of(120, 5)

    def score(effect):
        def draw(rng):
            y, noise = rng.normal(size=(2, 600))
            return within_gene_spearman(y, effect * y + noise, **columns, n_resamples=400)

        return draw

    share, mean = coverage(score(0), 0, 150)
    assert 0.88 <= share <= 0.99
    assert mean == pytest.approx(0, abs=0.01)
    share, mean = coverage(score(0.5), 0, 50)
    assert share == 0
    assert 0.3 < mean < 0.5


def test_neighbours_that_err_alike_make_intervals_wider():
    columns = columns_of(200, 5)
    rng = np.random.default_rng(0)
    # genes of a chromosome share what is predicted of the cells, and what they do
    y, predicted = rng.normal(size=(2, 20, 5))[:, np.arange(200) % 20]
    y, predicted = (v + 0.3 * rng.normal(size=v.shape) for v in (y, predicted))
    by_chrom = within_gene_spearman(y.ravel(), predicted.ravel(), **columns)
    del columns["chrom"]
    by_gene = within_gene_spearman(y.ravel(), predicted.ravel(), **columns)
    assert by_chrom.value == pytest.approx(by_gene.value)
    assert by_chrom.high - by_chrom.low > 2 * (by_gene.high - by_gene.low)
    assert (by_chrom.resampled, by_gene.resampled) == ("chrom", "gene")
