"""Comparing models and regimes over cells."""

from itertools import combinations

import numpy as np
from scipy import stats


def holm(p_values):
    """Adjust p values for their number by Holm's step-down method.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)

    Returns
    -------
    ndarray of shape (n_tests,)
        Compare with the level that the whole family of tests is to keep.

    Examples
    --------
    >>> from histoexpr.experiments import holm
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.maximum.accumulate(p_values[order] * factors)
    return np.minimum(adjusted, 1)


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
        second), ``p_value`` and ``p_holm``, adjusted for the number of pairs. Cells are
        not independent where they are alike, which makes p values too small.

    Raises
    ------
    ValueError
        If lengths differ or a score is missing.

    Examples
    --------
    >>> from histoexpr.experiments import paired_tests
    >>> test = paired_tests({"a": [0.9, 0.8, 0.7, 0.9], "b": [0.8, 0.6, 0.4, 0.5]})[0]
    >>> round(test["mean_difference"], 2), test["p_value"]
    (0.25, 0.125)
    """
    columns = _check_scores(scores, 1)
    tests = []
    for first, second in combinations(columns, 2):
        difference = columns[first] - columns[second]
        # all equal: no evidence, and nothing for the test to rank
        p_value = stats.wilcoxon(difference).pvalue if difference.any() else 1.0
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


def friedman_ranks(scores, *, alpha=0.05, larger_is_better=True):
    """Compare several models over cells by their ranks.

    Friedman's test says whether any differ, Nemenyi's critical difference by how much mean
    ranks must differ for two models to (Demšar 2006, JMLR 7:1-30).

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
        If there are fewer than three models or two cells, lengths differ, or a score is
        missing.
    """
    columns = _check_scores(scores, 2)
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


def equivalence_test(first, second, margin, *, alpha=0.05):
    """Test whether two models are equivalent: two one-sided paired t tests over cells.

    A difference that is not significant is no evidence of equality. Here the hypothesis to
    be rejected is that the mean difference is ``margin`` or more, either way.

    Parameters
    ----------
    first, second : array-like of shape (n_cells,)
        Scores by cell.
    margin : float
        Differences smaller than this do not matter. It is chosen before looking.
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
        If there are fewer than two cells, lengths differ, a score is missing, or the margin
        is not positive.

    Examples
    --------
    >>> from histoexpr.experiments import equivalence_test
    >>> equivalence_test([0.90, 0.80, 0.85], [0.90, 0.81, 0.84], margin=0.05)["equivalent"]
    True
    """
    columns = _check_scores({"first": first, "second": second}, 2)
    if not margin > 0:
        raise ValueError(f"margin must be positive, got {margin!r}.")
    difference = columns["first"] - columns["second"]
    mean, n_cells = difference.mean(), len(difference)
    error = difference.std(ddof=1) / np.sqrt(n_cells)
    t = stats.t(n_cells - 1)
    with np.errstate(divide="ignore"):
        p_value = t.sf((margin - abs(mean)) / error)
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


def bootstrap_mean(values, *, confidence=0.95, n_resamples=2000, random_state=0):
    """Confidence interval of a mean over cells, by resampling cells.

    Parameters
    ----------
    values : array-like of shape (n_cells,)
        One value per cell, such as a score or a difference.
    confidence : float, default=0.95
        Confidence of the percentile interval.
    n_resamples : int, default=2000
        Number of resamples.
    random_state : int, default=0
        Seed.

    Returns
    -------
    low, high : float
        NaN where there are fewer than two cells.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(random_state)
    means = values[rng.integers(len(values), size=(n_resamples, len(values)))].mean(axis=1)
    return percentile_interval(means, confidence)


def percentile_interval(replicates, confidence):
    """Return the ends of the central part of replicates."""
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def bootstrap_auroc(y, score, gene, cell, *, n_resamples=500, random_state=0):
    """AUROC of every cell in resamples of the genes.

    A gene is drawn for all cells together, because a gene is much alike in them. The same
    seed draws the same genes, so that replicates of two models can be subtracted.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels 0 and 1.
    score : array-like of shape (n_samples,)
        Predicted scores.
    gene, cell : array-like of shape (n_samples,)
        Gene and cell of each sample.
    n_resamples : int, default=500
        Number of resamples.
    random_state : int, default=0
        Seed.

    Returns
    -------
    ndarray of shape (n_resamples, n_cells)
        Cells sorted; NaN where a resample has genes of one class only.
    """
    y, score = np.asarray(y, dtype=bool), np.asarray(score)
    genes, codes = np.unique(gene, return_inverse=True)
    rng = np.random.default_rng(random_state)
    n_genes = len(genes)
    counts = rng.multinomial(n_genes, np.full(n_genes, 1 / n_genes), size=n_resamples)
    counts = counts.T.astype(np.float32)
    columns = [
        weighted_auroc(y[rows], score[rows], counts[codes[rows]])
        for rows in (np.flatnonzero(cell == name) for name in np.unique(cell))
    ]
    return np.column_stack(columns)


def weighted_auroc(y, score, weights):
    """Return the AUROC of one score vector under several sets of sample weights.

    Parameters
    ----------
    y : ndarray of bool of shape (n_samples,)
    score : ndarray of shape (n_samples,)
    weights : ndarray of shape (n_samples, n_sets)

    Returns
    -------
    ndarray of shape (n_sets,)
        NaN where one class has no weight.
    """
    order = np.argsort(score, kind="stable")
    y, score, weights = y[order, None], score[order], weights[order].astype(np.float64)
    starts = np.flatnonzero(np.append(True, score[1:] != score[:-1]))
    positive = np.add.reduceat(weights * y, starts)
    negative = np.add.reduceat(weights * ~y, starts)
    # a positive beats the negatives below it, and half of those it is tied with
    below = np.cumsum(negative, axis=0) - negative / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return (positive * below).sum(axis=0) / (positive.sum(axis=0) * negative.sum(axis=0))


def _check_scores(scores, n_least):
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
