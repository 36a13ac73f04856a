"""Transcription start sites from annotations of every style."""

# ruff: noqa: E501 - lines of annotations are long

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import read_genes

# Each style describes the same genes: PLUS at 1001-5000 on + with the transcripts P1 (1101-5000,
# canonical), P2 (1001-2000); MINUS at 7001-9000 on - with M1 (7001-8500, canonical) and M2
# (8001-9000); LNC, a lncRNA at 10001-10500 on +.
ENSEMBL_GTF = """\
#!genome-build GRCh38.p13
1\thavana\tgene\t1001\t5000\t.\t+\t.\tgene_id "PLUS"; gene_version "2"; gene_name "Pl"; gene_biotype "protein_coding";
1\thavana\ttranscript\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; gene_name "Pl"; gene_biotype "protein_coding"; tag "basic"; tag "Ensembl_canonical";
1\thavana\texon\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; exon_number "1";
1\thavana\ttranscript\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2"; gene_name "Pl"; gene_biotype "protein_coding";
1\thavana\tgene\t7001\t9000\t.\t-\t.\tgene_id "MINUS"; gene_name "Mi"; gene_biotype "protein_coding";
1\thavana\ttranscript\t7001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1"; gene_name "Mi"; gene_biotype "protein_coding"; tag "MANE_Select"; tag "Ensembl_canonical";
1\thavana\ttranscript\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2"; gene_name "Mi"; gene_biotype "protein_coding"; tag "Ensembl_canonical";
1\thavana\tgene\t10001\t10500\t.\t+\t.\tgene_id "LNC"; gene_biotype "lncRNA";
1\thavana\ttranscript\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1"; gene_biotype "lncRNA";
"""

GENCODE_GTF = (
    ENSEMBL_GTF.replace("#!genome-build GRCh38.p13", "##description: human genome (GRCh38)")
    .replace("gene_biotype", "gene_type")
    .replace('gene_version "2"; ', "level 2; ")
    .replace("\n1\t", "\nchr1\t")
)

ENSEMBL_GFF3 = """\
##gff-version 3
#!genome-build  GRCh38.p13
1\tensembl\tchromosome\t1\t248956422\t.\t.\t.\tID=chromosome:1
1\thavana\tgene\t1001\t5000\t.\t+\t.\tID=gene:PLUS;Name=Pl;biotype=protein_coding;gene_id=PLUS;version=2
1\thavana\tmRNA\t1101\t5000\t.\t+\t.\tID=transcript:P1;Parent=gene:PLUS;biotype=protein_coding;tag=basic,Ensembl_canonical;transcript_id=P1
1\thavana\texon\t1101\t5000\t.\t+\t.\tParent=transcript:P1;exon_id=E1
1\thavana\tmRNA\t1001\t2000\t.\t+\t.\tID=transcript:P2;Parent=gene:PLUS;biotype=protein_coding;transcript_id=P2
###
1\thavana\tgene\t7001\t9000\t.\t-\t.\tID=gene:MINUS;Name=Mi;biotype=protein_coding;gene_id=MINUS
1\thavana\tmRNA\t7001\t8500\t.\t-\t.\tID=transcript:M1;Parent=gene:MINUS;tag=Ensembl_canonical,MANE_Select;transcript_id=M1
1\thavana\tmRNA\t8001\t9000\t.\t-\t.\tID=transcript:M2;Parent=gene:MINUS;tag=Ensembl_canonical;transcript_id=M2
1\thavana\tncRNA_gene\t10001\t10500\t.\t+\t.\tID=gene:LNC;biotype=lncRNA;gene_id=LNC
1\thavana\tlnc_RNA\t10001\t10500\t.\t+\t.\tID=transcript:L1;Parent=gene:LNC;transcript_id=L1
##FASTA
>1
ACGT
"""

REFSEQ_GFF3 = """\
##gff-version 3
#!genome-build GRCh38.p14
NC_000001.11\tRefSeq\tregion\t1\t248956422\t.\t+\t.\tID=NC_000001.11:1..248956422;chromosome=1;gbkey=Src;genome=chromosome
NC_000001.11\tBestRefSeq\tgene\t1001\t5000\t.\t+\t.\tID=gene-PLUS;Dbxref=GeneID:1;Name=Pl;gene=Pl;gene_biotype=protein_coding
NC_000001.11\tBestRefSeq\tmRNA\t1101\t5000\t.\t+\t.\tID=rna-P1;Parent=gene-PLUS;Name=NM_1;gene=Pl;tag=RefSeq Select
NC_000001.11\tBestRefSeq\tmRNA\t1001\t2000\t.\t+\t.\tID=rna-P2;Parent=gene-PLUS;Name=NM_2;gene=Pl
NC_000001.11\tBestRefSeq\tgene\t7001\t9000\t.\t-\t.\tID=gene-MINUS;Name=Mi;gene=Mi;gene_biotype=protein_coding
NC_000001.11\tBestRefSeq\tmRNA\t7001\t8500\t.\t-\t.\tID=rna-M1;Parent=gene-MINUS;gene=Mi;tag=MANE Select
NC_000001.11\tBestRefSeq\tmRNA\t8001\t9000\t.\t-\t.\tID=rna-M2;Parent=gene-MINUS;gene=Mi
NC_000001.11\tGnomon\tgene\t10001\t10500\t.\t+\t.\tID=gene-LNC;gene=LNC;gene_biotype=lncRNA
NC_000001.11\tGnomon\tlnc_RNA\t10001\t10500\t.\t+\t.\tID=rna-L1;Parent=gene-LNC;gene=LNC
"""

# UCSC writes no lines for genes
UCSC_GTF = """\
chr1\trefGene\ttranscript\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";  gene_name "PLUS";
chr1\trefGene\texon\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; exon_number "1";
chr1\trefGene\ttranscript\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2";
chr1\trefGene\ttranscript\t7001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\trefGene\ttranscript\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2";
chr1\trefGene\ttranscript\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1";
"""

EXON_GTF = """\
chr1\tx\texon\t1101\t1200\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";
chr1\tx\texon\t4000\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";
chr1\tx\texon\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2";
chr1\tx\tCDS\t8100\t8200\t.\t-\t0\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t8001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t7001\t7100\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2";
chr1\tx\texon\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1";
"""

BED = """\
track name=genes
chr1\t1100\t5000\tPLUS\t0\t+
chr1\t1000\t2000\tPLUS\t0\t+
chr1\t7000\t8500\tMINUS\t0\t-
chr1\t8000\t9000\tMINUS\t0\t-
chr1\t10000\t10500\tLNC\t0\t+
"""
BED12 = "".join(
    line + ("" if line.startswith("track") else "\t0\t0\t0\t1\t10,\t0,") + "\n"
    for line in BED.splitlines()
)

TABLE = """\
gene_id\tchrom\tstart\tend\tstrand\tgene_name\tgene_biotype
PLUS\tchr1\t1000\t5000\t+\tPl\tprotein_coding
MINUS\tchr1\t7000\t9000\t-\tMi\tprotein_coding
LNC\tchr1\t10000\t10500\t+\t\tlncRNA
"""
TSS_TABLE = "gene,chr,strand,tss\nPLUS,chr1,+,1000\nMINUS,chr1,-1,8999\nLNC,chr1,1,10000\n"

STYLES = {
    "Ensembl GTF": ENSEMBL_GTF,
    "GENCODE GTF": GENCODE_GTF,
    "Ensembl GFF3": ENSEMBL_GFF3,
    "RefSeq GFF3": REFSEQ_GFF3,
    "UCSC GTF": UCSC_GTF,
    "exons only": EXON_GTF,
    "BED6": BED,
    "BED12": BED12,
    "table": TABLE,
    "TSS table": TSS_TABLE,
}


def write(tmp_path, text, name="genes.txt"):
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("style", STYLES)
def test_the_most_upstream_start_is_strand_aware(tmp_path, style):
    genes = read_genes(write(tmp_path, STYLES[style]))
    assert genes.gene.tolist() == ["PLUS", "MINUS", "LNC"]
    assert genes.tss.tolist() == [1000, 8999, 10000]
    assert genes.strand.tolist() == ["+", "-", "+"]
    assert {name.removeprefix("chr") for name in genes.chrom} == {"1"}
    assert genes.tss.dtype == np.int64


@pytest.mark.parametrize("style", ["Ensembl GTF", "Ensembl GFF3", "RefSeq GFF3", "GENCODE GTF"])
def test_canonical_longest_and_each_transcript(tmp_path, style):
    path = write(tmp_path, STYLES[style])
    canonical = read_genes(path, transcripts="canonical")
    assert canonical.gene.tolist() == ["PLUS", "MINUS"]
    assert canonical.tss.tolist() == [1100, 8499]
    assert canonical.left_out["not_canonical"] == 1
    longest = read_genes(path, transcripts="longest")
    assert longest.tss.tolist() == [1100, 8499, 10000]
    each = read_genes(path, transcripts="each")
    assert each.gene.tolist() == ["PLUS", "PLUS", "MINUS", "MINUS", "LNC"]
    assert each.tss.tolist() == [1100, 1000, 8499, 8999, 10000]


@pytest.mark.parametrize("style", ["UCSC GTF", "exons only", "BED6"])
def test_transcripts_where_genes_have_no_record(tmp_path, style):
    path = write(tmp_path, STYLES[style])
    assert read_genes(path, transcripts="longest").tss.tolist() == [1100, 8499, 10000]
    with pytest.raises(ValueError, match="no transcript is tagged"):
        read_genes(path, transcripts="canonical")


def test_transcripts_with_one_start_are_one_row(tmp_path):
    bed = "chr1\t100\t200\tA\t0\t+\nchr1\t100\t300\tA\t0\t+\nchr1\t50\t300\tB\t0\t-\nchr1\t9\t300\tB\t0\t-\n"
    genes = read_genes(write(tmp_path, bed), transcripts="each")
    assert list(zip(genes.gene, genes.tss, strict=True)) == [("A", 100), ("B", 299)]


@pytest.mark.parametrize(
    "style", ["Ensembl GTF", "GENCODE GTF", "Ensembl GFF3", "RefSeq GFF3", "table"]
)
def test_biotypes_and_symbols(tmp_path, style):
    path = write(tmp_path, STYLES[style])
    assert read_genes(path).symbol.tolist()[:2] == ["Pl", "Mi"]
    coding = read_genes(path, biotypes="protein_coding")
    assert coding.gene.tolist() == ["PLUS", "MINUS"]
    assert coding.left_out["other_biotype"] == 1
    both = read_genes(path, biotypes=["lncRNA", "protein_coding"])
    assert len(both) == 3
    with pytest.raises(ValueError, match="no gene has the biotype snRNA; there are lncRNA, prot"):
        read_genes(path, biotypes="snRNA")


def test_biotypes_filter_transcripts_too(tmp_path):
    path = write(tmp_path, ENSEMBL_GFF3)
    genes = read_genes(path, biotypes="protein_coding", transcripts="each")
    assert len(genes) == 4
    assert genes.left_out["other_biotype"] == 1


def test_builds_named_in_comments(tmp_path):
    assert read_genes(write(tmp_path, ENSEMBL_GTF)).build == "hg38"
    assert read_genes(write(tmp_path, GENCODE_GTF)).build == "hg38"
    mouse = ENSEMBL_GTF.replace("GRCh38.p13", "GRCm39")
    assert read_genes(write(tmp_path, mouse)).build == "mm39"
    assert read_genes(write(tmp_path, BED)).build is None


def test_refseq_accessions_become_chromosomes(tmp_path):
    assert set(read_genes(write(tmp_path, REFSEQ_GFF3)).chrom) == {"1"}


@pytest.mark.parametrize("style", STYLES)
def test_gzip_and_windows_line_ends(tmp_path, style):
    path = tmp_path / "genes.gz"
    path.write_bytes(gzip.compress(STYLES[style].replace("\n", "\r\n").encode("utf-8-sig")))
    genes = read_genes(path)
    assert genes.tss.tolist() == [1000, 8999, 10000]
    assert genes.gene.tolist() == ["PLUS", "MINUS", "LNC"]


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


def test_single_bases_need_no_strand_and_longer_genes_do(tmp_path):
    bed = "chr1\t100\t101\tA\t0\t.\nchr1\t100\t900\tB\t0\t.\nchr1\t100\t101\tC\n"
    genes = read_genes(write(tmp_path, bed))
    assert genes.gene.tolist() == ["A", "C"]
    assert genes.strand.tolist() == [".", "."]
    assert genes.left_out["no_strand"] == 1


def test_a_gene_at_two_loci_is_kept_at_the_first(tmp_path):
    bed = "chrX\t100\t900\tP\t0\t+\nchr1\t5\t9\tA\t0\t+\nchrY\t200\t800\tP\t0\t+\n"
    genes = read_genes(write(tmp_path, bed))
    assert list(zip(genes.gene, genes.chrom, genes.tss, strict=True)) == [
        ("P", "chrX", 100),
        ("A", "chr1", 5),
    ]
    assert genes.left_out["repeated"] == 1
    gtf = ENSEMBL_GTF + ENSEMBL_GTF.splitlines()[1].replace("1\thavana", "Y\thavana", 1) + "\n"
    assert read_genes(write(tmp_path, gtf)).left_out["repeated"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no lines of data"),
        ("# only a comment\n", "no lines of data"),
        ("name,position\nA,5\n", "columns missing.*gene, chrom, strand, tss"),
        ("gene,chrom,strand,tss\n", "no genes found"),
        ("gene,chrom,strand,tss\nA,chr1,+\n", "line 2: the line has only 3 fields"),
        ("gene,chrom,strand,tss\nA,chr1,+,1.5\n", "line 2: A: positions must be"),
        ("gene,chrom,strand,start,end\nA,chr1,+,9,5\n", "line 2: A: positions must be"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t5\t9\n", "line 2: a gene needs a name"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t9\t9\tB\t0\t+\n", "line 2: B: positions must be"),
        (UCSC_GTF + "chr1\tx\n", "line 7: 2 tab-separated columns"),
        (UCSC_GTF.replace("10001", "20001"), "line 6: start and end must be positions"),
        (ENSEMBL_GTF.replace('gene_id "LNC"; ', ""), "line 9: a gene without gene_id"),
    ],
)
def test_bad_annotations(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(DataFormatError, match=message) as caught:
        read_genes(path)
    assert str(path) in str(caught.value)


def test_unknown_rule(tmp_path):
    with pytest.raises(ValueError, match=r"'transcripts' parameter.*Got 'all'"):
        read_genes(write(tmp_path, BED), transcripts="all")
