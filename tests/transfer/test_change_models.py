"""The default models of pairs: learning, weights, seeds, sizes."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoexpr import make_histone_cells, pair_cells
from histoexpr.transfer._change_models import ChangeClassifier, ChangeRegressor


@pytest.fixture(scope="module")
def pairs():
    return pair_cells(make_histone_cells(n_cells=3, n_genes=400, random_state=0), change=False)


def test_changes_of_new_genes_are_learned_and_noise_is_not(pairs):
    new = np.isin(pairs.gene, pairs.genes[::3])
    change = pairs.log2_fold_change
    found = ChangeRegressor().fit(pairs[~new], change[~new]).predict(pairs[new])
    assert np.corrcoef(found, change[new])[0, 1] > 0.4
    noise = np.random.default_rng(0).normal(size=len(pairs))
    found = ChangeRegressor().fit(pairs[~new], noise[~new]).predict(pairs[new])
    assert abs(np.corrcoef(found, noise[new])[0, 1]) < 0.15
    y = pairs.y
    proba = ChangeClassifier().fit(pairs[~new], y[~new]).predict_proba(pairs[new])
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert roc_auc_score(y[new], proba[:, 1]) > 0.7


def test_both_parts_count_alike(pairs):
    model = ChangeRegressor().fit(pairs, pairs.log2_fold_change)
    features = model.scale_.transform(pairs)
    nets = np.mean([net.predict(features) for net in model.nets_], axis=0)
    parts = model.center_ + model.spread_ * np.array([model.trees_.predict(pairs), nets])
    np.testing.assert_allclose(model.predict(pairs), parts.mean(axis=0))
    assert len({net.coefs_[0][0, 0] for net in model.nets_}) == 3  # of different seeds


def test_the_scale_of_the_target_has_no_effect(pairs):
    part, y = pairs[:200], pairs.log2_fold_change[:200]
    expected = ChangeRegressor().fit(part, y).predict(part)
    other = ChangeRegressor().fit(part, 5 + 1000 * y).predict(part)
    np.testing.assert_allclose(other, 5 + 1000 * expected, rtol=1e-3, atol=1e-2)
    equal = ChangeRegressor().fit(part, np.full(200, 3.0)).predict(part)
    np.testing.assert_allclose(equal, 3)


def test_a_fixed_number_of_steps():
    rng = np.random.default_rng(0)
    for n, batch, epochs in ((12, 12, 60), (800, 20, 28), (3000, 75, 28)):
        X = rng.normal(size=(n, 2))
        net = ChangeRegressor().fit(X, X[:, 0]).nets_[0]
        assert (net.batch_size, net.max_iter) == (batch, epochs)


def test_samples_without_weight_are_not_learned(pairs):
    part, y = pairs[:300], pairs.log2_fold_change[:300]
    weight = (np.arange(300) < 200).astype(float)
    wrong = np.where(weight > 0, y, -50.0)
    found = ChangeRegressor().fit(part, wrong, weight).predict(part)
    assert found.min() > -25
    assert np.corrcoef(found[:200], y[:200])[0, 1] > 0.8


def test_the_same_seed_gives_the_same_model(pairs):
    part, y = pairs[:200], pairs.log2_fold_change[:200]
    first, second, other = (
        ChangeRegressor(random_state=seed).fit(part, y).predict(part) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
