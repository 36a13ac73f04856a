"""Genes in several cells, as columns of samples, and how often intervals hold the truth."""

import numpy as np


def columns_of(n_genes, n_cells, n_chromosomes=20):
    """Return gene, cell and chromosome of each sample, gene by gene."""
    gene = np.repeat(np.arange(n_genes), n_cells)
    return {
        "gene": np.char.add("g", gene.astype(str)),
        "cell": np.tile(np.arange(n_cells), n_genes).astype(str),
        "chrom": (gene % n_chromosomes).astype(str),
    }


def coverage(score, truth, n_runs, seed=0):
    """Return how often the interval of ``score(rng)`` holds the truth, and the mean value."""
    rng = np.random.default_rng(seed)
    found = [score(rng) for _ in range(n_runs)]
    return np.mean([s.low <= truth <= s.high for s in found]), np.mean([s.value for s in found])
