"""A data set as a study sees it: rows by cell and gene fold."""

import functools
from typing import NamedTuple

import numpy as np

from ..model_selection import CellGroups
from ..model_selection._genes import gene_folds
from ._evaluation import as_binary_labels, choose_genes


class Division(NamedTuple):
    """How genes are divided; see :class:`StudySpec`."""

    genes: str
    n_splits: int
    fold_seed: int
    train_splits: tuple


class StudyData:
    """Rows of a data set by cell and gene fold.

    Parameters
    ----------
    dataset : HistoneDataset
        With binary labels.
    division : Division

    Attributes
    ----------
    cells : list of str
        Sorted.
    y : ndarray of int8
        Labels, 0 and 1.
    """

    def __init__(self, dataset, division):
        _, y = dataset.return_X_y()
        self.dataset, self.y = dataset, as_binary_labels(y)
        cells, self.cell = np.unique(dataset.cell, return_inverse=True)
        self.cells = [str(cell) for cell in cells]
        self.folds = gene_folds(
            CellGroups(dataset.cell, dataset.gene, dataset.chrom, dataset.split),
            choose_genes(dataset, division.genes, division.train_splits),
            n_splits=division.n_splits,
            random_state=division.fold_seed,
            train_splits=division.train_splits,
        )

    @functools.cached_property
    def gene(self):
        """Number of the gene of each sample."""
        return np.unique(self.dataset.gene, return_inverse=True)[1]

    def train_rows(self, fold, cells):
        """Return the rows of the training genes of a fold in some cells."""
        return np.flatnonzero(self.in_cells(cells) & self.folds.masks(fold)[0])

    def test_rows(self, fold, cell):
        """Return the rows of the test genes of a fold in a cell."""
        return np.flatnonzero(self.in_cells([cell]) & self.folds.masks(fold)[1])

    def in_cells(self, cells):
        """Return which rows belong to some cells."""
        return np.isin(self.cells, list(cells))[self.cell]
