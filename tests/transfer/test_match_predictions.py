"""Predictions matched: by hand, order kept, nothing where nothing differs."""

import numpy as np
import pytest
from scipy.special import expit

from histoexpr.preprocessing import describe_values
from histoexpr.transfer import match_predictions
from histoexpr.transfer._match_predictions import move_scores, score_map

rng = np.random.default_rng(0)


def test_scores_are_moved_by_hand():
    assert move_scores(np.array([1.0, 2.0]), None, None, 0.5).tolist() == [1.5, 2.5]
    knots, targets = np.array([0.0, 1.0, 3.0]), np.array([10.0, 20.0, 24.0])
    found = move_scores(np.array([-2.0, 0.5, 2.0, 3.0, 4.0]), knots, targets, 1.0)
    assert found.tolist() == [9, 16, 23, 25, 26]
    knots, targets = score_map(np.array([3.0, 1.0]), describe_values(np.array([20.0, 10.0])))
    assert (knots.tolist(), targets.tolist()) == ([1, 3], [10, 20])


def test_levels_get_the_distribution_of_training():
    training = rng.normal(3, 2, size=800)
    predicted = rng.permutation(np.exp(training))
    found = match_predictions(predicted, training)
    np.testing.assert_allclose(np.sort(found), np.sort(training), rtol=1e-6)
    assert np.array_equal(np.argsort(found), np.argsort(predicted))
    np.testing.assert_allclose(match_predictions(training, training), training, rtol=1e-12)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_probabilities_get_the_share(share):
    training = expit(rng.normal(0, 3, size=900))
    predicted = expit(rng.normal(1.5, 1, size=700))
    found = match_predictions(predicted, training, share=share)
    assert found.mean() == pytest.approx(share)
    assert np.array_equal(np.argsort(found), np.argsort(predicted))
    same = match_predictions(training, training, share=training.mean())
    np.testing.assert_allclose(same, training, rtol=1e-6)
