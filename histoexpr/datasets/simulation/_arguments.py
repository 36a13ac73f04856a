"""What the caller states about genes and cells: checked, and drawn where nothing is stated."""

import numpy as np

from ...utils import shorten
from .._expression_table import ExpressionTable
from .._rows import as_names
from ._expression import simulate_positions
from ._profiles import MARKS

_SPLITS = ("train", "valid", "test")
_MAX_DEPTH = 1000


def has_names(expression):
    framed = hasattr(expression, "columns") and hasattr(expression, "index")
    return framed or isinstance(expression, ExpressionTable)


def as_table(expression, genes, cells):
    """Return expression of any kind as a table of at least two genes and one cell."""
    if has_names(expression):
        if genes is not None or cells is not None:
            raise ValueError(
                "expression has names of its own: leave out gene_names and cell_names, or pass "
                "expression as a plain array."
            )
        if isinstance(expression, ExpressionTable):
            if (expression.unit or "").lower().startswith("log"):
                raise ValueError(f"expression is in {expression.unit}; give untransformed RPKM.")
            expression = expression.to_frame()
        genes, cells = expression.index, expression.columns
    try:
        values = np.asarray(expression)
        if values.dtype.kind not in "biufO":
            raise TypeError(f"the values have dtype {values.dtype}")
        values = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        fault = f"expression must be a table of numbers, (n_genes, n_cells): {error}."
        raise ValueError(fault) from error
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"expression has shape {values.shape}; expected (n_genes, n_cells).")
    n_genes, n_cells = values.shape
    if n_genes < 2:
        raise ValueError(f"expression has {n_genes} gene; a median needs at least 2.")
    genes = [f"G{n:05d}" for n in range(1, n_genes + 1)] if genes is None else genes
    cells = [f"C{n:02d}" for n in range(1, n_cells + 1)] if cells is None else cells
    for what, names, count in (("gene", genes, n_genes), ("cell", cells, n_cells)):
        if len(names) != count:
            raise ValueError(f"{what}_names has {len(names)} names for {count} {what}s.")
    return ExpressionTable(values, genes, cells)


def gene_columns(given, n_genes, half, anonymous, rng):
    """Check what is given about the genes and draw what is not (None)."""
    if (given["chrom"] is None) != (given["tss"] is None):
        raise ValueError("chrom and tss belong together: give both or neither.")
    columns = {}
    if anonymous:
        columns["chrom"], columns["tss"] = simulate_positions(n_genes, half, rng)
    columns["strand"] = np.where(rng.random(n_genes) < 0.5, "+", "-")
    columns["split"] = np.array(_SPLITS)[rng.permutation(np.arange(n_genes) * 3 // n_genes)]
    columns |= {name: np.asarray(v) for name, v in given.items() if v is not None}
    for name, values in columns.items():
        if values.shape != (n_genes,):
            raise ValueError(f"{name} has shape {values.shape}; expected ({n_genes},).")
    for number, strand in enumerate(columns["strand"].tolist(), start=1):
        if strand not in ("+", "-"):
            raise ValueError(f"strand of gene number {number} is {strand!r}; expected '+' or '-'.")
    return columns


def check_depth(depth, n_cells):
    """Return the depth of each library, (n_cells, n_marks), or None if it is to be drawn."""
    if depth is None:
        return None
    try:
        values = np.asarray(depth, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"depth must be a number or an array of numbers: {error}.") from error
    if values.shape not in ((), (n_cells,), (n_cells, len(MARKS))):
        shapes = f"a number, ({n_cells},) or ({n_cells}, {len(MARKS)})"
        raise ValueError(f"depth has shape {values.shape}; expected {shapes}.")
    if not np.all((values > 0) & (values <= _MAX_DEPTH)):
        raise ValueError(f"depth must be above 0 and at most {_MAX_DEPTH}, got {depth!r}.")
    return np.broadcast_to(values[:, None] if values.ndim == 1 else values, (n_cells, len(MARKS)))


def check_missing(missing_marks, cells):
    """Return for each cell the numbers of the marks that it lacks, from a dict by its name."""
    missing = {}
    for cell, marks in ({} if missing_marks is None else missing_marks).items():
        if cell not in cells:
            raise ValueError(f"No cell {cell!r} of missing_marks; there are {shorten(cells)}.")
        names = as_names("missing_marks", marks)
        unknown = [mark for mark in names if mark not in MARKS]
        if unknown or len(set(names)) == len(MARKS):
            raise ValueError(
                f"missing_marks of {cell} are {', '.join(names)}; expected some, but not all, of "
                f"{', '.join(MARKS)}."
            )
        missing[cell] = [MARKS.index(mark) for mark in names]
    return missing
