"""Mean and standard deviation of signals, batch by batch."""

import numpy as np

from ._validation import split_batches


def signed_log1p(X):
    """Return ``sign(X) log(1 + |X|)`` in floating point, for counts ``log(1 + X)``."""
    X = np.asarray(X)
    X = X if X.dtype.kind == "f" else X.astype(np.float32)
    return np.copysign(np.log1p(np.abs(X)), X)


def signal_moments(X, *, log1p=False, per="mark", rows=None, sample_weight=None):
    """Return mean and standard deviation of signals without a floating-point copy of X.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Signals of any real dtype, possibly a memory map.
    log1p : bool, default=False
        Whether to take :func:`signed_log1p` of the signals first.
    per : {"mark", "bin"}, default="mark"
        One value per mark, or one per mark and bin.
    rows : ndarray of int, optional
        Samples to use; default all.
    sample_weight : ndarray of shape (n_samples,), optional
        Weight of each sample of ``X``.

    Returns
    -------
    mean, scale : ndarray of shape (n_marks,) or (n_bins, n_marks), float64
        ``scale`` is 1 where the standard deviation is 0.
    """
    axes = (0, 1) if per == "mark" else (0,)
    n_used = len(X) if rows is None else len(rows)
    total, mean, spread = 0.0, 0.0, 0.0
    for batch in split_batches(n_used, 512):
        index = batch if rows is None else rows[batch]
        values = signed_log1p(X[index]) if log1p else X[index]
        values = values.astype(np.float64, copy=False)
        weight = np.ones(len(values)) if sample_weight is None else sample_weight[index]
        weight = np.broadcast_to(weight[:, None, None], values.shape)
        batch_total = weight.sum(axis=axes)
        with np.errstate(invalid="ignore", divide="ignore"):
            batch_mean = np.nan_to_num((weight * values).sum(axis=axes) / batch_total)
        batch_spread = (weight * (values - batch_mean) ** 2).sum(axis=axes)
        # Chan's update: exact also where the mean is large beside the deviation
        joint = total + batch_total
        share = np.divide(batch_total, joint, out=np.zeros_like(joint), where=joint > 0)
        spread = spread + batch_spread + (batch_mean - mean) ** 2 * total * share
        mean = mean + (batch_mean - mean) * share
        total = joint
    scale = np.sqrt(spread / total)
    # Rounding leaves a constant signal with a deviation of the order of its last digit.
    constant = scale <= 10 * np.finfo(np.float64).eps * np.abs(mean)
    return mean, np.where(constant, 1.0, scale)
