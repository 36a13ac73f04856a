"""Genes that vary between cells."""

from numbers import Real

import numpy as np

from ..datasets import ExpressionTable
from ..utils import HasMethods, Interval, StrOptions, is_dataset, validate_params
from ._gene_tables import sample_columns, spread
from ._labels_and_scores import as_float64, binary_column


@validate_params(
    {
        "definition": [StrOptions({"label", "sd"}), callable, HasMethods("__call__")],
        "threshold": [Interval(Real, 0, None, closed="left")],
        "without": [str, "array-like", None],
    },
    prefer_skip_nested_validation=True,
)
def variable_genes(
    values, gene=None, cell=None, *, definition="label", threshold=1.0, without=None
):
    """Return the names of the genes that vary between cells.

    Most genes are on in all cells or in none; what distinguishes cells are the others. Scores
    over these alone say what a model knows of cells beyond what is known of genes.

    Parameters
    ----------
    values : HistoneDataset, ExpressionTable or array-like of shape (n_samples,)
        Labels for ``definition="label"``, log2 expression for "sd". A data set gives its labels,
        or log2(expression + 1); a table log2(values + 1), or its values if its unit says log2.
    gene, cell : array-like of shape (n_samples,), optional
        Gene and cell of each sample, for an array; ``gene`` may be a data set, which has both.
    definition : {"label", "sd"} or callable, default="label"
        "label": the label differs between two cells. "sd": the standard deviation over cells
        (divided by n - 1) is above ``threshold``. A callable is given an array (n_genes, n_cells),
        NaN where a gene is not known, and returns (n_genes,) truth values.
    threshold : float, default=1.0
        For "sd", in log2 units.
    without : str or sequence of str, optional
        Cells not to look at. A test cell should not decide by its own labels on which genes it is
        scored: among genes chosen so, those that are on in it are off elsewhere more often than
        not, and the labels of the other cells mislead.

    Returns
    -------
    ndarray of str
        Sorted.

    Raises
    ------
    ValueError
        If ``values`` lack what the definition needs, a gene has two samples in a cell, a cell of
        ``without`` is unknown, or fewer than two cells are left.

    Examples
    --------
    >>> from histoexpr.metrics import variable_genes
    >>> genes, cells = list("aabbcc"), ["E003", "E123"] * 3
    >>> variable_genes([0, 1, 1, 1, 0, 0], genes, cells).tolist()
    ['a']
    >>> log2 = [0.0, 1.0, 2.0, 5.0, 3.0, 3.5]
    >>> variable_genes(log2, genes, cells, definition="sd", threshold=1).tolist()
    ['b']
    """
    table, genes, cells = _table(values, gene, cell, definition)
    left_out = [without] if isinstance(without, str) else [] if without is None else without
    unknown = sorted({*map(str, left_out)} - {*cells})
    if unknown:
        raise ValueError(f"without names the cell {unknown[0]!r}; there are {', '.join(cells)}.")
    table = table[:, ~np.isin(cells, [*map(str, left_out)])]
    if table.shape[1] < 2:
        raise ValueError(
            f"Genes vary over two cells at least, but values have {table.shape[1]}"
            f"{' without those left out' if left_out else ''}."
        )
    return genes[vary(table, definition, threshold)]


def vary(table, definition="label", threshold=1.0):
    """Return which rows of a table (n_genes, n_cells) vary, see :func:`variable_genes`."""
    if callable(definition):
        chosen = np.asarray(definition(table.copy()))
        if chosen.shape != (len(table),) or chosen.dtype != bool:
            raise ValueError(
                f"definition returned {chosen.dtype} of shape {chosen.shape}; expected bool of "
                f"shape ({len(table)},), one for each gene."
            )
        return chosen
    if definition == "label":
        return (table == 1).any(axis=1) & (table == 0).any(axis=1)
    known = ~np.isnan(table)
    n = known.sum(axis=1)
    mean = np.where(known, table, 0).sum(axis=1) / np.maximum(n, 1)
    squares = np.where(known, table - mean[:, None], 0) ** 2
    return (n > 1) & (np.sqrt(squares.sum(axis=1) / np.maximum(n - 1, 1)) > threshold)


def _table(values, gene, cell, definition):
    """Return values as a table (n_genes, n_cells), genes and cells, sorted."""
    if isinstance(values, ExpressionTable):
        if definition == "label":
            raise ValueError("An expression table has no labels. Say definition='sd'.")
        rows, columns = np.argsort(values.genes), np.argsort(values.cells)
        return values.log2_values()[rows][:, columns], values.genes[rows], values.cells[columns]
    if is_dataset(values):
        if gene is not None or cell is not None:
            raise ValueError("gene and cell are given beside a data set, which has them.")
        gene, values = values, _of_dataset(values, definition)
    elif gene is None:
        raise ValueError("gene is missing. Give gene and cell of each sample, or a data set.")
    is_label = definition == "label"
    values = binary_column(values, "values") if is_label else as_float64(values, "values")
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"values has shape {values.shape}; expected one dimension, not empty.")
    gene, cell, _ = sample_columns(gene, cell, None, len(values))
    [table], genes, _ = spread(values.astype(np.float64)[:, None], gene, cell)
    return table, genes, np.unique(cell)


def _of_dataset(data, definition):
    if definition == "label":
        if data.y is None:
            raise ValueError("The data set has no labels. Say definition='sd', or relabel it.")
        return data.y
    if data.expression is None:
        raise ValueError("The data set has no expression. Say definition='label'.")
    known = np.isfinite(data.expression)
    if (data.expression[known] < 0).any():
        row = int(np.argmax(known & (data.expression < 0)))
        raise ValueError(
            f"expression is {data.expression[row]:g} in row {row}; expected RPKM or TPM. Pass "
            "logarithms as an array, with gene and cell."
        )
    return np.where(known, np.log2(np.where(known, data.expression, 0) + 1), np.nan)
