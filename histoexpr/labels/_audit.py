"""Audit of labels: the expression column and the rule that explain them."""

from collections import Counter

import numpy as np
import pandas as pd

from ..datasets import HistoneDataset, match_genes
from ..utils import shorten
from ._audit_cell import Auditor
from ._audit_report import AuditReport
from ._relabel import check_table


def audit_labels(y, expression, *, gene=None, cell=None, split=None):
    """Find which rule labels follow, which cell they are from, and which are wrong.

    Labels of each cell are compared with **every** column of the expression table, under
    three rules: greater than the median as a number, DeepChrome's comparison with the
    median as text (see :func:`binarize_expression`), and the best of all cut-offs.

    Parameters
    ----------
    y : HistoneDataset or array-like of shape (n_samples,)
        The labels: 1 expressed, 0 not expressed, -1 left out (ignored). A data set brings
        ``gene``, ``cell`` and ``split`` along.
    expression : ExpressionTable
        With all cells there are, for labels may belong to another cell than they say. See
        :func:`histoexpr.datasets.read_expression`.
    gene : array-like of str of shape (n_samples,), optional
        Gene of each label, by default those of the table. Spellings are matched as in
        :func:`relabel`; labels of genes that the table lacks are counted and left aside.
    cell : str or array-like of str of shape (n_samples,), optional
        Cell of each label. One that is not in the table, or none at all, is searched for.
    split : array-like of str of shape (n_samples,), optional
        For the class shares.

    Returns
    -------
    AuditReport

    Raises
    ------
    ValueError
        If labels are not 0, 1 or -1, columns differ in length, or no gene is in the table.
    TypeError
        If ``expression`` is not an expression table.

    Examples
    --------
    >>> from histoexpr.datasets import ExpressionTable
    >>> from histoexpr.labels import audit_labels
    >>> rpkm = [[0.2, 9.0], [10.5, 0.1], [3.3, 2.0], [25.0, 3.0], [4.0, 1.0]]
    >>> table = ExpressionTable(rpkm, list("abcde"), ["E003", "E004"])
    >>> report = audit_labels([0, 0, 0, 0, 0], table, cell="E003")
    >>> report.cells[0].n_low_but_high
    2
    """
    check_table(expression)
    if isinstance(y, HistoneDataset):
        dataset, y = y, y.return_X_y()[1]
        gene = dataset.gene if gene is None else gene
        cell = dataset.cell if cell is None else cell
        split = dataset.split if split is None else split
    y = _check_labels(y)
    gene = _check_names("gene", expression.genes if gene is None else gene, len(y))
    cell = _check_names("cell", "?" if cell is None else cell, len(y))
    split = None if split is None else _check_names("split", split, len(y))
    row = match_genes(gene, expression.genes)
    audited = (row >= 0) & (y >= 0)
    if not audited.any():
        raise ValueError(
            f"No labelled gene is in the expression table: the labels are of {shorten(gene, 3)}, "
            f"the table has {shorten(expression.genes, 3)}. Give a table with the same kind of "
            "identifiers."
        )
    auditor = Auditor(expression)
    members = {str(name): audited & (cell == name) for name in np.unique(cell)}
    cells = [auditor.audit(name, y[of], row[of]) for name, of in members.items() if of.any()]
    medians = np.median(expression.values, axis=0).tolist()
    shift = _shift(cells)
    swapped, alike = _strangers(cells, shift)
    return AuditReport(
        cells=cells,
        table_cells=auditor.cells,
        n_table_genes=len(expression.genes),
        medians=dict(zip(auditor.cells, medians, strict=True)),
        unit=expression.unit,
        n_samples=len(y),
        n_left_out=int((y < 0).sum()),
        missing_genes=np.unique(gene[row < 0]).tolist(),
        missing_cells=[name for name, of in members.items() if not of.any()],
        shift=shift,
        swapped=swapped,
        alike=alike,
        shares=_shares(y, cell, split),
        constant={
            "labels": _constant_labels(y, gene, cell),
            "expression": _constant_expression(auditor, expression, row[audited]),
        },
    )


def _check_labels(y):
    y = np.asarray(y)
    if y.ndim != 1 or len(y) == 0:
        raise ValueError(
            f"y has shape {y.shape}; expected one label per sample, and at least one, or a "
            "HistoneDataset. Read one with histoexpr.load_data."
        )
    try:
        labels = y.astype(np.float64)
    except (TypeError, ValueError):
        labels = np.full(len(y), np.nan)
    if not np.isin(labels, (-1, 0, 1)).all():
        wrong = np.unique(y[~np.isin(labels, (-1, 0, 1))].astype(str))
        raise ValueError(
            f"y holds {shorten(wrong)}; expected 1 (expressed), 0 (not expressed) or -1 "
            "(left out)."
        )
    return labels.astype(np.int8)


def _check_names(what, names, n_samples):
    if isinstance(names, str):
        return np.full(n_samples, names)
    names = np.asarray(names).astype(str)
    if names.shape != (n_samples,):
        raise ValueError(
            f"{what} has shape {names.shape}, but there are {n_samples} labels: give one {what} "
            "per label, in the same order."
        )
    return names


def _shift(cells):
    """Find the number of columns by which most cells are off, 0 if there is none."""
    candidates = [c for c in cells if c.known and not c.one_class]
    offsets = Counter(c.offset for c in candidates if c.differs)
    if not offsets:
        return 0
    offset, count = offsets.most_common(1)[0]
    # a single cell may look like any other; only a neighbour is evidence of a shift
    enough = abs(offset) == 1 if len(candidates) == 1 else 2 * count > len(candidates)
    return offset if enough else 0


def _strangers(cells, shift):
    """Split the other cells that do not fit their name into swapped pairs and the rest."""
    found = {c.cell: c.found for c in cells if c.differs and c.offset != shift}
    swapped = [[a, b] for a, b in found.items() if a < b and found.get(b) == a]
    paired = {name for pair in swapped for name in pair}
    return swapped, {a: b for a, b in found.items() if a not in paired}


def _shares(y, cell, split):
    """Count the labels by cell and split."""
    split = np.full(len(y), "all") if split is None else split
    order = {name: place for place, name in enumerate(("train", "valid", "test"))}
    names = sorted(np.unique(split).tolist(), key=lambda name: (order.get(name, 3), name))
    frame = pd.DataFrame({"cell": cell, "split": split, "y": y})[y >= 0]
    every = pd.MultiIndex.from_product([np.unique(cell), names])
    counts = frame.groupby(["cell", "split"])["y"].agg(n="size", n_expressed="sum")
    counts = counts.reindex(every, fill_value=0)
    return {one: counts.loc[one].to_dict("index") for one in every.levels[0]}


def _constant_labels(y, gene, cell):
    """Genes with the same label in all cells, where there are several."""
    frame = pd.DataFrame({"gene": gene, "cell": cell, "y": y})[y >= 0]
    n_cells = frame["cell"].nunique()
    if n_cells < 2:
        return None
    genes = frame.groupby("gene").agg(n=("cell", "nunique"), on=("y", "mean"))
    return _constant(genes.loc[genes["n"] == n_cells, "on"])


def _constant_expression(auditor, table, rows):
    """Genes above, or not above, the numeric median in all cells of the table."""
    if len(table.cells) < 2:
        return None
    rows = np.unique(rows)
    return _constant(pd.Series(auditor.labels["median"][rows].mean(axis=1), table.genes[rows]))


def _constant(on):
    """Genes whose share of labels 1 is all or nothing."""
    always, never = on.index[on == 1].tolist(), on.index[on == 0].tolist()
    return {"n_genes": len(on), "on": always, "off": never}
