"""What estimators that train networks do with their own attributes."""

import numpy as np
import pytest
from sklearn.base import clone

from histoexpr._training import last_fit_kept, store_parameters
from support.classifiers import ALL, ids


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
