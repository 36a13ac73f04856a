"""Genes matched between cells."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets._match_cells import genes_of, match_rows


def make(**columns):
    return HistoneDataset(np.ones((5, 1, 1)), cell=list("AAABB"), gene=list("cabbc"), **columns)


def test_rows_of_common_genes_in_the_order_of_the_first_cell():
    data = make(chrom=["1", "2", "3", "3", "1"])
    genes = {cell: genes_of(data, cell) for cell in "AB"}
    assert [part.tolist() for part in genes["A"]] == [["a", "b", "c"], [1, 2, 0]]
    rows, alone = match_rows(data, ("A", "B"), genes)
    assert rows.tolist() == [[0, 2], [4, 3]]
    assert alone == 1
    back, _ = match_rows(data, ("B", "A"), genes)
    assert back.tolist() == [[3, 4], [2, 0]]


def test_genes_that_are_not_the_same_are_refused():
    for column, values, text in (
        ("chrom", ["1", "2", "3", "3", "2"], "Gene c has chrom 1 in cell A and 2 in cell B"),
        ("tss", [1, 2, 3, 4, 1], "Gene b has tss 3 in cell A and 4 in cell B"),
        ("strand", list("+++-+"), "Gene b has strand"),
        ("split", ["train"] * 4 + ["test"], "Gene c has split train"),
    ):
        data = make(**{column: values})
        genes = {cell: genes_of(data, cell) for cell in "AB"}
        with pytest.raises(ValueError, match=text):
            match_rows(data, ("A", "B"), genes)
    twice = make().replace(gene=list("cacbc"))
    with pytest.raises(ValueError, match="Gene c occurs 2 times in cell A"):
        genes_of(twice, "A")
