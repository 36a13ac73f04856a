"""The linear classifier and its direct solvers."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneLinearClassifier


def test_direct_solver_equals_logistic_regression(counts):
    X, y = counts
    ours = HistoneLinearClassifier(pooling="mean", alpha=1e-2, pseudocount=1.0).fit(X, y)
    pooled = StandardScaler().fit_transform(np.log1p(X.mean(axis=1)))
    theirs = LogisticRegression(C=1 / (1e-2 * 300), tol=1e-8).fit(pooled, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-3)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        ours.decision_function(X), theirs.decision_function(pooled), atol=1e-3
    )
    lbfgs = clone(ours).set_params(solver="lbfgs").fit(X, y)
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


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_more_marks_than_samples(solver, n_classes):
    rng = np.random.default_rng(0)
    X = rng.poisson(3.0, (30, 1, 40))
    y = np.arange(30) % n_classes
    with pytest.warns(UserWarning, match="1 bin of 40 marks"):
        few = HistoneLinearClassifier(solver=solver, alpha=1e-3, pseudocount=1.0).fit(X, y)
    features = np.log1p(X[:, 0].astype(np.float32)).astype(np.float64)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    expected = LogisticRegression(C=1 / (1e-3 * 30), tol=1e-10, max_iter=10_000)
    expected.fit(features, y)
    np.testing.assert_allclose(few.predict_proba(X), expected.predict_proba(features), atol=1e-4)
    if n_classes == 2:
        np.testing.assert_allclose(few.coef_, expected.coef_, atol=2e-3)


def test_sums_beyond_the_range_are_refused():
    X = np.ones((20, 20, 2), np.float32)
    X[::2] = 3e37
    for pooling in ("sum", "mean"):
        with pytest.raises(ValueError, match=r"10 sample.* sample 0, which reaches 3e\+37"):
            HistoneLinearClassifier(pooling=pooling).fit(X, np.arange(20) % 2)
