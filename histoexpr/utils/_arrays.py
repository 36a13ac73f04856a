"""Arrays of signals: small types for counts, 32-bit floats, memory maps, batches of rows."""

import numpy as np


def shrink_counts(X):
    """Return integer counts in the smallest unsigned type that holds them; refuse negative ones.

    A memory map, and what has the smallest type already, is returned as it is.
    """
    if X.dtype.kind == "i" and X.size and X.min() < 0:
        raise ValueError("X holds negative counts. Signals that can be negative must be floats.")
    if X.dtype == np.uint8 or X.size == 0 or is_memmap(X):
        return X
    return X.astype(np.min_scalar_type(X.max()), copy=False)


def is_memmap(X):
    """Whether an array is a memory map or a view of one."""
    while X is not None:
        if isinstance(X, np.memmap):
            return True
        X = getattr(X, "base", None)
    return False


def split_batches(n_samples, batch_size):
    """Yield the slices that cut ``range(n_samples)`` into batches."""
    for start in range(0, n_samples, batch_size):
        yield slice(start, min(start + batch_size, n_samples))


def as_float32(X):
    """Return a copy of signals as 32-bit floats; refuse values beyond their range."""
    with np.errstate(over="ignore"):
        out = np.array(X, dtype=np.float32, order="C")
    if X.dtype.kind == "f" and X.dtype.itemsize > 4 and not np.isfinite(out).all():
        raise ValueError(
            "X holds values beyond ±3.4e38, the range of 32-bit floats. Scale the signals down."
        )
    return out
