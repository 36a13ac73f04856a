"""Log-odds as a function that gradients pass through."""

import numpy as np
import pytest
import torch
from scipy.special import logit
from sklearn.ensemble import AdaBoostClassifier, StackingClassifier, VotingRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from histoexpr import (
    BinPooler,
    HistoneCNNRegressor,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    MarkSelector,
    SignalScaler,
    WindowSelector,
)
from histoexpr.inspection._differentiable import log_odds, prediction


@pytest.mark.parametrize("name", ["linear", "cnn", "pipeline", "ensemble"])
def test_gradients_pass_and_agree_with_predict_proba(name, classifiers, genes):
    torch = pytest.importorskip("torch")
    classifier, X = classifiers[name], genes[0][:6]
    signals = torch.as_tensor(X.astype(np.float32)).requires_grad_()
    odds = log_odds(classifier, "on")(signals)
    proba = classifier.predict_proba(X)[:, 1]
    np.testing.assert_allclose(odds.detach(), np.log(proba / (1 - proba)), atol=1e-3)
    (gradient,) = torch.autograd.grad(odds.sum(), signals)
    assert gradient.abs().sum() > 0


def test_log_odds_of_ensembles_searches_and_selections(genes, classifiers):
    X, y = genes
    linear = HistoneLinearClassifier(device="cpu")
    selected = make_pipeline(
        MarkSelector([1, 0]), WindowSelector((-400, 400)), BinPooler(), linear
    )
    regions = make_pipeline(BinPooler("sum", n_regions=5), linear)  # of 3, 3, 2, 2 and 2 bins
    search = GridSearchCV(linear, {"alpha": [0.1, 1.0]}, cv=2)
    for classifier in (selected, regions, search):
        classifier.fit(X, y)
        odds = log_odds(classifier, "on")(torch.as_tensor(X.astype(np.float32))).detach()
        np.testing.assert_allclose(odds, logit(classifier.predict_proba(X)[:, 1]), atol=2e-3)
    flat = X.reshape(len(X), -1)
    stacked = StackingClassifier([("a", DecisionTreeClassifier())], cv=2).fit(flat, y)
    chained = AdaBoostClassifier(DecisionTreeClassifier(max_depth=1), n_estimators=2)
    assert log_odds(stacked, "on") is None
    assert log_odds(chained.fit(flat, y), "on") is None


def test_log_odds_do_not_saturate(classifiers):
    score = log_odds(classifiers["linear"], "on")
    X = torch.full((1, 12, 3), 1.0)
    X[:, :, 0] = 1e6
    X.requires_grad_()
    odds = score(X)
    assert odds > 17
    assert torch.autograd.grad(odds, X)[0].abs().sum() > 0


def test_predictions_of_regressors(genes):
    X = genes[0]
    y = 100 + 5 * X[:, 4:8, 0].mean(axis=1)
    linear = HistoneLinearRegressor(n_regions=3, device="cpu")
    small = {"n_filters": 4, "hidden_sizes": (8,), "max_epochs": 2, "random_state": 0}
    cnn = make_pipeline(SignalScaler(), HistoneCNNRegressor(**small, log1p=False, device="cpu"))
    voting = VotingRegressor([("a", linear), ("b", "drop"), ("c", cnn)], weights=[1, 5, 3])
    search = GridSearchCV(linear, {"alpha": [0.1, 1.0]}, cv=2)
    for regressor in (linear, cnn, search):
        regressor.fit(X, y)
        found = prediction(regressor)(torch.as_tensor(X.astype(np.float32))).detach()
        np.testing.assert_allclose(found, regressor.predict(X), rtol=1e-4)
    # a VotingRegressor takes two axes: its members are fitted here
    voting.estimators_ = [linear, cnn]
    found = prediction(voting)(torch.as_tensor(X.astype(np.float32))).detach()
    expected = (linear.predict(X) + 3 * cnn.predict(X)) / 4
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    voting.estimators_ = [linear, DecisionTreeRegressor().fit(X.reshape(len(X), -1), y)]
    assert prediction(voting) is None
