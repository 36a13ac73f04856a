"""Scores of outputs, and what they are taken against."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn import metrics

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor, make_histone_cells
from histoexpr.inspection import ModelOutput, Samples
from histoexpr.inspection._scoring import LABELS, Scoring


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=1, n_genes=120, random_state=0)


@pytest.fixture(scope="module")
def classifier(data):
    return ModelOutput(HistoneLinearClassifier(device="cpu").fit(data))


@pytest.fixture(scope="module")
def regressor(data):
    return ModelOutput(HistoneLinearRegressor(device="cpu").fit(data))


def test_scores_of_labels_are_those_of_scikit_learn(data, classifier):
    odds, samples = classifier(data), Samples(data)
    of = {
        "roc_auc": metrics.roc_auc_score(data.y, odds),
        "average_precision": metrics.average_precision_score(data.y, odds),
        "log_loss": metrics.log_loss(data.y, expit(odds)),
        "brier_score_loss": metrics.brier_score_loss(data.y, expit(odds)),
    }
    for name, expected in of.items():
        scoring = Scoring(name, classifier, samples, None)
        assert scoring(odds) == pytest.approx(expected, rel=1e-5)
        assert scoring.label == LABELS[name]
        assert scoring.is_loss == name.endswith("loss")
        assert scoring.worse(0.5, 0.7) == pytest.approx(0.2 if scoring.is_loss else -0.2)
    assert Scoring(None, classifier, samples, None).name == "roc_auc"


def test_the_other_class_has_the_same_auroc(data, classifier):
    other = ModelOutput(classifier.estimator, 0)
    samples = Samples(data)
    first, second = (Scoring(None, one, samples, None) for one in (classifier, other))
    np.testing.assert_array_equal(first.y, 1 - second.y)
    assert first(classifier(data)) == pytest.approx(second(other(data)))


def test_scores_of_expression_are_of_logarithms(data, regressor):
    y, predicted, samples = np.log2(data.expression + 1), regressor(data), Samples(data)
    scoring = Scoring(None, regressor, samples, None)
    assert (scoring.name, scoring.label) == ("r2", "R²")
    assert scoring(predicted) == pytest.approx(metrics.r2_score(y, predicted))
    pearson = Scoring("pearson", regressor, samples, None)
    assert pearson(predicted) == pytest.approx(np.corrcoef(y, predicted)[0, 1])
    labels = Scoring("roc_auc", regressor, samples, None)
    assert labels(predicted) == pytest.approx(metrics.roc_auc_score(data.y, predicted))
    rmse = Scoring("root_mean_squared_error", regressor, samples, data.expression)
    assert rmse.is_loss
    np.testing.assert_array_equal(rmse.y, data.expression)


def test_weights_count_samples_several_times(data, classifier):
    odds = classifier(data)
    scoring = Scoring("log_loss", classifier, Samples(data), None)
    weights = np.random.default_rng(0).integers(0, 4, (len(data), 1))
    rows = np.repeat(np.arange(len(data)), weights[:, 0])
    expected = metrics.log_loss(data.y[rows], expit(odds[rows]))
    assert scoring(odds, weights) == pytest.approx(expected, rel=1e-5)


def test_what_does_not_fit_is_named(data, classifier, regressor):
    samples, plain = Samples(data), Samples(data.X)
    with pytest.raises(ValueError, match="scoring is 'r2'; for a classifier it is one of roc_auc"):
        Scoring("r2", classifier, samples, None)
    with pytest.raises(ValueError, match="scoring is 'log_loss'; for a regressor"):
        Scoring("log_loss", regressor, samples, None)
    with pytest.raises(ValueError, match="y is missing"):
        Scoring(None, classifier, plain, None)
    with pytest.raises(ValueError, match="y has 3 samples, but X has 120"):
        Scoring(None, classifier, plain, [0, 1, 1])
    with pytest.raises(ValueError, match=r"labels -1, which are not among \[0, 1\]. Leave"):
        Scoring(None, classifier, plain, np.where(data.y == 1, 1, -1))
    with pytest.raises(ValueError, match="samples of one class only, of which AUROC"):
        Scoring(None, classifier, plain, np.ones(120))
    with pytest.raises(ValueError, match="y lacks labels"):
        Scoring(None, classifier, plain, np.full(120, np.nan))
    with pytest.raises(ValueError, match="missing or infinite"):
        Scoring(None, regressor, plain, np.full(120, np.nan))
    with pytest.raises(ValueError, match="one value only"):
        Scoring(None, regressor, plain, np.ones(120))
    with pytest.raises(ValueError, match="y has text"):
        Scoring(None, regressor, plain, ["a"] * 120)
    with pytest.raises(ValueError, match="has no labels"):
        Scoring(None, classifier, Samples(data.replace(y=None)), None)
    with pytest.raises(ValueError, match="has no expression"):
        Scoring(None, regressor, Samples(data.replace(expression=None)), None)
