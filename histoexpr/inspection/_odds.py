"""Odds ratios of two marks, pooled over strata of samples, with their standard errors.

The formulas are under Notes of :func:`mark_cooccurrence`.
"""

from typing import NamedTuple

import numpy as np


class Odds(NamedTuple):
    """Corrected log2 odds ratios of the columns of two presence matrices, (n_first, n_second).

    ``errors`` are standard errors and ``n_strata`` the number of strata in which both vary;
    without any of these odds and errors are NaN.
    """

    log2_odds: np.ndarray
    errors: np.ndarray
    n_strata: np.ndarray


class Counts(NamedTuple):
    """Counts by stratum of samples, of those with each column, and of those with both."""

    n: np.ndarray  # (n_strata,)
    first: np.ndarray  # (n_strata, n_first)
    second: np.ndarray  # (n_strata, n_second)
    both: np.ndarray  # (n_strata, n_first, n_second)

    def less(self, other):
        """Return the counts without those of some of the samples."""
        return Counts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def pooled_odds(first, second, strata, blocks=None):
    """Return Odds of presence, two matrices (n_samples, n_columns) of 0 and 1.

    ``strata`` are the numbers of the strata of the samples. With ``blocks``, see
    ``metrics.resampling_blocks``, the errors are those of a jackknife over blocks where they are
    larger than those of samples.
    """
    n_strata = int(strata.max()) + 1
    counts = count(first, second, strata, n_strata)
    odds, formula = _odds(counts), _formula_errors(counts)
    errors = formula
    if blocks is not None:
        errors = np.maximum(formula, _jackknife(first, second, strata, counts, odds, blocks))
    tell = _informative(counts)
    where = tell > 0
    return Odds(np.where(where, odds, np.nan), np.where(where, errors, np.nan), tell)


def count(first, second, strata, n_strata):
    """Return the Counts of presence in each stratum."""
    rows = [np.flatnonzero(strata == number) for number in range(n_strata)]
    return Counts(
        np.array([len(of) for of in rows], dtype=np.float64),
        np.stack([first[of].sum(axis=0) for of in rows]),
        np.stack([second[of].sum(axis=0) for of in rows]),
        np.stack([first[of].T @ second[of] for of in rows]),
    )


def _informative(counts):
    n = counts.n[:, None]
    first = (counts.first > 0) & (counts.first < n)
    second = (counts.second > 0) & (counts.second < n)
    return (first[:, :, None] & second[:, None, :]).sum(axis=0)


def _tables(counts, both):
    """Return numbers with both, one, the other and neither, half a sample added to each.

    Each stratum gets its share of the half, so that many small strata do not hide what the
    samples show.
    """
    n = counts.n[:, None, None]
    first, second = counts.first[:, :, None], counts.second[:, None, :]
    half = 0.5 * n / n.sum()
    cells = both, first - both, second - both, n - first - second + both
    return [cell + half for cell in cells], np.maximum(n + 4 * half, 1e-9)


def _odds(counts):
    """Return the pooled log2 odds ratios less those of independent marks in the same strata."""
    n = np.maximum(counts.n, 1)[:, None, None]
    expected = counts.first[:, :, None] * counts.second[:, None, :] / n
    found = []
    for both in (counts.both, expected):
        (a, b, c, d), size = _tables(counts, both)
        found.append(np.log2((a * d / size).sum(axis=0) / (b * c / size).sum(axis=0)))
    return found[0] - found[1]


def _formula_errors(counts):
    """Return standard errors of independent samples, of Robins, Breslow and Greenland (1986)."""
    (a, b, c, d), n = _tables(counts, counts.both)
    P, Q, R, S = (a + d) / n, (b + c) / n, a * d / n, b * c / n
    sum_R, sum_S = R.sum(axis=0), S.sum(axis=0)
    variance = (P * R).sum(axis=0) / (2 * sum_R**2) + (Q * S).sum(axis=0) / (2 * sum_S**2)
    variance += (P * S + Q * R).sum(axis=0) / (2 * sum_R * sum_S)
    return np.sqrt(variance) / np.log(2)


def _jackknife(first, second, strata, counts, odds, blocks):
    """Return standard errors over blocks of unequal sizes, of Busing et al. (1999)."""
    n_samples, n_blocks = len(first), blocks.n_blocks
    without, sizes = [], []
    for number in range(n_blocks):
        rows = np.flatnonzero(blocks.codes == number)
        part = count(first[rows], second[rows], strata[rows], len(counts.n))
        without.append(_odds(counts.less(part)))
        sizes.append(len(rows))
    without = np.array(without)
    ratio = (n_samples / np.array(sizes))[:, None, None]
    middle = n_blocks * odds - ((1 - 1 / ratio) * without).sum(axis=0)
    pseudo = ratio * odds - (ratio - 1) * without
    return np.sqrt((np.square(pseudo - middle) / (ratio - 1)).mean(axis=0))
