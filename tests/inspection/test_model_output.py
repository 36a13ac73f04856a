"""The number that explanations are of: log-odds of a class, or a prediction."""

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from histoexpr import Flattener, HistoneLinearClassifier, HistoneLinearRegressor
from histoexpr.inspection import ModelOutput


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    X = rng.poisson(3, size=(120, 10, 2)).astype(float)
    return X, (X[:, :5, 0].mean(axis=1) > 3).astype(int)


@pytest.mark.parametrize(
    "model", [HistGradientBoostingClassifier(max_iter=20), LogisticRegression(C=100.0)]
)
def test_sure_models_keep_their_log_odds(model, drawn):
    X, y = drawn
    model = make_pipeline(Flattener(), model).fit(X, y)
    expected = model.decision_function(X)
    np.testing.assert_allclose(ModelOutput(model)(X), expected)
    np.testing.assert_allclose(ModelOutput(model, 0)(X), -expected)


def test_votes_of_all_trees_are_clipped_or_undefined(drawn):
    X, y = drawn
    forest = make_pipeline(Flattener(), RandomForestClassifier(10, random_state=0)).fit(X, y)
    output, proba = ModelOutput(forest), forest.predict_proba(X)[:, 1]
    sure = (proba == 0) | (proba == 1)
    assert sure.any()
    assert np.isfinite(output(X)).all()
    assert np.isnan(output(X, beyond="nan")).tolist() == sure.tolist()
    np.testing.assert_allclose(output(X)[~sure], logit(proba[~sure]))
    assert np.abs(output(X)[sure]) == pytest.approx(-logit(1e-6))


class _WithMargin(ClassifierMixin, BaseEstimator):
    """Calibrated probabilities beside a margin that is on another scale."""

    def __init__(self, inner):
        self.inner = inner
        self.classes_ = inner.classes_

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return self.inner.predict_proba(X)

    def decision_function(self, X):
        return 5 * self.inner.predict_proba(X)[:, 1] - 2.5


def test_a_margin_is_not_taken_for_log_odds(drawn):
    X, y = drawn
    svc = CalibratedClassifierCV(make_pipeline(Flattener(), SVC()), ensemble=False)
    model = _WithMargin(svc.fit(X, y))
    np.testing.assert_allclose(ModelOutput(model)(X), logit(model.predict_proba(X)[:, 1]))


def test_regressors_give_their_prediction(drawn):
    X, _ = drawn
    model = HistoneLinearRegressor().fit(X, X[:, :5, 0].mean(axis=1))
    output = ModelOutput(model)
    assert output.target is None
    assert output.name == "prediction"
    np.testing.assert_array_equal(output(X), model.predict(X))


def test_what_does_not_fit_is_named(drawn):
    X, y = drawn
    linear = HistoneLinearClassifier().fit(X, y)
    with pytest.raises(ValueError, match="'x' is not a class"):
        ModelOutput(linear, "x")
    three = HistoneLinearClassifier().fit(X, np.arange(len(X)) % 3)
    with pytest.raises(ValueError, match="target is missing"):
        ModelOutput(three)
    with pytest.raises(ValueError, match="no predict_proba"):
        ModelOutput(make_pipeline(Flattener(), SVC()).fit(X, y))
    with pytest.raises(ValueError, match="a regressor has no classes"):
        ModelOutput(HistoneLinearRegressor().fit(X, X[:, 0, 0]), 1)
