"""Genes in BED files, tables and DataFrames."""

import gzip

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


@pytest.mark.parametrize(
    ("bed", "message"),
    [
        ("chr1\t10\t50\tA\nchr1\t60\t90\tB\n", "no gene has a strand.*column 6"),
        ("chr1\t10\t50\tA\t0\t.\n", "no gene has a strand"),
        ("chr1\t10\t50\tA\t0\t+\nchr1\t10\t50\tA\t-\n", "line 2: the strand stands in column 5"),
        ("chr1\t10\t11\tA\t-\t7\n", "line 1: the strand stands in column 5"),
        ("chr1\t10\t50\t+\tA\t0\n", "line 1: the strand stands in column 4"),
        ("chr1\t10\t50\tA\t0\tup\n", "line 1: A: strand 'up' is neither"),
        ("chr1\t10\t50\n", "line 1: a gene needs a name in column 4 and a strand in column 6"),
        ("chr1\t-10\t50\tA\t0\t+\n", "line 1: A: positions must be 0-based"),
        ("chr1\t٣\t50\tA\t0\t+\n", "line 1: A: positions must be 0-based"),
    ],
)
def test_strands_and_positions_of_a_bed(tmp_path, bed, message):
    path = write_annotation(tmp_path, bed, "my.bed")
    with pytest.raises(DataFormatError, match=rf"my\.bed.*{message}"):
        read_genes(path)


def test_strands_in_words(tmp_path):
    bed = "chr1\t10\t50\tA\t0\tplus\nchr1\t10\t50\tB\t0\tminus\nchr1\t10\t50\tC\t0\t-1\n"
    assert read_genes(write_annotation(tmp_path, bed)).tss.tolist() == [10, 49, 49]


SAF = "GeneID\tChr\tStart\tEnd\tStrand\nA\tchr1\t11\t20\t+\nB\tchr1\t31\t40\t-\n"


def test_the_first_base_of_saf_is_1(tmp_path):
    shuffled = "strand,end,start,chr,geneid\n+,20,11,chr1,A\n-,40,31,chr1,B\n"
    exons = SAF + "A\tchr1\t5\t5\t+\nB\tchr1\t90\t90\t-\n"
    zipped = tmp_path / "genes.saf.gz"
    zipped.write_bytes(gzip.compress(SAF.encode()))
    for path in (
        write_annotation(tmp_path, SAF, "a"),
        write_annotation(tmp_path, shuffled, "b"),
        zipped,
    ):
        assert read_genes(path).tss.tolist() == [10, 39]
    assert read_genes(write_annotation(tmp_path, exons)).tss.tolist() == [4, 89]
    with pytest.raises(DataFormatError, match=r"line 4: C: positions must be 1-based.*SAF"):
        read_genes(write_annotation(tmp_path, SAF + "C\tchr1\t0\t9\t+\n"))
    # other names are the ones of our own tables, whose first base is 0
    own = SAF.replace("GeneID", "gene").replace("Chr", "chrom")
    assert read_genes(write_annotation(tmp_path, own)).tss.tolist() == [11, 39]


LISTS = "10,\t20,"


@pytest.mark.parametrize(
    "text",
    [
        f"T1\tchr1\t-\t10\t50\t10\t50\t1\t{LISTS}\n",
        f"T1\tN1\tchr1\t-\t10\t50\t10\t50\t1\t{LISTS}\n",
        f"585\tN1\tchr1\t-\t10\t50\t10\t50\t1\t{LISTS}\t0\tT1\tcmpl\tcmpl\t0,\n",
        f"N1\tchr1\t-\t10\t50\t10\t50\t1\t{LISTS}\t0\tT1\tcmpl\tcmpl\t0,\n",
        "#bin\tname\tchrom\tstrand\ttxStart\ttxEnd\tname2\n585\tN1\tchr1\t-\t10\t50\tT1\n",
    ],
)
def test_tables_of_transcripts(tmp_path, text):
    genes = read_genes(write_annotation(tmp_path, text))
    assert (genes.gene.tolist(), genes.tss.tolist()) == (["T1"], [49])
    if not text.startswith("#"):
        with pytest.raises(DataFormatError, match="line 2: expected name, chrom, strand"):
            read_genes(write_annotation(tmp_path, text + "T2\tchr1\t+\t10\n"))


def test_usual_loci_come_first(tmp_path):
    rows = [("chrY", 5, "A"), ("chr6_x_alt", 5, "B"), ("chrX", 7, "A"), ("chr6", 8, "B")]
    bed = "".join(f"{chrom}\t{start}\t9\t{gene}\t0\t+\n" for chrom, start, gene in rows)
    path = write_annotation(tmp_path, bed)
    for transcripts in ("gene", "each", "longest"):
        genes = read_genes(path, transcripts=transcripts)
        assert list(zip(genes.chrom.tolist(), genes.tss.tolist(), strict=True)) == [
            ("chrX", 7),
            ("chr6", 8),
        ]
        assert genes.left_out["repeated"] == 2
