"""GTF and GFF3 of every style."""

import pytest

from histoexpr.tracks import read_genes
from support.annotations import (
    BED,
    ENSEMBL_GFF3,
    ENSEMBL_GTF,
    GENCODE_GTF,
    REFSEQ_GFF3,
    STYLES,
    write_annotation,
)


@pytest.mark.parametrize("style", ["Ensembl GTF", "Ensembl GFF3", "RefSeq GFF3", "GENCODE GTF"])
def test_canonical_longest_and_each_transcript(tmp_path, style):
    path = write_annotation(tmp_path, STYLES[style])
    canonical = read_genes(path, transcripts="canonical")
    assert canonical.gene.tolist() == ["PLUS", "MINUS"]
    assert canonical.tss.tolist() == [1100, 8499]
    assert canonical.left_out["not_canonical"] == 1
    longest = read_genes(path, transcripts="longest")
    assert longest.tss.tolist() == [1100, 8499, 10000]
    each = read_genes(path, transcripts="each")
    assert each.gene.tolist() == ["PLUS", "PLUS", "MINUS", "MINUS", "LNC"]
    assert each.tss.tolist() == [1100, 1000, 8499, 8999, 10000]


def test_builds_named_in_comments(tmp_path):
    assert read_genes(write_annotation(tmp_path, ENSEMBL_GTF)).build == "hg38"
    assert read_genes(write_annotation(tmp_path, GENCODE_GTF)).build == "hg38"
    mouse = ENSEMBL_GTF.replace("GRCh38.p13", "GRCm39")
    assert read_genes(write_annotation(tmp_path, mouse)).build == "mm39"
    assert read_genes(write_annotation(tmp_path, BED)).build is None


def test_refseq_accessions_become_chromosomes(tmp_path):
    assert set(read_genes(write_annotation(tmp_path, REFSEQ_GFF3)).chrom) == {"1"}


def test_biotypes_filter_transcripts_too(tmp_path):
    path = write_annotation(tmp_path, ENSEMBL_GFF3)
    genes = read_genes(path, biotypes="protein_coding", transcripts="each")
    assert len(genes) == 4
    assert genes.left_out["other_biotype"] == 1
