import pickle
from unittest import mock

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import HistoneLinearClassifier, SignalGenerator, make_histone_cells
from histoexpr._training import SignalDataset, predict_logits
from histoexpr.generation import _generator
from histoexpr.generation._fidelity import fidelity_errors, sliced_wasserstein
from histoexpr.generation._monitor import FidelityMonitor
from histoexpr.generation._scale import critic_scale, output_scale
from histoexpr.nn import HistoneCritic, HistoneEncoder, HistoneGenerator

TINY = {"n_steps": 3, "width": 4, "latent_dim": 6, "encoder_steps": 3, "batch_size": 16}


@pytest.fixture(scope="module")
def genes():
    return make_histone_cells(n_cells=1, n_genes=80, random_state=0).return_X_y()


@pytest.fixture(scope="module")
def fitted(genes):
    return SignalGenerator(**TINY, random_state=0).fit(*genes)


@pytest.mark.parametrize(("n_bins", "n_marks"), [(1, 1), (2, 3), (7, 1), (100, 5), (101, 10)])
def test_networks_take_any_shape(n_bins, n_marks):
    generator = HistoneGenerator(n_bins, n_marks, latent_dim=4, n_conditions=2, width=4)
    code = torch.randn(3, generator.code_size)
    signals = generator(code)
    assert signals.shape == (3, n_bins, n_marks)
    assert signals.min() >= 0
    noisy = generator(torch.cat([code, torch.randn(3, generator.noise_size)], dim=1))
    assert noisy.shape == signals.shape
    scores = HistoneCritic(n_bins, n_marks, n_conditions=2, width=4)(signals, code[:, 4:])
    assert scores.shape == (3,)
    codes = HistoneEncoder(n_bins, n_marks, latent_dim=4, sizes=(2, 3), width=4)(signals)
    assert codes.shape == (3, 9)
    np.testing.assert_allclose(codes[:, 4:6].sum(1).detach(), 1, rtol=1e-5)
    np.testing.assert_allclose(codes[:, 6:].sum(1).detach(), 1, rtol=1e-5)


def test_samples_are_signals_of_the_shape_and_class_asked_for(fitted, genes):
    X = fitted.sample(7, y=1, random_state=0)
    assert X.shape == (7, 100, 5)
    assert X.dtype == np.float32
    assert X.min() >= 0
    np.testing.assert_array_equal(X, fitted.sample(7, y=[1] * 7, random_state=0))
    assert np.abs(X - fitted.sample(7, y=0, random_state=0)).max() > 0
    assert np.abs(X - fitted.sample(7, y=1, random_state=1)).max() > 0


def test_signals_of_counts_are_counts(fitted):
    assert fitted.counts_
    signals = fitted.sample(40, random_state=3)
    assert signals.dtype == np.float32
    np.testing.assert_array_equal(signals, np.rint(signals))
    for counts in ("round", "sample"):
        whole = fitted.sample(40, counts=counts, random_state=3)
        assert whole.dtype == np.int64
        np.testing.assert_array_equal(whole, signals)
    # the typical signal of a code is no count, as a mean is none
    given_back = fitted.inverse_transform(fitted.transform(signals))
    assert np.abs(given_back - np.rint(given_back)).max() > 0


def test_other_signals_are_made_counts_on_request(genes):
    generator = SignalGenerator(**TINY, random_state=0).fit(genes[0] / 3, genes[1])
    assert not generator.counts_
    signals = generator.sample(400, random_state=3)
    rounded = generator.sample(400, counts="round", random_state=3)
    drawn = generator.sample(400, counts="sample", random_state=3)
    assert rounded.dtype == drawn.dtype == np.int64
    np.testing.assert_array_equal(rounded, np.rint(signals))
    assert np.abs(drawn - signals).max() < 1.001
    assert abs(drawn.mean() - signals.mean()) < 0.01


def test_rounding_lets_gradients_through():
    generator = HistoneGenerator(4, 2, latent_dim=3, width=4, counts=True)
    code = torch.randn(8, 3 + generator.noise_size, requires_grad=True)
    signals = generator(code)
    assert torch.equal(signals, signals.round())
    (gradient,) = torch.autograd.grad(signals.sum(), code)
    assert gradient.abs().sum() > 0


def test_a_rare_mark_does_not_fill_the_critics_view(genes):
    X = genes[0].copy()
    X[:, :, 2] = 0
    X[3, 50, 2] = 1
    scale = SignalGenerator(**TINY, random_state=0).fit(X).generator_.input.scale.numpy()
    assert 2 * scale[2] == pytest.approx(np.sqrt(np.square(scale).mean()), rel=0.2)


def test_fit_is_reproducible_and_leaves_the_global_generator_alone(genes, fitted):
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    again = SignalGenerator(**TINY, random_state=0).fit(*genes)
    assert torch.equal(torch.random.get_rng_state(), before)
    np.testing.assert_array_equal(
        again.sample(3, random_state=0), fitted.sample(3, random_state=0)
    )
    np.testing.assert_array_equal(again.transform(genes[0]), fitted.transform(genes[0]))


def test_codes_do_not_depend_on_batch_mates_and_survive_a_pickle(fitted, genes):
    X = genes[0]
    Z = fitted.transform(X)
    np.testing.assert_allclose(Z[5:6], fitted.transform(X[5:6]), rtol=0, atol=1e-6)
    copied = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copied.transform(X), Z)
    assert len(pickle.dumps(fitted)) < 500_000  # no training data inside
    assert fitted.inverse_transform(Z).shape == X.shape
    assert fitted.reconstruction_error(X).shape == (len(X),)
    assert list(fitted.get_feature_names_out()[:2]) == ["signalgenerator0", "signalgenerator1"]


def test_history_tells_the_course_of_training(genes):
    generator = SignalGenerator(**{**TINY, "n_steps": 5}, eval_every=2, random_state=0)
    generator.fit(*genes)
    assert [row["step"] for row in generator.history_] == [2, 4, 5]
    assert generator.n_iter_ == 5
    errors = {row["step"]: row["fidelity_error"] for row in generator.history_}
    assert errors[generator.best_step_] == min(errors.values())
    names = {"critic_gap", "gradient_norm", "profile_correlation", "mark_correlation_error"}
    assert all(np.isfinite(row[name]) for row in generator.history_ for name in names)


def test_output_scale_gives_the_share_of_presence_and_its_mean():
    rng = np.random.default_rng(0)
    latent = rng.normal([-1.2, 0.3, 3.0], [0.7, 1.0, 0.2], size=(2000, 50, 3))
    X = np.expm1(np.maximum(latent, 0))
    X = np.concatenate([X, np.zeros((2000, 50, 1))], axis=2)
    rows = np.arange(1, 2000)
    center, scale = critic_scale(X, rows)
    mean, deviation = output_scale(X, rows, center, scale, counts=False)
    np.testing.assert_allclose(mean, [-1.2, 0.3, 3.0, 0], atol=0.02)
    np.testing.assert_allclose(deviation, [0.7, 1.0, 0.2, scale[3]], rtol=0.6)
    np.testing.assert_allclose(deviation[:2], [0.7, 1.0], atol=0.02)


def test_an_untrained_generator_makes_rare_marks_about_as_often(genes):
    levels = np.random.default_rng(0).random(genes[0].shape)
    X = (levels < [0.5, 0.2, 0.05, 0.02, 0.01]).astype(int)
    generator = SignalGenerator(**{**TINY, "n_steps": 1, "width": 8}, random_state=0).fit(X)
    present = generator.sample(300, random_state=0).mean(axis=(0, 1))
    real = X.mean(axis=(0, 1))
    assert (present > 0.3 * real).all()
    assert (present < 3 * real).all()


def test_absent_marks_are_called_back():
    generator = HistoneGenerator(4, 2, latent_dim=3, width=4, counts=True)
    generator.shift -= 50
    code = torch.randn(8, 3, requires_grad=True)
    signals = generator(code)
    assert signals.max() == 0
    up, down = (torch.autograd.grad(sign * generator(code).sum(), code)[0] for sign in (-1, 1))
    assert up.abs().sum() > 0
    assert down.abs().sum() == 0


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


def test_optimizers_and_randomness_survive_pauses_and_pickles(genes):
    X, y = genes
    paused = SignalGenerator(**TINY, eval_every=2, random_state=np.random.RandomState(0))
    paused.partial_fit(X, y)
    moments = paused._training.generator_optimizer.state_dict()["state"][0]
    assert moments["step"] == 2
    paused.partial_fit(X, y)
    assert paused._training.generator_optimizer.state_dict()["state"][0]["step"] == 4
    again = pickle.loads(pickle.dumps(paused)).partial_fit(X, y)
    paused.partial_fit(X, y)
    assert again.n_iter_ == paused.n_iter_ == 6
    np.testing.assert_array_equal(
        again.sample(2, random_state=0), paused.sample(2, random_state=0)
    )


def test_classes_and_their_frequencies_grow_with_partial_fit(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, eval_every=1, random_state=0)
    generator.partial_fit(X[y == 0], y[y == 0], classes=[0, 1])
    assert generator.classes_.tolist() == [0, 1]
    assert generator.sample_codes(50, random_state=0)[:, 6].min() == 1
    generator.partial_fit(X[y == 1], y[y == 1])
    drawn = generator.sample_codes(4000, random_state=0)[:, 7].mean()
    assert drawn == pytest.approx(y.mean(), abs=0.03)


def test_a_flat_profile_is_no_fidelity(genes):
    X = genes[0].astype(float)
    X[:, :, 4] = 1
    exact, collapsed = X.copy(), X.copy()
    collapsed[:] = X.mean(axis=(0, 1))
    assert fidelity_errors(exact, X)["fidelity_error"] == pytest.approx(0, abs=1e-12)
    errors = fidelity_errors(collapsed, X)
    assert errors["profile_correlation"] == 0
    assert errors["fidelity_error"] > 1
    collapsed[0] = np.inf
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(fidelity_errors(collapsed, X)["fidelity_error"])


def test_score_prefers_the_better_generator(genes):
    X, y = genes
    shared = {"width": 8, "latent_dim": 4, "encoder_steps": 1, "lr": 2e-3, "ema_decay": 0.9}
    young, old = (
        SignalGenerator(n_steps=n, eval_every=n, random_state=0, **shared).fit(X, y)
        for n in (2, 150)
    )
    assert old.score(X, y) > young.score(X, y) + 0.5


def test_bins_are_reversed_only_where_both_sides_are_alike(genes):
    X, y = genes
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


def test_the_monitor_looks_at_the_held_out_samples_only(genes):
    X = genes[0]
    marked = X.astype(float) / 2
    training = SignalGenerator(**TINY, random_state=0).fit(marked)._training
    conditions = np.zeros((len(X), 0), dtype=np.float32)
    rows = np.array([3, 5, 8, 13])
    rng = np.random.RandomState(0)
    monitor = FidelityMonitor(marked, conditions, rows, True, training.average, rng)
    row = monitor.compare(training.average, training.critic)
    made = predict_logits(training.average, monitor._codes)
    scores = []
    with torch.no_grad():
        for signals in (marked[rows], made):
            scaled = training.average.input(torch.as_tensor(signals, dtype=torch.float32))
            scores.append(training.critic(scaled, torch.zeros(4, 0)).mean().item())
    assert row["critic_gap_held_out"] == pytest.approx(scores[0] - scores[1], abs=1e-5)
    assert row["sliced_wasserstein"] == pytest.approx(sliced_wasserstein(made, marked[rows]))


def test_a_new_fit_counts_classes_anew(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, warm_start=True, random_state=0).fit(X, y)
    generator.fit(X[y == 1], y[y == 1])
    assert generator.sample_codes(50, random_state=0)[:, 7].min() == 1
    with pytest.raises(ValueError, match="fit a new generator without it"):
        generator.set_params(conditional=False).fit(X, y)


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


def test_missing_labels_are_named(genes, fitted):
    X, y = genes
    for missing in (None, np.nan, ""):
        cell = np.array(["E003"] * len(X), dtype=object)
        cell[7] = missing
        with pytest.raises(ValueError, match="cell is missing for sample 7"):
            SignalGenerator(**TINY).fit(X, y, cell=cell)
    with pytest.raises(ValueError, match="y is missing for sample 0"):
        fitted.sample(2, y=[None, 1])
    with pytest.raises(ValueError, match="n_samples"):
        fitted.sample(True)
    once = SignalGenerator(**TINY, eval_every=1).partial_fit(X, y)
    with pytest.raises(ValueError, match=r"classes=\[0, 2\] is not the same"):
        once.partial_fit(X, y, classes=[0, 2])
    with pytest.raises(ValueError, match="classes was passed without y"):
        once.partial_fit(X, classes=[0, 1])


def test_codes_can_be_drawn(fitted):
    codes = fitted.sample_codes(5, y=1, random_state=0)
    assert codes.shape == (5, 8)
    np.testing.assert_array_equal(codes[:, 6:], [[0, 1]] * 5)
    np.testing.assert_array_equal(codes, fitted.sample_codes(5, y=[1] * 5, random_state=0))


def test_training_stops_when_nothing_improves(genes):
    generator = SignalGenerator(
        **{**TINY, "n_steps": 30}, eval_every=1, n_iter_no_change=1, lr=1e-9, ema_decay=0.0
    )
    generator.set_params(random_state=0).fit(*genes)
    assert generator.n_iter_ < 30
    assert generator.n_iter_ == len(generator.history_)


def test_training_goes_on(genes):
    X, y = genes
    warm = SignalGenerator(**TINY, warm_start=True, random_state=0).fit(X, y)
    first = warm.sample(2, random_state=0)
    critic = warm.critic_.head.weight.clone()
    warm.fit(X, y)
    assert warm.n_iter_ == 6
    assert not torch.equal(warm.critic_.head.weight, critic)
    # a generator that became worse does not take the place of a better one
    warm.set_params(lr=0.05).fit(X, y)
    assert warm.n_iter_ == 9
    assert warm.best_step_ < 9
    np.testing.assert_array_equal(warm.sample(2, random_state=0), first)
    with pytest.raises(ValueError, match="built for"):
        warm.set_params(width=8).fit(X, y)
    steps = SignalGenerator(**TINY, eval_every=2, random_state=0)
    steps.partial_fit(X, y).partial_fit(X[:20], y[:20])
    assert steps.n_iter_ == 4
    with pytest.raises(ValueError, match="y is missing"):
        steps.partial_fit(X)
    with pytest.raises(ValueError, match="not fitted with"):
        steps.partial_fit(X[:2], [0, 7])


def test_cell_types_are_conditions_too(genes):
    X, y = genes
    cell = np.where(np.arange(len(X)) % 3 == 0, "E003", "E123")
    generator = SignalGenerator(**TINY, random_state=0).fit(X, y, cell=cell)
    assert generator.cells_.tolist() == ["E003", "E123"]
    Z = generator.transform(X)
    assert Z.shape == (len(X), 6 + 2 + 2)
    np.testing.assert_allclose(Z[:, 6:8].sum(axis=1), 1, rtol=1e-5)
    a = generator.sample(3, y=1, cell="E003", random_state=0)
    b = generator.sample(3, y=1, cell="E123", random_state=0)
    assert np.abs(a - b).max() > 0
    with pytest.raises(ValueError, match=r"cell contains \['E999'\]"):
        generator.sample(3, cell="E999")


def test_without_classes(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, conditional=False, random_state=0).fit(X, y)
    assert not hasattr(generator, "classes_")
    assert generator.transform(X).shape == (len(X), 6)
    with pytest.raises(ValueError, match="fitted without it"):
        generator.sample(2, y=1)
    assert generator.score(X, y) == generator.score(X) <= 0


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


def test_signals_of_one_mark_keep_two_axes(genes):
    X = genes[0][:, :, 0].astype(float) / 3
    generator = SignalGenerator(**TINY, random_state=0).fit(X)
    assert generator.sample(2, random_state=0).shape == (2, 100)
    assert generator.inverse_transform(generator.transform(X)).shape == X.shape
    assert generator.reconstruction_error(X).shape == (len(X),)


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
    generator.set_params(lr=2e-3, ema_decay=0.9, random_state=0).fit(X, y)
    made = {k: generator.sample(100, y=k, counts="round", random_state=0) for k in (0, 1)}
    peak = made[1][:, 6:10, 0].mean()
    assert 15 < peak < 60
    assert peak > 5 * made[1][:, :4, 0].mean()
    assert peak > 2 * made[0][:, 6:10, 0].mean()
    codes = generator.transform(X)[:, 4:]
    assert (codes.argmax(axis=1) == y).mean() > 0.8
