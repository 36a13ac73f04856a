"""Scores of models, and their differences."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor, make_histone_cells
from histoexpr.transfer._changes import ScoreChange, name_of, score_samples


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=120, random_state=0)


class Probable(ClassifierMixin, BaseEstimator):
    """Has probabilities only: 0, 1, 0.8 and 0.5."""

    def __init__(self):
        self.classes_ = np.array([0, 1])

    def predict_proba(self, X):
        proba = np.array([0, 1, 0.8, 0.5])
        return np.column_stack([1 - proba, proba])


def test_scores_are_levels_or_log_odds(cells):
    regressor = HistoneLinearRegressor().fit(cells)
    np.testing.assert_allclose(score_samples(regressor, cells), regressor.predict(cells))
    classifier = HistoneLinearClassifier().fit(cells)
    proba = classifier.predict_proba(cells)[:, 1].astype(float)
    odds = np.log(proba / (1 - proba))
    np.testing.assert_allclose(score_samples(classifier, cells), odds, atol=1e-3)
    scores = score_samples(Probable(), cells.take([0, 1, 2, 3]))
    np.testing.assert_allclose(scores[2:], [np.log(4), 0], atol=1e-12)
    assert np.isfinite(scores).all()
    assert scores[0] == pytest.approx(-scores[1]) == np.log(1e-6)


def test_change_is_the_difference_of_scores(cells):
    first, second = (cells.select(cells=cell) for cell in ("C01", "C02"))
    way = ScoreChange(HistoneLinearRegressor(n_regions=2)).fit(cells, cells)
    scores, change, drivers, how = way.predict(first, second)
    np.testing.assert_allclose(scores[0], way.estimator_.predict(first))
    np.testing.assert_allclose(change, scores[1] - scores[0])
    np.testing.assert_allclose(drivers.sum(axis=1), change, atol=1e-4)
    assert how == "exchange"
    assert way.unit == "log2 fold change"
    assert ScoreChange(HistoneLinearClassifier()).unit == "change of log-odds"


def test_names_are_one_line():
    assert name_of(None) == "as they are"
    long = HistoneLinearClassifier(n_regions=10, alpha=0.125, max_iter=500, pooling="max", lr=0.5)
    assert name_of(long).startswith("HistoneLinearClassifier(alpha=0.125")
    assert "\n" not in name_of(long)
