"""Plain measures of generated against real signals: profiles, marginals, correlations.

All take logarithms ``L`` of signals, (n_samples, n_bins, n_marks), with the subscripts sample
``i``, bin ``b`` and mark ``k``; ``A`` is generated, ``B`` real. ``a`` and ``b`` are weights of
the samples, (n_samples, n_sets): all means over samples are weighted, and results have the sets as
their first axis. Without weights all samples count the same, and there is no such axis.
"""

import numpy as np

_LAGS = (1, 2, 5, 10)
# Levels at which distributions are compared: all values of counts; of other signals quantiles,
# and as many equal steps
_MOST_LEVELS = 512


def _weighable(measure):
    """Make weights optional in a measure of samples that has sets of weights."""

    def measured(A, B, a=None, b=None):
        if a is None:
            return measure(A, B, np.ones((len(A), 1)), np.ones((len(B), 1)))[0]
        return measure(A, B, a, b)

    measured.__doc__, measured.__name__ = measure.__doc__, measure.__name__
    return measured


def _mean(values, weights):
    """Return the weighted means of values (n_samples, ...) as (n_sets, ...)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means = weights.T @ values.reshape(len(values), -1) / weights.sum(axis=0)[:, None]
    return means.reshape(-1, *values.shape[1:])


@_weighable
def profile_correlation(A, B, a, b):
    """Return for each mark the correlation of the mean profiles, NaN where one is flat.

    It is Pearson's over bins of ``mean_i L_A[i, b, k]`` and ``mean_i L_B[i, b, k]``.
    """
    profiles = [_mean(X, weights) for X, weights in ((A, a), (B, b))]
    flat = np.any([is_flat(profile) for profile in profiles], axis=0)
    first, second = (p - p.mean(axis=1, keepdims=True) for p in profiles)
    scale = np.sqrt(np.square(first).sum(axis=1) * np.square(second).sum(axis=1))
    return np.where(flat, np.nan, (first * second).sum(axis=1) / np.where(flat, 1.0, scale))


def is_flat(profile):
    """Return whether profiles (n_sets, n_bins, n_marks) are the same in all bins."""
    return np.ptp(profile, axis=1) < 1e-12


@_weighable
def marginal_distance(A, B, a, b):
    """Return for each mark the Wasserstein distance of all its bins' log signals.

    It is the integral of ``|F_A(t) - F_B(t)|`` over ``t``, where ``F`` is the cumulative
    distribution of ``L[i, b, k]`` over samples and bins. Of more than 512 distinct values, as in
    signals that are no counts, it is summed at as many quantiles and equal steps.
    """
    return np.stack([_marginal(A[..., k], B[..., k], a, b) for k in range(A.shape[2])], axis=1)


def _marginal(A, B, a, b):
    levels = np.unique(np.concatenate([A.ravel(), B.ravel()]))
    thinned = len(levels) > _MOST_LEVELS
    if thinned:
        inner = np.quantile(
            np.concatenate([A.ravel(), B.ravel()]), np.linspace(0, 1, _MOST_LEVELS)
        )
        levels = np.unique([*inner, *np.linspace(levels[0], levels[-1], _MOST_LEVELS)])
    below = [_mean(_shares_below(X, levels), weights) for X, weights in ((A, a), (B, b))]
    apart = np.abs(below[0] - below[1])
    # constant between neighbouring values, not between some that others lie between
    height = (apart[:, :-1] + apart[:, 1:]) / 2 if thinned else apart[:, :-1]
    return height @ np.diff(levels)


def _shares_below(X, levels):
    """Return for each sample the share of its bins at or below each level."""
    place = np.searchsorted(levels, X, side="left")  # the first level that is not below
    n_levels = len(levels)
    place = np.minimum(place, n_levels - 1) + n_levels * np.arange(len(X))[:, None]
    counts = np.bincount(place.ravel(), minlength=n_levels * len(X)).reshape(len(X), n_levels)
    return counts.cumsum(axis=1) / X.shape[1]


@_weighable
def zero_fraction_error(A, B, a, b):
    """Return for each mark the share of bins without signal in A less that in B."""
    shares = [_mean((X == 0).mean(axis=1), weights) for X, weights in ((A, a), (B, b))]
    return shares[0] - shares[1]


@_weighable
def autocorrelation_error(A, B, a, b):
    """Return for each mark the mean difference of the autocorrelation over bins.

    It is the mean over the lags ``g`` = 1, 2, 5 and 10 of ``|r_A(g) - r_B(g)|``, with
    ``r(g) = mean(e[i, b] e[i, b + g]) / mean(e[i, b]²)`` and the deviations from the profile
    ``e[i, b] = L[i, b, k] - mean_i L[i, b, k]``.
    """
    return np.abs(_autocorrelation(A, a) - _autocorrelation(B, b)).mean(axis=0)


def _autocorrelation(X, weights):
    """Return autocorrelations, (n_lags, n_sets, n_marks)."""
    n_bins = X.shape[1]
    lags = [lag for lag in _LAGS if lag < n_bins] or [0]
    X = X - X.mean(axis=0)  # near the profile of every set, so that squares stay small
    profile = _mean(X, weights)

    def products(lag):
        both = _mean((X[:, : n_bins - lag] * X[:, lag:]).mean(axis=1), weights)
        return both - (profile[:, : n_bins - lag] * profile[:, lag:]).mean(axis=1)

    variance = np.maximum(products(0), 1e-12)
    return np.array([products(lag) / variance for lag in lags])


@_weighable
def mark_correlation_error(A, B, a, b):
    """Return the mean difference of the correlations between marks, NaN for one mark.

    It is the mean over pairs of marks ``k < l`` of ``|R_A[k, l] - R_B[k, l]|``, where ``R`` is
    Pearson's correlation over samples of ``mean_b L[i, b, k]`` and ``mean_b L[i, b, l]``.
    """
    first, second = np.triu_indices(A.shape[2], 1)
    if not len(first):
        return np.full(a.shape[1], np.nan)
    difference = np.abs(_mark_correlation(A, a) - _mark_correlation(B, b))
    return difference[:, first, second].mean(axis=1)


def _mark_correlation(X, weights):
    """Return correlations between marks, (n_sets, n_marks, n_marks)."""
    pooled = X.mean(axis=1)
    pooled = pooled - pooled.mean(axis=0)
    mean = _mean(pooled, weights)
    products = _mean(pooled[:, :, None] * pooled[:, None, :], weights)
    covariance = products - mean[:, :, None] * mean[:, None, :]
    scale = np.sqrt(np.maximum(np.einsum("skk->sk", covariance), 0))
    scale = np.where(scale > 1e-12, scale, 1.0)
    return covariance / (scale[:, :, None] * scale[:, None, :])
