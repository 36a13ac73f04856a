"""Scores of predictions, and calibration by hand."""

import numpy as np
import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import SCORES as NAMES
from histoexpr.metrics import binary_scores, cell_scores, expected_calibration_error

RNG = np.random.default_rng(0)

N = 500

LABELS = RNG.random((N, 4)) < [0.5, 0.1, 0.9, 0.3]

SCORES = RNG.normal(size=(N, 4)) + LABELS

PROBA = 1 / (1 + np.exp(-SCORES[:, 0]))


def test_binary_scores():
    scores = binary_scores(LABELS[:, 0], PROBA)
    assert tuple(scores) == NAMES
    table = cell_scores(LABELS[:, 0], PROBA, ["a"] * N)
    assert table.loc[0, list(NAMES)].to_dict() == scores
    assert scores["balanced_accuracy"] > 0.6


def test_scores_of_decision_values():
    logit = SCORES[:, 0]
    expected = binary_scores(LABELS[:, 0], PROBA)
    scores = binary_scores(LABELS[:, 0], logit, probabilities=False)
    for name in ("roc_auc", "average_precision", "balanced_accuracy"):
        assert scores[name] == pytest.approx(expected[name])
    assert np.isnan([scores[name] for name in NAMES[3:]]).all()
    with pytest.raises(ValueError, match=r"binary_scores\(probabilities=False\)"):
        binary_scores(LABELS[:, 0], logit)
    with pytest.raises(ValueError, match=r"y_score has shape \(500, 4\); expected \(500,\)"):
        binary_scores(LABELS[:, 0], SCORES, probabilities=False)


def test_binary_scores_of_one_class():
    with pytest.warns(HistoexprWarning, match="all of one class"):
        scores = binary_scores([1, 1], [0.5, 1.0])
    assert np.isnan([scores[name] for name in NAMES[:3]]).all()
    assert scores["brier_score_loss"] == 0.125


def test_calibration_error_by_hand():
    y = [0, 1, 1, 1, 0]
    p = [0.1, 0.1, 0.9, 1.0, 0.5]
    # bins of width one half: |0.2 - 1| and |2.4 - 2| over five samples
    assert expected_calibration_error(y, p, n_bins=2) == pytest.approx((0.8 + 0.4) / 5)
    assert expected_calibration_error(y, p, n_bins=1) == pytest.approx(0.4 / 5)
    assert expected_calibration_error([1, 0], [1.0, 0.0]) == 0
    assert expected_calibration_error([0, 1], [1.0, 0.0]) == 1


def test_calibrated_probabilities_have_a_small_error():
    p = RNG.random(200_000)
    y = RNG.random(200_000) < p
    assert expected_calibration_error(y, p) < 0.005
    assert expected_calibration_error(y, p**2) > 0.15


@pytest.mark.parametrize("n_bins", [0, -1, 2.5, True, "ten"])
def test_calibration_bins_are_checked(n_bins):
    with pytest.raises(ValueError, match="'n_bins' parameter of expected_calibration"):
        expected_calibration_error([0, 1], [0.1, 0.9], n_bins=n_bins)
