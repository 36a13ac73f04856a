"""Validation of signals and class maps, and of the mark names that come with them."""

import numpy as np
from sklearn.pipeline import Pipeline

from ..utils import check_signal_array
from ._class_map_results import ClassMaps


def signals_and_marks(values, name, *, dtype=np.float64, min_samples=2, n_axes=(3,)):
    """Return signals, finite and not negative, and the names of their marks, None without.

    ``values`` are ClassMaps, or signals and parameters as for ``utils.check_signal_array``.
    """
    maps = values if isinstance(values, ClassMaps) else None
    signals, marks = check_signal_array(
        values if maps is None else maps.signals,
        name,
        dtype=dtype,
        min_samples=min_samples,
        n_axes=n_axes,
    )
    return signals, marks if maps is None else maps.marks


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


def fitted_marks(estimator):
    """Return the names of the marks that an estimator was fitted with, or None."""
    if hasattr(estimator, "best_estimator_"):
        return fitted_marks(estimator.best_estimator_)
    if isinstance(estimator, Pipeline):
        return fitted_marks(estimator[0])
    names = getattr(estimator, "mark_names_in_", None)
    return None if names is None else [str(name) for name in names]


def as_floats(values):
    """Return an array of floats, NaN for what is none; the caller states what is needed."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)
