"""How alike cells are."""

import numpy as np

from ..datasets import ExpressionTable
from ..replication import published_auroc
from ..utils import shorten, signed_log1p, split_batches


def cell_similarity(expression, *, legacy_shift=False):
    """Pearson correlation of the expression of cells.

    Parameters
    ----------
    expression : ExpressionTable or array-like of shape (n_genes, n_cells)
        Expression of the **training** genes, one cell per column. Given test genes, too,
        the choice of training cells would know the test data.
    legacy_shift : bool, default=False
        Reproduce the fault of DeepChrome 2.0: its table of RPKM was read with each value
        under the name of the cell before, because rows end in a tab that the header
        lacks. A cell then has the values of the next column, and the last cell has none.

    Returns
    -------
    ndarray of shape (n_cells, n_cells)
        NaN for the last cell with ``legacy_shift``, and for a cell whose expression is
        constant.

    Raises
    ------
    ValueError
        If there are fewer than two genes.

    Examples
    --------
    >>> from histoexpr.experiments import cell_similarity
    >>> cell_similarity([[1.0, 2.0, 3.0], [2.0, 4.0, 1.0], [3.0, 6.0, 2.0]]).round(2).tolist()
    [[1.0, 1.0, -0.5], [1.0, 1.0, -0.5], [-0.5, -0.5, 1.0]]
    """
    values = expression.values if isinstance(expression, ExpressionTable) else expression
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or len(values) < 2 or values.shape[1] < 1:
        raise ValueError(
            f"expression has shape {values.shape}; expected (n_genes, n_cells) with at least "
            "two genes."
        )
    if legacy_shift:
        values = np.concatenate([values[:, 1:], np.full((len(values), 1), np.nan)], axis=1)
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    # rounding would leave a little of what is constant
    length[(values == values[0]).all(axis=0)] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip((centred.T @ centred) / np.outer(length, length), -1, 1)


def dataset_similarity(dataset, rows, source, names):
    """Return the similarity of the cells ``names`` over some rows, those of training genes.

    ``source`` is "expression", "expression-legacy-shift" (with the published fault) or
    "signals" (the mean log signal of each mark). Of shape (n_cells, n_cells); NaN for cells
    that have none of the rows. Genes that are missing in another cell are left out.
    """
    if source == "signals":
        values = _pooled_signals(dataset, rows)
    elif dataset.expression is None:
        raise ValueError(
            "The data set has no expression to compute the similarity of cells from. Add it "
            "with histoexpr.labels.relabel, or say similarity='signals'."
        )
    else:
        values = dataset.expression[rows, None]
    cells, cell = np.unique(dataset.cell[rows], return_inverse=True)
    legacy = source == "expression-legacy-shift"
    unlike = sorted(set(cells.tolist()) ^ set(published_auroc().index))
    if legacy and unlike:
        # the values of the next cell are those of the next column of the published table
        raise ValueError(
            "similarity='expression-legacy-shift' reproduces a fault in a table of the 56 "
            f"published Roadmap cells; the cells with training genes differ by {shorten(unlike)}. "
            "Say similarity='expression', or give it the 56."
        )
    genes, gene = np.unique(dataset.gene[rows], return_inverse=True)
    table = np.full((len(genes), len(cells), values.shape[1]), np.nan)
    table[gene, cell] = values
    table = table[~np.isnan(table).any(axis=(1, 2))]
    if len(table) < 2:
        raise ValueError("The cells have no two training genes in common to be compared by.")
    # marks differ in scale: each is compared by itself
    parts = [cell_similarity(part, legacy_shift=legacy) for part in np.moveaxis(table, 2, 0)]
    similarity = np.full((len(names), len(names)), np.nan)
    present = np.searchsorted(names, cells)
    similarity[np.ix_(present, present)] = np.mean(parts, axis=0)
    return similarity


def _pooled_signals(dataset, rows):
    pooled = np.empty((len(rows), dataset.n_marks))
    for batch in split_batches(len(rows), 1024):
        pooled[batch] = signed_log1p(dataset.X[rows[batch]]).mean(axis=1)
    return pooled
