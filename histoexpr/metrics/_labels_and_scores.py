"""Checks of labels of two classes, of probabilities and of scores."""

import numpy as np

from ..utils import refuse_masked


def as_binary(y, name="y_true"):
    """Return labels as a Boolean array: True for the class 1, True, or the one sorted last.

    Labels have one or two axes, and one or two classes over all columns. A single class that is
    neither 0 nor 1 is refused: it could be the negative or the positive one.
    """
    y = _as_array(y, name)
    if y.dtype == bool:
        return y
    if y.dtype.kind in "iuf":
        positive = y == 1
        if np.all(positive | (y == 0)):
            return positive
        if np.isnan(y).any():
            raise ValueError(f"{name} contains NaN: leave samples without a label out.")
    try:
        classes = np.unique(y)
    except TypeError as error:
        raise ValueError(f"{name} mixes types or lacks labels: {error}.") from error
    if len(classes) != 2:
        shown = ", ".join(map(repr, classes[:5].tolist())) + (" ..." if len(classes) > 5 else "")
        raise ValueError(
            f"{name} has {len(classes)} class(es) ({shown}); expected the labels 0 and 1, or "
            "two others of which the last in sorting order is the positive class."
        )
    return y == classes[1]


def binary_column(y, name="y_true"):
    """Return labels of one dimension, of at least one sample, as :func:`as_binary` does."""
    y = as_binary(y, name)
    if y.ndim != 1:
        raise ValueError(f"{name} has shape {y.shape}; expected one dimension.")
    if len(y) == 0:
        raise ValueError(f"{name} has no samples.")
    return y


def as_probability(proba, n_samples, name="y_proba"):
    """Return the probability of the positive class as float64, of shape (n_samples,).

    ``proba`` has this shape, or (n_samples, 2) as ``predict_proba`` returns it.
    """
    proba = as_float64(proba, name)
    if proba.shape not in ((n_samples,), (n_samples, 2)):
        raise ValueError(
            f"{name} has shape {proba.shape}; expected ({n_samples},), or ({n_samples}, 2) as "
            "predict_proba returns it."
        )
    # the comparison is false for NaN, too
    if not np.all((proba >= 0) & (proba <= 1)):
        raise ValueError(
            f"{name} has values that are not between 0 and 1. Scores that are no "
            "probabilities can be ranked: see auroc, and binary_scores(probabilities=False)."
        )
    if proba.ndim == 1:
        return proba
    if not np.allclose(proba.sum(axis=1), 1, atol=1e-5):
        raise ValueError(f"The two columns of {name} do not sum to 1.")
    return proba[:, 1]


def _as_array(values, name):
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different length.") from error
    if array.ndim not in (1, 2):
        raise ValueError(f"{name} has shape {array.shape}; expected one or two dimensions.")
    return array


def as_float64(values, name):
    """Return an array of float64; raise ValueError naming what holds no numbers or masks some."""
    refuse_masked(values, name)
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers: {error}.") from error


def as_scores(y_score):
    """Return scores as an array of real numbers without NaN, of one or two dimensions."""
    y_score = _as_array(y_score, "y_score")
    if y_score.dtype.kind == "b":
        return y_score.view(np.uint8)
    if y_score.dtype.kind == "O":
        y_score = as_float64(y_score, "y_score")
    if y_score.dtype.kind not in "iuf":
        raise ValueError(f"y_score has dtype {y_score.dtype}; expected numbers.")
    if y_score.dtype.kind == "f" and np.isnan(y_score).any():
        column = np.argwhere(np.isnan(y_score))[0][1:]
        where = f", the first in column {column[0]}" if len(column) else ""
        raise ValueError(f"y_score contains NaN{where}: samples without a score have no rank.")
    return y_score
