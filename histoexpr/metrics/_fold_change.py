"""Predicted changes of expression between cells, held against measured ones."""

from typing import NamedTuple

import numpy as np

from ..utils import validate_params
from ._auroc import mean_ranks
from ._expression_scores import is_constant
from ._gene_tables import (
    BETWEEN_CELLS,
    BetweenCellsScore,
    gene_tables,
    unit_score,
    with_interval,
)

# Fewer genes have no correlation
_LEAST_GENES = 3


class FoldChangeScores(NamedTuple):
    """Correlations of predicted with measured changes, each a BetweenCellsScore."""

    pearson: BetweenCellsScore
    spearman: BetweenCellsScore


@validate_params(BETWEEN_CELLS, prefer_skip_nested_validation=True)
def fold_change_scores(
    y_true,
    y_pred,
    *,
    gene,
    cell=None,
    chrom=None,
    genes=None,
    confidence=0.95,
    n_resamples=1000,
    random_state=0,
):
    """Correlate predicted with measured changes between two cells, averaged over pairs of cells.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Measured log2 expression, such as log2(RPKM + 1), so that differences are log2 fold
        changes; samples where it is NaN are left out.
    y_pred : array-like of shape (n_samples,)
        Predicted log2 expression, or scores of which differences mean something (log-odds).
    gene : array-like of shape (n_samples,) or HistoneDataset
        Gene of each sample, or a data set or its ``groups``, which have the other columns, too.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample.
    chrom : array-like of shape (n_samples,), optional
        Chromosome of each sample.
    genes : array-like of str, optional
        The genes to look at, such as :func:`variable_genes` returns; default all.
    confidence : float, default=0.95
        Confidence of the interval, between 0 and 1.
    n_resamples : int, default=1000
        Number of resamples.
    random_state : int, RandomState instance or None, default=0
        Seed of the resamples.

    Returns
    -------
    FoldChangeScores
        ``pearson`` and ``spearman``, each with ``value``, ``low``, ``high``, ``n_genes``,
        ``n_pairs``, ``n_left_out`` and ``resampled``.

    Raises
    ------
    ValueError
        As :func:`within_gene_spearman`.

    Notes
    -----
    For each pair of cells the correlation is over the genes that are known in both, three at
    least; exchanging the cells changes nothing. The value is the mean over the pairs of cells
    whose measured changes are not all equal; where the predicted ones alone are, the correlation
    counts as 0.

    Intervals are those of :func:`within_gene_spearman`. For Spearman's correlation the ranks are
    those among all genes, not ranked anew in each resample, which would take 1,000 sorts a pair;
    of 200 simulated data sets each with a correlation of 0, 0.5 and 0.9 over 22 chromosomes the
    nominal 95 % intervals covered 92 to 95 %.

    Examples
    --------
    >>> from histoexpr.metrics import fold_change_scores
    >>> columns = {"gene": list("aabbcc"), "cell": ["E003", "E123"] * 3}
    >>> scores = fold_change_scores([0.0, 1.0, 2.0, 0.0, 1.0, 5.0], [1, 2, 4, 1, 0, 9], **columns)
    >>> round(scores.pearson.value, 3), scores.spearman.value
    (0.982, 1.0)
    """
    tables = gene_tables(y_true, y_pred, gene, cell, chrom, genes)
    return FoldChangeScores(
        *(
            with_interval(score, tables, confidence, n_resamples, random_state)
            for score in score_changes(tables)
        )
    )


def score_changes(tables):
    """Return Pearson's and Spearman's correlation of changes of GeneTables as UnitScores."""
    n_genes, n_cells = tables.measured.shape
    counted, n_pairs, moments = np.zeros(n_genes, dtype=bool), 0, ([], [])
    for a in range(n_cells):
        for b in range(a + 1, n_cells):
            change = tables.measured[:, b] - tables.measured[:, a]
            rows = np.flatnonzero(~np.isnan(change))
            if len(rows) < _LEAST_GENES or is_constant(change[rows]):
                continue
            counted[rows] = True
            n_pairs += len(rows)
            pair = change[rows], tables.predicted[rows, b] - tables.predicted[rows, a]
            unit = tables.unit[rows]
            moments[0].append(_moments(*pair, unit, tables.n_units))
            moments[1].append(_moments(*map(mean_ranks, pair), unit, tables.n_units))
    return [unit_score(tables, _mean_correlation(part), counted, n_pairs) for part in moments]


def _moments(first, second, unit, n_units):
    """Return the sums of 1, x, y, x², y² and xy by unit, x and y scaled to mean 0 and sd 1."""
    scaled = []
    for values in (first, second):
        centred = values - values.mean()
        largest = np.abs(centred).max()
        # rounding would leave a little of what is constant
        scaled.append(np.zeros(len(values)) if is_constant(values) else centred / largest)
    x, y = (values / np.sqrt(np.mean(values**2) or 1) for values in scaled)
    parts = np.ones(len(x)), x, y, x * x, y * y, x * y
    return np.array([np.bincount(unit, part, n_units) for part in parts])


def _mean_correlation(moments):
    """Return what evaluates the mean over pairs of cells of the weighted correlation."""

    def evaluate(weights):
        total, n_defined = np.zeros(weights.shape[1]), np.zeros(weights.shape[1])
        for of_pair in moments:
            n, *sums = of_pair @ weights
            n = np.where(n > 0, n, np.nan)
            x, y, xx, yy, xy = (part / n for part in sums)
            length = np.sqrt(np.maximum(xx - x * x, 0) * np.maximum(yy - y * y, 0))
            found = np.zeros(len(n))
            np.divide(xy - x * y, length, out=found, where=length > 1e-12)
            defined = (xx - x * x) > 1e-12
            total += np.where(defined, found, 0)
            n_defined += defined
        undefined = np.full(len(total), np.nan)
        return np.divide(total, n_defined, out=undefined, where=n_defined > 0)

    return evaluate
