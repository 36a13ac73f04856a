"""Correlation over cells within each gene."""

from numbers import Integral

import numpy as np
from scipy.stats import rankdata

from ..utils import Interval, validate_params
from ._gene_tables import (
    BETWEEN_CELLS,
    count_pairs,
    gene_tables,
    ratio_of_sums,
    unit_score,
    with_interval,
)


@validate_params(
    {**BETWEEN_CELLS, "min_cells": [Interval(Integral, 2, None, closed="left")]},
    prefer_skip_nested_validation=True,
)
def within_gene_spearman(
    y_true,
    y_pred,
    *,
    gene,
    cell=None,
    chrom=None,
    genes=None,
    min_cells=3,
    confidence=0.95,
    n_resamples=1000,
    random_state=0,
):
    """Spearman's correlation over cells within each gene, averaged over genes.

    What a model says of the differences between cells, and nothing else: a score that is a
    property of the gene alone reaches 0, whatever its AUROC.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Measured expression, such as log2(RPKM + 1); samples where it is NaN are left out.
    y_pred : array-like of shape (n_samples,)
        Predicted expression or scores; only their order within a gene matters.
    gene : array-like of shape (n_samples,) or HistoneDataset
        Gene of each sample, or a data set or its ``groups``, which have the other columns, too.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample.
    chrom : array-like of shape (n_samples,), optional
        Chromosome of each sample.
    genes : array-like of str, optional
        The genes to look at, such as :func:`variable_genes` returns; default all.
    min_cells : int, default=3
        Genes that are known in fewer cells are left out.
    confidence : float, default=0.95
        Confidence of the interval, between 0 and 1.
    n_resamples : int, default=1000
        Number of resamples.
    random_state : int, RandomState instance or None, default=0
        Seed of the resamples.

    Returns
    -------
    BetweenCellsScore
        ``value``, ``low``, ``high``, ``n_genes``, ``n_pairs``, ``n_left_out``, ``resampled``.

    Raises
    ------
    ValueError
        If lengths differ, a value is not a finite number, a gene has two samples in a cell or
        lies on two chromosomes, or a parameter is out of its range.

    Notes
    -----
    With ranks r and s of the n cells of a gene, ties having their mean rank, the correlation is
    that of Pearson between r and s. Genes whose ``y_true`` is constant have none and are left
    out. One whose ``y_pred`` alone is constant counts as 0: a model that does not tell cells
    apart says nothing of them.

    The mean of the same gene in the *other* cells must not be scored so: over n cells with
    values x and mean m it is m - (x - m) / (n - 1), which falls as x rises, so that it reaches
    exactly -1.

    Intervals are over chromosomes, whose genes share their surroundings, drawn as in
    :func:`bootstrap_mean`; where chromosomes are not known, over genes in at most 100 groups.

    Examples
    --------
    >>> from histoexpr.metrics import within_gene_spearman
    >>> cells = ["E003", "E116", "E123"] * 2
    >>> genes = ["a"] * 3 + ["b"] * 3
    >>> score = within_gene_spearman(
    ...     [0.0, 1.0, 2.0, 5.0, 3.0, 4.0], [0.1, 0.2, 0.9, 0.3, 0.8, 0.5], gene=genes, cell=cells
    ... )
    >>> score.value, score.n_genes
    (0.0, 2)
    """
    tables = gene_tables(y_true, y_pred, gene, cell, chrom, genes)
    score = score_within_genes(tables, min_cells)
    return with_interval(score, tables, confidence, n_resamples, random_state)


def score_within_genes(tables, min_cells=3):
    """Return the within-gene Spearman correlation of GeneTables as a UnitScore."""
    correlation = correlate_rows(tables.measured, tables.predicted, min_cells)
    counted = ~np.isnan(correlation)
    sums = tables.by_unit(np.where(counted, correlation, 0))
    evaluate = ratio_of_sums(sums, tables.by_unit(counted))
    n_pairs = count_pairs(~np.isnan(tables.measured))[counted].sum()
    return unit_score(tables, evaluate, counted, n_pairs)


def correlate_rows(measured, predicted, min_cells):
    """Return Spearman's correlation row by row; NaN where rows are too short or constant."""
    known = ~np.isnan(measured)
    if measured.size == 0:
        return np.full(len(measured), np.nan)
    n = np.maximum(known.sum(axis=1), 1)[:, None]
    # the mean of n ranks is (n + 1) / 2; those of ties are multiples of one half, so that sums
    # are exact and a constant row has a variance of exactly 0
    first, second = (
        np.where(known, rankdata(values, axis=1, nan_policy="omit") - (n + 1) / 2, 0)
        for values in (measured, predicted)
    )
    squares = (first**2).sum(axis=1), (second**2).sum(axis=1)
    length = np.sqrt(squares[0] * squares[1])
    correlation = np.divide(
        (first * second).sum(axis=1), length, out=np.zeros(len(length)), where=length > 0
    )
    undefined = (squares[0] == 0) | (n[:, 0] < min_cells) | ~known.any(axis=1)
    return np.where(undefined, np.nan, np.clip(correlation, -1, 1))
