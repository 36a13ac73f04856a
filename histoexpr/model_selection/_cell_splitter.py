"""The base of splitters that train on some cells and test on another."""

from numbers import Integral, Number

import numpy as np
from sklearn.model_selection import BaseCrossValidator

from ..utils import (
    Interval,
    StrOptions,
    check_constraints,
    is_dataset,
    num_samples,
    shorten,
)
from ._cell_groups import check_groups
from ._gene_folds import gene_folds

CELLS = [str, Number, "array-like", None]
# Of the parameters of splitters that divide genes
GENE_CONSTRAINTS = {
    "genes": [StrOptions({"kfold", "split", "chromosome"})],
    "n_splits": [Interval(Integral, 2, None, closed="left")],
    "random_state": ["random_state"],
    "train_splits": [str, "array-like"],
}


class CellSplitter(BaseCrossValidator):
    """Base of splitters that train on some cells and test on one.

    A leaf declares ``_parameter_constraints`` and calls :meth:`_check_parameters` at the end of
    its ``__init__``. By default each of its ``cells`` is tested on and all others are trained on;
    it overrides :meth:`_pairs` to pair other cells. If it has the parameters of
    ``GENE_CONSTRAINTS``, genes are divided, too.
    """

    # With metadata routing, groups reach split without being asked for.
    __metadata_request__split = {"groups": True}

    # Overwritten by leaves that divide genes, too. There is no random_state by default: Halving
    # searches would take the splits for random ones.
    genes = n_splits = None
    train_splits = ("train",)

    def _check_parameters(self):
        """Raise ValueError for a parameter of the wrong type or value."""
        params = {name: getattr(self, name) for name in self._parameter_constraints}
        check_constraints(self._parameter_constraints, params, type(self).__name__)
        train_splits = as_sequence(self.train_splits)
        if "test" in train_splits or not train_splits:
            raise ValueError(
                f"train_splits={self.train_splits!r} must name at least one split, and not "
                "'test', which is tested on."
            )

    def _pairs(self, cells):
        """Return pairs of (cells to train on, cell to test on) for all cells in groups."""
        self._refuse_one_cell(cells)
        return [
            ([cell for cell in cells if cell != test_cell], test_cell)
            for test_cell in self._choose("cells", cells)
        ]

    def split(self, X=None, y=None, groups=None):
        """Yield the rows to train on and the rows to test on.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, ...), optional
            A data set brings its cells, genes, chromosomes and splits; of anything else only
            the length is used.
        y : object
            Ignored.
        groups : array-like, optional
            Instead of those of a data set (``data.gene``, which scikit-learn's tools pass on,
            leaves them): ``HistoneDataset.groups``; the cell of each sample; two columns (array
            or list of pairs), cell and gene; or a structured array or DataFrame with ``cell``
            and optionally ``gene``, ``chrom`` and ``split``.

        Yields
        ------
        train, test : ndarray of int
            Row numbers, increasing.

        Raises
        ------
        ValueError
            If groups is missing, of the wrong form or length, lacks a column that is needed, or
            leaves nothing to train or test on; or if a parameter is not valid.
        """
        groups = check_groups(_given(X, groups), None if X is None else num_samples(X))
        pairs, folds = self._plan(groups)
        cells, codes = np.unique(groups.cell, return_inverse=True)
        for train_cells, test_cell in pairs:
            in_train = np.isin(cells, train_cells)[codes]
            in_test = (cells == test_cell)[codes]
            for number, name in enumerate(folds.names):
                train_genes, test_genes = folds.masks(number)
                train = np.flatnonzero(in_train & train_genes)
                test = np.flatnonzero(in_test & test_genes)
                _check_not_empty(train, "train", train_cells, test_cell, name)
                _check_not_empty(test, "test", [test_cell], test_cell, name)
                yield train, test

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of splits.

        Parameters
        ----------
        X : HistoneDataset or array-like, optional
            As for :meth:`split`.
        y : object
            Ignored.
        groups : array-like, optional
            As for :meth:`split`.

        Returns
        -------
        int
        """
        return len(self.split_labels(_given(X, groups)))

    def split_labels(self, groups):
        """Describe what each split trains and tests on, in the order of :meth:`split`.

        Parameters
        ----------
        groups : HistoneDataset or array-like
            A data set, or groups as for :meth:`split`.

        Returns
        -------
        list of dict
            One record for each split: ``train_cells`` (tuple of str), ``test_cell`` (str) and
            ``fold`` (str: number of the gene fold, chromosomes tested on, or "test"; None if
            genes are not divided).
        """
        pairs, folds = self._plan(check_groups(groups))
        return [
            {"train_cells": tuple(train_cells), "test_cell": test_cell, "fold": name}
            for train_cells, test_cell in pairs
            for name in folds.names
        ]

    def _plan(self, groups):
        self._check_parameters()
        cells = [str(cell) for cell in np.unique(groups.cell)]
        folds = gene_folds(
            groups,
            self.genes,
            n_splits=self.n_splits,
            random_state=getattr(self, "random_state", None),
            train_splits=as_sequence(self.train_splits),
        )
        return self._pairs(cells), folds

    def _choose(self, name, cells):
        """Return the cells that the parameter of a name asks for, all by default."""
        wanted = getattr(self, name)
        if wanted is None:
            return cells
        wanted = list(dict.fromkeys(str(cell) for cell in as_sequence(wanted)))
        unknown = [cell for cell in wanted if cell not in cells]
        if unknown or not wanted:
            raise ValueError(
                f"{name}={getattr(self, name)!r}: "
                f"{f'no cell {unknown[0]} in groups' if unknown else 'no cell given'}; "
                f"there are {', '.join(cells)}."
            )
        return wanted

    def _refuse_one_cell(self, cells):
        if len(cells) < 2:
            raise ValueError(
                f"{type(self).__name__} needs samples of at least two cells, but groups has "
                f"only {cells[0] if cells else 'no sample'}."
            )


def _given(X, groups):
    """Return what states the cells: the groups, else X if it is a data set.

    The genes of the data set are no cells: tools such as permutation_test_score need them as
    groups for themselves and pass them on.
    """
    if not is_dataset(X):
        return groups
    if groups is None:
        return X
    one_column = not hasattr(groups, "columns") and np.ndim(groups) == 1
    return X if one_column and np.array_equal(groups, X.gene) else groups


def _check_not_empty(rows, role, cells, test_cell, fold):
    if len(rows) == 0:
        raise ValueError(
            f"Nothing to {role} on for test cell {test_cell}, gene fold {fold}: no sample of "
            f"{shorten(cells)} has a gene to {role} on. Leave the cell out or use fewer folds."
        )


def as_sequence(values):
    """Return a single name as a list of one, several as a list."""
    return [values] if isinstance(values, str | Number) else list(values)
