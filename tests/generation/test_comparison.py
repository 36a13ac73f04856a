"""All measures of a draw: which samples they are taken over, and their weights."""

import numpy as np
import pytest

from histoexpr.generation._comparison import Draw, Set
from histoexpr.generation._measures import MEASURES
from histoexpr.generation._units import pseudocounts

pytestmark = pytest.mark.usefixtures("quick_networks")


@pytest.fixture(scope="module")
def sets(more_genes):
    X, y = more_genes[0][:, 40:60].astype(float), more_genes[1]
    rng = np.random.RandomState(0)
    weights = np.hstack([np.ones((150, 1)), rng.randint(0, 3, (150, 4))]).astype(float)
    whole = Set(X, y, np.arange(150).astype(str), weights)
    return [whole.take(np.arange(150) // 50 == part) for part in range(3)]


@pytest.fixture(scope="module")
def draw(sets, quick_networks):
    _, test, training = sets
    settings = {"unit": pseudocounts(training.X), "flip": False}
    return Draw(test, test, training.X, **settings, rng=np.random.RandomState(0))


def test_every_measure_has_a_value_in_every_resample(draw, sets):
    made = sets[0]
    found = draw.judged(made) | draw.compared(made) | draw.copies(made)
    found |= draw.transferred(made.X, made.y)
    assert set(found) | {"two_sample", "transfer_ratio"} == set(MEASURES)
    for name, values in found.items():
        assert values.shape == ((5, 5) if MEASURES[name].by_mark else (5,)), name
        assert np.isfinite(values[0]).all(), name


def test_copies_of_training_samples_are_told_from_other_genes(draw, sets):
    made, _, training = sets
    copied = draw.copies(training)
    assert copied["authenticity"][0] < 0.1
    assert copied["memorisation"][0] > 0.95
    for fresh in (draw.copies(made), draw.copies_among_real()):
        assert fresh["authenticity"][0] > 0.3
        assert abs(fresh["memorisation"][0] - 0.5) < 0.25


def test_test_samples_themselves_are_near_to_real_ones(draw, sets):
    found = draw.compared(sets[1])
    for name in ("precision", "recall", "coverage"):
        assert found[name].tolist() == [1] * 5
    np.testing.assert_allclose(found["marginal_distance"], 0, atol=1e-12)
    assert draw.judged(sets[1])["two_sample_tree"][0] <= 0.5


def test_without_classes_nothing_is_transferred(draw, sets):
    for A, y in ((None, sets[0].y), (sets[0].X, np.zeros(50, int))):
        found = draw.transferred(A, y)
        assert np.isnan(list(found.values())).all()
