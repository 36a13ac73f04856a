"""What is resampled of the test genes."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments._gene_blocks import UNITS, gene_blocks, known_genes


def frame(n_chromosomes, *, tss=True, missing=False):
    numbers = np.arange(60)
    columns = {"cell": "A", "gene": [f"G{n:02d}" for n in numbers],
               "chrom": [f"chr{n % n_chromosomes}" for n in numbers]}  # fmt: skip
    columns |= {"tss": numbers * 1_000_000} if tss else {}
    found = pd.DataFrame(columns)
    if missing:
        found.loc[3, "chrom"] = ""
    return pd.concat([found, found.assign(cell="B")], ignore_index=True)


@pytest.mark.parametrize(
    ("given", "unit", "n_blocks"),
    [
        (frame(10), "chrom", 10),
        (frame(10, tss=False), "chrom", 10),
        # 60 Mb: twelve pieces of 5 Mb of each of two chromosomes
        (frame(2), "5-Mb block", 24),
        (frame(6, tss=False), "chrom", 6),
        (frame(5, tss=False), "gene", 60),
        (frame(10, missing=True), "gene", 60),
        (frame(10).drop(columns="chrom"), "gene", 60),
    ],
)
def test_blocks_are_chromosomes_pieces_of_few_or_genes(given, unit, n_blocks):
    found = gene_blocks(given)
    assert (found.unit, found.n_blocks) == (unit, n_blocks)
    assert unit in UNITS
    assert (found.codes is None) == (unit == "gene")


def test_a_piece_holds_the_genes_of_5_mb_of_one_chromosome():
    given = frame(2).drop_duplicates("gene").set_index("gene")
    codes = gene_blocks(given.reset_index().assign(cell="A")).codes
    place = given["chrom"] + (given["tss"] // 5_000_000).astype(str)
    assert codes.groupby(place).nunique().eq(1).all()
    assert place.groupby(codes).nunique().eq(1).all()


def test_each_gene_of_a_cell_is_there_once(mixed_results):
    found = known_genes(mixed_results)
    assert not found.duplicated(["cell", "gene"]).any()
    assert found.groupby("cell").size().tolist() == [240] * 3
    assert {"chrom", "tss", "label", "log2_expression"} <= {*found}
