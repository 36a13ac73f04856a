"""Simulated genes and their expression in several cell types."""

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

# Fitted to the RPKM of 19,802 genes in 56 Roadmap cell types: the median over cells of
# these quantiles. Below the sixth per cent any detection limit calls everything zero.
_QUANTILE = np.array([0, 6, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.9, 100]) / 100
_RPKM = np.array(
    [1e-4, 1e-3, 0.007, 0.025, 0.08, 0.2, 1.0, 2.9, 5.7, 10, 17, 34, 60, 190, 950, 6000]
)
# Human chromosomes (hg19): length in Mb and share of the protein-coding genes in per mille.
_CHROMOSOMES = {
    "chr1": (249, 102), "chr2": (243, 63), "chr3": (198, 53), "chr4": (191, 38),
    "chr5": (181, 44), "chr6": (171, 51), "chr7": (159, 45), "chr8": (146, 36),
    "chr9": (141, 40), "chr10": (135, 38), "chr11": (135, 66), "chr12": (134, 53),
    "chr13": (115, 16), "chr14": (107, 32), "chr15": (102, 31), "chr16": (90, 43),
    "chr17": (81, 60), "chr18": (78, 14), "chr19": (59, 71), "chr20": (63, 27),
    "chr21": (48, 12), "chr22": (51, 23), "chrX": (155, 42),
}  # fmt: skip
# Fitted to the same table by a random search (56 cells, real / simulated): share of genes whose
# label differs between two cells .175 / .17, and from a cell's nearest relative .08 / .10; share
# of genes with a standard deviation of log2(RPKM + 1) above 1 .39 / .33; AUROC of a gene's mean
# rank in the other cells .945 / .946, of those variable genes .855 / .81.
_GROUPS = tuple("ABCDEFGHIJKL")
_N_PROGRAMMES = 6
_PROGRAMME_SHARES = 0.35  # of a Dirichlet distribution: a group follows one or two
_PRIVATE = (0.04, 0.4)  # share of a cell's deviation that its relatives do not have
_NOISE = 0.1  # of log RPKM


class SimulatedExpression(NamedTuple):
    """RPKM (n_genes, n_cells) and the group of each cell; the same of reference cells."""

    rpkm: np.ndarray
    groups: np.ndarray
    reference_rpkm: np.ndarray
    reference_groups: np.ndarray


def simulate_expression(n_cells, n_genes, rng, n_reference=0):
    """Draw RPKM, with three decimals, of cells as alike as real ones.

    Every gene has a level of its own; genes of middling level differ most between cells. What
    differs follows a few regulatory programmes, which groups of related cells share to varying
    degree. Cells are of any of twelve groups, as are the reference cells, which do not change what
    is drawn for the others.
    """
    reference_rng = rng.spawn(1)[0]
    level = rng.standard_normal(n_genes)
    # Housekeeping genes and genes silent everywhere hardly change; the rest do.
    spread = 0.24 + 0.9 * np.exp(-0.5 * ((level + 0.05) / 0.75) ** 2)
    spread *= np.exp(0.52 * rng.standard_normal(n_genes) - 0.52**2 / 2)
    programmes = rng.standard_normal((n_genes, _N_PROGRAMMES))
    shares = rng.dirichlet(np.full(_N_PROGRAMMES, _PROGRAMME_SHARES), len(_GROUPS))
    shared = programmes @ np.sqrt(shares).T
    parts = []
    for count, cell_rng in ((n_cells, rng), (n_reference, reference_rng)):
        numbers = cell_rng.integers(len(_GROUPS), size=count)
        columns = [_draw_cell(level, spread, shared[:, number], cell_rng) for number in numbers]
        rpkm = np.column_stack(columns) if columns else np.empty((n_genes, 0))
        parts += [rpkm, np.array(_GROUPS)[numbers]]
    return SimulatedExpression(*parts)


def _draw_cell(level, spread, shared, rng):
    """Return the RPKM of a cell whose group deviates from the level of each gene by ``shared``."""
    n_genes = len(level)
    private = rng.uniform(*_PRIVATE)
    deviation = np.sqrt(1 - private) * shared + np.sqrt(private) * rng.standard_normal(n_genes)
    rank = (rankdata(level + spread * deviation) - 0.5) / n_genes
    # Cells differ in how many genes they express at all, hardly in the high quantiles.
    shift = 0.5 * rng.standard_normal() * (1 - rank) + _NOISE * rng.standard_normal(n_genes)
    values = np.exp(np.interp(rank, _QUANTILE, np.log(_RPKM)) + shift)
    values[values < 0.004 * np.exp(0.7 * rng.standard_normal())] = 0
    return np.round(values, 3)


def simulate_positions(n_genes, margin, rng):
    """Return chromosomes and TSS of genes on the human genome, in genomic order.

    A TSS keeps ``margin`` bp from the ends of its chromosome.
    """
    names = np.array(list(_CHROMOSOMES))
    megabases, share = np.array(list(_CHROMOSOMES.values()), dtype=float).T
    number = np.sort(rng.choice(len(names), n_genes, p=share / share.sum()))
    length = megabases[number] * 1_000_000
    tss = rng.uniform(np.minimum(margin, length / 2), np.maximum(length - margin, length / 2))
    order = np.lexsort((tss, number))
    return names[number[order]], tss[order].astype(np.int64)
