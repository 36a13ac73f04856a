"""Checks of what is selected from data sets and of what is joined."""

import numpy as np

from ..utils import InvalidParameterError, describe, shorten


def as_slice(indices):
    """Return increasing contiguous indices as a slice, so that indexing gives a view."""
    if len(indices) and indices[0] >= 0 and np.all(np.diff(indices) == 1):
        return slice(int(indices[0]), int(indices[-1]) + 1)
    return indices


def as_names(parameter, values):
    """Return names to select as a list of text, from one name or several."""
    try:
        names = [values] if isinstance(values, str) else [str(value) for value in values]
    except TypeError as error:
        fault = f"{parameter} must be a name or a sequence of names, got {values!r}."
        raise ValueError(fault) from error
    if not names:
        raise ValueError(f"{parameter} is empty; pass None for all.")
    return names


def find_marks(wanted, marks):
    """Return the places of marks, as a slice where they are contiguous."""
    wanted = as_names("marks", wanted)
    unknown = [mark for mark in wanted if mark not in marks]
    if unknown:
        raise ValueError(f"No mark {shorten(unknown)}; there are {', '.join(marks)}.")
    return as_slice(np.array([marks.index(mark) for mark in wanted]))


def check_rows(rows, n_samples):
    """Return sample numbers; see ``HistoneDataset.take``."""
    rows = np.asarray(rows)
    if rows.dtype == bool:
        if rows.shape != (n_samples,):
            raise ValueError(f"The mask has shape {rows.shape}, but there are {n_samples}.")
        rows = np.flatnonzero(rows)
    elif rows.size == 0:
        rows = np.empty(0, dtype=np.intp)  # an empty list would come as floats
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise ValueError("rows must be a one-dimensional array of sample numbers or a mask.")
    outside = rows[(rows < -n_samples) | (rows >= n_samples)]
    if len(outside):
        raise IndexError(f"No sample {outside[0]}; there are {n_samples}.")
    return rows


def check_joinable(datasets, kind):
    """Return data sets as a list; refuse those that differ in marks, bins or kind of labels."""
    if isinstance(datasets, kind) or not np.iterable(datasets):
        raise InvalidParameterError(
            f"datasets must be a sequence of {kind.__name__}, got {describe(datasets)}. Pass a "
            "list: concat([first, second])."
        )
    datasets = list(datasets)
    for number, dataset in enumerate(datasets):
        check_dataset(dataset, kind, f"datasets[{number}]")
    if not datasets:
        raise ValueError("Nothing to join: give at least one data set.")
    first = datasets[0]
    for number, other in enumerate(datasets[1:], start=1):
        if sorted(other.marks) != sorted(first.marks):
            raise ValueError(
                f"Data set {number} has marks {', '.join(other.marks)}, but the first has "
                f"{', '.join(first.marks)}. Select the common ones with select(marks=...)."
            )
        for what in ("n_bins", "bin_size", "window"):
            found, expected = getattr(other, what), getattr(first, what)
            if found != expected:
                raise ValueError(
                    f"Data set {number} has {what} {found}, but the first has {expected}."
                )
    labels = [dataset.y for dataset in datasets]
    if all(y is not None for y in labels) and len({y.dtype.kind in "US" for y in labels}) > 1:
        raise ValueError("Some data sets have labels of text and others have not.")
    return datasets


def check_dataset(dataset, kind, name="dataset"):
    """Raise InvalidParameterError naming the parameter that is no data set."""
    if not isinstance(dataset, kind):
        raise InvalidParameterError(
            f"{name} must be a {kind.__name__}, got {describe(dataset)}. Make one of arrays with "
            f"{kind.__name__}(X, y, cell=..., gene=...), or read one with load_data(path)."
        )
