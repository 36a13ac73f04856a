"""Tests that compare models or regimes over the same cells."""

from itertools import combinations
from numbers import Real

import numpy as np
from scipy import stats

from ..utils import Interval, validate_params
from ._auroc import mean_ranks

_LEVEL = {"alpha": [Interval(Real, 0, 1, closed="neither")]}


def holm(p_values):
    """Adjust p values for their number by Holm's step-down method.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        One p value per test, in any order.

    Returns
    -------
    ndarray of shape (n_tests,)
        Adjusted p values. Rejecting those up to alpha keeps the probability of any false
        rejection at alpha.

    Raises
    ------
    ValueError
        If a value is not between 0 and 1.

    Notes
    -----
    With the p values sorted, p_(1) to p_(m), the i-th is adjusted to the maximum over j <= i of
    min(1, (m - j + 1) p_(j)) (Holm 1979, Scandinavian Journal of Statistics 6:65-70).

    Examples
    --------
    >>> from histoexpr.metrics import holm
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, dtype=float)
    # the comparison is false for NaN, too
    if p_values.ndim != 1 or not np.all((p_values >= 0) & (p_values <= 1)):
        raise ValueError(
            f"p_values must be a list of numbers between 0 and 1, got {p_values.tolist()}. Leave "
            "out tests that could not be done."
        )
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.maximum.accumulate(p_values[order] * factors)
    return np.minimum(adjusted, 1)


def holm_known(p_values):
    """Return p values adjusted by :func:`holm`; those that are None or NaN are no tests."""
    adjusted = np.array(p_values, dtype=float)
    known = ~np.isnan(adjusted)
    adjusted[known] = holm(adjusted[known])
    return adjusted


def paired_tests(scores):
    """Compare every pair of models by Wilcoxon's signed-rank test over cells.

    Parameters
    ----------
    scores : dict of str -> array-like of shape (n_cells,)
        A score by cell, the cells in the same order.

    Returns
    -------
    list of dict
        One per pair: ``first``, ``second``, ``n_cells``, ``mean_difference`` (first minus
        second), ``p_value`` and ``p_holm``, adjusted for the number of pairs.

    Raises
    ------
    ValueError
        If lengths differ or a score is missing.

    Notes
    -----
    The test takes cells as independent. Scores of similar cells are correlated, and p values
    then too small.

    Examples
    --------
    >>> from histoexpr.metrics import paired_tests
    >>> test = paired_tests({"a": [0.9, 0.8, 0.7, 0.9], "b": [0.8, 0.6, 0.4, 0.5]})[0]
    >>> round(test["mean_difference"], 2), test["p_value"]
    (0.25, 0.125)
    """
    columns = check_cell_scores(scores, 1)
    tests = []
    for first, second in combinations(columns, 2):
        difference = _differences(columns[first], columns[second])
        # all equal: no evidence, and nothing for the test to rank
        p_value = _signed_rank_p(difference) if difference.any() else 1.0
        tests.append(
            {
                "first": first,
                "second": second,
                "n_cells": len(difference),
                "mean_difference": float(difference.mean()),
                "p_value": float(p_value),
            }
        )
    for test, p_value in zip(tests, holm([test["p_value"] for test in tests]), strict=True):
        test["p_holm"] = float(p_value)
    return tests


def _signed_rank_p(difference):
    """Return the two-sided p value of Wilcoxon's signed-rank test, as SciPy does.

    Of up to 13 differences with ties or zeros SciPy permutes the signs in a loop: 1 s for 12.
    Here the sign patterns are counted by their sum of ranks, one difference after another.
    """
    sizes = np.abs(difference[difference != 0])
    if len(difference) > 13 or len(np.unique(sizes)) == len(difference):
        return stats.wilcoxon(difference).pvalue
    ranks = (2 * mean_ranks(sizes)).astype(int)  # doubled, they are whole
    ways = np.ones(1)
    for rank in ranks:
        nothing = np.zeros(rank)
        ways = np.append(ways, nothing) + np.append(nothing, ways)
    found = ranks[difference[difference != 0] > 0].sum()
    tail = min(ways[: found + 1].sum(), ways[found:].sum())
    return min(1.0, 2 * tail / 2.0 ** len(ranks))


@validate_params(_LEVEL, prefer_skip_nested_validation=True)
def friedman_ranks(scores, *, alpha=0.05, larger_is_better=True):
    """Compare several models over cells by their ranks.

    Friedman's test is of the hypothesis that no two models differ; by Nemenyi's test two of
    them do if their mean ranks differ by more than the critical difference.

    Parameters
    ----------
    scores : dict of str -> array-like of shape (n_cells,)
        A score by cell of at least three models.
    alpha : float, default=0.05
        Level of the critical difference.
    larger_is_better : bool, default=True
        Whether rank 1 goes to the largest score.

    Returns
    -------
    dict
        ``statistic``, ``p_value``, ``mean_ranks`` (dict, best first),
        ``critical_difference``, ``n_cells``.

    Raises
    ------
    ValueError
        If there are fewer than three models or two cells, lengths differ, a score is missing,
        or ``alpha`` is not between 0 and 1.

    Notes
    -----
    For k models and n cells the critical difference is q sqrt(k (k + 1) / (6 n)), q the 1 - alpha
    quantile of the studentized range of k values over sqrt(2) (Demšar 2006, JMLR 7:1-30).
    """
    columns = check_cell_scores(scores, 2)
    if len(columns) < 3:
        raise ValueError(f"Friedman's test needs at least three models, got {len(columns)}.")
    table = np.column_stack(list(columns.values()))
    n_cells, n_models = table.shape
    ranks = stats.rankdata(-table if larger_is_better else table, axis=1).mean(axis=0)
    same = np.all(table == table[:, :1])
    statistic, p_value = (0.0, 1.0) if same else stats.friedmanchisquare(*table.T)
    quantile = stats.studentized_range.ppf(1 - alpha, n_models, np.inf) / np.sqrt(2)
    order = np.argsort(ranks, kind="stable")
    return {
        "statistic": float(statistic),
        "p_value": float(p_value),
        "mean_ranks": {list(columns)[number]: float(ranks[number]) for number in order},
        "critical_difference": float(quantile * np.sqrt(n_models * (n_models + 1) / 6 / n_cells)),
        "n_cells": n_cells,
    }


@validate_params(
    {**_LEVEL, "margin": [Interval(Real, 0, None, closed="neither")]},
    prefer_skip_nested_validation=True,
)
def equivalence_test(first, second, margin, *, alpha=0.05):
    """Test whether two models are equivalent: two one-sided paired t tests over cells.

    The hypothesis to be rejected is that the mean difference is ``margin`` or more, in either
    direction: a difference that is not significant is no evidence of equality.

    Parameters
    ----------
    first, second : array-like of shape (n_cells,)
        Scores by cell.
    margin : float
        Differences smaller than this are negligible. Choose it before seeing the scores.
    alpha : float, default=0.05
        Level of the test.

    Returns
    -------
    dict
        ``mean_difference``, its confidence interval at 1 - 2 alpha as ``low`` and ``high``
        (equivalent if it lies within the margin), ``p_value``, ``margin``, ``equivalent``
        and ``n_cells``.

    Raises
    ------
    ValueError
        If there are fewer than two cells, lengths differ, a score is missing, the margin is not
        positive, or ``alpha`` is not between 0 and 1.

    Notes
    -----
    With mean d and standard error s of the n differences the p value is P(T > (margin - |d|) / s),
    T of Student's distribution with n - 1 degrees of freedom: the larger of the p values of the
    two one-sided tests (Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15:657-680).

    Examples
    --------
    >>> from histoexpr.metrics import equivalence_test
    >>> equivalence_test([0.90, 0.80, 0.85], [0.90, 0.81, 0.84], margin=0.05)["equivalent"]
    True
    """
    columns = check_cell_scores({"first": first, "second": second}, 2)
    difference = _differences(columns["first"], columns["second"])
    mean, n_cells = difference.mean(), len(difference)
    error = difference.std(ddof=1) / np.sqrt(n_cells)
    t = stats.t(n_cells - 1)
    inside = margin - abs(mean)
    # the same difference in all cells leaves no error: the mean is within the margin or not
    p_value = t.sf(inside / error) if error > 0 else float(inside <= 0)
    reach = t.ppf(1 - alpha) * error
    return {
        "mean_difference": float(mean),
        "low": float(mean - reach),
        "high": float(mean + reach),
        "margin": float(margin),
        "p_value": float(p_value),
        "equivalent": bool(p_value < alpha),
        "n_cells": n_cells,
    }


def _differences(first, second):
    """Return differences without the noise of floating point, which would break ties."""
    return np.round(first - second, 12)


def check_cell_scores(scores, n_least):
    """Return scores by model as arrays of one length, of at least so many cells, all defined."""
    columns = {name: np.asarray(values, dtype=float) for name, values in scores.items()}
    lengths = {name: values.shape for name, values in columns.items()}
    shape = next(iter(lengths.values()), (0,))
    if len(shape) != 1 or any(other != shape for other in lengths.values()):
        raise ValueError(f"Scores need one value per cell for every model, got shapes {lengths}.")
    if shape[0] < n_least:
        raise ValueError(f"Scores of at least {n_least} cells are needed, got {shape[0]}.")
    for name, values in columns.items():
        if not np.isfinite(values).all():
            raise ValueError(
                f"The scores of {name} are not defined in {(~np.isfinite(values)).sum()} "
                "cell(s). Compare the models over the cells where all are."
            )
    return columns
