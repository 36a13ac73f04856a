"""Fitting the generator: reproducible, resumable, conditional on what it is given."""

from unittest import mock

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import HistoneLinearClassifier, SignalGenerator, make_histone_cells
from histoexpr._training import SignalDataset
from histoexpr.generation import _generator
from support.generators import TINY


def test_fit_is_reproducible_and_leaves_the_global_generator_alone(genes, fitted):
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    again = SignalGenerator(**TINY, random_state=0).fit(*genes)
    assert torch.equal(torch.random.get_rng_state(), before)
    np.testing.assert_array_equal(
        again.sample(3, random_state=0), fitted.sample(3, random_state=0)
    )
    np.testing.assert_array_equal(again.transform(genes[0]), fitted.transform(genes[0]))


def test_held_out_samples_are_not_trained_on_but_compared_with(genes):
    X, y = genes
    settings = {**TINY, "random_state": 0, "validation_fraction": 0.25}
    generator = SignalGenerator(**settings).fit(X, y)
    assert np.isfinite(generator.history_[-1]["critic_gap_held_out"])
    assert "critic_gap_held_out" not in SignalGenerator(**TINY).fit(X, y).history_[-1]
    # the scale of the signals shows which of them were used
    used = [False] * len(X)
    for gene in range(len(X)):
        changed = X.copy()
        changed[gene] = 5000
        again = SignalGenerator(**{**settings, "n_steps": 1, "encoder_steps": 1}).fit(changed, y)
        used[gene] = again.generator_.input.scale[0] > 1.05 * generator.generator_.input.scale[0]
    assert sum(used) == 60
    with pytest.raises(ValueError, match="needs two samples"):
        SignalGenerator(**settings).fit(X[:1])


def test_a_failed_fit_leaves_the_last_one(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, random_state=0).fit(X, y)
    before = generator.sample(2, random_state=0)
    generator.set_params(lr=1e6, gradient_penalty=1e6, n_steps=40, warm_start=True)
    with pytest.raises(FloatingPointError, match="diverged"):
        generator.fit(X, y)
    assert generator.n_iter_ == len(generator.history_) * 3 == 3
    np.testing.assert_array_equal(generator.sample(2, random_state=0), before)
    with pytest.raises(ValueError, match="no whole numbers"):
        generator.partial_fit(X + 0.5, y)


def test_a_data_set_says_whether_bins_are_reversed():
    for oriented in (True, False):
        data = make_histone_cells(n_cells=1, n_genes=40, oriented=oriented, random_state=0)
        fitted = SignalGenerator(**TINY, random_state=0).fit(data)
        assert fitted.random_flip_ is not oriented


def test_bins_are_reversed_only_where_both_sides_are_alike():
    data = make_histone_cells(n_cells=1, n_genes=80, oriented=False, random_state=0)
    X, y = data.return_X_y()
    assert SignalGenerator(**TINY, random_state=0).fit(X, y).random_flip_
    oriented = X.copy()
    oriented[:, :50] *= 3
    assert not SignalGenerator(**TINY, random_state=0).fit(oriented, y).random_flip_
    always = SignalGenerator(**TINY, random_flip=True, random_state=0).fit(oriented, y)
    assert always.random_flip_
    assert not SignalGenerator(**TINY, random_state=0).fit(X[:, :, :1]).random_flip_
    left = np.zeros((400, 16, 2))
    left[:, :5] = 20
    shared = {"width": 8, "latent_dim": 4, "encoder_steps": 1, "lr": 2e-3, "ema_decay": 0.9}
    made = SignalGenerator(n_steps=150, **shared, random_state=0).fit(left).sample(50)
    assert made[:, :5].mean() > 5 * made[:, 8:].mean()


def test_what_random_flip_says_is_done(genes):
    X, y = genes
    for flip in (True, False):
        with mock.patch.object(_generator, "SignalDataset", wraps=SignalDataset) as made:
            generator = SignalGenerator(**TINY, random_flip=flip, random_state=0).fit(X, y)
        assert (made.call_args.kwargs["flip_rng"] is not None) == flip
    generator.set_params(warm_start=True, random_flip=True).fit(X, y)
    assert generator.random_flip_


def test_held_out_samples_stay_held_out(genes):
    X, y = genes
    settings = {**TINY, "validation_fraction": 0.25, "warm_start": True}
    generator = SignalGenerator(**settings, random_state=np.random.RandomState(0)).fit(X, y)
    with mock.patch.object(_generator, "SignalDataset", wraps=SignalDataset) as made:
        generator.fit(X, y).fit(X, y)
    first, second = (call.kwargs["rows"] for call in made.call_args_list)
    np.testing.assert_array_equal(first, second)
    assert len(first) == 60


def test_torch_settings_of_the_user_do_not_matter(genes, fitted):
    with torch.inference_mode():
        quiet = SignalGenerator(**TINY, random_state=0).fit(*genes)
    np.testing.assert_array_equal(
        quiet.sample(3, random_state=0), fitted.sample(3, random_state=0)
    )
    torch.set_default_dtype(torch.float64)
    try:
        double = SignalGenerator(**TINY, random_state=0).fit(*genes)
    finally:
        torch.set_default_dtype(torch.float32)
    assert double.sample(3, random_state=0).dtype == np.float32


def test_training_goes_on(genes):
    X, y = genes
    warm = SignalGenerator(**TINY, warm_start=True, random_state=0).fit(X, y)
    critic = warm.critic_.head.weight.clone()
    warm.fit(X, y)
    assert warm.n_iter_ == 6
    assert not torch.equal(warm.critic_.head.weight, critic)
    # a generator that became worse does not take the place of a better one
    best = warm.sample(2, random_state=0)
    warm.set_params(lr=0.05).fit(X, y)
    assert warm.n_iter_ == 9
    assert warm.best_step_ < 9
    np.testing.assert_array_equal(warm.sample(2, random_state=0), best)
    with pytest.raises(ValueError, match="built for"):
        warm.set_params(width=8).fit(X, y)
    steps = SignalGenerator(**TINY, eval_every=2, random_state=0)
    steps.partial_fit(X, y).partial_fit(X[:20], y[:20])
    assert steps.n_iter_ == 4
    with pytest.raises(ValueError, match="y is missing"):
        steps.partial_fit(X)
    with pytest.raises(ValueError, match="not fitted with"):
        steps.partial_fit(X[:2], [0, 7])


def test_bad_input_is_named(genes, fitted):
    X, y = genes
    with pytest.raises(ValueError, match="Negative values"):
        SignalGenerator(**TINY).fit(X.astype(float) - 1)
    with pytest.raises(ValueError, match="Unknown label type"):
        SignalGenerator(**TINY).fit(X, np.linspace(0, 1, len(X)))
    with pytest.raises(ValueError, match="inconsistent numbers"):
        SignalGenerator(**TINY).fit(X, y[:-1])
    with pytest.raises(ValueError, match="y contains"):
        fitted.sample(2, y="expressed")
    with pytest.raises(ValueError, match="shape"):
        fitted.sample(2, y=[0, 1, 0])
    with pytest.raises(ValueError, match="n_samples"):
        fitted.sample(0)
    with pytest.raises(ValueError, match="counts"):
        fitted.sample(1, counts=True)
    with pytest.raises(ValueError, match="makes codes of 8"):
        fitted.inverse_transform(np.zeros((2, 3)))


def test_grid_search_pipelines_and_clones(genes):
    X, y = genes
    search = GridSearchCV(
        SignalGenerator(**TINY, random_state=0), {"latent_dim": [2, 3]}, cv=2
    ).fit(X, y)
    assert search.best_score_ < 0
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    pipeline = make_pipeline(clone(search.best_estimator_), HistoneLinearClassifier())
    assert pipeline.fit(X, y).predict_proba(X).shape == (len(X), 2)


def test_signals_without_variance_and_single_samples_are_fitted():
    for X in (np.zeros((5, 10, 2)), np.full((1, 3, 1), 40.0)):
        generator = SignalGenerator(**TINY, random_state=0).fit(X)
        assert np.isfinite(generator.sample(2, random_state=0)).all()
        assert -20 < generator.score(X) <= 0


def test_generator_learns_profiles_of_classes():
    """One mark peaks in the middle in class 1 and is flat in class 0."""
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 60)
    mean = np.ones((120, 16, 2))
    mean[y == 1, 6:10, 0] = 30
    X = rng.poisson(mean)
    generator = SignalGenerator(
        width=8, latent_dim=4, batch_size=32, n_steps=300, eval_every=100, encoder_steps=400
    )
    generator.set_params(lr=2e-3, ema_decay=0.9, random_state=1).fit(X, y)
    made = {k: generator.sample(100, y=k, counts="round", random_state=0) for k in (0, 1)}
    peak = made[1][:, 6:10, 0].mean()
    assert 15 < peak < 60
    assert peak > 5 * made[1][:, :4, 0].mean()
    assert peak > 2 * made[0][:, 6:10, 0].mean()
    codes = generator.transform(X)[:, 4:]
    assert (codes.argmax(axis=1) == y).mean() > 0.8


@pytest.mark.parametrize("factor", [1.0, 100.0])
def test_nothing_larger_is_made_than_was_seen(factor, genes):
    X, y = genes
    fitted = SignalGenerator(**TINY, random_state=1).fit(X * factor, y)
    made = fitted.sample(200, random_state=0)
    assert np.all(made.max(axis=(0, 1)) <= factor * X.max(axis=(0, 1)) * (1 + 1e-5))
