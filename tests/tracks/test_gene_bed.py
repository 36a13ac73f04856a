"""Genes in BED files."""

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
