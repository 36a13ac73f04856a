"""Mean and standard deviation of signals, batch by batch."""

import numpy as np

from ._arrays import split_batches

# The two sides of signals differ if their means do by more than so many standard errors and
# standard deviations over genes. In real cells they differ by at most 0.12 deviations along the
# genome, and by 0.3 to 0.4 along transcription.
_ERRORS, _DEVIATIONS = 3.0, 0.2


def signed_log1p(X):
    """Return ``sign(X) log(1 + |X|)`` in floating point, for counts ``log(1 + X)``."""
    X = np.asarray(X)
    if X.dtype.kind != "f" or X.dtype.itemsize < 4:
        X = X.astype(np.float32)
    return np.copysign(np.log1p(np.abs(X)), X)


def mean_signal(X, *, rows=None, sample_weight=None):
    """Return the mean absolute signal of each mark over samples and bins, float64 (n_marks,).

    X is (n_samples, n_bins, n_marks) of any real dtype, possibly a memory map; ``rows`` are the
    samples to use, ``sample_weight`` has a weight for each sample of X.
    """
    used = np.arange(len(X)) if rows is None else np.asarray(rows)
    total, mass = np.zeros(X.shape[2]), 0.0
    for batch in split_batches(len(used), 512):
        index = batch if rows is None else used[batch]
        values = np.abs(X[index].reshape(batch.stop - batch.start, -1), dtype=np.float64)
        weight = np.ones(len(values)) if sample_weight is None else sample_weight[index]
        total += (weight @ values).reshape(X.shape[1:]).sum(axis=0)
        mass += weight.sum()
    return total / (mass * X.shape[1])


def signal_moments(X, *, log1p=False, unit=None, per="mark", rows=None, sample_weight=None):
    """Return mean and standard deviation of signals without a floating-point copy of X.

    X is (n_samples, n_bins, n_marks) of any real dtype, possibly a memory map; ``log1p`` takes
    :func:`signed_log1p` of it, divided by ``unit`` (n_marks,) if given, first. Both results are
    float64 of shape (n_marks,), or with ``per="bin"`` (n_bins, n_marks); the deviation is 1 where
    all values are equal. ``rows`` are the samples to use, ``sample_weight`` has a weight for each
    sample of X.

    Batches are joined by the update of Chan et al. (1983, The American Statistician 37:242-247),
    which stays exact where the mean is large beside the deviation.
    :class:`sklearn.preprocessing.StandardScaler`, fed the same batches, takes 4 times as long.
    """
    used = np.arange(len(X)) if rows is None else np.asarray(rows)
    weight = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, float)
    # Measured from a sample that counts, a constant signal is exactly 0 throughout.
    origin = _as_float64(X[used[np.argmax(weight[used] > 0)]], log1p, unit)
    origin = np.broadcast_to(origin[:1] if per == "mark" else origin, X.shape[1:])
    total, mean, spread = 0.0, 0.0, 0.0
    for batch in split_batches(len(used), 512):
        index = batch if rows is None else used[batch]
        values = _as_float64(X[index], log1p, unit) - origin
        # one long row per sample: a short last axis would be slow
        values = values.reshape(len(values), -1)
        batch_weight = weight[index]
        batch_total = batch_weight.sum()
        if batch_total == 0:
            continue
        batch_mean = batch_weight @ values / batch_total
        values -= batch_mean
        with np.errstate(over="ignore"):
            batch_spread = batch_weight @ np.square(values, out=values)
        share = batch_total / (total + batch_total)
        spread = spread + batch_spread + (batch_mean - mean) ** 2 * total * share
        mean = mean + (batch_mean - mean) * share
        total += batch_total
    if not np.all(np.isfinite(spread)):
        raise ValueError(
            f"X has values too large for their variance, up to {np.max(np.abs(X[used])):.3g}. "
            "Scale the signals down."
        )
    mean, variance = mean.reshape(origin.shape), spread.reshape(origin.shape) / total
    if per == "mark":
        variance = variance.mean(axis=0) + mean.var(axis=0)
        mean, origin = mean.mean(axis=0), origin[0]
    scale = np.sqrt(variance)
    return mean + origin, np.where(scale == 0, 1.0, scale)


def _as_float64(X, log1p, unit):
    if unit is not None:
        # integers of all widths give the same 32-bit floats
        dtype = X.dtype if X.dtype.kind == "f" and X.dtype.itemsize >= 4 else np.float32
        X = X.astype(dtype, copy=False) / np.asarray(unit, dtype=np.float32)
    return (signed_log1p(X) if log1p else X).astype(np.float64, copy=False)


def is_symmetric(X, rows=None):
    """Whether mean signals left and right of the middle are equal in all marks.

    They are for bins that run along the genome, on average over genes of both strands, and are
    not for bins that run along transcription: then, in a mark of X (n_samples, n_bins, n_marks),
    the means of log(1 + x) differ by more than 3 standard errors and more than 0.2 standard
    deviations over samples. ``rows`` are the samples to use.
    """
    used = np.arange(len(X)) if rows is None else rows
    half = X.shape[1] // 2
    if half == 0 or len(used) < 2:
        return True
    differences = []
    for batch in split_batches(len(used), 512):
        logs = signed_log1p(X[used[batch]])
        sides = (part.mean(axis=1, dtype=np.float64) for part in (logs[:, :half], logs[:, -half:]))
        differences.append(np.subtract(*sides))
    differences = np.concatenate(differences)
    mean, deviation = np.abs(differences.mean(axis=0)), differences.std(axis=0, ddof=1)
    # the same genes in many cells give small standard errors, but not large differences
    least = deviation * max(_DEVIATIONS, _ERRORS / np.sqrt(len(used)))
    return bool((mean <= np.maximum(least, 1e-9)).all())
