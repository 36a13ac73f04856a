"""Scores of predictions, and calibration by hand."""

import numpy as np
import pytest
from sklearn import metrics as reference

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import SCORES as NAMES
from histoexpr.metrics import (
    auroc,
    binary_scores,
    cell_scores,
    check_predictions,
    expected_calibration_error,
    score_checked,
)

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


PROBABILITIES = {
    "random": PROBA,
    "ties": PROBA.round(1),
    "zeros and ones": (PROBA > 0.4).astype(float),
    "all equal": np.full(N, 0.5),
    "near the ends": np.where(PROBA > 0.4, 1 - 1e-17, 1e-300),
    "small": PROBA**40,
    "float32": PROBA.astype(np.float32),
    "backwards": PROBA[::-1],
}


def by_scikit_learn(y, score, threshold=0.5):
    both = [False, True]
    return {
        "roc_auc": auroc(y, score),
        "average_precision": reference.average_precision_score(y, score),
        "balanced_accuracy": reference.balanced_accuracy_score(y, score > threshold),
        "brier_score_loss": reference.brier_score_loss(y, score, labels=both),
        "log_loss": reference.log_loss(y, score, labels=both),
    }


@pytest.mark.parametrize("dtype", [bool, np.int8, float])
@pytest.mark.parametrize("kind", PROBABILITIES)
def test_scores_equal_scikit_learn(kind, dtype):
    proba = PROBABILITIES[kind]
    for column in range(4):
        y = LABELS[:, column]
        scores = binary_scores(y.astype(dtype), proba)
        for name, value in by_scikit_learn(y, proba.astype(float)).items():
            assert scores[name] == pytest.approx(value, rel=3e-16, abs=3e-16), name
            assert type(scores[name]) is float
        assert scores["roc_auc"] == pytest.approx(reference.roc_auc_score(y, proba), abs=1e-14)


def test_scores_of_few_samples_equal_scikit_learn():
    rng = np.random.default_rng(1)
    for _ in range(300):
        proba = rng.integers(0, 5, rng.integers(2, 9)) / 4
        y = rng.permutation(np.arange(len(proba)) < rng.integers(1, len(proba)))
        expected = by_scikit_learn(y, proba)
        found = {name: binary_scores(y, proba)[name] for name in expected}
        assert found == pytest.approx(expected, rel=3e-16, abs=3e-16)


def test_the_order_of_samples_changes_no_rank_score():
    order = RNG.permutation(N)
    tied = PROBA.round(1)
    for name in NAMES[:3]:
        shuffled = binary_scores(LABELS[order, 0], tied[order])
        assert shuffled[name] == binary_scores(LABELS[:, 0], tied)[name]


def test_average_precision_by_hand():
    # precision 1 at recall 1/3, and 3/4 at recall 1: three tied samples count as one
    scores = binary_scores([1, 0, 1, 1], [0.9, 0.5, 0.5, 0.5])
    assert scores["average_precision"] == pytest.approx(1 / 3 + 2 / 3 * 3 / 4)
    assert scores["roc_auc"] == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert scores["balanced_accuracy"] == pytest.approx((1 / 3 + 1) / 2)


def test_checked_predictions_are_scored_without_a_warning(recwarn):
    positive, score = check_predictions(["on", "off"], [[0.5, 0.5], [0.75, 0.25]])
    assert positive.tolist() == [True, False]
    assert score_checked(positive, score) == binary_scores([1, 0], [0.5, 0.25])
    assert np.isnan(score_checked(np.ones(2, bool), score)["roc_auc"])
    assert len(recwarn) == 0


@pytest.mark.parametrize(
    ("score", "probabilities", "message"),
    [
        ([0.1, np.nan], True, "y_score has values that are not between 0 and 1"),
        ([0.1, 1.1], True, "y_score has values that are not between 0 and 1"),
        ([0.1], True, r"y_score has shape \(1,\)"),
        ([0.1, np.nan], False, "y_score contains NaN"),
        ([0.1, np.inf], False, "y_score has infinite values"),
    ],
)
def test_predictions_are_checked(score, probabilities, message):
    with pytest.raises(ValueError, match=message):
        binary_scores([0, 1], score, probabilities=probabilities)


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


def test_scores_of_one_class_equal_scikit_learn():
    for y in (np.ones(N, bool), np.zeros(N, bool)):
        scores = score_checked(y, PROBA)
        for function in (reference.log_loss, reference.brier_score_loss):
            expected = function(y, PROBA, labels=[False, True])
            assert scores[function.__name__] == pytest.approx(expected, rel=3e-16, abs=3e-16)


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
