"""Precision, recall, density, coverage and copies, worked out by hand."""

import numpy as np
import pytest

from histoexpr.generation import _neighbours as neighbours
from histoexpr.generation._baselines import jittered
from histoexpr.generation._units import log_signals, pseudocounts


def line(*places):
    return np.array(places, dtype=float).reshape(-1, 1, 1)


def test_precision_recall_density_and_coverage_by_hand():
    real, made = line(0, 1, 2, 10), line(0.5, 2.5, 5, 30)
    between = neighbours.distances(made, real)
    among_real, among_made = (neighbours.distances(X, X) for X in (real, made))
    # nearest neighbours of real samples are 1, 1, 1 and 8 away, of made ones 2, 2, 2.5 and 25
    np.testing.assert_allclose(neighbours.radius(among_real, 1), [1, 1, 1, 8])
    np.testing.assert_allclose(neighbours.radius(among_made, 1), [2, 2, 2.5, 25])
    # 0.5 is near to 0 and 1, 2.5 to 2 and 10, 5 to 10
    assert neighbours.precision(between, among_real, 1).tolist() == [True, True, True, False]
    assert neighbours.density(between, among_real, 1).tolist() == [2, 2, 1, 0]
    assert neighbours.density(between, among_real, 2).sum() > 0
    # 0 and 1 and 2 are near to 0.5 or 2.5, 10 only to 30
    assert neighbours.recall(between, among_made, 1).tolist() == [True] * 4
    assert neighbours.recall(between[:3], among_made[:3, :3], 1).tolist() == [True] * 3 + [False]
    assert neighbours.coverage(between, among_real, 1).tolist() == [True] * 4
    assert neighbours.coverage(between[3:], among_real, 1).tolist() == [False] * 4


def test_third_and_fifth_neighbours_are_the_published_ones():
    among = np.abs(np.subtract.outer(np.arange(9.0), np.arange(9.0)))
    # of the first sample of a line the third neighbour is 3 away, the fifth 5
    assert neighbours.precision(np.full((1, 9), 3.0), among)[0]
    assert not neighbours.precision(np.full((1, 9), 3.1), among)[0]
    assert neighbours.coverage(np.full((1, 9), 5.0), among)[0]
    assert not neighbours.coverage(np.full((1, 9), 5.1), among)[0]
    # 0, 1, 7 and 8 have their fifth neighbour 4 or more away
    assert neighbours.density(np.full((1, 9), 4.0), among)[0] == pytest.approx(4 / 5)


def test_collapse_lowers_recall_and_copies_of_a_type_do_not_cover():
    rng = np.random.default_rng(0)
    real = rng.standard_normal((60, 8, 1))
    typical = np.zeros((60, 8, 1))
    between, among = neighbours.distances(typical, real), neighbours.distances(real, real)
    assert neighbours.precision(between, among).all()
    assert not neighbours.recall(between, np.zeros((60, 60))).any()


def test_authenticity_by_hand():
    training = np.expm1(line(0, 1, 5))
    first, second = neighbours.to_training(line(0.5, 4.5, 8), training, 1.0)
    np.testing.assert_allclose(first, [0.5, 0.5, 3])
    # 0.5 is as near to 0 as to 1, and these are 1 apart; 5 has its nearest at 4
    np.testing.assert_allclose(second, [1, 4, 4])
    assert neighbours.authenticity(first, second).tolist() == [False, False, False]
    first, second = neighbours.to_training(line(9.5), training, 1.0)
    assert neighbours.authenticity(first, second).tolist() == [True]


def test_training_sets_larger_than_a_batch(monkeypatch):
    rng = np.random.default_rng(0)
    A, training = rng.random((7, 3, 2)), np.expm1(rng.random((23, 3, 2)))
    whole = neighbours.to_training(A, training, 1.0)
    monkeypatch.setattr(neighbours, "_BATCH", 5)
    np.testing.assert_allclose(neighbours.to_training(A, training, 1.0), whole, atol=1e-7)


def test_copies_are_detected_also_reversed(more_genes):
    X = more_genes[0].astype(float)
    train, test = X[:70], X[70:140]
    unit = pseudocounts(train)
    settings = {"unit": unit, "steps": np.ones(5)}
    copies = jittered(train, 70, np.random.RandomState(0), **settings)
    fresh = neighbours.authenticity(*neighbours.to_training(log_signals(test, unit), train, unit))
    for X, flip, detected in ((copies, False, True), (copies[:, ::-1], False, False),
                              (copies[:, ::-1], True, True)):  # fmt: skip
        found = neighbours.to_training(log_signals(X, unit), train, unit, reversed_too=flip)
        authentic = neighbours.authenticity(*found).mean()
        assert (authentic < 0.1) == detected
    assert fresh.mean() > 0.3
