"""What is reached without looking at signals, by test cell and gene fold."""

from typing import NamedTuple

import numpy as np

from ..metrics import RankReference, as_probability_of
from ._words import CONSENSUS, EXPRESSION, GENE_MEAN, LABEL, MAJORITY, RANK, TRAINING_MEAN

# Target -> the mean of the same gene in the other cells, and that of the training genes
_NAMES = {LABEL: (CONSENSUS, MAJORITY), EXPRESSION: (GENE_MEAN, TRAINING_MEAN)}


class Baseline(NamedTuple):
    """Predictions of a baseline for the test genes of a cell in a gene fold."""

    model: str
    target: str
    fold: int
    fold_name: str
    test_cell: str
    train_cells: tuple
    n_train: int
    rows: np.ndarray
    predicted: np.ndarray


def baselines(data, target):
    """Return Baselines by fold and test cell: means of labels or of log2 expression.

    Beside labels there is the mean rank of expression, too, where that is known. Of one cell
    there is no mean of the others, of a cell without training genes none of these.
    """
    found, n_genes = [], data.gene.max() + 1
    y = data.y if target == LABEL else data.expression
    of_gene, of_cell = _NAMES[target]
    n_samples, sums = np.bincount(data.cell), np.bincount(data.cell, y)
    has_ranks = target == LABEL and data.expression is not None
    ranks = RankReference(data.expression, data.gene, data.cell) if has_ranks else None
    for fold, name in enumerate(data.folds.names):
        test = np.flatnonzero(data.folds.masks(fold)[1])
        total = np.bincount(data.gene[test], y[test], n_genes)
        count = np.bincount(data.gene[test], minlength=n_genes)
        for number, cell in enumerate(data.cells):
            rows, train = data.test_rows(fold, cell), data.train_rows(fold, [cell])
            if len(rows) == 0:
                continue
            genes, place = data.gene[rows], (target, fold, name, cell)
            cells = tuple(other for other in data.cells if other != cell)
            if cells:
                # what the other cells say: all cells but this one, without counting anew
                others = count[genes] - np.bincount(genes, minlength=n_genes)[genes]
                of_others = total[genes] - np.bincount(genes, y[rows], n_genes)[genes]
                n_train = int(len(y) - n_samples[number])
                # for genes that no other cell has, the mean over all that these have
                mean = (sums.sum() - sums[number]) / n_train
                mean = np.where(others > 0, of_others / np.maximum(others, 1), mean)
                found.append(Baseline(of_gene, *place, cells, n_train, rows, mean))
            if cells and has_ranks:
                proba = _rank_probability(data, ranks, rows, fold, number)
                found.append(Baseline(RANK, *place, cells, n_train, rows, proba))
            if len(train):
                mean = np.full(len(rows), y[train].mean())
                found.append(Baseline(of_cell, *place, (cell,), len(train), rows, mean))
    return found


def _rank_probability(data, ranks, rows, fold, cell):
    """Return the probability of samples of a cell by their mean rank in the other cells.

    It is fitted to the training genes of the other cells, each by its rank in the cells that are
    left: neither the test cell nor test genes are looked at. Of one other cell, no fit is honest,
    and the rank itself is the probability.
    """
    mean = ranks.mean(data.gene[rows], cell)
    if len(data.cells) < 3:
        return mean
    train = np.flatnonzero(data.folds.masks(fold)[0] & (data.cell != cell))
    others = ranks.mean(data.gene[train], cell, data.cell[train])
    return as_probability_of(mean, others, data.y[train] == 1)
