"""Evaluation of a generator in training, and early stopping."""

import numpy as np
import pytest
import torch

from histoexpr import SignalGenerator
from histoexpr._training import predict_logits
from histoexpr.generation._fidelity import sliced_wasserstein
from histoexpr.generation._monitor import FidelityMonitor
from histoexpr.generation._units import pseudocounts
from support.generators import TINY


def test_history_has_the_course_of_training(genes):
    generator = SignalGenerator(**{**TINY, "n_steps": 5}, eval_every=2, random_state=0)
    generator.fit(*genes)
    assert [row["step"] for row in generator.history_] == [2, 4, 5]
    assert generator.n_iter_ == 5
    errors = {row["step"]: row["fidelity_error"] for row in generator.history_}
    assert errors[generator.best_step_] == min(errors.values())
    names = {"critic_gap", "gradient_norm", "profile_correlation", "mark_correlation_error"}
    assert all(np.isfinite(row[name]) for row in generator.history_ for name in names)


def test_the_monitor_looks_at_the_held_out_samples_only(genes):
    X = genes[0]
    marked = X.astype(float) / 2
    training = SignalGenerator(**TINY, random_state=0).fit(marked)._training
    conditions = np.zeros((len(X), 0), dtype=np.float32)
    rows = np.array([3, 5, 8, 13])
    rng = np.random.RandomState(0)
    monitor = FidelityMonitor(marked, conditions, rows, training.average, rng)
    row = monitor.compare(training.average, training.critic)
    made = predict_logits(training.average, monitor._codes)
    scores = []
    with torch.no_grad():
        for signals in (marked[rows], made):
            scaled = training.average.input(torch.as_tensor(signals, dtype=torch.float32))
            scores.append(training.critic(scaled, torch.zeros(4, 0)).mean().item())
    assert row["critic_gap_held_out"] == pytest.approx(scores[0] - scores[1], abs=1e-5)
    unit = pseudocounts(marked[rows])
    expected = sliced_wasserstein(made / unit, marked[rows] / unit)
    assert row["sliced_wasserstein"] == pytest.approx(expected)


def test_training_stops_when_nothing_improves(genes):
    generator = SignalGenerator(
        **{**TINY, "n_steps": 30}, eval_every=1, n_iter_no_change=1, lr=1e-9, ema_decay=0.0
    )
    generator.set_params(random_state=0).fit(*genes)
    assert generator.n_iter_ < 30
    assert generator.n_iter_ == len(generator.history_)
