"""What is beyond the sum of effects, in fits and refits, by hand."""

import numpy as np
import pytest
from scipy import stats

from histoexpr.inspection import Samples
from histoexpr.inspection._mark_levels import MarkLevels
from histoexpr.inspection._measured_interactions import Interactions, Null, standard_error
from histoexpr.metrics import resampling_blocks
from support.planted import Known, KnownWithDecision, four_corners

PLACES = [slice(None)] * 3


class Counting(Known):
    """Counts the samples that it predicts."""

    n_seen = 0

    def predict_proba(self, X):
        self.n_seen += len(X)
        return super().predict_proba(X)


def interactions(X, contrast, levels, pairs, n_donors=1):
    levels = MarkLevels(
        X, np.arange(len(X)), PLACES, contrast, np.array(levels),
        profile=None, n_donors=n_donors, random_state=0,
    )  # fmt: skip
    return Interactions(Samples(X), levels, pairs, 1)


def test_pairs_share_what_they_have_in_common():
    X, pairs = four_corners(1), [(0, 1), (0, 2), (1, 2)]
    model = Counting(0.5)
    factors = interactions(X, "factors", (0.0, 1.0), pairs)
    found = factors.held_against([model])
    assert model.n_seen == len(X) * (1 + 3 + 3)  # as they are, one removed, two removed
    np.testing.assert_allclose(found.interaction[:, 1, 1], [0.5 * 2 * 3.5, 0, 0], atol=1e-9)
    model.n_seen = 0
    interactions(X, "quantiles", (0.25, 0.75), pairs, n_donors=2).held_against([model])
    assert model.n_seen == len(X) * 4 * 3 * 2


def test_refits_are_taken_off_and_their_spread_counts():
    measured = interactions(four_corners(), "quantiles", (0.25, 0.75), [(0, 1)])
    refits = [Known(c) for c in (0.1, 0.2, 0.4, 0.1)]
    found = measured.held_against([Known(0.5), Known(0.7)], iter(refits))
    at = 0, 1, 1
    assert found.interaction[at] == pytest.approx(0.6 * 6)
    assert found.fit_sd[at] == pytest.approx(np.std([3, 4.2], ddof=1))
    assert found.null_mean[at] == pytest.approx(0.2 * 6)
    sd = np.std([0.6, 1.2, 2.4, 0.6], ddof=1)
    assert found.null_sd[at] == pytest.approx(sd)
    assert found.background_se[at] == pytest.approx(0, abs=1e-9)
    spread = sd * np.sqrt(1 + 1 / 4)
    assert found.p_value[at] == pytest.approx(2 * stats.t.sf(2.4 / spread, 3))
    reach = stats.t.ppf(0.975, 3) * spread
    np.testing.assert_allclose([found.low[at], found.high[at]], [2.4 - reach, 2.4 + reach])
    assert np.isnan(found.p_value[0, 0]).all()  # the lowest level is what others are held against


def test_variation_between_backgrounds_counts():
    found = np.full((1, 1, 1), 2.0)
    null = Null(np.ones((1, 1, 1, 2), dtype=bool))
    for mean in (-1.0, 0.0, 1.0):
        null.add(np.full((1, 1, 1, 2), mean))
    p_values = [null.test(found, np.full((1, 1, 1), se))[-1].item() for se in (0, 0.5, 5)]
    assert p_values[1] == pytest.approx(2 * stats.t.sf(2 / np.sqrt(4 / 3 + 0.25), 2))
    assert p_values == sorted(p_values)


def test_a_small_spread_of_one_pair_is_raised_to_the_median():
    null, found, none = Null(np.ones((3, 1, 1, 2), dtype=bool)), np.ones((3, 1, 1)), 0.0
    for mean in (-1.0, 0.0, 1.0):
        null.add(mean * np.array([0.1, 1, 3]).reshape(3, 1, 1, 1) * np.ones((3, 1, 1, 2)))
    sd, p_value = (null.test(found, np.full(found.shape, none))[at].ravel() for at in (1, -1))
    np.testing.assert_allclose(sd, [0.1, 1, 3])
    expected = 2 * stats.t.sf(1 / (np.array([1, 1, 3]) * np.sqrt(4 / 3)), 2)
    np.testing.assert_allclose(p_value, expected)


def test_refits_that_are_undefined_do_not_count():
    null = Null(np.ones((1, 1, 1, 4), dtype=bool))
    for value in (1.0, 2.0, 3.0, np.nan):
        null.add(np.full((1, 1, 1, 4), value))
    mean, sd, *_ = null.test(np.zeros((1, 1, 1)), np.zeros((1, 1, 1)))
    assert (mean.item(), sd.item()) == (2, 1)
    np.testing.assert_allclose(null.of_backgrounds(), 2)
    null.add(np.full((1, 1, 1, 4), np.nan))
    assert np.isnan(null.test(np.zeros((1, 1, 1)), np.zeros((1, 1, 1)))[-1]).all()


def test_decision_function_is_known_for_all_backgrounds_in_the_end():
    """Some log-odds are beyond the limit of probabilities, and known from others to be exact."""
    X = four_corners() * np.linspace(0.01, 3, 40)[:, None, None]
    found = interactions(X, "factors", (0.0, 1.0, 2.0), [(0, 1)]).log_odds(KnownWithDecision(0.5))
    assert np.isfinite(found).all()
    assert np.abs(found).max() > 20


def test_standard_error_is_that_of_blocks():
    values = np.array([1.0, 1, 2, 2, 6, 6])
    alone = resampling_blocks(6)
    assert standard_error(values, alone) == pytest.approx(np.std(values, ddof=1) / np.sqrt(6))
    doubled = alone._replace(codes=np.repeat([0, 1, 2], 2), n_blocks=3)
    assert standard_error(values, doubled) == pytest.approx(np.std([1, 2, 6], ddof=1) / np.sqrt(3))
    partly = np.append(values, np.nan)
    blocks = resampling_blocks(7)
    assert standard_error(partly, blocks) == pytest.approx(np.std(values, ddof=1) / np.sqrt(6))
    assert np.isnan(standard_error(values, alone._replace(codes=np.zeros(6, int), n_blocks=1)))
