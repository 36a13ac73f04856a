"""Transcription start sites from annotations of every style."""

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import read_genes
from support.annotations import BED, ENSEMBL_GTF, STYLES, UCSC_GTF, write_annotation


@pytest.mark.parametrize("style", STYLES)
def test_the_most_upstream_start_is_strand_aware(tmp_path, style):
    genes = read_genes(write_annotation(tmp_path, STYLES[style]))
    assert genes.gene.tolist() == ["PLUS", "MINUS", "LNC"]
    assert genes.tss.tolist() == [1000, 8999, 10000]
    assert genes.strand.tolist() == ["+", "-", "+"]
    assert {name.removeprefix("chr") for name in genes.chrom} == {"1"}
    assert genes.tss.dtype == np.int64


@pytest.mark.parametrize("style", ["UCSC GTF", "exons only", "BED6"])
def test_transcripts_where_genes_have_no_record(tmp_path, style):
    path = write_annotation(tmp_path, STYLES[style])
    assert read_genes(path, transcripts="longest").tss.tolist() == [1100, 8499, 10000]
    with pytest.raises(ValueError, match="no transcript is tagged"):
        read_genes(path, transcripts="canonical")


@pytest.mark.parametrize(
    "style", ["Ensembl GTF", "GENCODE GTF", "Ensembl GFF3", "RefSeq GFF3", "table"]
)
def test_biotypes_and_symbols(tmp_path, style):
    path = write_annotation(tmp_path, STYLES[style])
    assert read_genes(path).symbol.tolist()[:2] == ["Pl", "Mi"]
    coding = read_genes(path, biotypes="protein_coding")
    assert coding.gene.tolist() == ["PLUS", "MINUS"]
    assert coding.left_out["other_biotype"] == 1
    both = read_genes(path, biotypes=["lncRNA", "protein_coding"])
    assert len(both) == 3
    with pytest.raises(ValueError, match="no gene has the biotype snRNA; there are lncRNA, prot"):
        read_genes(path, biotypes="snRNA")


@pytest.mark.parametrize("style", STYLES)
def test_gzip_and_windows_line_ends(tmp_path, style):
    path = tmp_path / "genes.gz"
    path.write_bytes(gzip.compress(STYLES[style].replace("\n", "\r\n").encode("utf-8-sig")))
    genes = read_genes(path)
    assert genes.tss.tolist() == [1000, 8999, 10000]
    assert genes.gene.tolist() == ["PLUS", "MINUS", "LNC"]


def test_a_gene_at_two_loci_is_kept_at_the_first(tmp_path):
    bed = "chrX\t100\t900\tP\t0\t+\nchr1\t5\t9\tA\t0\t+\nchrY\t200\t800\tP\t0\t+\n"
    genes = read_genes(write_annotation(tmp_path, bed))
    assert list(zip(genes.gene, genes.chrom, genes.tss, strict=True)) == [
        ("P", "chrX", 100),
        ("A", "chr1", 5),
    ]
    assert genes.left_out["repeated"] == 1
    gtf = ENSEMBL_GTF + ENSEMBL_GTF.splitlines()[1].replace("1\thavana", "Y\thavana", 1) + "\n"
    assert read_genes(write_annotation(tmp_path, gtf)).left_out["repeated"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no lines of data"),
        ("# only a comment\n", "no lines of data"),
        ("name,position\nA,5\n", "columns missing.*chrom, strand, tss"),
        ("gene,chrom,strand,tss\n", "no genes found"),
        ("gene,chrom,strand,tss\nA,chr1,+\n", "line 2: the line has only 3 fields"),
        ("gene,chrom,strand,tss\nA,chr1,+,1.5\n", "line 2: A: positions must be"),
        ("gene,chrom,strand,start,end\nA,chr1,+,9,5\n", "line 2: A: positions must be"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t5\t9\n", "line 2: a gene needs a name"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t9\t9\tB\t0\t+\n", "line 2: B: positions must be"),
        (UCSC_GTF + "chr1\tx\n", "line 7: 2 tab-separated columns"),
        (UCSC_GTF.replace("10001", "20001"), "line 6: LNC: start and end must be positions"),
        (ENSEMBL_GTF.replace('gene_id "LNC"; ', ""), "line 9: a gene without gene_id"),
    ],
)
def test_bad_annotations(tmp_path, text, message):
    path = write_annotation(tmp_path, text)
    with pytest.raises(DataFormatError, match=message) as caught:
        read_genes(path)
    assert str(path) in str(caught.value)


def test_unknown_rule(tmp_path):
    with pytest.raises(ValueError, match=r"'transcripts' parameter.*Got 'all'"):
        read_genes(write_annotation(tmp_path, BED), transcripts="all")
