"""The linear classifier and its direct solvers."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneLinearClassifier


def test_direct_solver_equals_logistic_regression(counts):
    X, y = counts
    ours = HistoneLinearClassifier(pooling="mean", alpha=1e-2).fit(X, y)
    pooled = StandardScaler().fit_transform(np.log1p(X.mean(axis=1)))
    theirs = LogisticRegression(C=1 / (1e-2 * 300), tol=1e-8).fit(pooled, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-3)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        ours.decision_function(X), theirs.decision_function(pooled), atol=1e-3
    )
    lbfgs = HistoneLinearClassifier(pooling="mean", alpha=1e-2, solver="lbfgs").fit(X, y)
    np.testing.assert_allclose(lbfgs.coef_, ours.coef_, rtol=1e-3)


def test_sgd_approaches_the_direct_optimum(counts):
    direct = HistoneLinearClassifier(alpha=0).fit(*counts)
    sgd = HistoneLinearClassifier(solver="sgd", max_epochs=60, random_state=0).fit(*counts)
    np.testing.assert_allclose(sgd.coef_, direct.coef_, rtol=0.1, atol=0.1)
    assert sgd.history_[-1]["train_loss"] >= direct.history_[-1]["train_loss"] - 1e-3


@pytest.mark.filterwarnings("ignore:Early stopping holds out samples at random")
@pytest.mark.parametrize("pooling", ["max", "sum"])
def test_published_linear_scale_comes_from_training_data(pooling, counts):
    X, y = counts
    clf = HistoneLinearClassifier.published(pooling=pooling, max_epochs=2, random_state=0)
    clf.fit(X[:200], y[:200])
    largest = getattr(X[:200].astype(int), pooling)(axis=1).max()
    np.testing.assert_allclose(clf.net_.module_.input.scale, largest)
    alone = clf.predict_proba(X[200:201])
    np.testing.assert_array_equal(clf.predict_proba(X[200:])[:1], alone)
