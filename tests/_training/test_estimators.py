"""What estimators that train networks do with their own attributes."""

import numpy as np
import pytest
from sklearn.base import clone

from histoexpr._training import last_fit_kept, store_parameters
from histoexpr.nn import HistoneCNN
from support.classifiers import ALL, CNN, MLP, ids


class Estimator:
    def __init__(self, *, first=1, second=None):
        store_parameters(self, locals())


class Child(Estimator):
    def __init__(self, *, first=3):
        super().__init__(first=first)
        store_parameters(self, locals())


def test_parameters_become_attributes_and_nothing_else_does():
    value = [1, 2]
    assert vars(Estimator(second=value)) == {"first": 1, "second": value}
    assert Estimator(second=value).second is value
    assert vars(Child()) == {"first": 3, "second": None}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_attributes_are_restored_on_any_error(error):
    estimator = Estimator()
    estimator.fitted_ = "before"

    def fail():
        with last_fit_kept(estimator) as before:
            assert before["fitted_"] == "before"
            estimator.fitted_, estimator.new_ = "after", 1
            raise error

    with pytest.raises(error):
        fail()
    assert vars(estimator) == {"first": 1, "second": None, "fitted_": "before"}
    with last_fit_kept(estimator):
        estimator.fitted_ = "after"
    assert estimator.fitted_ == "after"


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_a_failed_fit_leaves_the_last_one(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X, y)
    before = clf.predict_proba(X)
    for bad in (
        {"y": ["q"] * 300},
        {"X": X[:, :30], "sample_weight": [-1.0] * 300},
        {"X_val": X[:, :9], "y_val": y},
    ):
        with pytest.raises(ValueError):
            clf.fit(**({"X": X, "y": y} | bad))
        np.testing.assert_array_equal(clf.predict_proba(X), before)


@pytest.mark.parametrize("change", [{"lr": 1e12}, {"lr": 1e30}])
@pytest.mark.parametrize("estimator", [CNN, MLP], ids=ids)
def test_partial_fit_that_diverges_leaves_the_model_as_it_was(estimator, change, counts):
    X, y = counts
    settings = {"optimizer": "sgd", "lr": 1e-3, "momentum": 0.5}
    model = clone(estimator).set_params(**settings).partial_fit(X, y, classes=[0, 1])
    twin = clone(estimator).set_params(**settings).partial_fit(X, y, classes=[0, 1])
    model.set_params(**change)
    before, history = model.predict_proba(X), model.history_
    with pytest.raises(FloatingPointError, match="lr"):
        model.partial_fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), before)
    assert model.history_ is history
    for one in (model, twin):  # as if it had never been called
        one.set_params(**settings).partial_fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), twin.predict_proba(X))


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_partial_fit_that_is_stopped_leaves_the_model_as_it_was(error, counts, monkeypatch):
    X, y = counts
    model = clone(CNN).partial_fit(X, y, classes=[0, 1])
    before = model.predict_proba(X)
    forward, calls = HistoneCNN.forward, []

    def stop(self, x):
        calls.append(1)
        if len(calls) == 4:
            raise error("now")
        return forward(self, x)

    monkeypatch.setattr(HistoneCNN, "forward", stop)
    with pytest.raises(error):
        model.partial_fit(X, y)
    monkeypatch.undo()

    np.testing.assert_array_equal(model.predict_proba(X), before)
    first = clone(CNN)
    with pytest.raises(ValueError, match="classes"):
        first.partial_fit(X, y)
    assert not hasattr(first, "n_features_in_")
