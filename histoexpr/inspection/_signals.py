"""Validation of signals and class maps, and of the mark names that come with them."""

import numpy as np
from sklearn.pipeline import Pipeline

from ..utils import (
    ORIENTATIONS,
    SignalSource,
    are_numbers,
    check_signal_array,
    find_order,
    is_dataset,
    known_names,
    one_value,
    take_marks,
)
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

    None if no source has names; marks that are only numbered have none.
    """
    known = {source: marks for source, marks in sources.items() if marks is not None}
    first = next((s for s, marks in known.items() if not are_numbers(marks)), None)
    if first is None:
        return next(iter(known.values()), None)
    for source, marks in known.items():
        if marks != known[first] and not are_numbers(marks):
            raise ValueError(
                f"{first} has the marks {known[first]}, but {source} has {marks}. Give all of "
                "them the same marks in the same order."
            )
    return known[first]


def align_marks(signals, marks, expected, name, said):
    """Return signals with their marks in an expected order, as for ``utils.take_marks``."""
    source = SignalSource(signals, signals.ndim, marks=marks, name=name)
    return take_marks(signals, expected, source, said)


def marks_for(classifier, marks, name):
    """Return a function that puts the marks of signals in the order that a classifier takes.

    ``marks`` are the names of those of the signals, None if unknown; ``name`` is what messages
    call the signals. The function takes arrays and tensors.
    """
    order = None if marks is None else find_order(fitted_marks(classifier), marks)
    if order is None and marks is not None:
        expected = ", ".join(fitted_marks(classifier))
        raise ValueError(
            f"{name} has the marks {', '.join(marks)}, but the classifier was fitted with "
            f"{expected}. Give both the same marks, for example with data.select(marks=[...])."
        )
    if order is None or order == list(range(len(order))):
        return lambda signals: signals
    return lambda signals: signals[..., order]


def fitted_marks(estimator):
    """Return the names of the marks that an estimator was fitted with, or None."""
    return known_names(_fitted(estimator, "mark_names_in_"))


def fitted_bins(estimator):
    """Return the number of bins that an estimator was fitted with, or None."""
    return _fitted(estimator, "n_bins_in_")


def _fitted(estimator, attribute):
    """Return what an estimator learned of the X of ``fit``, None if it is unknown.

    Of a Pipeline its first step counts, of a search or a meta-estimator what it was fitted with.
    """
    if isinstance(estimator, Pipeline):
        return _fitted(estimator[0], attribute)
    if hasattr(estimator, attribute):
        return getattr(estimator, attribute)
    for inner in ("best_estimator_", "estimator_", "estimators_", "calibrated_classifiers_"):
        found = getattr(estimator, inner, None)
        if isinstance(found, list | tuple | np.ndarray):
            found = found[0] if len(found) else None
        if found is not None:
            return _fitted(found, attribute)
    if hasattr(estimator, "calibrators"):  # one of calibrated_classifiers_
        return _fitted(estimator.estimator, attribute)
    return None


def what_is_covered(sources):
    """Return window and bin size that data sets, maps and fitted estimators share, or None, None.

    Other sources do not count; those that differ are refused.
    """
    found = {}
    for source in sources:
        if isinstance(source, ClassMaps) or is_dataset(source):
            pair = source.window, source.bin_size
        else:
            pair = _fitted(source, "window_in_"), _fitted(source, "bin_size_in_")
        if None not in pair:
            found.setdefault((tuple(pair[0]), pair[1]), type(source).__name__)
    if len(found) > 1:
        raise ValueError(
            "The signals cover different parts of the genome: "
            + " and ".join(f"{name} {w} bp, bins of {b} bp" for (w, b), name in found.items())
            + ". Build and fit all with the same window and bin size."
        )
    return next(iter(found), (None, None))


def common_orientation(sources):
    """Return whether bins of data sets, maps and fitted estimators run along transcription.

    None where none of them knows; those that are known to differ are refused.
    """
    found = {}
    for source in sources:
        if isinstance(source, ClassMaps) or is_dataset(source):
            oriented = getattr(source, "oriented", None)
        else:
            oriented = _fitted(source, "oriented_in_")
        if oriented is not None:
            found.setdefault(oriented, type(source).__name__)
    if len(found) > 1:
        sides = " and ".join(f"{name} has {ORIENTATIONS[o]}" for o, name in found.items())
        raise ValueError(
            f"The bins of the signals run in different directions: {sides}. Turn a data set with "
            "data.orient(), or fit all on the same orientation."
        )
    return next(iter(found), None)


def common_window(sources, window, bin_size):
    """Return window and bin size: those given, else those that are covered, else None and 100."""
    covered = what_is_covered(sources)
    window = one_value("window", window, covered[0])
    return window, one_value("bin_size", bin_size, covered[1], 100)


def as_floats(values):
    """Return an array of floats, NaN for what is none; the caller states what is needed."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)
