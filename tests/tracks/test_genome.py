"""Chromosome sizes and genome builds of all tracks."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError, HistoexprWarning
from histoexpr.tracks import build_dataset
from support.track_files import BINS, write_bam, write_bed, write_depth


def test_chromosome_sizes_from_a_file(tmp_path, edge_genes, reads):
    table = [("A", "m", write_bed(tmp_path / "m", reads["A", "H3K4me3"]))]
    path = tmp_path / "genome.fa.fai"
    path.write_text("chr1\t20000\t6\t60\t61\nchr2\t5000\t6\t60\t61\n")
    with pytest.warns(HistoexprWarning, match="2 genes with a window"):
        build_dataset(table, edge_genes, **BINS, chrom_sizes=path)
    path.write_text("chr1 20000\nchr2\n")
    with pytest.raises(DataFormatError, match="line 2: expected a chromosome"):
        build_dataset(table, edge_genes, **BINS, chrom_sizes=path)
    # a chromosome that the sizes leave out is known from the reads on it
    with pytest.warns(HistoexprWarning, match="1 gene with a window"):
        data = build_dataset(table, edge_genes, **BINS, chrom_sizes={"chr9": 20_000})
    assert data.n_samples == 3
    with pytest.raises(ValueError, match="lengths must be positive integers"):
        build_dataset(table, edge_genes, **BINS, chrom_sizes={"chr1": 2e4})


def test_mixed_genome_builds_are_refused(tmp_path, genes, reads):
    one = write_bam(tmp_path / "a.bam", [("chr1", 100, 136, "+")], {"chr1": 249250621})
    other = write_bam(tmp_path / "b.bam", [("chr1", 100, 136, "+")], {"chr1": 248956422})
    with pytest.raises(ValueError, match=r"mixed.*\(hg19\).*\(hg38\)"):
        build_dataset([("A", "m", one), ("B", "m", other)], genes, **BINS)
    gtf = tmp_path / "genes.gtf"
    gtf.write_text('#!genome-build GRCh38\nchr1\tx\tgene\t9\t99\t.\t+\t.\tgene_id "G";\n')
    with pytest.raises(ValueError, match=r"annotation of the genes says hg38.* those of hg19"):
        build_dataset([("A", "m", one)], gtf, **BINS)
    far = tmp_path / "far.bed"
    far.write_text("chr1\t30000\t30001\tG9\t0\t+\n")
    track = write_bam(tmp_path / "c.bam", reads["A", "H3K4me3"])
    with pytest.raises(ValueError, match=r"mixed genome builds: 1 genes.*G9 at chr1:30,000"):
        build_dataset([("A", "m", track)], far, **BINS)
    bed = write_bed(tmp_path / "d.bed", [("chr1", 25_000, 25_036, "+")])
    with pytest.raises(ValueError, match=r"mixed.*d.bed reaches chr1:25,036, but chr1 has 20,000"):
        build_dataset([("A", "m", track), ("B", "m", bed)], genes, **BINS)


def test_signals_and_reads_of_one_mark_do_not_mix(tmp_path, genes, reads):
    bam = write_bam(tmp_path / "a.bam", reads["A", "H3K4me3"])
    bigwig = write_depth(tmp_path / "b.bw", reads["B", "H3K4me3"])
    table = [("A", "m", bam), ("B", "m", bigwig)]
    with pytest.raises(ValueError, match="mark m would be counted by different rules"):
        build_dataset(table, genes, **BINS)
    data = build_dataset(table, genes, **BINS, rule="mean")
    assert data.X.dtype == np.float32
    marks = build_dataset([("A", "m", bam), ("A", "n", bigwig)], genes, **BINS)
    assert marks.X.dtype == np.float32
    rules = {mark: how["rule"] for mark, how in marks.meta["counting"].items()}
    assert rules == {"m": "overlap", "n": "mean"}
