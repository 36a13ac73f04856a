"""From parameters to networks, and going on with them."""

import numpy as np
import pytest
from sklearn.base import clone

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, HistoneMLPClassifier
from support.classifiers import CNN, NETS, ids


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (HistoneCNNClassifier(max_epochs=1), 644_177),
        (HistoneCNNClassifier(max_epochs=1, stride=2), 362_927),
        (HistoneMLPClassifier(max_epochs=1), 3_843_351),
        (HistoneLinearClassifier(), 12),
    ],
)
def test_number_of_parameters_of_a_fitted_net(estimator, expected):
    X = np.random.default_rng(0).poisson(1.0, (8, 100, 5))
    estimator.fit(X, [0, 1] * 4)
    assert sum(p.numel() for p in estimator.net_.module_.parameters()) == expected


@pytest.mark.parametrize("estimator", NETS, ids=ids)
def test_warm_start_goes_on(estimator, counts):
    X, y = counts
    clf = clone(estimator).set_params(warm_start=True).fit(X, y)
    loss = clf.history_[0]["train_loss"]
    clf.fit(X, y)
    assert clf.n_iter_ == 6
    assert clf.history_[3]["epoch"] == 4
    assert clf.history_[3]["train_loss"] < loss
    scores = clf.decision_function(X)
    with pytest.raises(ValueError, match="n_marks=2, now 1"):
        clf.fit(X[:, :, :1], y)
    with pytest.raises(ValueError, match=r"classes=\[0, 1\], now \[1, 2\]"):
        clf.fit(X, y + 1)
    np.testing.assert_array_equal(clf.decision_function(X), scores)
    clf.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert clf.n_iter_ == 9
    rows = clf.history_[6:]
    assert clf.best_epoch_ == max(rows, key=lambda row: row["valid_auroc"])["epoch"]


def test_warm_start_notices_another_scale(counts):
    clf = clone(CNN).set_params(warm_start=True, standardize=None).fit(*counts)
    with pytest.raises(ValueError, match="standardize=None, now 'mark'"):
        clf.set_params(standardize="mark").fit(*counts)
