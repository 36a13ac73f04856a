"""GTF and GFF3 of every style."""

import pytest

from histoexpr.exceptions import DataFormatError
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


def line(kind, first, last, attributes, *, chrom="chr1", strand="+", source="x"):
    return f"{chrom}\t{source}\t{kind}\t{first}\t{last}\t.\t{strand}\t.\t{attributes}\n"


GENE = line("gene", 101, 600, 'gene_id "G";') + line(
    "transcript", 101, 600, 'gene_id "G"; transcript_id "T";'
)


@pytest.mark.parametrize("transcripts", ["gene", "longest", "each"])
@pytest.mark.parametrize(
    "lines",
    [
        line("exon", 5001, 5100, 'gene_id "N"; transcript_id "N.1";')
        + line("exon", 5401, 5500, 'gene_id "N"; transcript_id "N.1";'),
        line("CDS", 5001, 5500, 'gene_id "N"; transcript_id "N.1";'),
        line("exon", 5001, 5500, 'gene_id "N";'),
        line("transcript", 5001, 5500, 'transcript_id "N.1"; gene_id "N";'),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_genes_of_a_gtf_without_a_line(tmp_path, lines, transcripts, before):
    text = lines + GENE if before else GENE + lines
    genes = read_genes(write_annotation(tmp_path, text), transcripts=transcripts)
    found = dict(zip(genes.gene.tolist(), genes.tss.tolist(), strict=True))
    assert found == {"G": 100, "N": 5000}


@pytest.mark.parametrize(
    "lines",
    [
        line("mRNA", 5001, 5500, "ID=transcript:N"),
        line("mRNA", 5001, 5500, "ID=T1;Parent=gene:N"),
        line("exon", 5401, 5500, "Parent=rna-N") + line("exon", 5001, 5100, "Parent=rna-N"),
        line("CDS", 5001, 5500, "ID=c;Parent=N"),
    ],
)
def test_genes_of_a_gff3_without_a_line(tmp_path, lines):
    text = ENSEMBL_GFF3.replace("##FASTA", lines + "##FASTA")
    genes = read_genes(write_annotation(tmp_path, text))
    assert genes.gene.tolist() == ["PLUS", "MINUS", "LNC", "N"]
    assert genes.tss[-1] == 5000


def test_transcripts_before_their_gene(tmp_path):
    text = line("mRNA", 201, 600, "ID=t;Parent=g1") + line("gene", 101, 600, "ID=g1;Name=s")
    path = write_annotation(tmp_path, text)
    assert read_genes(path).tss.tolist() == [100]
    genes = read_genes(path, transcripts="longest")
    assert (genes.gene.tolist(), genes.tss.tolist()) == (["g1"], [200])


def test_biotypes_in_column_2(tmp_path):
    rows = [("protein_coding", "A"), ("retained_intron", "A"), ("lincRNA", "B"), ("refGene", "C")]
    text = "".join(
        line("exon", 11 + 10 * n, 15 + 10 * n, f'gene_id "{g}"; transcript_id "{n}";', source=s)
        for n, (s, g) in enumerate(rows)
    )
    genes = read_genes(write_annotation(tmp_path, text))
    found = dict(zip(genes.gene.tolist(), genes.biotype.tolist(), strict=True))
    assert found == {"A": "protein_coding", "B": "lincRNA", "C": ""}


def test_what_the_annotation_says_of_chromosomes(tmp_path):
    region = line("region", 1, 5000, "ID=r;chromosome=I;genome=chromosome", chrom="NC_9.1")
    text = region + line("gene", 11, 90, "ID=gene-A;gene=A", chrom="NC_9.1")
    genes = read_genes(write_annotation(tmp_path, text))
    assert genes.chrom.tolist() == ["I"]
    assert genes.aliases == {"NC_9.1": "I"}
    assert genes.sizes == {"I": 5000}
    sized = "##sequence-region 21 1 48129895\n" + line("gene", 11, 90, "ID=A", chrom="21")
    assert read_genes(write_annotation(tmp_path, sized)).build == "hg19"
    lifted = "##description: genome (GRCh38), mapped to GRCh37 by a tool\n" + GENE
    assert read_genes(write_annotation(tmp_path, lifted)).build == "hg19"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (line("gene", 0, 9, 'gene_id "G"'), "line 1: G: start and end .* first base being 1"),
        (line("gene", -5, 9, 'gene_id "G"'), "line 1: G: start and end"),
        (line("gene", "1e3", 9000, 'gene_id "G"'), "line 1: G: start and end"),
        (GENE + line("gene", 1, 9, 'gene_id "X', strand="+"), "line 3: a quotation mark"),
        (GENE + line("gene", 1, 9, 'gene_id "X"', strand="x"), "line 3: X: strand 'x'"),
        (GENE + line("gene", 1, 9, 'gene_id "X"', chrom=""), "line 3: X: no chromosome"),
    ],
)
def test_faults_are_named(tmp_path, text, message):
    with pytest.raises(DataFormatError, match=message):
        read_genes(write_annotation(tmp_path, text))
