"""Samples whose marks do not belong together."""

import numpy as np
import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.inspection import ClassMaps
from histoexpr.inspection._null_pool import (
    match,
    pool_of_generator,
    pool_of_genes,
    shuffle_marks,
)
from support.planted import Known


def test_tracks_move_whole_and_within_strata():
    rng = np.random.RandomState(0)
    signals = np.arange(60.0)[:, None, None] + np.zeros((60, 4, 3)) + [0, 100, 200]
    strata = np.tile([2, 0, 1], 20)
    moved = shuffle_marks(signals, strata, rng)
    for mark in range(3):
        of = moved[:, 0, mark] - 100 * mark
        assert (moved[:, :, mark] == moved[:, :1, mark]).all()
        assert sorted(of) == list(range(60))
        assert (strata[of.astype(int)] == strata).all()
        assert not np.array_equal(of, np.arange(60))
    apart = moved[:, 0, 0] != moved[:, 0, 1] - 100
    assert apart.sum() > 45


def test_each_sample_is_matched_once():
    scores = np.array([0.0, 1.0, 2.0, 3.0, 1.1])
    rows = match(scores, np.array([1.0, 1.0, 2.9]), np.random.RandomState(0))
    assert sorted(rows[:2]) == [1, 4]
    assert rows[2] == 3


def test_null_samples_have_the_scores_of_the_maps():
    rng = np.random.default_rng(1)
    X = rng.poisson(2, (400, 10, 3)).astype(float)
    pool = pool_of_genes(Known(), X, None, 10)
    proba = Known().predict_proba(X)[:, 1]
    rows = np.argsort(np.abs(proba - 0.9))[:30]
    maps = ClassMaps(X[rows], proba[rows], 1, "data", 0.9)
    drawn = pool.draw(maps, 400, np.random.RandomState(0))
    reached = Known().predict_proba(drawn)[:, 1]
    np.testing.assert_allclose(np.sort(reached), np.sort(maps.scores), atol=0.02)
    pool.warn_if_missed("maps")  # there are enough
    far = ClassMaps(X[:5], np.full(5, 1 - 1e-6), 1, "data")
    other = pool_of_genes(Known(), X, None, 10)
    other.draw(far, 400, np.random.RandomState(0))
    with pytest.warns(HistoexprWarning, match="Raise n_pool"):
        other.warn_if_missed("maps")


def test_pool_of_a_generator_has_its_classes(generator, classifiers):
    pool = pool_of_generator(classifiers["linear"], generator, 50, np.random.RandomState(0))
    assert pool.samples.X.shape == (50, 12, 3)
    assert pool.name == "class"
    assert np.unique(pool.strata).tolist() == [0, 1]
