"""What is reached without looking at signals, by test cell and gene fold."""

from typing import NamedTuple

import numpy as np

from ._words import CONSENSUS, EXPRESSION, GENE_MEAN, LABEL, MAJORITY, TRAINING_MEAN

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
    """Return two Baselines by fold and test cell, means of labels or of log2 expression.

    Of one cell there is no mean of the others, of a cell without training genes none of these.
    """
    found, n_genes = [], data.gene.max() + 1
    y = data.y if target == LABEL else data.expression
    of_gene, of_cell = _NAMES[target]
    n_samples, sums = np.bincount(data.cell), np.bincount(data.cell, y)
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
            if len(train):
                mean = np.full(len(rows), y[train].mean())
                found.append(Baseline(of_cell, *place, (cell,), len(train), rows, mean))
    return found
