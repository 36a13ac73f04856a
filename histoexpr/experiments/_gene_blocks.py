"""What is resampled of the test genes: chromosomes, 5-Mb blocks or the genes themselves."""

from typing import NamedTuple

import pandas as pd

from ..metrics import resampling_blocks

# Fewer chromosomes than this give no interval of 95 %
_LEAST_CHROMOSOMES = 6
# What tables call a unit -> its plural in text
UNITS = {"chrom": "chromosomes", "5-Mb block": "5-Mb blocks", "gene": "genes"}


class GeneBlocks(NamedTuple):
    """The number of the block of each test gene (a Series by gene), of how many, and their unit.

    The unit is one of UNITS; ``codes`` is None where genes are drawn one by one.
    """

    codes: pd.Series | None
    n_blocks: int
    unit: str


def known_genes(results):
    """Return what is known of the test genes in all cells, each once in a cell."""
    rows = results.table.drop_duplicates(["fold", "test_cell"])
    frames = [results.predictions(row) for row in rows.itertuples()]
    return pd.concat(frames, ignore_index=True).drop_duplicates(["cell", "gene"])


def chromosome_blocks(frame):
    """Return the chromosomes of the genes of a :func:`known_genes` as GeneBlocks."""
    genes = frame.drop_duplicates("gene")
    codes, names = pd.factorize(genes["chrom"].astype(str), sort=True)
    return GeneBlocks(pd.Series(codes, genes["gene"].astype(str)), len(names), "chrom")


def gene_blocks(frame):
    """Return what is resampled of the genes of a :func:`known_genes`, as GeneBlocks.

    Ten chromosomes or more; of fewer, pieces of 5 Mb where positions are known, else six or more
    chromosomes; genes where there is nothing of this.
    """
    known = "chrom" in frame and (frame["chrom"].astype(str) != "").all()
    if not known:
        return GeneBlocks(None, frame["gene"].nunique(), "gene")
    genes = frame.drop_duplicates("gene")
    tss = genes["tss"].to_numpy() if "tss" in genes else None
    found = resampling_blocks(len(genes), chrom=genes["chrom"].to_numpy(dtype=str), tss=tss)
    if found.unit == "chromosome":
        few = found.n_blocks < _LEAST_CHROMOSOMES
        return GeneBlocks(None, len(genes), "gene") if few else chromosome_blocks(frame)
    return GeneBlocks(pd.Series(found.codes, genes["gene"].astype(str)), *found[1:])
