"""Evaluation of a generator in training: fidelity, the best state, early stopping."""

import copy

import numpy as np
import torch

from .._training import predict_logits
from ..utils import progress_bar
from ._fidelity import fidelity_errors

# Real samples compared at every evaluation
_N_COMPARED = 1000


class FidelityMonitor:
    """Compares generated with real signals and keeps the best generator.

    ``X`` is (n_samples, n_bins, n_marks), possibly a memory map, ``conditions`` has the one-hot
    conditions of its samples. The samples compared with are the rows ``held_out``, on which the
    critic's gap is reported, or if that is None any; of many, some are drawn. What is generated
    comes from the same codes every time. The attribute ``best_state_`` has the weights of the
    best generator, ``best_step_`` its step, and ``n_stale_`` is the number of evaluations since.
    """

    def __init__(self, X, conditions, held_out, generator, rng):
        rows = np.arange(len(X)) if held_out is None else held_out
        rows = np.sort(rng.permutation(rows)[:_N_COMPARED])
        self._has_held_out = held_out is not None
        self._real = np.asarray(X[rows], dtype=np.float32)
        self._conditions = conditions[rows]
        latent = rng.standard_normal((len(rows), generator.latent_dim))
        codes = np.concatenate([latent, self._conditions], axis=1)
        self._codes = generator.with_noise(codes, rng)
        self.best_state_, self.best_step_, self.n_stale_ = None, None, 0
        self._lowest = np.inf

    def compare(self, generator, critic=None):
        """Return the fidelity of a generator; the critic scores held-out samples, if any."""
        made = predict_logits(generator, self._codes)
        row = fidelity_errors(made, self._real)
        if self._has_held_out and critic is not None:
            conditions = torch.as_tensor(self._conditions, device=critic.head.weight.device)
            with torch.inference_mode():
                scaled = [generator.input(conditions.new_tensor(X)) for X in (self._real, made)]
                real, generated = (critic(X, conditions).mean().item() for X in scaled)
            row["critic_gap_held_out"] = real - generated
        return row

    def record(self, step, row, generator):
        """Take note of an evaluation, and of the generator if it is the best so far."""
        self.n_stale_ += 1
        if row["fidelity_error"] < self._lowest:
            self._lowest, self.best_step_, self.n_stale_ = row["fidelity_error"], step, 0
            self.best_state_ = copy.deepcopy(generator.state_dict())


def train_generator(training, source, plan, monitor, n_steps):
    """Train for ``n_steps`` or until nothing improves; return a dict for each evaluation."""
    history, done = [], 0
    shown = {"desc": "generator", "unit": "step", "show": plan.verbose}
    with progress_bar(total=n_steps, **shown) as bar:
        while done < n_steps:
            size = min(plan.eval_every, n_steps - done)
            done += size
            step = training.n_steps_ + size
            row = {"step": step} | training.run(size, source, plan, bar.update)
            row |= monitor.compare(training.average, training.critic)
            if not np.isfinite([row["critic_gap"], row["fidelity_error"]]).all():
                raise FloatingPointError(
                    f"Training diverged before step {row['step']}: the critic's gap is "
                    f"{row['critic_gap']}. Lower lr, raise gradient_penalty, or scale down "
                    "signals that are huge."
                )
            history.append(row)
            monitor.record(row["step"], row, training.average)
            bar.set_postfix_str(f"fidelity error {row['fidelity_error']:.3f}")
            if plan.n_iter_no_change is not None and monitor.n_stale_ >= plan.n_iter_no_change:
                break
    return history
