"""New labels for the samples of a data set, from an expression table."""

import warnings

import numpy as np

from ..datasets import ExpressionTable, HistoneDataset, match_genes
from ..exceptions import HistoexprWarning
from ..utils import StrOptions, check_type, shorten, validate_params
from ._binarize import binarize_expression
from ._label_warnings import warn_one_class


@validate_params(
    {
        "missing": [StrOptions({"error", "drop"})],
        "cutoff_genes": [StrOptions({"table", "dataset"})],
    },
    prefer_skip_nested_validation=False,
)
def relabel(
    dataset,
    expression,
    method="median",
    *,
    missing="error",
    cutoff_genes="table",
    quantile=None,
    threshold=None,
    fraction=None,
):
    """Give the samples of a data set labels from an expression table.

    Parameters
    ----------
    dataset : HistoneDataset
        Its ``cell`` must be columns of the table, its ``gene`` rows. A gene is found under
        the same text, else without an Ensembl version suffix, else by the number of the
        human Ensembl gene, leading zeros aside: DeepChrome's ``000003`` is
        ``ENSG00000000003``. That last rule is given up where fewer than half of the genes
        written in digits are found by it.
    expression : ExpressionTable
        See :func:`histoexpr.datasets.read_expression`.
    method : str, default="median"
        Rule of :func:`binarize_expression`. Samples that ``"top-bottom"`` leaves out are removed.
    missing : {"error", "drop"}, default="error"
        Whether samples whose gene is not in the table are refused, or removed with a warning.
    cutoff_genes : {"table", "dataset"}, default="table"
        Genes over which cut-offs are taken: all of the table, whether or not the data set has
        them, or those of the data set, each once.
    quantile, threshold, fraction : float, optional
        Passed on to :func:`binarize_expression`.

    Returns
    -------
    HistoneDataset
        With ``y`` and ``expression`` from the table, and ``meta["labels"]`` recording how they
        were made. The data set passed in is unchanged; ``X`` is shared with it where no sample
        is removed.

    Raises
    ------
    ValueError
        If a cell or gene is not in the table, or no sample is left.

    Warns
    -----
    HistoexprWarning
        If samples are dropped because their gene is not in the table; if a cell of the data
        set has one class only; as :func:`binarize_expression`.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr.datasets import ExpressionTable, HistoneDataset
    >>> from histoexpr.labels import relabel
    >>> X = np.zeros((2, 4, 1))
    >>> data = HistoneDataset(X, [0, 0], cell=["E003"] * 2, gene=["000003", "000005"])
    >>> genes = ["ENSG00000000003", "ENSG00000000005", "ENSG00000000419"]
    >>> table = ExpressionTable([[43.985], [1.642], [3.33]], genes, ["E003"])
    >>> relabel(data, table).y
    array([1, 0])
    """
    check_type("dataset", dataset, HistoneDataset, "Read one with histoexpr.load_data.")
    check_table(expression)
    cells, cell_of = np.unique(dataset.cell, return_inverse=True)
    table = expression.select(cells=cells)
    parameters = {"quantile": quantile, "threshold": threshold, "fraction": fraction}
    row = match_genes(dataset.gene, table.genes)
    absent = row < 0
    if absent.any():
        _report_absent(dataset.gene, absent, table.genes, missing)
    rows = np.arange(len(table.genes)) if cutoff_genes == "table" else np.unique(row[~absent])
    labels = np.full(table.values.shape, -1)
    labels[rows] = binarize_expression(table.select(genes=table.genes[rows]), method, **parameters)
    y = np.where(absent, -1, labels[row, cell_of])
    values = table.values[row, cell_of]
    keep = y >= 0
    if not keep.any():
        raise ValueError("No sample is left: all are left out by the rule or not in the table.")
    if cutoff_genes == "table":
        _report_one_class(y, cells, cell_of, labels)
    record = {
        "method": method,
        **{name: value for name, value in parameters.items() if value is not None},
        "cutoff_genes": cutoff_genes,
        "n_genes_of_cutoff": len(rows),
        "unit": expression.unit,
        "n_genes_in_table": len(table.genes),
        "n_missing": int(absent.sum()),
        "n_left_out": int((~keep & ~absent).sum()),
    }
    if dataset.y is not None and dataset.y.dtype.kind in "iufb":
        record["n_changed"] = int((dataset.y[keep] != y[keep]).sum())
    if not keep.all():
        dataset, y, values = dataset.take(keep), y[keep], values[keep]
    meta = {**dataset.meta, "labels": record}
    return dataset.replace(y=y, expression=values, meta=meta)


def check_table(expression):
    """Refuse anything but an expression table, and state how to make one."""
    remedy = "Read one with histoexpr.datasets.read_expression, or make one with "
    remedy += "histoexpr.datasets.ExpressionTable(values, genes, cells)."
    check_type("expression", expression, ExpressionTable, remedy)


def _report_absent(genes, absent, known, missing):
    names = np.unique(genes[absent])
    what = (
        f"{len(names)} of {len(np.unique(genes))} genes are not in the expression table: "
        f"{shorten(names)} (the table has {shorten(known, 3)})."
    )
    if absent.all():
        raise ValueError(f"{what} Give a table with the same kind of identifiers.")
    if missing == "error":
        raise ValueError(f"{what} Pass missing='drop' to leave them out.")
    # 4: beyond the wrapper that validates the parameters
    warnings.warn(
        f"{what} Their {absent.sum()} samples are dropped.", HistoexprWarning, stacklevel=4
    )


def _report_one_class(y, cells, cell_of, of_table):
    """Warn of cells with two classes in the table, but one among the samples."""
    both = np.full((len(y), len(cells)), -1)
    both[np.arange(len(y)), cell_of] = y
    split = (of_table == 0).any(axis=0) & (of_table == 1).any(axis=0)  # others are said already
    warn_one_class(both[:, split], cells[split], 4)
