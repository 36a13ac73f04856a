"""Log-odds moved to another share: exact where the truth is known, no shift without a cause."""

import numpy as np
import pytest
from scipy.special import expit, logit

from histoexpr.transfer._log_odds import estimate_share, log_odds, shift_to_share

rng = np.random.default_rng(0)


def draw(share, n=20_000, trained_at=0.5):
    """Return log-odds of a calibrated classifier of two normal classes, and labels."""
    y = rng.random(n) < share
    x = rng.normal(np.where(y, 1.0, -1.0), 1.0)
    return 2 * x + logit(trained_at), y


def test_log_odds_are_finite():
    assert log_odds([0.5, 0.75]) == pytest.approx([0, np.log(3)])
    assert log_odds([0.0, 1.0]).tolist() == [-36, 36]


def test_shift_by_hand():
    # both samples then have probabilities that add up to one
    assert shift_to_share(np.array([1.0, 3.0]), 0.5) == pytest.approx(-2)
    assert shift_to_share(np.array([0.7]), 0.2) == pytest.approx(logit(0.2) - 0.7)


@pytest.mark.parametrize("share", [1e-4, 0.3, 0.9999])
def test_the_mean_is_the_share_in_any_order(share):
    scores = rng.normal(0, 12, size=500)
    shift = shift_to_share(scores, share)
    assert expit(scores + shift).mean() == pytest.approx(share, rel=1e-6)
    assert shift_to_share(rng.permutation(scores), share) == shift


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("trained_at", [0.5, 0.3])
def test_the_share_is_estimated(share, trained_at):
    scores, y = draw(share, trained_at=trained_at)
    assert estimate_share(scores, trained_at) == pytest.approx(y.mean(), abs=0.01)


def test_the_estimate_is_unbiased_where_nothing_changed():
    found = [estimate_share(draw(0.5, 2000)[0], 0.5) for _ in range(30)]
    assert np.mean(found) == pytest.approx(0.5, abs=3 * np.std(found) / np.sqrt(30))
    assert np.std(found) < 0.03


def test_the_estimate_ends_where_all_scores_are_equal():
    assert estimate_share(np.full(50, -40.0), 0.5) == pytest.approx(1e-6)
    assert estimate_share(np.zeros(50), 0.5) == 0.5
