"""Checks of what is to be evaluated, before anything is fitted."""

import math
from numbers import Integral, Real

import numpy as np

from ..utils import shorten


def check_models(models, dataset, reserved):
    """Raise ValueError unless there are named models and a data set to evaluate them on."""
    if not isinstance(models, dict) or not models:
        raise ValueError("models must be a dict of estimators by name.")
    taken = [name for name in reserved if name in models]
    if taken:
        raise ValueError(f"A model cannot be called {taken[0]!r}: that is a baseline.")
    if not hasattr(dataset, "return_X_y"):
        raise ValueError(f"dataset must be a HistoneDataset, got {type(dataset).__name__}.")
    if "mean" in dataset.cells:
        raise ValueError("A cell type cannot be called 'mean': that names the mean over cells.")


def check_training_sets(y, splits, labels):
    """Raise ValueError, naming cell and fold, if a training set has one class only."""
    checked = set()
    for (train, _), label in zip(splits, labels, strict=True):
        key = label["train_cells"], label["fold"]
        if key not in checked and len(np.unique(y[train])) < 2:
            raise ValueError(
                f"The training genes of cell {shorten(label['train_cells'])} (gene fold "
                f"{label['fold']}) are all of one class. Leave the cell out, or divide the genes "
                "differently."
            )
        checked.add(key)


def check_sizes(label, name, value):
    """Return one size or several, "all" among them, as a tuple; ValueError for what is none."""
    if value is None:
        return ()
    values = [value] if isinstance(value, str | Integral) else list(value)
    for size in values:
        if size != "all":
            check_positive(label, name, size)
    return tuple(values)


def check_positive(label, name, value):
    """Raise ValueError unless a parameter is a positive integer."""
    if not is_integer(value) or value < 1:
        raise ValueError(f"{label}: {name} must be a positive integer, got {value!r}.")


def as_tuple(value, single):
    """Return a list as a tuple, a single value as a tuple of one, anything else as empty."""
    if isinstance(value, single):
        return (value,)
    return tuple(value) if isinstance(value, list | tuple) else ()


def is_number(value):
    """Return whether a value is a finite number, and no truth value."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def is_integer(value):
    """Return whether a value is an integer, and no truth value."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_choice(label, name, value, allowed):
    """Raise ValueError unless a parameter is one of some values."""
    if value not in allowed:
        raise ValueError(f"{label}: {name} must be one of {', '.join(allowed)}, got {value!r}.")
