"""The few figures by which generators are compared in training, and by their score.

Signals are of shape ``(n_samples, n_bins, n_marks)``. In formulas their logarithm
``L = log(1 + x)`` has the subscripts sample ``i``, bin ``b`` and mark ``k``, with x in units of a
fifth of the mean of the mark in real signals.
"""

import numpy as np
from sklearn.utils import check_random_state

from ..utils import signed_log1p
from ._judges import two_sample_auroc
from ._statistics import is_flat, mark_correlation_error, profile_correlation
from ._units import pseudocounts

# Samples of each side that a judge needs, and sees at the most: the figure grows with them
_LEAST_JUDGED, _JUDGED = 100, 500


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
    are not flat), mark_correlation_error ``M``, two_sample_auroc ``A`` of trees on sums over
    regions, and fidelity_error ``S + (1 - r) + M + 2 max(A - 1/2, 0)``, without terms that are
    undefined. Only ``A`` sees whether all of it belongs together. It is that of 500 + 500 samples,
    or as many as there are, and 1/2 of fewer than 100 + 100, from which trees learn nothing.
    """
    unit = pseudocounts(B)
    A, B = np.asarray(A) / unit, np.asarray(B) / unit
    logs = log_signals(A), log_signals(B)
    flat = is_flat(logs[1].mean(axis=0)[None])[0]
    correlations = np.nan_to_num(profile_correlation(*logs)[~flat])  # none is 0
    correlation = float(correlations.mean()) if len(correlations) else np.nan
    distance, marks = sliced_wasserstein(A, B), float(mark_correlation_error(*logs))
    judged = _judged(A, B)
    errors = (1 - correlation, marks, 2 * max(judged - 0.5, 0))
    known = [error for error in errors if not np.isnan(error)]
    return {
        "sliced_wasserstein": distance,
        "profile_correlation": correlation,
        "mark_correlation_error": marks,
        "two_sample_auroc": judged,
        "fidelity_error": distance + sum(known),
    }


def _judged(A, B):
    n = min(len(A), len(B), _JUDGED)
    if n < _LEAST_JUDGED or not np.isfinite(A).all():
        return 0.5
    # at equal distances: rows may be sorted
    rows = np.arange(n) * min(len(A), len(B)) // n
    return two_sample_auroc(A[rows], B[rows], "tree")
