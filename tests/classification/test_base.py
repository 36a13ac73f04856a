"""What fitted classifiers answer."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from support.classifiers import ALL, CNN, ids


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_log_probabilities(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X, y)
    np.testing.assert_allclose(clf.predict_log_proba(X), np.log(clf.predict_proba(X)), rtol=1e-9)
    clf.net_.module_.__dict__["forward"] = lambda x: torch.tensor([[0.0, 2000.0]]).repeat(
        len(x), 1
    )
    assert clf.predict_log_proba(X[:1]).tolist() == [[-2000.0, 0.0]]


def test_curves_are_those_of_the_history(counts):
    X, y = counts
    groups = np.arange(300)
    clf = clone(CNN).fit(X, y)
    assert clf.loss_curve_ == [row["train_loss"] for row in clf.history_]
    assert clf.validation_scores_ is None
    assert clf.best_validation_score_ is None
    clf.set_params(early_stopping=True, max_epochs=6, n_iter_no_change=6).fit(X, y, groups=groups)
    assert clf.validation_scores_ == [row["valid_auroc"] for row in clf.history_]
    assert clf.best_validation_score_ == max(clf.validation_scores_)
    clf.set_params(early_stopping=False).fit(X, y, X_val=X[:50], y_val=y[:50])
    assert clf.best_validation_score_ == max(clf.validation_scores_)
