"""Checks and messages shared by all rooms."""

import numpy as np


def check_X(X):
    """Return signals as an array of three axes, counts in the smallest unsigned type."""
    X = X if isinstance(X, np.ndarray) else np.asarray(X)
    if X.ndim != 3:
        raise ValueError(
            f"X has shape {X.shape}; expected three axes (n_samples, n_bins, n_marks)."
        )
    if 0 in X.shape[1:]:
        raise ValueError(f"X has shape {X.shape}; it needs at least one bin and one mark.")
    if X.dtype == bool:
        return X.view(np.uint8)
    if X.dtype.kind == "f":
        return X
    if X.dtype.kind not in "iu":
        raise ValueError(f"X has dtype {X.dtype}; expected integer counts or floats.")
    if not is_memmap(X):
        return shrink_counts(X)
    if X.dtype.kind == "i" and X.size and X.min() < 0:
        raise ValueError("X holds negative counts. Signals that can be negative must be floats.")
    return X


def shrink_counts(X):
    """Return integer counts in the smallest unsigned type that holds them.

    Parameters
    ----------
    X : ndarray of integers

    Returns
    -------
    ndarray
        ``X`` itself if its type is right already.

    Raises
    ------
    ValueError
        If a count is negative.
    """
    if X.dtype == np.uint8 or X.size == 0:
        return X
    if X.dtype.kind == "i" and X.min() < 0:
        raise ValueError("X holds negative counts. Signals that can be negative must be floats.")
    return X.astype(np.min_scalar_type(X.max()), copy=False)


def check_marks(marks, n_marks):
    """Return one distinct name per mark, ``mark1`` ... by default."""
    if marks is None:
        return [f"mark{number}" for number in range(1, n_marks + 1)]
    marks = [str(mark) for mark in ([marks] if isinstance(marks, str) else marks)]
    if len(marks) != n_marks:
        raise ValueError(f"{len(marks)} mark names ({', '.join(marks)}) for {n_marks} marks in X.")
    if len(set(marks)) != n_marks:
        raise ValueError(f"Mark names are not distinct: {', '.join(marks)}.")
    return marks


def check_positive_int(name, value):
    """Return a positive integer, or name the parameter that is none."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value!r}.")
    return int(value)


def check_window(window, n_bins, bin_size):
    """Return (start, stop) in bp around the TSS, checked against the bins; default centred."""
    bin_size = check_positive_int("bin_size", bin_size)
    if window is None:
        start = -(n_bins // 2) * bin_size
        return start, start + n_bins * bin_size
    try:
        start, stop = window
        start - stop  # numbers, not text
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"window must be (start, stop) in bp around the TSS, got {window!r}."
        ) from error
    if start != int(start) or stop != int(stop):
        raise ValueError(f"window ({start}, {stop}) must be in whole bp.")
    start, stop = int(start), int(stop)
    if stop - start != n_bins * bin_size:
        raise ValueError(
            f"window ({start}, {stop}) spans {stop - start} bp, but {n_bins} bins of {bin_size} "
            f"bp span {n_bins * bin_size}."
        )
    return start, stop


def bins_between(region, n_bins, *, window=None, bin_size=100, name="region"):
    """Return the bins of a region as a slice.

    Parameters
    ----------
    region : tuple of two int
        First and last (exclusive) position in bp relative to the TSS.
    n_bins : int
        Number of bins.
    window : tuple of two int, optional
        What the bins cover; default centred on the TSS.
    bin_size : int, default=100
        Width of a bin in bp.
    name : str
        What to call the region in messages.

    Returns
    -------
    slice

    Raises
    ------
    ValueError
        If the region is no pair, is empty, leaves the bins or cuts through one.
    """
    start, stop = check_window(window, n_bins, bin_size)
    try:
        first, last = region
        inside = start <= first < last <= stop
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} must be (first, last) in bp around the TSS, got {region!r}."
        ) from error
    if not inside:
        raise ValueError(
            f"{name} ({first}, {last}) must go upwards and lie within the signals, which cover "
            f"({start}, {stop}) bp around the TSS at {bin_size} bp per bin. If they cover "
            "something else, pass their window or bin size."
        )
    borders = (first - start) / bin_size, (last - start) / bin_size
    if any(border != int(border) for border in borders):
        near = [start + round(border) * bin_size for border in borders]
        raise ValueError(
            f"{name} ({first}, {last}) cuts through a bin; the nearest borders of bins of "
            f"{bin_size} bp are {near[0]} and {near[1]}."
        )
    return slice(int(borders[0]), int(borders[1]))


def is_memmap(X):
    """Whether an array is a memory map or a view of one."""
    while X is not None:
        if isinstance(X, np.memmap):
            return True
        X = getattr(X, "base", None)
    return False


def shorten(values, limit=6):
    """Return values as text for a message, the first few if there are many."""
    values = [str(value) for value in values]
    if len(values) <= limit:
        return ", ".join(values)
    return f"{', '.join(values[:limit])} ... ({len(values)} in all)"


def is_missing(value):
    """Whether a value stands for nothing: None, NaN, NA or empty text."""
    if isinstance(value, str):
        return value == ""
    try:
        return value is None or bool(value != value)  # NaN
    except (TypeError, ValueError):  # pandas.NA, or an array, which is refused later
        return not hasattr(value, "__len__")
