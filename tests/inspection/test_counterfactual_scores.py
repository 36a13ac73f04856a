"""Distances from real genes, judges and agreement, by hand."""

import numpy as np

from histoexpr.inspection._counterfactual_scores import (
    RealGenes,
    agreement,
    realism,
    root_mean_square,
)


def at(*levels):
    """Samples of two bins and two marks, all of a level."""
    return np.ones((len(levels), 2, 2)) * np.array(levels, dtype=float)[:, None, None]


def test_distance():
    A, B = np.zeros((1, 2, 2)), np.zeros((1, 2, 2))
    B[0, 0, 0] = 4
    assert root_mean_square(A, B) == 2


def test_nearest_and_those_nearer():
    genes = RealGenes(at(9, 0, 1, 5), np.array([1, 2, 3]))  # the first is of another class
    np.testing.assert_array_equal(genes.nearest(at(8, 0.4))[:, 0], [3, 1])
    np.testing.assert_array_equal(genes.nearest(at(0.6), 2), [[2, 1]])
    np.testing.assert_allclose(genes.share_nearer(at(0, 0, 0), [0, 1, 1.5]), [0, 1 / 3, 2 / 3])


def test_plausibility_compares_with_what_real_genes_have():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(400, 5, 2))
    genes = RealGenes(real, np.arange(400))
    others = genes.plausibility(rng.normal(size=(200, 5, 2)))
    assert 0.4 < others.mean() < 0.6  # of the same distribution
    assert (genes.plausibility(4 + real[:5]) == 0).all()


def test_judges_tell_what_is_not_real_and_nothing_else():
    rng = np.random.default_rng(0)
    real, odds = rng.poisson(3, (300, 4, 2)), rng.normal(size=300)
    like = rng.poisson(3, (60, 4, 2))
    made, among = realism(like, rng.normal(size=60), real, odds, 0)
    assert 0.3 < made < 0.7
    assert 0.3 < among < 0.7
    assert realism(like + 3, rng.normal(size=60), real, odds, 0)[0] > 0.95
    assert np.isnan(realism(like[:49], np.zeros(49), real, odds, 0)).all()
    assert np.isnan(realism(like, np.zeros(60), real[:59], odds[:59], 0)).all()
    found = realism(like, np.zeros(60), real[:100], odds[:100], 0)
    assert np.isnan(found).tolist() == [False, True]  # too few for two sets


def test_judges_do_not_see_how_sure_the_classifier_is():
    """The signal of real genes grows with the log-odds; the made ones are like unsure genes."""
    rng = np.random.default_rng(0)
    odds = np.linspace(0, 4, 600)
    real = rng.poisson(5 + 10 * odds[:, None, None], (600, 4, 2))
    made_odds = np.linspace(0, 0.5, 60)
    made = rng.poisson(5 + 10 * made_odds[:, None, None], (60, 4, 2))
    assert 0.3 < realism(made, made_odds, real, odds, 0)[0] < 0.7


def test_agreement():
    a = np.array([[1.0, 2, 3], [1, 0, 0], [0, 0, 0]])
    b = np.array([[2.0, 4, 6], [0, 1, 1], [1, 2, 3]])
    np.testing.assert_allclose(agreement(np.stack([a, b])), [[1, -1, np.nan]] * 2)
    found = agreement(np.stack([a[:1], b[:1], -a[:1]]))
    np.testing.assert_allclose(found[:, 0], [0, 0, -1])
    assert np.isnan(agreement(a[None])).all()
