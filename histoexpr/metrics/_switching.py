"""Scores of the direction in which genes switch between two cells."""

import numpy as np
from scipy.stats import rankdata

from ..utils import validate_params
from ._gene_tables import BETWEEN_CELLS, label_tables, ratio_of_sums, unit_score, with_interval


@validate_params(BETWEEN_CELLS, prefer_skip_nested_validation=True)
def switching_accuracy(
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
    """Share of switching genes whose two cells a score orders rightly.

    Over all pairs of cells and all genes whose label differs between the two: how often the
    score is higher in the cell where the gene is on, ties counting one half. A score that is a
    property of the gene alone reaches 0.5.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    y_pred : array-like of shape (n_samples,)
        Scores, of one scale in all cells; only their order within a gene matters.
    gene : array-like of shape (n_samples,) or HistoneDataset
        Gene of each sample, or a data set or its ``groups``, which have the other columns, too.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample.
    chrom : array-like of shape (n_samples,), optional
        Chromosome of each sample.
    genes : array-like of str, optional
        The genes to look at; default all.
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
        As :func:`within_gene_spearman`, or if labels are not of two classes.

    Notes
    -----
    For a gene that is on in m of n cells these are m (n - m) pairs, of which Mann and Whitney's U
    is the number ordered rightly. Every (gene, pair of cells) counts the same, so that genes that
    are on in half of the cells weigh most. Intervals are those of :func:`within_gene_spearman`.

    Examples
    --------
    >>> from histoexpr.metrics import switching_accuracy
    >>> columns = {"gene": list("aabbcc"), "cell": ["E003", "E123"] * 3}
    >>> score = switching_accuracy([0, 1, 1, 0, 1, 1], [0.2, 0.6, 0.7, 0.8, 0.9, 0.4], **columns)
    >>> score.value, score.n_genes, score.n_left_out
    (0.5, 2, 1)
    """
    tables = label_tables(y_true, y_pred, gene, cell, chrom, genes)
    score = score_order(tables)
    return with_interval(score, tables, confidence, n_resamples, random_state)


@validate_params(BETWEEN_CELLS, prefer_skip_nested_validation=True)
def switching_roc_auc(
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
    """AUROC of the direction in which genes switch between two cells.

    Of genes whose label differs between two cells, does the difference of the scores say in which
    of the two the gene is on? Unlike :func:`switching_accuracy` it sees how large differences
    are, and not a shift of all scores of a cell.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    y_pred : array-like of shape (n_samples,)
        Scores of which differences mean something, such as log-odds rather than probabilities.
    gene : array-like of shape (n_samples,) or HistoneDataset
        Gene of each sample, or a data set or its ``groups``, which have the other columns, too.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample.
    chrom : array-like of shape (n_samples,), optional
        Chromosome of each sample.
    genes : array-like of str, optional
        The genes to look at; default all.
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
        As :func:`switching_accuracy`.

    Notes
    -----
    For a pair of cells (a, b) the difference d is the score in b less that in a, and its class is
    whether the gene is on in b. Of two genes of different class, how often does the one that is
    on in b have the larger d, ties counting one half? That is counted over all pairs of cells,
    each by itself, and divided by the number of such pairs of genes: an AUROC stratified by pair
    of cells. Exchanging a and b changes nothing. Pooled over pairs of cells instead, or over both
    orders of one pair, it would not be indifferent to a shift of all scores of a cell. Intervals
    are those of :func:`within_gene_spearman`.

    Examples
    --------
    >>> from histoexpr.metrics import switching_roc_auc
    >>> columns = {"gene": list("aabbcc"), "cell": ["E003", "E123"] * 3}
    >>> labels = [0, 1, 1, 0, 0, 1]
    >>> scores = [0.2, 3.1, 0.8, 2.0, 0.5, 2.9]  # those of the second cell are too high
    >>> switching_roc_auc(labels, scores, **columns).value
    1.0
    """
    tables = label_tables(y_true, y_pred, gene, cell, chrom, genes)
    score = score_direction(tables)
    return with_interval(score, tables, confidence, n_resamples, random_state)


def score_order(tables):
    """Return the switching accuracy of GeneTables of labels as a UnitScore."""
    known, on = ~np.isnan(tables.measured), tables.measured == 1
    n_on, n_off = on.sum(axis=1), (known & ~on).sum(axis=1)
    ranks = np.zeros(known.shape)
    if known.size:
        ranks = rankdata(tables.predicted, axis=1, nan_policy="omit")
    n_right = np.where(on, ranks, 0).sum(axis=1) - n_on * (n_on + 1) / 2
    n_pairs = n_on * n_off
    evaluate = ratio_of_sums(tables.by_unit(n_right * (n_off > 0)), tables.by_unit(n_pairs))
    return unit_score(tables, evaluate, n_pairs > 0, n_pairs.sum())


def score_direction(tables):
    """Return the AUROC of the direction of GeneTables of labels as a UnitScore."""
    n_genes, n_cells = tables.measured.shape
    size = tables.n_units, tables.n_units
    credit, n_compared = np.zeros(size), np.zeros(size)
    counted, n_pairs = np.zeros(n_genes, dtype=bool), 0
    for a in range(n_cells):
        change = tables.measured[:, a + 1 :] - tables.measured[:, a, None]
        for b, of_pair in enumerate(change.T, start=a + 1):
            up, down = np.flatnonzero(of_pair == 1), np.flatnonzero(of_pair == -1)
            counted[up] = counted[down] = True
            n_pairs += len(up) + len(down)
            if len(up) and len(down):
                difference = tables.predicted[:, b] - tables.predicted[:, a]
                credit += _credit(difference, up, down, tables.unit, tables.n_units)
                n_up, n_down = (np.bincount(tables.unit[g], minlength=size[0]) for g in (up, down))
                n_compared += np.outer(n_up, n_down)

    return unit_score(tables, ratio_over_pairs(credit, n_compared), counted, n_pairs)


def unit_auroc(positive, score, unit, n_units):
    """Return what evaluates the AUROC of a vector from weights (n_units, n_sets) of its units."""
    up, down = np.flatnonzero(positive), np.flatnonzero(~positive)
    n_up, n_down = (np.bincount(unit[rows], minlength=n_units) for rows in (up, down))
    return ratio_over_pairs(_credit(score, up, down, unit, n_units), np.outer(n_up, n_down))


def ratio_over_pairs(numerator, denominator):
    """Return what evaluates a mean over pairs of units, from their sums and counts."""

    def evaluate(weights):
        right, total = (
            np.einsum("us,us->s", weights, part @ weights) for part in (numerator, denominator)
        )
        undefined = np.full(weights.shape[1], np.nan)
        return np.divide(right, total, out=undefined, where=total > 0)

    return evaluate


def _credit(difference, up, down, unit, n_units):
    """Return how often genes ``up`` have a larger difference than ``down``, unit by unit."""
    down = down[np.argsort(difference[down])]
    below = np.zeros((len(down) + 1, n_units))
    below[np.arange(1, len(down) + 1), unit[down]] = 1
    np.cumsum(below, axis=0, out=below)
    sides = (np.searchsorted(difference[down], difference[up], side) for side in ("left", "right"))
    beaten = sum(below[side] for side in sides) / 2
    # sums of halves are exact in any order
    of_unit = np.zeros((n_units, len(up)))
    of_unit[unit[up], np.arange(len(up))] = 1
    return of_unit @ beaten
