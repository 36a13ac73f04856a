"""What fitting a network learned, as plain values, and checks of such values from a file."""

import math
from numbers import Integral, Real

import numpy as np
from sklearn.base import is_classifier

# More numbers than any sample has, steps than any training
_MOST_NUMBERS, _MOST_STEPS = 1 << 24, 1 << 40
_SHAPE = ("n_features_in_", "n_bins_in_", "n_marks_in_")
_NAMES = {"feature_names_in_": "n_features_in_", "mark_names_in_": "n_marks_in_"}
_NEEDED = {*_SHAPE, "n_iter_", "best_epoch_", "history_"}
_MAYBE = {*_NAMES, "bin_size_in_", "window_in_", "oriented_in_", "_alike"}
# Set by fit, and made again from the weights
_OF_TRAINING = {"net_", "_net", "_linear", "_module", "_rng", "device_", "_fitted_arguments"}
_OF_TRAINING |= {"_sklearn_output_config", "_metadata_request"}
_OF_CLASSES, _OF_VALUES = {"classes_"}, {"target_mean_", "target_scale_"}


def attributes_of(estimator):
    """Return the attributes to keep, apart from the weights; ValueError names what cannot be."""
    name = type(estimator).__name__
    if callable(estimator.optimizer):
        raise ValueError(
            f"The optimizer of this {name} is code of your own, which a model file cannot keep. "
            "Call set_params(optimizer='adamw') first: predictions stay as they are."
        )
    if estimator.callbacks:
        raise ValueError(
            f"The callbacks of this {name} are code, which a model file cannot keep. Call "
            "set_params(callbacks=None) first: predictions stay as they are."
        )
    if estimator._network_identity() != estimator._fitted_arguments:
        raise ValueError(
            f"Parameters of this {name} were changed after fit: they no longer describe its "
            "network. Fit it again, or set them back."
        )
    found = vars(estimator)
    names = _NEEDED | _MAYBE | _of_target(estimator)
    known = names | _OF_TRAINING | {*estimator.get_params(deep=False)}
    if added := sorted(set(found) - known):
        raise ValueError(
            f"This {name} has the attribute {added[0]}, which fit does not set, and a model file "
            "does not keep. Delete it, or wrap the estimator in one of your own."
        )
    return {name: found[name] for name in sorted(names) if name in found}


def check_attributes(estimator, state):
    """Raise ValueError unless attributes from a file are such as :func:`attributes_of` returns."""
    target = _of_target(estimator)
    missing = (_NEEDED | target) - set(state)
    unknown = set(state) - _NEEDED - _MAYBE - target
    if missing or unknown:
        raise ValueError(
            f"the network lacks {min(missing)}"
            if missing
            else f"the network has an unknown attribute {str(min(unknown, key=str))[:40]!r}"
        )
    for name in _SHAPE:
        _whole(state, name, low=1, high=_MOST_NUMBERS)
    if state["n_bins_in_"] * state["n_marks_in_"] > _MOST_NUMBERS:
        raise ValueError("n_bins_in_ and n_marks_in_ are too large for signals")
    _whole(state, "n_iter_", low=0)
    if state["best_epoch_"] is not None:
        _whole(state, "best_epoch_", low=1, high=len(_history(state)))
    _history(state)
    _check_signals(state)
    if "classes_" in target:
        _check_classes(state["classes_"])
    else:
        if not (_is_number(state["target_mean_"]) and _is_number(state["target_scale_"])):
            raise ValueError("target_mean_ or target_scale_ is no finite number")
        if state["target_scale_"] <= 0:
            raise ValueError("target_scale_ is not positive")


def check_input(weights):
    """Raise ValueError if signals would be divided by something that is not positive."""
    for name in ("input.unit", "input.scale"):
        if name in weights and not (weights[name] > 0).all():
            raise ValueError(f"the weights {name} are not positive")


def check_arrays(weights, shapes):
    """Raise ValueError unless there are finite float32 arrays of given shapes by name."""
    if not isinstance(weights, dict) or set(weights) != set(shapes):
        raise ValueError("the network has other weights than its parameters imply")
    for name, shape in shapes.items():
        given = weights[name]
        if not isinstance(given, np.ndarray) or given.dtype != np.float32:
            raise ValueError(f"the weights {name} are no array of float32")
        if given.shape != shape:
            raise ValueError(
                f"the weights {name} have shape {given.shape}; the parameters imply {shape}"
            )
        if not np.isfinite(given).all():
            raise ValueError(f"the weights {name} are not finite")


def _of_target(estimator):
    return _OF_CLASSES if is_classifier(estimator) else _OF_VALUES


def _check_signals(state):
    for name, size in _NAMES.items():
        if name in state and not _are_names(state[name], state[size]):
            raise ValueError(f"{name} is no array of {state[size]} names")
    if "bin_size_in_" in state:
        _whole(state, "bin_size_in_", low=1)
    if "window_in_" in state:
        window = state["window_in_"]
        ends = isinstance(window, tuple | list) and len(window) == 2
        if not ends or not all(_is_whole(end) and abs(end) < _MOST_STEPS for end in window):
            raise ValueError("window_in_ is no pair of whole numbers")
    for name in ("oriented_in_", "_alike"):
        if name in state and not isinstance(state[name], bool | np.bool):
            raise ValueError(f"{name} is neither true nor false")


def _check_classes(classes):
    array = isinstance(classes, np.ndarray) and classes.ndim == 1
    if not array or classes.dtype.kind not in "biufUO":
        raise ValueError("classes_ is no array of labels")
    if classes.dtype == object and not all(isinstance(label, str) for label in classes):
        raise ValueError("classes_ has labels that are no names")
    if classes.dtype.kind == "f" and not np.isfinite(classes).all():
        raise ValueError("classes_ has labels that are not finite")
    if len(classes) < 2 or not np.array_equal(np.unique(classes), classes):
        raise ValueError("classes_ is not sorted, repeats a class, or has fewer than two")


def _history(state):
    history = state["history_"]
    if not isinstance(history, list) or not all(isinstance(row, dict) for row in history):
        raise ValueError("history_ is no list of rows")
    for row in history:
        plain = all(isinstance(key, str) for key in row)
        if not plain or not all(isinstance(value, Real) for value in row.values()):
            raise ValueError("history_ has entries that are no numbers by name")
        if not {"epoch", "train_loss"} <= set(row):
            raise ValueError("history_ has a row without epoch or train_loss")
    return history


def _are_names(value, size):
    plain = isinstance(value, np.ndarray) and value.shape == (size,) and value.dtype.kind in "UO"
    return plain and all(isinstance(name, str) for name in value)


def _is_whole(value):
    return isinstance(value, Integral) and not isinstance(value, bool | np.bool)


def _is_number(value):
    real = isinstance(value, Real) and not isinstance(value, bool | np.bool)
    return real and math.isfinite(value)


def _whole(state, name, low, high=_MOST_STEPS):
    if not _is_whole(state[name]) or not low <= state[name] <= high:
        raise ValueError(f"{name} is no whole number from {low} to {high}")
