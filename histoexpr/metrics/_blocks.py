"""Blocks of genes that are resampled together, and intervals of means over them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ._bootstrap import draw_genes, expanded_interval

# With fewer chromosomes an interval of 95 % is hardly defined: pieces of them take their place
_LEAST_CHROMOSOMES = 10
_BLOCK = 5_000_000  # bp
# Units of genes of which nothing is known, at the most: with more the ends hardly move
_MOST_GROUPS = 100


class Blocks(NamedTuple):
    """Which samples are resampled together.

    ``codes`` (n_samples,) is the number of each sample's block, of ``n_blocks``; ``unit`` says
    what blocks are: "chromosome", "5-Mb block", "gene", "sample", or "gene group" and "sample
    group" where there are many.
    """

    codes: np.ndarray
    n_blocks: int
    unit: str


def resampling_blocks(n_samples, *, chrom=None, tss=None, gene=None):
    """Return Blocks of samples: chromosomes, pieces of few chromosomes, genes, or samples.

    Neighbouring genes share their surroundings, so that intervals over genes as if they were
    independent are too narrow. Blocks are chromosomes where ten or more are known; of fewer they
    are pieces of 5 Mb where positions (``tss``, bp) are known, too. Samples of unknown chromosome
    ("") make genes the blocks of all. Genes, and samples where not even these are known, are
    drawn in at most 100 groups.
    """
    known = chrom is not None and len(chrom) and not np.any(np.asarray(chrom) == "")
    if known:
        codes, names = pd.factorize(np.asarray(chrom, dtype=str), sort=True)
        if len(names) >= _LEAST_CHROMOSOMES or tss is None:
            return Blocks(codes, len(names), "chromosome")
        piece = np.asarray(tss, dtype=np.int64) // _BLOCK
        codes = pd.factorize(codes * (piece.max() + 1) + piece, sort=True)[0]
        return Blocks(codes, int(codes.max()) + 1, "5-Mb block")
    unit, names = "sample", np.arange(n_samples)
    if gene is not None:
        unit, names = "gene", np.asarray(gene, dtype=str)
    codes, distinct = pd.factorize(names, sort=True)
    n_groups = max(1, min(len(distinct), _MOST_GROUPS))
    # drawn, as genes of like names may be alike
    groups = np.random.default_rng(0).permutation(len(distinct)) % n_groups
    unit = unit if n_groups == len(distinct) else f"{unit} group"
    return Blocks(groups[codes], n_groups, unit)


def mean_interval(values, blocks, *, confidence=0.95, n_resamples=1000, random_state=0):
    """Return mean, low and high of values over samples, resampling whole blocks.

    ``values`` is (n_samples, ...); the results have the shape of one sample. Ends are expanded
    percentile intervals, NaN of too few blocks, see :func:`bootstrap_mean`.
    """
    values = np.asarray(values, dtype=np.float64)
    flat = values.reshape(len(values), -1)
    sums = np.zeros((blocks.n_blocks, flat.shape[1]))
    np.add.at(sums, blocks.codes, flat)
    counts = np.bincount(blocks.codes, minlength=blocks.n_blocks).astype(np.float64)
    weights = draw_genes(blocks.n_blocks, n_resamples, random_state).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        replicates = (sums.T @ weights) / (counts @ weights)
    n_filled = int((counts > 0).sum())
    ends = [expanded_interval(column, n_filled, confidence) for column in replicates]
    low, high = np.array(ends).reshape(-1, 2).T
    shape = values.shape[1:]
    return flat.mean(axis=0).reshape(shape), low.reshape(shape), high.reshape(shape)
