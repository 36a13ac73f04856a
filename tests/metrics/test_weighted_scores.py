"""Scores under weights are scores of samples that are repeated."""

import warnings

import numpy as np
import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import WEIGHTED_SCORES, binary_scores, expression_scores, weighted_score

ON_EXPRESSION = ("r2", "pearson", "spearman", "root_mean_squared_error")


@pytest.mark.parametrize("metric", WEIGHTED_SCORES)
def test_weights_repeat_samples(metric):
    rng = np.random.default_rng(0)
    counts = rng.multinomial(30, np.full(30, 1 / 30), size=25).T
    if metric in ON_EXPRESSION:
        y = rng.normal(5, 2, 30)
        predicted = y + rng.normal(0, 1, 30)
    else:
        y, predicted = rng.integers(0, 2, 30), rng.integers(1, 10, 30) / 10
    found = weighted_score(metric, y, predicted, counts)
    assert found.shape == (25,)
    for value, times in zip(found, counts.T, strict=True):
        again = np.repeat(y, times), np.repeat(predicted, times)
        if metric in ON_EXPRESSION:
            expected = expression_scores(*again)[metric]
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", HistoexprWarning)
                expected = binary_scores(*again)[metric]
        assert value == pytest.approx(expected, abs=1e-9)


def test_ties_count_as_one():
    rng = np.random.default_rng(1)
    counts = rng.multinomial(12, np.full(12, 1 / 12), size=200).T  # more sets than one part
    y, predicted = rng.integers(0, 3, 12).astype(float), rng.integers(0, 3, 12).astype(float)
    found = weighted_score("spearman", y, predicted, counts)
    precision = weighted_score("average_precision", y > 0, predicted / 3, counts)
    for number, times in enumerate(counts.T):
        again = np.repeat(y, times), np.repeat(predicted, times)
        expected = expression_scores(*again)["spearman"]
        assert found[number] == pytest.approx(expected, abs=1e-9, nan_ok=True)
        expected = binary_scores(again[0] > 0, again[1] / 3)["average_precision"]
        assert precision[number] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_log_loss_by_hand():
    found = weighted_score("log_loss", [1, 0], [0.5, 0.75], np.array([[1, 0, 2], [1, 3, 1]]))
    one, other = np.log(2), np.log(4)
    np.testing.assert_allclose(found, [(one + other) / 2, other, (2 * one + other) / 3])
    # float32 knows nothing between 0 and 1e-7 below 1
    certain = weighted_score("log_loss", [0, 1], [1.0, 1.0], np.array([[1.0], [1.0]]))
    assert certain == pytest.approx(-np.log(1e-7) / 2)


def test_what_is_not_defined():
    nothing = np.zeros((3, 2))
    some = np.array([[1, 0], [1, 0], [1, 3]])
    for metric in WEIGHTED_SCORES:
        assert np.isnan(weighted_score(metric, [0, 1, 1], [0.1, 0.2, 0.7], nothing)).all()
        assert np.isnan(weighted_score(metric, [], [], np.zeros((0, 2)))).all()
    for metric in ("r2", "pearson", "spearman", "roc_auc", "average_precision"):
        found = weighted_score(metric, [0, 1, 1], [0.1, 0.2, 0.7], some)
        assert np.isnan(found).tolist() == [False, True]
    assert np.isnan(weighted_score("pearson", [0.1, 0.2, 0.3], [0.1] * 3, some)).all()
    assert np.isnan(weighted_score("r2", [0.1] * 3, [0.1, 0.2, 0.3], some)).all()
