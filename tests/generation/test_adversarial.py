"""Adversarial training."""

import pickle

import numpy as np
import torch

from histoexpr import SignalGenerator
from histoexpr._training import SignalDataset
from histoexpr.generation._adversarial import AdversarialTraining, GanPlan, SignalSource
from histoexpr.generation._networks import build_networks
from support.generators import TINY


def source_of(genes, training):
    X, y = genes
    conditions = torch.eye(2)
    scale = training.average.input
    return SignalSource(SignalDataset(X, y), conditions, scale, 16, np.random.RandomState(0))


def plan_of(**changes):
    settings = {"lr": 1e-3, "n_critic": 2, "gradient_penalty": 10.0, "ema_decay": 0.9}
    settings |= {"eval_every": 1, "n_iter_no_change": None, "verbose": 0}
    return GanPlan(**settings | changes)


def training_of(genes):
    X, _ = genes
    combinations = np.eye(2, dtype=np.float32)
    shared = {"latent_dim": 5, "width": 4, "device": "cpu"}
    return build_networks(X, None, combinations, (2,), **shared)[0]


def test_batches_are_scaled_and_keep_their_conditions(genes):
    X, y = genes
    with torch.random.fork_rng():
        source = source_of(genes, training_of(genes))
    signals, conditions = source.draw()
    rows = np.random.RandomState(0).randint(len(X), size=16)
    np.testing.assert_array_equal(conditions.argmax(dim=1), y[rows])
    expected = source.scale(torch.as_tensor(X[rows])).numpy()
    np.testing.assert_allclose(signals, expected, rtol=1e-6)


def test_the_critic_learns_and_the_average_lags(genes):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        training = training_of(genes)
        assert isinstance(training, AdversarialTraining)
        before = training.generator.first.weight.clone()
        found = training.run(30, source_of(genes, training), plan_of(n_critic=4, lr=1e-2))
    assert found["critic_gap"] > 0
    assert training.n_steps_ == 30
    average, after = training.average.first.weight, training.generator.first.weight
    assert 0 < (average - before).norm() < (after - before).norm()
    assert training.generator.first.weight.grad is None


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
