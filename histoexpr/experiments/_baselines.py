"""What is reached without looking at signals, by test cell and gene fold."""

from typing import NamedTuple

import numpy as np

from ..metrics import majority_baseline
from ._words import CONSENSUS, MAJORITY


class Baseline(NamedTuple):
    """Predictions of a baseline for the test genes of a cell in a gene fold."""

    model: str
    fold: int
    fold_name: str
    test_cell: str
    train_cells: tuple
    n_train: int
    y: np.ndarray
    proba: np.ndarray


def baselines(data):
    """Return the same-gene consensus and the majority class as Baselines, by fold and test cell.

    Of one cell there is no consensus, of a cell without training genes no majority.
    """
    found, n_genes = [], data.gene.max() + 1
    n_samples = np.bincount(data.cell)
    n_positive = np.bincount(data.cell, data.y)
    for fold, name in enumerate(data.folds.names):
        test = np.flatnonzero(data.folds.masks(fold)[1])
        total = np.bincount(data.gene[test], data.y[test], n_genes)
        count = np.bincount(data.gene[test], minlength=n_genes)
        for number, cell in enumerate(data.cells):
            rows, train = data.test_rows(fold, cell), data.train_rows(fold, [cell])
            if len(rows) == 0:
                continue
            genes, y = data.gene[rows], data.y[rows]
            cells = tuple(other for other in data.cells if other != cell)
            if cells:
                # what the other cells say: all cells but this one, without counting anew
                others = count[genes] - np.bincount(genes, minlength=n_genes)[genes]
                positive = total[genes] - np.bincount(genes, y, n_genes)[genes]
                n_train = int(len(data.y) - n_samples[number])
                # for genes that no other cell has, the share over all that these have
                mean = (n_positive.sum() - n_positive[number]) / n_train
                share = np.where(others > 0, positive / np.maximum(others, 1), mean)
                found.append(Baseline(CONSENSUS, fold, name, cell, cells, n_train, y, share))
            if len(train):
                proba = majority_baseline(data.y[train], len(rows))
                found.append(Baseline(MAJORITY, fold, name, cell, (cell,), len(train), y, proba))
    return found
