"""The simulated data set: histone marks of the same genes in several cell types."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_random_state

from ...utils import Interval, validate_params
from .._dataset import HistoneDataset
from .._expression_table import ExpressionTable
from ._arguments import as_table, check_depth, check_missing, gene_columns, has_names
from ._counts import simulate_counts
from ._expression import simulate_expression
from ._profiles import MARKS, Cells

_COUNT = [Interval(Integral, 1, None, closed="left")]
_COLUMN = ["array-like", None]


@validate_params(
    {
        "n_genes": [Interval(Integral, 2, None, closed="left")],
        **dict.fromkeys(("n_cells", "n_bins", "bin_size"), _COUNT),
        **dict.fromkeys(("cell_names", "gene_names", "chrom", "tss", "strand", "split"), _COLUMN),
        "expression": ["array-like", ExpressionTable, None],
        "depth": ["array-like", Real, None],
        "missing_marks": [dict, None],
        "n_reference_cells": [Interval(Integral, 1, None, closed="left"), None],
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
    missing_marks=None,
    n_reference_cells=None,
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
    missing_marks : dict of str to str or sequence of str, optional
        The marks that a cell lacks, by its name: they are NaN, see
        :class:`~histoexpr.MarkSubsetClassifier`.
    n_reference_cells : int, optional
        Number of further cells of which the expression of the same genes is returned beside the
        data set; at least 1. Only where expression is simulated.
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
        (``chrom``, ``tss`` and ``y`` except as described above). Where expression is simulated,
        ``meta["groups"]`` has the group of related cells, A to L, of every cell by name.
    reference : ExpressionTable of shape (n_genes, n_reference_cells)
        RPKM of the cells ``R01``, ``R02`` ... Only with ``n_reference_cells``; the data set is
        the same with and without.

    Raises
    ------
    ValueError
        If a parameter is out of range, lengths do not agree, names are repeated, or an
        expression value is missing, infinite or negative.

    Notes
    -----
    *Expression.* RPKM have the quantiles of 56 Roadmap cells. Genes of middling level differ most
    between cells, along regulatory programmes that groups of related cells share: two cells have
    different labels for 17 % of the genes, a cell and its nearest relative among 56 for 10 %
    (Roadmap 17.5 and 8 %); the Pearson correlation of log RPKM is 0.6 to 0.97. The mean rank of a
    gene in the other cells, without any signal, reaches an AUROC of .95 with 55 cells and .94
    with 9 (Roadmap .945 and .94).

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

    *Cells* differ in depth (by 45 % for each mark) and in signal to background, in how many
    silent genes keep an active promoter, and in how closely the marks follow expression. So
    scores of one cell's model are not comparable between cells as they are: of the genes whose
    label differs .86 are ordered rightly (.75 to .91 in single pairs), with each mark divided by
    its cell's mean .88, which is what models of each cell's own labels reach. In E012 and E013,
    which differ more than most, it is .71, .82 and .87; of three marks in ten other Roadmap
    cells .70, .71 and .73 (simulated .79, .84 and .84).

    *Counts* are Poisson around an irregular rate. A read of 36 bp that overlaps two bins counts in
    both. So they are overdispersed and autocorrelated like real ones.

    *What it reproduces.* Linear models on the log sums of 1, 2 and 10 regions per mark, tested on
    other chromosomes, reach an AUROC of .911, .936 and .941 in simulated cells of 6,000 genes
    (``n_cells=2``) of ``random_state=0`` and .922, .951 and .955 of ``random_state=1``, against
    .923, .945 and .949 in E012 and .921, .941 and .943 in E013; gradient boosting on 20 regions
    .945 and .959, against .950 and .939. With ``oriented=False``, ten regions reach .917 and .929
    (.927 and .915).
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
    if expression is not None and n_reference_cells is not None:
        raise ValueError(
            "n_reference_cells is for expression that is simulated: with expression given, keep "
            "some of its cells back as the reference."
        )
    seed = check_random_state(random_state).randint(np.iinfo(np.int32).max)
    # Streams of their own: expression and positions do not depend on how signals are drawn.
    expression_rng, gene_rng, signal_rng = np.random.default_rng(seed).spawn(3)
    anonymous, drawn = not has_names(expression), None
    if expression is None:
        drawn = simulate_expression(n_cells, n_genes, expression_rng, n_reference_cells or 0)
        expression = drawn.rpkm
    table = as_table(expression, gene_names, cell_names)
    n_genes, n_cells = table.values.shape
    missing = check_missing(missing_marks, table.cells)
    half = bin_size * (n_bins // 2 + 1)
    given = {"chrom": chrom, "tss": tss, "strand": strand, "split": split}
    columns = gene_columns(given, n_genes, half, anonymous, gene_rng)
    cells = Cells.draw(n_cells, check_depth(depth, n_cells), signal_rng)
    forward = columns["strand"] == "+"
    turned = ~forward if oriented else np.zeros(n_genes, dtype=bool)
    X = _fill(table.values, forward, turned, n_bins, bin_size, cells, signal_rng)
    # As labels.binarize_expression
    above_median = table.values > np.median(table.values, axis=0)
    meta = {"source": "simulated by histoexpr.make_histone_cells"}
    if drawn is not None:
        meta["groups"] = dict(zip(table.cells.tolist(), drawn.groups.tolist(), strict=True))
    data = HistoneDataset(
        _hide(X, missing, table.cells),
        None if label is None else above_median.astype(np.int64).T.ravel(),
        cell=np.repeat(table.cells, n_genes),
        gene=np.tile(table.genes, n_cells),
        expression=table.values.T.ravel(),
        marks=MARKS,
        bin_size=bin_size,
        oriented=bool(oriented),
        meta=meta,
        **{name: np.tile(values, n_cells) for name, values in columns.items()},
    )
    if n_reference_cells is None:
        return data
    names = [f"R{number:02d}" for number in range(1, n_reference_cells + 1)]
    data.meta["reference_groups"] = dict(zip(names, drawn.reference_groups.tolist(), strict=True))
    return data, ExpressionTable(drawn.reference_rpkm, table.genes, names, unit="RPKM")


def _hide(X, missing, cells):
    """Return X with the marks that cells lack as NaN."""
    if not missing:
        return X
    X = X.astype(np.promote_types(X.dtype, np.float32))
    by_cell = X.reshape(len(cells), -1, *X.shape[1:])
    for cell, marks in missing.items():
        by_cell[cells.tolist().index(cell), :, :, marks] = np.nan
    return X


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
