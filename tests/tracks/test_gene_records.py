"""Records of genes from text, and the first one at fault."""

import pandas as pd
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks._gene_records import GeneRecord, check_genes

ROWS = [("a", "chr1", "007", "9", "1"), ("b", "chr1", "5", "6", "?")]


def frame(*rows):
    columns = ["gene", "chrom", "start", "end", "strand"]
    return pd.DataFrame([*ROWS, *rows], columns=columns, index=range(3, 5 + len(rows)))


def test_records():
    records = check_genes(frame(), "genes.bed")
    assert list(records) == list(GeneRecord._fields)
    assert records["start"].tolist() == [7, 5]
    assert records["end"].tolist() == [9, 6]
    assert records["strand"].tolist() == ["+", "."]
    assert records["symbol"].tolist() == ["", ""]
    assert records["canonical"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("", "chr1", "5", "6", "+"), "gene or chromosome is empty"),
        (("c", "", "5", "6", "+"), "gene or chromosome is empty"),
        (("c", "chr1", "6", "6", "+"), "c: positions must be .* got '6' and '6'"),
        (("c", "chr1", "-1", "6", "+"), "c: positions"),
        (("c", "chr1", "1", "9" * 30, "+"), "c: positions"),
    ],
)
def test_the_first_fault_is_named(row, message):
    late = ("d", "chr1", "9", "1", "+")
    with pytest.raises(DataFormatError, match=rf"genes\.bed, line 5: {message}"):
        check_genes(frame(row, late), "genes.bed")
    with pytest.raises(DataFormatError, match=f"genes, row 5: {message}"):
        check_genes(frame(row, late), None)
