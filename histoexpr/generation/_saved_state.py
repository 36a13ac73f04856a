"""A fitted generator as arrays, and back: for files of models."""

import copy

import numpy as np

from .._training import isolated_torch_rng, network_with, weights_of
from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ._adversarial import AdversarialTraining
from ._conditions import Conditions

_NETWORKS = ("generator_", "encoder_", "critic_")
_SHAPE = ("n_features_in_", "n_bins_in_", "n_marks_in_")
_FLAGS = ("counts_", "random_flip_", "_flat_in")
_STEPS = ("n_iter_", "best_step_")
_NEEDED = {*_SHAPE, *_FLAGS, *_STEPS, "history_", "conditions", *_NETWORKS}
_MAYBE = {"mark_names_in_", "feature_names_in_", "bin_size_in_", "window_in_", "oriented_in_"}
_MAYBE |= {"_split_seed"}


def state_of(estimator):
    """Return the attributes of a fitted generator, with networks as dicts of arrays."""
    found = vars(estimator)
    state = {name: found[name] for name in [*_NEEDED, *_MAYBE] if name in found}
    state |= {name: weights_of(found[name]) for name in _NETWORKS}
    conditions = found["_conditions"]
    parts = {name: getattr(conditions, name) for name in ("values", "combinations", "counts")}
    return state | {"conditions": parts}


def restore(estimator, state):
    """Give an estimator the attributes that :func:`state_of` returned; it can be trained further.

    The networks are those that were kept, with new optimizers. ValueError if anything does not
    fit.
    """
    _check(state)
    conditions = _conditions(state["conditions"])
    bins, marks = state["n_bins_in_"], state["n_marks_in_"]
    shared = {"latent_dim": estimator.latent_dim, "width": estimator.width}
    sizes, n_conditions = conditions.sizes, sum(conditions.sizes)
    grain = _kind_of_grain(state["generator_"])
    builds = {
        "generator_": lambda: HistoneGenerator(
            bins, marks, n_conditions=n_conditions, grain=grain, **shared
        ),
        "encoder_": lambda: HistoneEncoder(bins, marks, sizes=sizes, **shared),
        "critic_": lambda: HistoneCritic(
            bins, marks, n_conditions=n_conditions, width=estimator.width
        ),
    }
    with isolated_torch_rng(0, "cpu"):
        made = {
            name: network_with(lambda build=build: build().float(), state[name])
            for name, build in builds.items()
        }
    training = AdversarialTraining(copy.deepcopy(made["generator_"]), made["critic_"])
    training.n_steps_ = state["n_iter_"]
    for name, value in state.items():
        if name not in (*_NETWORKS, "conditions"):
            setattr(estimator, name, value)
    estimator._conditions, estimator._training = conditions, training
    for name, attribute in (("y", "classes_"), ("cell", "cells_")):
        if name in conditions.values:
            setattr(estimator, attribute, conditions.values[name])
    estimator.critic_ = training.critic
    estimator.generator_, estimator.encoder_ = made["generator_"].eval(), made["encoder_"].eval()
    estimator.device_, estimator._rng = "cpu", None


def _check(state):
    missing, unknown = _NEEDED - set(state), set(state) - _NEEDED - _MAYBE
    if missing or unknown:
        raise ValueError(f"the generator lacks or has the unknown {min(missing | unknown)[:40]}")
    for name in (*_SHAPE, *_STEPS):
        if type(state[name]) is not int or not 0 <= state[name] < 1 << 32:
            raise ValueError(f"{name} is {str(state[name])[:40]}; expected a whole number")
    for name in _FLAGS:
        if not isinstance(state[name], bool | np.bool):
            raise ValueError(f"{name} is {str(state[name])[:40]}; expected true or false")
    if min(state[name] for name in _SHAPE) < 1:
        raise ValueError("the generator has no bins or no marks")
    if not isinstance(state["history_"], list):
        raise ValueError("history_ is no list")
    names = state.get("mark_names_in_")
    if names is not None and np.shape(names) != (state["n_marks_in_"],):
        raise ValueError("the generator has another number of marks than their names")


def _kind_of_grain(weights):
    """Return what the network of a generator draws, from its arrays."""
    if not isinstance(weights, dict) or "grain.quantum" not in weights:
        return None
    read = weights.get("grain.read")
    has_reads = isinstance(read, np.ndarray) and read.dtype.kind == "f" and (read > 0).any()
    return "reads" if has_reads else "counts"


def _conditions(parts):
    """Return conditions, after a check that codes, counts and values fit together."""
    if not isinstance(parts, dict) or set(parts) != {"values", "combinations", "counts"}:
        raise ValueError("the conditions are malformed")
    values, rows, counts = parts["values"], parts["combinations"], parts["counts"]
    if not isinstance(values, dict) or not set(values) <= {"y", "cell"}:
        raise ValueError("the conditions are malformed")
    for name, known in values.items():
        sorted_once = isinstance(known, np.ndarray) and known.ndim == 1 and len(known)
        if not sorted_once or not np.array_equal(np.unique(known), known):
            raise ValueError(f"the values of the condition {name} are not sorted and distinct")
    made = Conditions(values)
    arrays = isinstance(rows, np.ndarray) and isinstance(counts, np.ndarray)
    if not arrays or rows.shape != (len(counts), sum(made.sizes)) or counts.ndim != 1:
        raise ValueError("the conditions have another shape than their values imply")
    one_hot = rows.dtype == np.float32 and np.isin(rows, (0, 1)).all()
    if not one_hot or not (rows.sum(axis=1) == len(values)).all():
        raise ValueError("the conditions are no one-hot codes")
    if counts.dtype != np.float64 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("the counts of the conditions are malformed")
    made.combinations, made.counts = rows, counts
    return made
