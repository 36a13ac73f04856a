"""Simulated genes and their expression in several cell types."""

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
_N_PROGRAMMES = 6


def simulate_expression(n_cells, n_genes, rng):
    """Draw RPKM, (n_genes, n_cells) with three decimals, of cells as alike as real ones.

    Every gene has a level of its own; genes of middling level differ most between cells. What
    differs follows a few regulatory programmes, which cells share to varying degree, so that some
    pairs of cells are close relatives and others are not.
    """
    level = rng.standard_normal(n_genes)
    # Housekeeping genes and genes silent everywhere hardly change; the rest do.
    spread = 0.17 + 0.64 * np.exp(-0.5 * ((level + 0.45) / 0.52) ** 2)
    spread *= np.exp(0.45 * rng.standard_normal(n_genes))
    programmes = rng.standard_normal((n_genes, _N_PROGRAMMES))
    rpkm = np.empty((n_genes, n_cells))
    for cell in range(n_cells):
        weights = np.sqrt(rng.dirichlet(np.full(_N_PROGRAMMES, 0.4)))
        private = rng.uniform(0.1, 0.5)
        deviation = np.sqrt(1 - private) * (programmes @ weights)
        deviation += np.sqrt(private) * rng.standard_normal(n_genes)
        rank = (rankdata(level + spread * deviation) - 0.5) / n_genes
        # Cells differ in how many genes they express at all, hardly in the high quantiles.
        shift = 0.5 * rng.standard_normal() * (1 - rank)
        values = np.exp(np.interp(rank, _QUANTILE, np.log(_RPKM)) + shift)
        values[values < 0.004 * np.exp(0.7 * rng.standard_normal())] = 0
        rpkm[:, cell] = np.round(values, 3)
    return rpkm


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
