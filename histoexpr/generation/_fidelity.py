"""The few figures by which generators are compared in training, and by their score.

Signals are of shape ``(n_samples, n_bins, n_marks)`` on the scale of counts. In formulas their
logarithm ``L = log(1 + x)`` has the subscripts sample ``i``, bin ``b`` and mark ``k``.
"""

import numpy as np
from sklearn.utils import check_random_state

from ..utils import signed_log1p
from ._statistics import is_flat, mark_correlation_error, profile_correlation


def log_signals(X):
    """Return ``log(1 + X)`` as float64."""
    return signed_log1p(np.asarray(X)).astype(np.float64)


def sliced_wasserstein(A, B, random_state=0, n_projections=200):
    """Return the mean Wasserstein distance of projections onto random directions.

    It is the mean of ``|Q_A(q, u) - Q_B(q, u)| / s`` over random unit vectors ``u`` and 200
    levels ``q``. ``Q`` are the quantiles of ``L`` projected onto ``u``, and ``s²`` is the mean
    variance of a bin of B (``s = 1`` where B does not vary). Bonneel et al. (2015), Sliced and
    Radon Wasserstein barycenters of measures, Journal of Mathematical Imaging and Vision 51.
    """
    A, B = (log_signals(X).reshape(len(X), -1) for X in (A, B))
    directions = check_random_state(random_state).standard_normal((A.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    levels = (np.arange(200) + 0.5) / 200
    a, b = (np.quantile(X @ directions, levels, axis=0) for X in (A, B))
    return float(np.abs(a - b).mean() / (np.sqrt(B.var(axis=0).mean()) or 1.0))


def fidelity_errors(A, B):
    """Return as a dict the few figures by which generators are compared in training.

    They are sliced_wasserstein ``S``, profile_correlation ``r`` (mean over the marks of B that
    are not flat), mark_correlation_error ``M``, and fidelity_error ``S + (1 - r) + M``, without
    terms that are undefined. ``S`` alone hardly detects marks that do not belong together.
    """
    logs = log_signals(A), log_signals(B)
    flat = is_flat(logs[1].mean(axis=0)[None])[0]
    correlations = np.nan_to_num(profile_correlation(*logs)[~flat])  # none is 0
    correlation = float(correlations.mean()) if len(correlations) else np.nan
    distance, marks = sliced_wasserstein(A, B), float(mark_correlation_error(*logs))
    known = [error for error in (1 - correlation, marks) if not np.isnan(error)]
    return {
        "sliced_wasserstein": distance,
        "profile_correlation": correlation,
        "mark_correlation_error": marks,
        "fidelity_error": distance + sum(known),
    }
