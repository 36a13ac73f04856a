"""A data set as experiments see it: rows by cell and gene fold."""

import functools
from typing import NamedTuple

import numpy as np

from ..model_selection import CellGroups, gene_folds
from ._gene_division import divide_genes
from ._targets import clear_samples, log2_expression
from ._words import EXPRESSION, LABEL, VARIABLE


class Division(NamedTuple):
    """How genes are divided and cells made comparable; see :class:`StudySpec`."""

    genes: str
    n_splits: int
    random_state: int
    train_splits: tuple
    normalize: str | None = None


class StudyData:
    """Rows of a data set by cell and gene fold.

    ``cells`` are sorted, ``y`` are labels 0 and 1 as int8, ``expression`` is log2(x + 1), NaN
    where it is not known, ``cell`` numbers of cells. Without labels ``y`` is None, without
    expression ``expression``; a data set has one of them at least. ``held_out`` says in words
    which genes are tested, ``divided_by`` what genes are divided by.
    """

    def __init__(self, dataset, division):
        self.normalize = division.normalize
        self.dataset, self.expression = dataset, log2_expression(dataset.expression)
        if dataset.y is None and self.expression is None:
            raise ValueError(
                "The data set has neither labels nor expression to learn from. Give it both with "
                "histoexpr.labels.relabel."
            )
        self.y = None if dataset.y is None else as_binary_labels(dataset.y)
        cells, self.cell = np.unique(dataset.cell, return_inverse=True)
        self.cells = [str(cell) for cell in cells]
        chosen = divide_genes(dataset, division.genes, division.n_splits, division.train_splits)
        self.held_out, self.divided_by = chosen.said, chosen.by
        self.folds = gene_folds(
            CellGroups(dataset.cell, dataset.gene, dataset.chrom, dataset.split),
            chosen.by,
            n_splits=chosen.n_splits,
            random_state=division.random_state,
            train_splits=division.train_splits,
        )

    @functools.cached_property
    def gene(self):
        """Number of the gene of each sample."""
        return np.unique(self.dataset.gene, return_inverse=True)[1]

    @functools.cached_property
    def clear(self):
        """Which samples are clear of the cut-off of their cell, or None."""
        return clear_samples(self.y, self.expression, self.cell)

    @functools.cached_property
    def variable(self):
        """Which samples are of genes that vary among the other cells, or None; see VARIABLE."""
        if self.y is None or len(self.cells) < 3:
            return None
        place, size = self.gene * len(self.cells) + self.cell, (self.gene.max() + 1, -1)
        n_on, n = (
            np.bincount(place, part, size[0] * len(self.cells)).reshape(size)
            for part in (self.y, None)
        )
        n_on, n = ((part.sum(axis=1, keepdims=True) - part).ravel()[place] for part in (n_on, n))
        return (n_on > 0) & (n_on < n)

    def target(self, kind):
        """Return what models of a kind are fitted on, by sample."""
        return self.dataset.y if kind == LABEL else self.expression

    def train_rows(self, fold, cells):
        """Return the rows of the training genes of a fold in some cells."""
        return np.flatnonzero(self.in_cells(cells) & self.folds.masks(fold)[0])

    def train_genes(self, fold):
        """Return the numbers of the training genes of a fold in any cell, increasing."""
        return np.unique(self.gene[self.folds.masks(fold)[0]])

    def test_rows(self, fold, cell):
        """Return the rows of the test genes of a fold in a cell."""
        return np.flatnonzero(self.in_cells([cell]) & self.folds.masks(fold)[1])

    def tested(self, fold, cell):
        """Return what is known of the test genes of a fold in a cell, as arrays by column."""
        rows = self.test_rows(fold, cell)
        columns = {
            "gene": self.dataset.gene,
            "chrom": self.dataset.chrom,
            "tss": self.dataset.tss,
            LABEL: self.y,
            EXPRESSION: self.expression,
            VARIABLE: None if self.variable is None else self.variable.astype(np.int8),
        }
        return {name: values[rows] for name, values in columns.items() if values is not None}

    def class_counts(self, fold):
        """Return the numbers of training and of test samples, each (n_cells, 2) by class.

        Without labels all are of the first class.
        """
        place = 2 * self.cell + (0 if self.y is None else self.y)
        size = 2 * len(self.cells)
        return tuple(
            np.bincount(place[mask], minlength=size).reshape(-1, 2)
            for mask in self.folds.masks(fold)
        )

    def in_cells(self, cells):
        """Return which rows belong to some cells."""
        return np.isin(self.cells, list(cells))[self.cell]


def training_rows(data, fit):
    """Return the rows that a fit is trained on, increasing.

    Subsets of genes and samples are nested over their sizes.
    """
    rows = data.train_rows(fit.fold, fit.train_cells)
    if fit.n_genes != "all":
        genes = data.train_genes(fit.fold)
        order = fit.rng().permutation(genes)
        rows = rows[np.isin(data.gene[rows], order[: fit.n_genes])]
    if fit.train_size is not None:
        size = fit.train_size
        if size == "one cell":
            size = min(
                np.isin(data.cell[rows], [number]).sum() for number in np.unique(data.cell[rows])
            )
        rows = np.sort(fit.rng(1).permutation(rows)[:size])
    return rows


def validation_rows(data, cell):
    """Return the validation genes of a test cell; ValueError if there are none."""
    split = data.dataset.split
    rows = [] if split is None else np.flatnonzero(data.in_cells([cell]) & (split == "valid"))
    if len(rows) == 0:
        raise ValueError(
            f"validation='leaking-test-cell' needs genes of cell {cell} with split 'valid', but "
            "the data set has none. Leave the experiment out, or give genes that split."
        )
    if data.divided_by != "split":
        raise ValueError(
            "validation='leaking-test-cell' needs validation genes that are neither trained on "
            "nor tested, as in the predefined split, but genes are divided by "
            f"{data.divided_by!r}. Give the study genes='split'."
        )
    return rows


def as_binary_labels(y):
    """Return labels as 0 and 1; refuse other than two classes."""
    classes = np.unique(y)
    if len(classes) != 2:
        raise ValueError(
            f"Cross-cell scores need two classes, but the labels are {classes.tolist()}."
        )
    return (y == classes[1]).astype(np.int8)
