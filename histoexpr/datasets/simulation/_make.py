"""The simulated data set: histone marks of the same genes in several cell types."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_random_state

from ...utils import Interval, validate_params
from .._dataset import HistoneDataset
from .._expression_table import ExpressionTable
from ._counts import simulate_counts
from ._expression import simulate_expression, simulate_positions
from ._profiles import MARKS, Cells

_SPLITS = ("train", "valid", "test")
_MAX_DEPTH = 1000
_COUNT = [Interval(Integral, 1, None, closed="left")]
_COLUMN = ["array-like", None]


@validate_params(
    {
        "n_genes": [Interval(Integral, 2, None, closed="left")],
        **dict.fromkeys(("n_cells", "n_bins", "bin_size"), _COUNT),
        **dict.fromkeys(("cell_names", "gene_names", "chrom", "tss", "strand", "split"), _COLUMN),
        "expression": ["array-like", ExpressionTable, None],
        "depth": ["array-like", Real, None],
        "oriented": ["boolean"],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_histone_cells(
    n_cells=5,
    n_genes=2000,
    *,
    expression=None,
    cell_names=None,
    gene_names=None,
    chrom=None,
    tss=None,
    strand=None,
    split=None,
    n_bins=100,
    bin_size=100,
    depth=None,
    label="median",
    oriented=True,
    random_state=None,
):
    """Simulate five histone marks around the TSS of the same genes in several cell types.

    The simulation was fitted to the Roadmap cells of the DeepChrome benchmark: see Notes. It is
    for demonstrations, tests and benchmarks of methods; it says nothing about biology.

    Parameters
    ----------
    n_cells : int, default=5
        Number of cell types; at least 1. Not used if ``expression`` is given.
    n_genes : int, default=2000
        Number of genes; at least 2. Not used if ``expression`` is given.
    expression : array-like of shape (n_genes, n_cells), DataFrame or ExpressionTable, optional
        RPKM, or a similar unit such as TPM, to simulate signals for; a DataFrame has genes as
        index. By default expression is simulated too.
    cell_names : sequence of str of length n_cells, optional
        Default ``C01``, ``C02`` ... Not allowed if ``expression`` brings names.
    gene_names : sequence of str of length n_genes, optional
        Default ``G00001``, ``G00002`` ... Not allowed if ``expression`` brings names.
    chrom : sequence of str of length n_genes, optional
        Human chromosome of each gene. Drawn by default, but not for genes that ``expression``
        names, which have a place of their own.
    tss : sequence of int of length n_genes, optional
        Position of each TSS in bp. As ``chrom``: give both, or neither.
    strand : sequence of "+" and "-" of length n_genes, optional
        Drawn by default.
    split : sequence of str of length n_genes, optional
        By default ``"train"``, ``"valid"`` and ``"test"`` for a random third of the genes each.
    n_bins : int, default=100
        Number of bins.
    bin_size : int, default=100
        Width of a bin in bp.
    depth : float or array-like of shape (n_cells,) or (n_cells, n_marks), optional
        Sequencing depth relative to a usual library, above 0 and at most 1000. By default it
        varies between libraries by some 25 %.
    label : {"median", None}, default="median"
        ``y`` is 1 where the RPKM is above the median of the cell, else 0; with None there is no
        ``y``. For other rules see :func:`relabel`.
    oriented : bool, default=True
        With True, bins run from upstream to downstream along each gene's strand: the body of every
        gene lies in the second half of them. With False, they run along the genome, as in the
        layout of DeepChrome: the body of a gene on the minus strand lies in the first half. The
        reads are the same; the bins of genes on the minus strand are reversed.
    random_state : int, RandomState instance or None, default=None
        Pass an int for reproducible output across calls.

    Returns
    -------
    HistoneDataset
        Of n_cells × n_genes samples, cell by cell, with the marks H3K27me3, H3K36me3, H3K4me1,
        H3K4me3 and H3K9me3, counts in their smallest unsigned integer type, and all columns
        (``chrom``, ``tss`` and ``y`` except as described above).

    Raises
    ------
    ValueError
        If a parameter is out of range, lengths do not agree, names are repeated, or an
        expression value is missing, infinite or negative.

    Notes
    -----
    *Expression.* RPKM have the quantiles of 56 Roadmap cells. Genes of middling level differ most
    between cells, along regulatory programmes that cells share to varying degree: the Pearson
    correlation of log RPKM is 0.7 to 0.95, and two cells share about 85 % of their labels.

    *Marks.* H3K4me3 is peaked on both sides of the TSS of active promoters; downstream it is
    higher, and reaches the farther into the gene the more this is expressed; upstream it depends
    on a divergent transcript and says little of the gene. H3K4me1 flanks it, more so downstream,
    and is low where H3K4me3 is high. H3K36me3 rises into the body of transcribed genes. H3K27me3
    lies in broad domains over silent genes with CpG islands, most of which have some H3K4me3 too
    (bivalent promoters). H3K9me3 covers a few. Some 4 % of the genes use another TSS than the
    annotated one, and 6 % have a second promoter downstream.

    *Neighbours.* A third of the expressed genes have an active gene upstream, with its own
    H3K36me3, and with H3K4me3 and H3K4me1 where it is divergent. So upstream bins mislead a model
    that adds up the window.

    *Genes* keep CpG-island strength, peak shape, length, neighbours and part of the local
    irregularities in all cells, as real ones do.

    *Cells* differ in depth, in signal to background, in how many silent genes keep an active
    promoter, and in how closely the marks follow expression.

    *Counts* are Poisson around an irregular rate. A read of 36 bp that overlaps two bins counts in
    both. So they are overdispersed and autocorrelated like real ones.

    *What it reproduces.* Linear models on the log sums of 1, 2 and 10 regions per mark, tested on
    other chromosomes, reach an AUROC of about .921, .944 and .947 in simulated cells of 6,000
    genes (``n_cells=2, random_state=0``), against .923, .945 and .949 in E012 and .921, .941 and
    .943 in E013; gradient boosting on 20 regions .951, against .950 and .939. With
    ``oriented=False``, ten regions reach .925 (.927 and .915).
    ``tests/datasets/simulation`` holds the order.

    Examples
    --------
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=3, n_genes=500, random_state=0)
    >>> data.X.shape
    (1500, 100, 5)
    >>> data.cells
    array(['C01', 'C02', 'C03'], dtype='<U3')

    Signals for given expression:

    >>> rpkm = [[0.0, 12.5], [43.1, 40.2], [3.1, 0.2]]
    >>> data = make_histone_cells(expression=rpkm, random_state=0)
    >>> data.select(cells="C02").y
    array([0, 1, 0])
    """
    if label not in ("median", None):
        raise ValueError(
            f"label must be 'median' or None, got {label!r}. For others, use labels.relabel."
        )
    seed = check_random_state(random_state).randint(np.iinfo(np.int32).max)
    # Streams of their own: expression and positions do not depend on how signals are drawn.
    expression_rng, gene_rng, signal_rng = np.random.default_rng(seed).spawn(3)
    anonymous = not _has_names(expression)
    if expression is None:
        expression = simulate_expression(n_cells, n_genes, expression_rng)
    table = _as_table(expression, gene_names, cell_names)
    n_genes, n_cells = table.values.shape
    half = bin_size * (n_bins // 2 + 1)
    given = {"chrom": chrom, "tss": tss, "strand": strand, "split": split}
    columns = _gene_columns(given, n_genes, half, anonymous, gene_rng)
    cells = Cells.draw(n_cells, _check_depth(depth, n_cells), signal_rng)
    forward = columns["strand"] == "+"
    turned = ~forward if oriented else np.zeros(n_genes, dtype=bool)
    X = _fill(table.values, forward, turned, n_bins, bin_size, cells, signal_rng)
    # As labels.binarize_expression
    above_median = table.values > np.median(table.values, axis=0)
    return HistoneDataset(
        X,
        None if label is None else above_median.astype(np.int64).T.ravel(),
        cell=np.repeat(table.cells, n_genes),
        gene=np.tile(table.genes, n_cells),
        expression=table.values.T.ravel(),
        marks=MARKS,
        bin_size=bin_size,
        oriented=bool(oriented),
        meta={"source": "simulated by histoexpr.make_histone_cells"},
        **{name: np.tile(values, n_cells) for name, values in columns.items()},
    )


def _fill(rpkm, forward, turned, n_bins, bin_size, cells, rng):
    """Return X; the bins of genes that are ``turned`` are reversed."""
    n_genes, n_cells = rpkm.shape
    positions = (np.arange(n_bins) - n_bins // 2 + 0.5) * bin_size
    X = np.empty((n_cells, n_genes, n_bins, len(MARKS)), dtype=np.uint16)
    for cell, rows, counts in simulate_counts(rpkm, forward, positions, bin_size, cells, rng):
        top = counts.max()
        if top > np.iinfo(X.dtype).max:
            X = X.astype(np.min_scalar_type(top))
        counts[turned[rows]] = counts[turned[rows], ::-1]
        X[cell, rows] = counts
    return X.reshape(n_cells * n_genes, n_bins, len(MARKS))


def _has_names(expression):
    framed = hasattr(expression, "columns") and hasattr(expression, "index")
    return framed or isinstance(expression, ExpressionTable)


def _as_table(expression, genes, cells):
    """Return expression of any kind as a table of at least two genes and one cell."""
    if _has_names(expression):
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


def _gene_columns(given, n_genes, half, anonymous, rng):
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


def _check_depth(depth, n_cells):
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
