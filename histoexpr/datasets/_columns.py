"""What a data set accepts as signals, columns and names."""

import numpy as np

# Optional per-sample columns: name -> kind of value
COLUMNS = {
    "y": "label",
    "cell": "text",
    "gene": "text",
    "chrom": "text",
    "tss": "integer",
    "strand": "text",
    "expression": "real",
    "split": "text",
}


def check_X(X):
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
    return X if is_memmap(X) else shrink_counts(X)


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


def check_column(name, values, n_samples):
    if values is None:
        return None
    values = np.asarray(values)
    if values.shape != (n_samples,):
        raise ValueError(
            f"{name} has shape {values.shape}, but X has {n_samples} samples: "
            "give one value per sample, in the same order."
        )
    kind = COLUMNS[name]
    if kind == "text":
        return values if values.dtype.kind == "U" else values.astype(str)
    if kind == "label":
        return values.astype(str) if values.dtype.kind == "O" else values
    if kind == "integer":
        if values.dtype.kind not in "iu":
            raise ValueError(f"{name} has dtype {values.dtype}; expected integers (bp).")
        return values.astype(np.int64, copy=False)
    return values.astype(np.float64, copy=False)


def check_marks(marks, n_marks):
    if marks is None:
        return [f"mark{number}" for number in range(1, n_marks + 1)]
    marks = [str(mark) for mark in ([marks] if isinstance(marks, str) else marks)]
    if len(marks) != n_marks:
        raise ValueError(f"{len(marks)} mark names ({', '.join(marks)}) for {n_marks} marks in X.")
    if len(set(marks)) != n_marks:
        raise ValueError(f"Mark names are not distinct: {', '.join(marks)}.")
    return marks


def check_positive_int(name, value):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value!r}.")
    return int(value)


def check_window(window, n_bins, bin_size):
    if window is None:
        start = -(n_bins // 2) * bin_size
        return start, start + n_bins * bin_size
    start, stop = (int(position) for position in window)
    if stop - start != n_bins * bin_size:
        raise ValueError(
            f"window ({start}, {stop}) spans {stop - start} bp, but {n_bins} bins of {bin_size} "
            f"bp span {n_bins * bin_size}."
        )
    return start, stop


def is_memmap(X):
    while X is not None:
        if isinstance(X, np.memmap):
            return True
        X = getattr(X, "base", None)
    return False


def as_slice(indices):
    """Return increasing contiguous indices as a slice, so that indexing gives a view."""
    if len(indices) and indices[0] >= 0 and np.all(np.diff(indices) == 1):
        return slice(int(indices[0]), int(indices[-1]) + 1)
    return indices


def shorten(values, limit=6):
    values = [str(value) for value in values]
    if len(values) <= limit:
        return ", ".join(values)
    return f"{', '.join(values[:limit])} ... ({len(values)} in all)"
