"""Validation of signals and class maps, and of the mark names that come with them."""

import numpy as np
from sklearn.utils.validation import check_array, check_non_negative

from ..utils import flatten_signals_frame, is_signals_frame
from ._class_map_results import ClassMaps


def signals_and_marks(values, name, *, dtype=np.float64, min_samples=2, n_axes=(3,)):
    """Return signals, none of them negative, and the names of their marks or None.

    ``values`` are ClassMaps, a DataFrame with ``mark:bin`` columns or an array of shape
    (n_samples, n_bins, n_marks), which messages call ``name``. The dtype "numeric" keeps
    numbers as they are; ``n_axes`` are the numbers of axes that are allowed.
    """
    marks = None
    if isinstance(values, ClassMaps):
        values, marks = values.signals, values.marks
    elif is_signals_frame(values):
        values, marks = flatten_signals_frame(values)
    # check_X of utils accepts the negative and infinite floats that a data set may hold
    params = {"allow_nd": True, "ensure_2d": False, "ensure_min_samples": 0, "input_name": name}
    values = check_array(values, dtype=dtype, **params)
    if values.ndim not in n_axes or len(values) < min_samples:
        raise ValueError(
            f"{name} must have shape (n_samples, n_bins, n_marks) with at least {min_samples} "
            f"samples, got {values.shape}."
        )
    check_non_negative(values, name)
    return values, marks


def common_marks(sources):
    """Return the mark names that all sources share, a dict of names or None by source.

    None if no source has names.
    """
    known = {source: marks for source, marks in sources.items() if marks is not None}
    first = next(iter(known), None)
    for source, marks in known.items():
        if marks != known[first]:
            raise ValueError(
                f"{first} has the marks {known[first]}, but {source} has {marks}. Give all of "
                "them the same marks in the same order."
            )
    return known.get(first)


def as_floats(values):
    """Return an array of floats, NaN for what is none; the caller states what is needed."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)
