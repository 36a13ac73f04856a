"""Any module as a classifier."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from histoexpr import HistoneCNNClassifier, HistoneNetClassifier
from support.modules import Pooled, Wrong


def test_parameters_of_the_module(counts):
    estimator = HistoneNetClassifier(Pooled, module__width=4, max_epochs=2, random_state=0)
    assert estimator.get_params()["module__width"] == 4
    assert clone(estimator).set_params(module__width=6).get_params()["module__width"] == 6
    search = GridSearchCV(estimator, {"module__width": [2, 3]}, cv=2).fit(*counts)
    assert search.best_estimator_.net_.module_.body.hidden.out_features in (2, 3)
    loaded = pickle.loads(pickle.dumps(search.best_estimator_))
    X = counts[0]
    np.testing.assert_array_equal(loaded.predict_proba(X), search.predict_proba(X))
    with pytest.raises(TypeError, match="passed as module__width"):
        HistoneNetClassifier(Pooled, width=3)


def test_without_a_module_it_is_the_cnn(counts):
    X, y = counts
    params = {"max_epochs": 2, "random_state": 0}
    ours = HistoneNetClassifier(**params).fit(X, y)
    theirs = HistoneCNNClassifier(**params).fit(X, y)
    size = [sum(p.numel() for p in e.net_.module_.parameters()) for e in (ours, theirs)]
    assert size[0] == size[1]


def test_a_wrong_number_of_outputs_is_named(counts):
    with pytest.raises(ValueError, match=r"gives \(2, 3\).*expected \(2, 2\)"):
        HistoneNetClassifier(Wrong).fit(*counts)


@pytest.mark.parametrize(
    ("module", "kind", "message"),
    [
        (torch.nn.Linear(5, 2), TypeError, "pass the class"),
        (dict, TypeError, "no class or function that makes"),
        (torch.nn.Identity, ValueError, "no torch.nn.Module with weights"),
        (lambda n_bins: n_bins, ValueError, "made int"),
    ],
)
def test_what_is_no_module_is_named(module, kind, message, counts):
    with pytest.raises(kind, match=message):
        HistoneNetClassifier(module).fit(*counts)
