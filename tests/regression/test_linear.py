"""The linear regressor and its direct solver."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneLinearRegressor


def test_direct_solver_equals_ridge(levels):
    X, y = levels
    ours = HistoneLinearRegressor(n_regions=4, alpha=1e-2, pseudocount=2.0).fit(X, y)
    sums = X.reshape(300, 4, 10, 2).sum(axis=2).reshape(300, -1)
    scaler = StandardScaler()
    features = scaler.fit_transform(np.log1p(sums / 2.0))
    theirs = Ridge(alpha=1e-2 * 300).fit(features, y)
    np.testing.assert_allclose(ours.coef_.ravel(), theirs.coef_, rtol=1e-4, atol=1e-5)
    assert ours.coef_.shape == (4, 2)
    assert ours.intercept_ == pytest.approx(theirs.intercept_)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(features), atol=1e-4)


def test_automatic_penalty_and_pseudocount(levels):
    X, y = levels
    auto = HistoneLinearRegressor(n_regions=2).fit(X, y)
    # 0.4 by 4 features and 300 samples; a fifth of the mean sum of a region
    explicit = HistoneLinearRegressor(n_regions=2, alpha=0.4 * 4 / 300).fit(X, y)
    np.testing.assert_allclose(auto.predict(X), explicit.predict(X), rtol=1e-6)
    unit = auto.net_.module_.input.unit.numpy()
    np.testing.assert_allclose(unit, 0.2 * X.sum(axis=1).mean(axis=0) / 2, rtol=1e-5)


def test_sgd_approaches_the_direct_optimum(levels):
    direct = HistoneLinearRegressor(alpha=0).fit(*levels)
    sgd = HistoneLinearRegressor(solver="sgd", max_epochs=60, random_state=0).fit(*levels)
    np.testing.assert_allclose(sgd.coef_, direct.coef_, atol=0.05)


def test_more_marks_than_samples():
    rng = np.random.default_rng(0)
    X = rng.poisson(3.0, (30, 1, 400))
    y = rng.standard_normal(30)
    with pytest.warns(UserWarning, match="1 bin of 400 marks"):
        ours = HistoneLinearRegressor(alpha=0.1, pseudocount=1.0).fit(X, y)
    features = StandardScaler().fit_transform(np.log1p(X[:, 0]))
    theirs = Ridge(alpha=0.1 * 30).fit(features, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


def test_weights_count_as_repetitions(levels):
    X, y = levels
    weight = np.random.default_rng(0).integers(0, 3, len(y))
    weighted = HistoneLinearRegressor(n_regions=4).fit(X, y, sample_weight=weight)
    rows = np.repeat(np.arange(len(y)), weight)
    repeated = HistoneLinearRegressor(n_regions=4).fit(X[rows], y[rows])
    np.testing.assert_allclose(weighted.predict(X), repeated.predict(X), rtol=1e-4)
