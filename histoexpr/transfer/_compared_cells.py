"""The two cells to compare, and the samples to learn from: chosen, matched, divided in folds."""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.base import is_regressor

from ..datasets import HistoneDataset, check_expression, match_genes
from ..exceptions import HistoexprWarning
from ..model_selection import CellGroups, gene_folds
from ..utils import check_type, shorten

_REMEDY = "Make one with HistoneDataset(X, cell=..., gene=...), or read one with load_data(path)."


class ComparedCells(NamedTuple):
    """Both cells, row by row the same genes, and all genes of each, also those not compared."""

    first: HistoneDataset
    second: HistoneDataset
    whole: HistoneDataset
    left_out: int


class Folds(NamedTuple):
    """Names of the folds, the fold of every compared gene and training sample, and how made."""

    names: list
    of_gene: np.ndarray
    of_sample: np.ndarray
    by: str


def find_cells(data, first, second, train):
    """Return the two cells, from ``data`` or, if they are not in it, from ``train``."""
    check_type("data", data, HistoneDataset, _REMEDY)
    if train is not None:
        check_type("train", train, HistoneDataset, _REMEDY)
        _check_alike(data, train)
        _refuse_other_spellings(data, train)
    if first == second:
        raise ValueError(
            f"first and second are both {first!r}; there is nothing to compare. Name two cells."
        )
    cells = [_find_cell(name, data, train) for name in (first, second)]
    for cell in cells:
        check_expression(cell)
    cells[1] = cells[1].select(marks=cells[0].marks)  # train may have them in another order
    rows = _match_genes(*cells, first, second)
    matched = [cell.take(of) for cell, of in zip(cells, rows, strict=True)]
    whole = HistoneDataset.concat([cell.replace(**UNKNOWN) for cell in cells])
    return ComparedCells(*matched, whole, sum(map(len, cells)) - 2 * len(rows[0]))


def _refuse_other_spellings(data, train):
    """Refuse genes to learn from that are compared under another name: both would be in a fold."""
    learned = np.setdiff1d(train.genes, data.genes)
    found = match_genes(learned, data.genes) if len(learned) else np.array([], dtype=int)
    if (found >= 0).any():
        at = int((found >= 0).argmax())
        raise ValueError(
            f"Gene {data.genes[found[at]]} of data is called {learned[at]} in train, and so are "
            f"{(found >= 0).sum() - 1} more spelled differently: what is measured of them would "
            "enter their own prediction. Give genes the same names in both."
        )
    if len(learned) == len(train.genes):
        warnings.warn(
            "train and data have no gene name in common, such as "
            f"{train.genes[0]} and {data.genes[0]}. If the genes are the same under other names, "
            "what is measured of a gene enters its own prediction: give them the same names.",
            HistoexprWarning,
            stacklevel=4,
        )


def _match_genes(one, other, *names):
    """Return the rows of the common genes in both cells, in the order of the first."""
    for name, cell in zip(names, (one, other), strict=True):
        genes, counts = np.unique(cell.gene, return_counts=True)
        if (counts > 1).any():
            raise ValueError(
                f"Gene {genes[counts.argmax()]} occurs {counts.max()} times in cell {name}. Keep "
                "one sample of each gene, or give each transcript a name of its own."
            )
    matched = np.intersect1d(one.gene, other.gene, assume_unique=True, return_indices=True)
    if len(matched[0]) == 0:
        raise ValueError(
            f"Cells {names[0]} and {names[1]} have no gene in common: one of the first is "
            f"{one.gene[0]}, of the second {other.gene[0]}. Give genes the same names in both."
        )
    order = np.argsort(matched[1], kind="stable")
    return matched[1][order], matched[2][order]


# No model may see what is measured in the cells to be compared while it scales their signals
UNKNOWN = {"y": None, "expression": None}


def _find_cell(name, *datasets):
    known = [data for data in datasets if data is not None]
    for data in known:
        if name in data.cells:
            return data.select(cells=name)
    there = shorten(dict.fromkeys(cell for data in known for cell in data.cells.tolist()))
    raise ValueError(f"No cell {name!r} in the data; there are {there}.")


def _check_alike(data, train):
    for what in ("marks", "n_bins", "bin_size", "window"):
        here, there = getattr(data, what), getattr(train, what)
        if what == "marks":
            here, there = sorted(here), sorted(there)
        if here != there:
            remedy = " Select the common ones with select(marks=...)." if what == "marks" else ""
            raise ValueError(
                f"train has {what} {_text(there)}, but data has {_text(here)}; a model needs the "
                f"same.{remedy}"
            )


def _text(value):
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def training_samples(data, train_cells, target):
    """Return the samples to learn from: those with what a model is trained on.

    ``target`` is "expression" or "label". Raises ValueError if there are none, or if a cell is
    named that has none.
    """
    known = data.y is not None if target == "label" else data.expression is not None
    rows = np.full(len(data), known)
    if known and target == "expression":
        check_expression(data)
        rows = data.expression >= 0  # NaN is not
    elif known and len(classes := np.unique(data.y)) != 2:
        raise ValueError(
            f"Two cells are compared by labels of two classes, but there are {len(classes)}: "
            f"{shorten(classes)}. Make others with histoexpr.relabel, or pass a regressor."
        )
    present = np.unique(data.cell[rows]).tolist()
    if not present:
        raise ValueError(
            f"No cell has {'labels' if target == 'label' else 'expression'} to learn from. Give "
            "it with histoexpr.relabel, or pass cells that have it as train."
        )
    if train_cells is not None:
        wanted = [train_cells] if isinstance(train_cells, str) else list(map(str, train_cells))
        missing = [cell for cell in wanted if cell not in present]
        if missing or not wanted:
            fault = f"no cell {missing[0]} with known {target}" if missing else "no cell is named"
            raise ValueError(f"train_cells: {fault}; there are {shorten(present)}.")
        rows &= np.isin(data.cell, wanted)
    return data.take(rows)


def target_of(estimator, data):
    """Return what an estimator learns; without one, expression where any is known."""
    if estimator is not None:
        return "expression" if is_regressor(estimator) else "label"
    known = data.expression is not None and (data.expression >= 0).any()
    return "expression" if known or data.y is None else "label"


def divide_genes(cells, train, genes, n_splits, random_state):
    """Return the folds of the compared genes and of the training samples.

    By chromosome where "auto" finds two or more and knows all; a gene is in the same fold in all
    cells, so that what is measured of it never helps to predict it.
    """
    of_cells = cells.first
    known = [d.chrom is not None and not (d.chrom == "").any() for d in (of_cells, train)]
    n_chroms = len(np.unique(of_cells.chrom)) if all(known) else 0
    if genes == "auto":
        genes = "chromosome" if n_chroms > 1 else "kfold"
    if genes == "chromosome":
        n_splits = min(n_splits, max(n_chroms, 2))
    else:
        n_splits = min(n_splits, len(np.unique(of_cells.gene)))
    chrom = np.concatenate([of_cells.chrom, train.chrom]) if all(known) else None
    gene = np.concatenate([of_cells.gene, train.gene])
    groups = CellGroups(np.concatenate([of_cells.cell, train.cell]), gene, chrom)
    folds = gene_folds(
        groups, genes, n_splits=n_splits, random_state=random_state, train_splits=("train",)
    )
    n = len(of_cells)
    return Folds(folds.names, folds.codes[:n], folds.codes[n:], genes)
