"""Genes in BED files, tables and DataFrames."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import read_genes
from support.annotations import write_annotation


def test_single_bases_need_no_strand_and_longer_genes_do(tmp_path):
    bed = "chr1\t100\t101\tA\t0\t.\nchr1\t100\t900\tB\t0\t.\nchr1\t100\t101\tC\n"
    genes = read_genes(write_annotation(tmp_path, bed))
    assert genes.gene.tolist() == ["A", "C"]
    assert genes.strand.tolist() == [".", "."]
    assert genes.left_out["no_strand"] == 1


def test_transcripts_with_one_start_are_one_row(tmp_path):
    spans = [(100, 200, "A", "+"), (100, 300, "A", "+"), (50, 300, "B", "-"), (9, 300, "B", "-")]
    bed = "".join(f"chr1\t{start}\t{end}\t{gene}\t0\t{d}\n" for start, end, gene, d in spans)
    genes = read_genes(write_annotation(tmp_path, bed), transcripts="each")
    assert list(zip(genes.gene, genes.tss, strict=True)) == [("A", 100), ("B", 299)]


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
