"""Genes in tables and DataFrames."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import read_genes


def test_data_frame(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "gene": ["000003", "B"],
            "chrom": ["chr1", "chr2"],
            "strand": ["+", "-"],
            "start": [10, 20.0],
            "end": [30, 40],
        }
    )
    genes = read_genes(frame)
    assert genes.gene.tolist() == ["000003", "B"]
    assert genes.tss.tolist() == [10, 39]
    with pytest.raises(DataFormatError, match=r"columns missing.*strand"):
        read_genes(frame.drop(columns="strand"))
    with pytest.raises(DataFormatError, match=r"genes, row 1.*gene or chromosome is empty"):
        read_genes(frame.assign(gene=["A", None]))
    with pytest.raises(DataFormatError, match=r"genes, row 1.*positions must be"):
        read_genes(frame.assign(start=[10, np.nan]))
