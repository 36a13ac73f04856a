"""What all regressors share."""

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    CrossCellSplit,
    HistoneCNNRegressor,
    HistoneLinearRegressor,
    HistoneMLPRegressor,
    SignalScaler,
    make_histone_cells,
    pair_cells,
)

CNN = HistoneCNNRegressor(
    n_filters=8, hidden_sizes=(16,), max_epochs=30, lr=3e-3, batch_size=32, random_state=0
)
MLP = HistoneMLPRegressor(
    hidden_sizes=(32, 16), max_epochs=30, lr=3e-3, batch_size=32, random_state=0
)
LINEAR = HistoneLinearRegressor(n_regions=2)
ALL = [CNN, MLP, LINEAR, clone(CNN).set_params(loss="huber")]


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_learns_the_level_on_any_scale_of_target_and_signals(estimator, levels):
    X, y = levels
    fitted = clone(estimator).fit(X[:200], y[:200])
    assert fitted.score(X[200:], y[200:]) > 0.8
    # the spread of what is predicted is that of the target: no collapse to the mean
    assert 0.8 < np.std(fitted.predict(X[200:])) / np.std(y[200:]) < 1.1
    other = clone(estimator).fit(X[:200], 1000 + 50 * y[:200])
    expected = 1000 + 50 * fitted.predict(X)
    np.testing.assert_allclose(other.predict(X), expected, rtol=1e-4)
    scaled = clone(estimator).fit(X[:200] * 0.01, y[:200])
    np.testing.assert_allclose(scaled.predict(X * 0.01), fitted.predict(X), rtol=2e-2, atol=2e-2)


def test_the_target_of_a_data_set_is_its_log_expression():
    data = make_histone_cells(n_cells=1, n_genes=200, random_state=0)
    fitted = clone(LINEAR).fit(data)
    explicit = clone(LINEAR).fit(data, np.log2(data.expression + 1))
    np.testing.assert_array_equal(fitted.predict(data), explicit.predict(data))
    assert fitted.score(data) == explicit.score(data, np.log2(data.expression + 1))
    without = data.replace(expression=None)
    with pytest.raises(ValueError, match="no expression"):
        clone(LINEAR).fit(without)
    assert len(fitted.predict(without)) == 200  # of which none is asked in prediction
    expression = data.expression.copy()
    expression[3] = np.nan
    with pytest.raises(ValueError, match=f"missing or negative.*gene {data.gene[3]}"):
        clone(LINEAR).fit(data.replace(expression=expression))


def test_the_target_of_pairs_is_their_change():
    pairs = pair_cells(make_histone_cells(n_cells=2, n_genes=200, random_state=0))
    assert (pairs.log2_fold_change < 0).any()
    fitted = clone(LINEAR).fit(pairs)
    explicit = clone(LINEAR).fit(pairs.X, pairs.log2_fold_change)
    np.testing.assert_array_equal(fitted.predict(pairs), explicit.predict(pairs.X))
    assert fitted.score(pairs) == explicit.score(pairs.X, pairs.log2_fold_change)
    with_both = pairs.replace(expression=np.full(len(pairs), 7.0))
    assert fitted.score(with_both) == fitted.score(pairs)
    change = pairs.log2_fold_change.copy()
    change[3] = np.nan
    missing = f"missing, the first being gene {pairs.gene[3]} in C01 vs C02"
    with pytest.raises(ValueError, match=missing):
        clone(LINEAR).fit(pairs.replace(log2_fold_change=change))


def test_nothing_is_learned_from_noise(levels):
    X, y = levels
    shuffled = np.random.default_rng(1).permutation(y)
    scores = cross_val_score(LINEAR, X, shuffled, cv=3)
    assert np.all(scores < 0.05)


def test_early_stopping_keeps_the_best_epoch(levels):
    X, y = levels
    fitted = clone(CNN).set_params(n_iter_no_change=3)
    fitted.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert len(fitted.validation_scores_) == fitted.n_iter_
    assert fitted.best_validation_score_ == max(fitted.validation_scores_)
    assert fitted.score(X[200:], y[200:]) == pytest.approx(fitted.best_validation_score_, abs=1e-6)
    with pytest.raises(ValueError, match="same target"):
        clone(CNN).fit(X, y, X_val=X, y_val=np.ones(len(y)))


def test_partial_fit_keeps_the_scale_of_the_first_call(levels):
    X, y = levels
    fitted = clone(CNN).partial_fit(X[:100], y[:100])
    mean = fitted.target_mean_
    assert mean == pytest.approx(y[:100].mean())
    for _ in range(20):
        fitted.partial_fit(X[100:], y[100:])
    assert fitted.target_mean_ == mean
    assert fitted.score(X, y) > 0.5


def test_warm_start_goes_on(levels):
    X, y = levels
    estimator = clone(CNN).set_params(warm_start=True, max_epochs=2).fit(X, y)
    loss = estimator.history_[0]["train_loss"]
    estimator.fit(X, y)
    assert estimator.n_iter_ == 4
    assert estimator.history_[2]["train_loss"] < loss


def test_threads_do_not_change_a_fit(levels):
    fits = Parallel(n_jobs=2, backend="threading")(
        delayed(clone(CNN).fit)(*levels) for _ in range(3)
    )
    for fitted in fits:
        np.testing.assert_array_equal(fitted.predict(levels[0]), fits[0].predict(levels[0]))


def test_in_pipelines_across_cells():
    data = make_histone_cells(n_cells=2, n_genes=120, random_state=0)
    pipeline = make_pipeline(SignalScaler(standardize=None), HistoneLinearRegressor(log1p=False))
    y = data.return_X_y(target="log2_expression")[1]
    scores = cross_val_score(pipeline, data, y, cv=CrossCellSplit("exclusive", n_splits=2))
    assert len(scores) == 4
    assert np.mean(scores) > 0.1


@pytest.mark.parametrize("weight", [np.zeros(300), -np.ones(300)])
def test_weights_are_checked(weight, levels):
    with pytest.raises(ValueError, match=r"weight"):
        clone(LINEAR).fit(*levels, sample_weight=weight)


def test_equal_targets_are_predicted():
    X = np.random.default_rng(0).poisson(2, (20, 10, 2))
    fitted = HistoneLinearRegressor().fit(X, np.full(20, 0.1))
    np.testing.assert_allclose(fitted.predict(X), 0.1, rtol=1e-6)


def test_targets_too_large_are_refused(levels):
    y = np.where(np.arange(300) == 3, 1e300, 1.0)
    with pytest.raises(ValueError, match=r"y has values too large .* up to 1e\+300"):
        clone(LINEAR).fit(levels[0], y)
