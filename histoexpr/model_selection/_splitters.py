"""Splitters for cross-validation across cells."""

from numbers import Integral

from ..utils import Interval, StrOptions, cells_of_pair, shorten
from ._cell_splitter import CELLS, GENE_CONSTRAINTS, CellSplitter


class LeaveOneCellOut(CellSplitter):
    """Train on all other cells, test on the one left out.

    The same genes are trained and tested on, in different cells. Most genes are expressed in
    all cells or in none, so a model that memorises genes scores high without using signals:
    compare with :func:`histoexpr.metrics.consensus_baseline`, or use :class:`CrossCellSplit`.

    Parameters
    ----------
    cells : str or sequence of str, default=None
        Cells to leave out, one after the other; by default all, sorted.

    See Also
    --------
    CrossCellSplit : Tests on genes that are unseen in every training cell.
    CellPairSplit : Trains on a single cell.

    Examples
    --------
    >>> from histoexpr import LeaveOneCellOut
    >>> groups = ["E003", "E003", "E123", "E116"]
    >>> for train, test in LeaveOneCellOut().split(groups=groups):
    ...     print(train, test)
    [2 3] [0 1]
    [0 1 2] [3]
    [0 1 3] [2]
    """

    _parameter_constraints = {"cells": CELLS}

    def __init__(self, cells=None):
        self.cells = cells
        self._check_parameters()


class CrossCellSplit(CellSplitter):
    """Test on genes of a cell that are unseen in every training cell.

    One split for each test cell and fold of genes. The folds are those of the distinct genes:
    a gene is in the same fold in all cells, whatever the order of the rows.

    Parameters
    ----------
    regime : {"exclusive", "inclusive"}, default="exclusive"
        Whether the test cell's own training genes are kept out of the training set (the cell
        is new) or are part of it (some genes of the cell are known).
    genes : {"kfold", "split", "chromosome"}, default="kfold"
        What the genes are divided by:

        - "kfold": ``n_splits`` random folds of equal size;
        - "split": one fold; trained on ``train_splits`` and tested on "test" of the predefined
          splits in ``groups``;
        - "chromosome": ``n_splits`` folds of whole chromosomes, with about equal numbers of
          genes. Neighbouring genes share signals where their windows overlap: this keeps
          them together.
    n_splits : int, default=5
        Number of folds; not used with ``genes="split"``.
    random_state : int, RandomState instance or None, default=0
        Seed of the random folds. With an integer every call of ``split`` draws the same folds;
        with None each draws anew.
    cells : str or sequence of str, default=None
        Cells to test on; by default all, sorted. All cells in ``groups`` are trained on.
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on, for example ``("train", "valid")``.

    See Also
    --------
    LeaveOneCellOut : Does not divide the genes.
    CellPairSplit : Trains on a single cell.

    Examples
    --------
    >>> from histoexpr import CrossCellSplit
    >>> groups = [("E003", "a"), ("E003", "b"), ("E123", "a"), ("E123", "b")]
    >>> cv = CrossCellSplit(n_splits=2, cells="E123")
    >>> for (train, test), label in zip(cv.split(groups=groups), cv.split_labels(groups)):
    ...     print(train, test, label["test_cell"], label["fold"])
    [0] [3] E123 1
    [1] [2] E123 2
    """

    _parameter_constraints = {
        "regime": [StrOptions({"exclusive", "inclusive"})],
        "cells": CELLS,
        **GENE_CONSTRAINTS,
    }

    def __init__(
        self,
        regime="exclusive",
        *,
        genes="kfold",
        n_splits=5,
        random_state=0,
        cells=None,
        train_splits=("train",),
    ):
        self.regime = regime
        self.genes = genes
        self.n_splits = n_splits
        self.random_state = random_state
        self.cells = cells
        self.train_splits = train_splits
        self._check_parameters()

    def _pairs(self, cells):
        if self.regime == "exclusive":
            return super()._pairs(cells)
        return [(cells, test_cell) for test_cell in self._choose("cells", cells)]


class CellPairSplit(CellSplitter):
    """Train on one cell, test on another: every ordered pair.

    Parameters
    ----------
    train_cells, test_cells : str or sequence of str, default=None
        Cells to train on and to test on; by default all, sorted.
    include_same : bool, default=False
        Whether to add the pairs of a cell with itself; ``genes`` must then be divided.
    genes : {"kfold", "split", "chromosome", None}, default=None
        What the genes are divided by, see :class:`CrossCellSplit`: a test gene is then unseen
        in the training cell. With None all genes are trained and tested on.
    n_splits : int, default=5
        Number of folds of genes; not used with ``genes`` "split" or None.
    random_state : int, RandomState instance or None, default=0
        Seed of the random folds, see :class:`CrossCellSplit`.
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on with ``genes="split"``.

    See Also
    --------
    LeaveOneCellOut : Trains on all other cells.
    CrossCellSplit : Trains on all (other) cells and divides the genes.

    Examples
    --------
    >>> from histoexpr import CellPairSplit
    >>> groups = ["E003", "E003", "E123", "E116"]
    >>> cv = CellPairSplit(train_cells="E003")
    >>> for train, test in cv.split(groups=groups):
    ...     print(train, test)
    [0 1] [3]
    [0 1] [2]
    """

    _parameter_constraints = {
        "train_cells": CELLS,
        "test_cells": CELLS,
        "include_same": ["boolean"],
        **GENE_CONSTRAINTS,
        "genes": [*GENE_CONSTRAINTS["genes"], None],
    }

    def __init__(
        self,
        train_cells=None,
        test_cells=None,
        *,
        include_same=False,
        genes=None,
        n_splits=5,
        random_state=0,
        train_splits=("train",),
    ):
        self.train_cells = train_cells
        self.test_cells = test_cells
        self.include_same = include_same
        self.genes = genes
        self.n_splits = n_splits
        self.random_state = random_state
        self.train_splits = train_splits
        self._check_parameters()

    def _check_parameters(self):
        super()._check_parameters()
        if self.include_same and self.genes is None:
            raise ValueError(
                "include_same=True with genes=None would test on the training samples. Divide "
                "the genes with genes='kfold', 'split' or 'chromosome'."
            )

    def _pairs(self, cells):
        if not self.include_same:
            self._refuse_one_cell(cells)
        pairs = [
            ([train_cell], test_cell)
            for train_cell in self._choose("train_cells", cells)
            for test_cell in self._choose("test_cells", cells)
            if self.include_same or train_cell != test_cell
        ]
        if not pairs:
            raise ValueError(
                f"No pair of different cells in train_cells={self.train_cells!r} and "
                f"test_cells={self.test_cells!r}."
            )
        return pairs


class UnseenCellsSplit(CellSplitter):
    """Test on pairs of cells of which one or both are unseen in training.

    For data sets of :func:`histoexpr.pair_cells`, where the cell of a sample is a pair such as
    ``"E003 vs E123"``. One split for each pair to test on and fold of genes; with ``unseen=1`` one
    for either cell of the pair, where that makes another training set.

    Parameters
    ----------
    unseen : {2, 1}, default=2
        2: pairs that share a cell with the test pair, in any order, are not trained on. 1: one of
        its two cells is in no training pair, the other may be.
    genes : {"kfold", "split", "chromosome", None}, default="kfold"
        What the genes are divided by, see :class:`CrossCellSplit`: a test gene is then unseen in
        every training pair. With None all genes are trained and tested on.
    n_splits : int, default=5
        Number of folds of genes; not used with ``genes`` "split" or None.
    random_state : int, RandomState instance or None, default=0
        Seed of the random folds, see :class:`CrossCellSplit`.
    pairs : str or sequence of str, default=None
        Pairs to test on, such as ``"E003 vs E123"``; by default all, sorted.
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on with ``genes="split"``.

    See Also
    --------
    CrossCellSplit : With ``"inclusive"``, tests on new genes of pairs that are trained on. Its
        other regime takes each pair for a cell: its cells are in training pairs.
    CellPairSplit : Trains on one cell and tests on another; for cells, not for pairs.

    Examples
    --------
    >>> from histoexpr import UnseenCellsSplit
    >>> groups = ["A vs B", "A vs C", "C vs D"]
    >>> for train, test in UnseenCellsSplit(genes=None, pairs="A vs B").split(groups=groups):
    ...     print(train, test)
    [2] [0]
    >>> one = UnseenCellsSplit(1, genes=None, pairs="A vs B")
    >>> for train, test in one.split(groups=groups):  # without A, without B
    ...     print(train, test)
    [2] [0]
    [1 2] [0]
    """

    _parameter_constraints = {
        "unseen": [Interval(Integral, 1, 2, closed="both")],
        "pairs": CELLS,
        **GENE_CONSTRAINTS,
        "genes": [*GENE_CONSTRAINTS["genes"], None],
    }

    def __init__(
        self,
        unseen=2,
        *,
        genes="kfold",
        n_splits=5,
        random_state=0,
        pairs=None,
        train_splits=("train",),
    ):
        self.unseen = unseen
        self.genes = genes
        self.n_splits = n_splits
        self.random_state = random_state
        self.pairs = pairs
        self.train_splits = train_splits
        self._check_parameters()

    def _pairs(self, cells):
        parts = {pair: cells_of_pair(pair) for pair in cells}
        single = [pair for pair, found in parts.items() if found is None]
        if single:
            raise ValueError(
                f"UnseenCellsSplit needs pairs of cells, but groups has {shorten(single)}. Make "
                "pairs with histoexpr.pair_cells, or take LeaveOneCellOut for single cells."
            )
        chosen = []
        for pair in self._choose("pairs", cells):
            new = [parts[pair]] if self.unseen == 2 else [(cell,) for cell in parts[pair]]
            for unseen in new:
                train = [other for other in cells if not set(unseen) & set(parts[other])]
                if not train:
                    raise ValueError(
                        f"There is no pair to train on without {' and '.join(unseen)} for the "
                        f"test pair {pair}, only {shorten(cells)}. Take unseen=1, more cells, or "
                        "other pairs to test on."
                    )
                if (train, pair) not in chosen:
                    chosen.append((train, pair))
        return chosen
