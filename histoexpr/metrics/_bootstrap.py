"""Intervals by resampling cells or genes."""

import numpy as np
from scipy import stats

from ..utils import check_positive_int
from ._binary import as_binary, as_scores, check_one_dimension
from ._checks import check_cell_scores, check_share


def bootstrap_mean(values, *, confidence=0.95, n_resamples=2000, random_state=0):
    """Confidence interval of a mean over cells, by resampling cells.

    Percentile intervals of few values are too narrow: of 95 % intervals of six values, 83 %
    hold the mean. These are expanded to what Student's t takes (Hesterberg 2015, The American
    Statistician 69:371-386), after which 92 % do.

    Parameters
    ----------
    values : array-like of shape (n_cells,)
        One value per cell, such as a score or a difference.
    confidence : float, default=0.95
        Confidence of the interval.
    n_resamples : int, default=2000
        Number of resamples.
    random_state : int, default=0
        Seed.

    Returns
    -------
    low, high : float
        NaN where there are too few cells: an interval within the range of n values holds
        the middle with a probability of 1 - 2^(1 - n) at the most. 95 % take six.

    Raises
    ------
    ValueError
        If a value is missing, or ``confidence`` is not between 0 and 1.

    Examples
    --------
    >>> from histoexpr.metrics import bootstrap_mean
    >>> low, high = bootstrap_mean([0.81, 0.84, 0.79, 0.86, 0.83, 0.82])
    >>> round(low, 2), round(high, 2)
    (0.8, 0.85)
    """
    values = next(iter(check_cell_scores({"values": values}, 0).values()))
    check_share("confidence", confidence)
    n_cells = len(values)
    if 2.0 ** (1 - n_cells) > 1 - confidence:
        return float("nan"), float("nan")
    reach = np.sqrt(n_cells / (n_cells - 1)) * stats.t.ppf((1 + confidence) / 2, n_cells - 1)
    rng = np.random.default_rng(random_state)
    n_resamples = check_positive_int("n_resamples", n_resamples)
    means = values[rng.integers(n_cells, size=(n_resamples, n_cells))].mean(axis=1)
    return percentile_interval(means, 1 - 2 * stats.norm.sf(reach))


def percentile_interval(replicates, confidence):
    """Return the ends of the central part of replicates; NaN where none is defined."""
    replicates = replicates[~np.isnan(replicates)]
    if len(replicates) == 0:
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def bootstrap_auroc(y, score, gene, cell, *, n_resamples=500, random_state=0):
    """AUROC of every cell in resamples of the genes.

    A gene is drawn for all cells together, because a gene is much alike in them. The same
    seed draws the same genes, so that replicates of two models can be subtracted.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels of two classes, see :func:`histoexpr.metrics.auroc`.
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

    Raises
    ------
    ValueError
        If there are no samples, lengths differ, or labels or scores are not what they should
        be.
    """
    y, score = check_one_dimension(as_binary(y, "y"), "y"), as_scores(score)
    gene, cell = np.asarray(gene), np.asarray(cell)
    if not len(y) == len(score) == len(gene) == len(cell):
        raise ValueError(
            f"y, score, gene and cell must be of one length, got {len(y)}, {len(score)}, "
            f"{len(gene)} and {len(cell)}."
        )
    n_resamples = check_positive_int("n_resamples", n_resamples)
    genes, codes = np.unique(gene, return_inverse=True)
    counts = draw_genes(len(genes), n_resamples, random_state)
    columns = [
        weighted_auroc(y[rows], score[rows], counts[codes[rows]])
        for rows in (np.flatnonzero(cell == name) for name in np.unique(cell))
    ]
    return np.column_stack(columns)


def draw_genes(n_genes, n_resamples, random_state):
    """Return how often each gene is in each resample: array of shape (n_genes, n_resamples)."""
    rng = np.random.default_rng(random_state)
    counts = rng.multinomial(n_genes, np.full(n_genes, 1 / n_genes), size=n_resamples)
    return counts.T.astype(np.float32)


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
    positive, negative = np.flatnonzero(y), np.flatnonzero(~y)
    negative = negative[np.argsort(score[negative])]
    # float64 holds sums of whole weights exactly, in any order
    sums = np.zeros((len(negative) + 1, weights.shape[1]))
    np.cumsum(weights[negative], axis=0, out=sums[1:])
    left = np.searchsorted(score[negative], score[positive], side="left")
    right = np.searchsorted(score[negative], score[positive], side="right")
    # a positive beats the negatives below it, and half of those it is tied with
    below = (sums[left] + sums[right]) / 2
    total = weights[positive].sum(axis=0, dtype=np.float64) * sums[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.einsum("ij,ij->j", weights[positive], below) / total
