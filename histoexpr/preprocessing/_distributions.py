"""Distributions of signals as small tables, and maps from one distribution to another."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

# Rows of a table at the most: half of them equal shares of the values, half towards the largest,
# which are few but hold the peaks
MAX_KNOTS = 1000
# Values above this quantile are the peaks of "power"
_PEAKS = 0.8
# Exponents of "power" that are looked among
_EXPONENTS = 0.1, 10.0


class Distribution(NamedTuple):
    """A distribution of values that are not negative.

    ``values`` increase; ``weights`` are their shares, which sum to one; ``mean`` is exact, also
    where neighbouring values were joined to their mean to keep the table short.
    """

    values: np.ndarray
    weights: np.ndarray
    mean: float

    @property
    def levels(self):
        """Share of the distribution below each value, half of the value's own included."""
        return np.cumsum(self.weights) - self.weights / 2

    def quantiles(self, levels):
        """Return the values at some levels, linear in between."""
        return np.interp(levels, self.levels, self.values)


def describe_values(values):
    """Return the distribution of an array of any shape; see :class:`Distribution`."""
    values = np.ravel(values)
    if values.dtype.kind in "ui" and values.dtype.itemsize <= 2:
        # 30 times as fast as to sort
        counts = np.bincount(values)
        distinct = np.flatnonzero(counts)
        counts = counts[distinct]
    else:
        distinct, counts = np.unique(values, return_counts=True)
    distinct, weights = distinct.astype(np.float64), counts / counts.sum()
    mean = float(distinct @ counts / counts.sum())
    if len(distinct) > MAX_KNOTS:
        distinct, weights = _shorten(distinct, weights)
    return Distribution(distinct, weights, mean)


def _shorten(values, weights):
    """Join neighbouring values to their means; the smallest and the largest stay as they are."""
    half = MAX_KNOTS // 2 - 1
    even = np.linspace(0, 1, half + 1)[1:-1]
    tail = 1 - np.geomspace(weights[-1], 1, half + 1)[:-1]
    edges = np.union1d(even, tail)
    group = np.searchsorted(edges, np.cumsum(weights) - weights / 2) + 1
    group[0], group[-1] = 0, group.max() + 1
    group = np.unique(group, return_inverse=True)[1]
    joined = np.bincount(group, weights)
    return np.bincount(group, weights * values) / joined, joined


class ValueMap(NamedTuple):
    """A map of values: linear between ``knots``, and proportional beyond the last."""

    knots: np.ndarray
    targets: np.ndarray

    def __call__(self, values):
        """Return mapped values as float64; zeros stay zero."""
        mapped = np.interp(values, self.knots, self.targets)
        beyond = values > self.knots[-1]
        if beyond.any():
            mapped[beyond] = values[beyond] * (self.targets[-1] / self.knots[-1])
        return mapped


def match_depth(found, references):
    """Return the factor that gives a distribution the mean of the means of others."""
    factor = np.mean([reference.mean for reference in references]) / found.mean
    # beyond 1 the map is proportional
    return ValueMap(np.array([0.0, 1.0]), np.array([0.0, factor]))


def match_quantiles(found, references):
    """Return the map that gives a distribution the mean of the quantile functions of others.

    That is quantile normalisation (Bolstad et al. 2003, Bioinformatics 19:185-193); zeros stay
    zero, and equal values equal.
    """
    levels = found.levels
    targets = np.mean([reference.quantiles(levels) for reference in references], axis=0)
    knots = found.values
    if knots[0] > 0:
        knots, targets = np.append(0.0, knots), np.append(0.0, targets)
    else:
        targets[0] = 0.0
    return ValueMap(knots, targets)


def match_power(found, references):
    """Return a power ``a x**b`` that gives a distribution the means of others, in two parts.

    S3norm (Xiang et al. 2020, Nucleic Acids Research 48:e43) chooses a and b so that the means of
    peaks and of background are those of the reference. Here the peaks are the largest fifth of
    the values: peaks common to two cells would need the same genes in both.
    """
    wanted = np.mean([_means_of_parts(*reference[:2]) for reference in references], axis=0)
    if len(found.values) < 2 or np.any(wanted <= 0):
        return match_depth(found, references)
    with np.errstate(divide="ignore"):
        logs = np.log(found.values / found.mean)

    def excess(exponent):
        background, peaks = _means_of_parts(np.exp(exponent * logs), found.weights)
        return np.log(peaks * wanted[0]) - np.log(background * wanted[1])

    if _means_of_parts(*found[:2])[0] <= 0 or excess(_EXPONENTS[0]) * excess(_EXPONENTS[1]) > 0:
        return match_depth(found, references)
    exponent = brentq(excess, *_EXPONENTS, xtol=1e-12)
    powers = np.exp(exponent * logs)
    factor = wanted @ [_PEAKS, 1 - _PEAKS] / (powers @ found.weights)
    knots = np.union1d(found.values, np.geomspace(1e-3 * found.mean, found.values[-1], MAX_KNOTS))
    targets = factor * (knots / found.mean) ** exponent
    if knots[0] > 0:
        knots, targets = np.append(0.0, knots), np.append(0.0, targets)
    return ValueMap(knots, targets)


def _means_of_parts(values, weights):
    """Return the means of the smaller values and of the peaks."""
    upper = np.clip(np.cumsum(weights) - _PEAKS, 0, weights)
    return np.array([(weights - upper) @ values / _PEAKS, upper @ values / (1 - _PEAKS)])


MATCHES = {"depth": match_depth, "power": match_power, "quantile": match_quantiles}
