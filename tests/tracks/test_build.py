"""Data sets from tracks: real counts, samples, strands, parameters."""

import json
import warnings

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets import ExpressionTable
from histoexpr.exceptions import HistoexprWarning
from histoexpr.tracks import build_dataset, read_genes
from histoexpr.tracks._intervals import read_intervals
from support.track_files import BINS, write_bam, write_bigwig

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]


HG19 = {"chr1": 249250621, "chr5": 180915260, "chr6": 171115067, "chr14": 107349540}


def published(shared_data):
    with np.load(shared_data / "e003_reads" / "published_counts_2genes.npz") as archive:
        return archive["gene_id"], archive["X"]


def real_reads(shared_data, mark, places):
    path = shared_data / "e003_reads" / f"E003-{mark}.tagAlign.gz"
    return [
        (piece.chrom, int(start), int(end), "+")
        for piece in read_intervals(path)
        for start, end in zip(piece.start, piece.end, strict=True)
        if any(piece.chrom == chrom and abs(start - tss) < 6000 for chrom, tss in places)
    ]


def test_published_counts_come_out_identical(shared_data):
    folder = shared_data / "e003_reads"
    data = build_dataset(
        [("E003", mark, folder / f"E003-{mark}.tagAlign.gz") for mark in MARKS],
        folder / "genes.bed",
        folder / "expression.tsv",
        flip_minus_strand=False,  # as published; some genes have no strand, besides
    )
    assert data.oriented is False
    assert data.X.shape == (143, 100, 5)
    assert data.marks == MARKS
    names, X = published(shared_data)
    for name, expected in zip(names, X, strict=True):
        np.testing.assert_array_equal(data.select(genes=name).X[0], expected)
    median = np.median(data.expression)
    np.testing.assert_array_equal(data.y, data.expression > median)
    assert data.meta["counting"]["H3K4me3"]["rule"] == "overlap"
    assert data.meta["report"]["tracks"][3]["reads"] == 203_649


def test_published_counts_from_sorted_bam_and_depth_from_bigwig(shared_data, tmp_path):
    names, X = published(shared_data)
    # where the chromosomes stand in the table of genes is of no importance
    bed = [
        line
        for line in (shared_data / "e003_reads" / "genes.bed").read_text().splitlines()
        if line.split("\t")[3] in names
    ]
    genes = tmp_path / "two.bed"
    genes.write_text("\n".join(bed) + "\n")
    places = [(line.split("\t")[0], int(line.split("\t")[1])) for line in bed]
    tracks = {"tagAlign": [], "bam": [], "bigwig": []}
    for mark in MARKS:
        reads = real_reads(shared_data, mark, places)
        write_bam(tmp_path / f"{mark}.bam", sorted(reads), HG19)
        write_real_depth(tmp_path / f"{mark}.bw", reads)
        source = shared_data / "e003_reads" / f"E003-{mark}.tagAlign.gz"
        tracks["tagAlign"].append(("E003", mark, source))
        tracks["bam"].append(("E003", mark, tmp_path / f"{mark}.bam"))
        tracks["bigwig"].append(("E003", mark, tmp_path / f"{mark}.bw"))
    data = build_dataset(tracks["bam"], genes, flip_minus_strand=False)
    for name, expected in zip(names, X, strict=True):
        np.testing.assert_array_equal(data.select(genes=name).X[0], expected)
    # bases of reads in a bin: the rule that depth allows
    how = {"rule": "sum", "flip_minus_strand": False}
    sums = {kind: build_dataset(tracks[kind], genes, **how).X for kind in tracks}
    np.testing.assert_array_equal(sums["bam"], sums["tagAlign"])
    np.testing.assert_array_equal(sums["bigwig"], sums["tagAlign"])
    assert (sums["bigwig"] > 0).mean() > 0.5


def write_real_depth(path, reads):
    """Write depth as a bigWig; chromosomes are too long for an array of bases in Python lists."""
    blocks = []
    for chrom in HG19:
        start = np.array([s for c, s, _, _ in reads if c == chrom], dtype=np.int64)
        end = np.array([e for c, _, e, _ in reads if c == chrom], dtype=np.int64)
        if not len(start):
            continue
        edges = np.unique(np.concatenate([start, end]))
        begun = np.searchsorted(np.sort(start), edges, side="right")
        depth = begun - np.searchsorted(np.sort(end), edges, side="right")
        items = [
            (int(a), int(b), float(d))
            for a, b, d in zip(edges[:-1], edges[1:], depth[:-1], strict=True)
            if d
        ]
        for first in range(0, len(items), 1024):
            part = items[first : first + 1024]
            blocks.append((chrom, 1, part[0][0], 0, 0, part))
    return write_bigwig(path, blocks, HG19)


def test_samples_are_cells_by_genes(tracks, genes, expression, reads):
    data = build_dataset(tracks, genes, expression, **BINS)
    assert isinstance(data, HistoneDataset)
    assert data.marks == ["H3K4me3", "H3K27me3"]
    assert data.cell.tolist() == ["A"] * 4 + ["B"] * 4
    assert data.gene.tolist() == ["G1", "G2", "G3", "G4"] * 2
    assert data.tss.tolist() == [3000, 8999, 2500, 15000] * 2
    assert data.strand.tolist() == ["+", "-", "+", "+"] * 2
    assert data.expression.tolist() == [1, 2, 3, 4, 40, 30, 20, 10]
    # the median of A is 2.0 and that of B 20.0: over the whole table, G5 included
    assert data.y.tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    assert data.window == (-1000, 1000)
    for row in (1, 6):
        cell, tss = data.cell[row], data.tss[row]
        of_track = reads[cell, "H3K27me3"]
        # bin 7 begins 300 bp upstream of the TSS, to the right of it on the minus strand
        first = tss - 300 if data.strand[row] == "+" else tss + 300 - 99
        expected = sum(
            c == data.chrom[row] and s < first + 100 and e > first for c, s, e, _ in of_track
        )
        assert data.X[row, 7, 1] == expected


def test_a_saved_data_set_keeps_rule_and_report(tracks, genes, expression, tmp_path):
    data = build_dataset(tracks, genes, expression, **BINS, rule="5prime", min_mapq=3)
    data.save(tmp_path / "saved")
    meta = HistoneDataset.load(tmp_path / "saved").meta
    assert meta == json.loads(json.dumps(data.meta))
    assert meta["counting"]["H3K4me3"]["rule"] == "5prime"
    assert "5' end" in meta["counting"]["H3K4me3"]["value"]
    assert meta["filter"]["min_mapq"] == 3
    assert meta["labels"]["method"] == "median"
    assert [track["reads"] for track in meta["report"]["tracks"]] == [300] * 4


def test_minus_strand_genes_flip_and_others_do_not(tracks, genes):
    plain = build_dataset(tracks, genes, **BINS, flip_minus_strand=False)
    flipped = build_dataset(tracks, genes, **BINS, flip_minus_strand=True)
    default = build_dataset(tracks, genes, **BINS)
    np.testing.assert_array_equal(default.X, flipped.X)
    for data, oriented in ((plain, False), (flipped, True), (default, True)):
        assert data.oriented is data.meta["flip_minus_strand"] is oriented
    minus = plain.strand == "-"
    np.testing.assert_array_equal(flipped.X[minus], plain.X[minus][:, ::-1])
    np.testing.assert_array_equal(flipped.X[~minus], plain.X[~minus])
    assert (flipped.X[minus] != plain.X[minus]).any()
    # an asymmetric window is mirrored at the TSS
    mirrored = build_dataset(tracks, genes, window=(-200, 1000), flip_minus_strand=True)
    same = build_dataset(tracks, genes, window=(-1000, 200), flip_minus_strand=False)
    np.testing.assert_array_equal(mirrored.X[minus], same.X[minus][:, ::-1])
    assert plain.y is None


def test_genes_without_a_strand_keep_all_bins_along_the_genome(tracks, tmp_path):
    path = tmp_path / "some.bed"
    lines = "chr1\t3000\t3001\tG1\t0\t.\nchr1\t8000\t9000\tG2\t0\t-\n"
    path.write_text(lines)
    with pytest.warns(HistoexprWarning, match=r"1 gene without a strand.*oriented=False"):
        data = build_dataset(tracks, path, **BINS)
    assert data.oriented is data.meta["flip_minus_strand"] is False
    plain = build_dataset(tracks, path, **BINS, flip_minus_strand=False)  # and no warning
    np.testing.assert_array_equal(data.X, plain.X)
    with pytest.raises(ValueError, match=r"1 of 2 have none: G1\..*flip_minus_strand=False"):
        build_dataset(tracks, path, **BINS, flip_minus_strand=True)
    with pytest.raises(ValueError, match="1 of 2 genes have no strand, the first G1"):
        data.orient()


def test_counts_in_the_work_folder_are_of_their_orientation(tracks, genes, tmp_path):
    kept = {
        flip: build_dataset(tracks, genes, **BINS, flip_minus_strand=flip, work_dir=tmp_path)
        for flip in (False, True)
    }
    again = build_dataset(tracks, genes, **BINS, work_dir=tmp_path)
    np.testing.assert_array_equal(again.X, kept[True].X)
    assert (kept[True].X != kept[False].X).any()


def test_a_turned_data_set_is_one_base_from_one_that_was_built_so(tmp_path):
    reads = tmp_path / "reads.bed"
    # on both sides of a border of bins at 1100; the TSS is the base 1000
    reads.write_text("chr1\t1099\t1100\tr\t0\t+\nchr1\t1150\t1151\tr\t0\t+\n")
    path = tmp_path / "gene.bed"
    path.write_text("chr1\t500\t1001\tG1\t0\t-\n")
    how = {"window": (-200, 200), "bin_size": 100}
    table = [("A", "K4", reads)]
    plain = build_dataset(table, path, **how, flip_minus_strand=False)
    assert plain.X.ravel().tolist() == [0, 0, 1, 1]
    # 99 bp upstream is in the bin of the last 100 bp before the TSS either way, ...
    assert plain.orient().X.ravel().tolist() == [1, 1, 0, 0]
    assert build_dataset(table, path, **how).X.ravel().tolist() == [1, 1, 0, 0]
    # ... 100 bp upstream only where the window is mirrored at the centre of the base
    reads.write_text("chr1\t1100\t1101\tr\t0\t+\n")
    plain = build_dataset(table, path, **how, flip_minus_strand=False)
    assert plain.orient().X.ravel().tolist() == [1, 0, 0, 0]
    assert build_dataset(table, path, **how).X.ravel().tolist() == [0, 1, 0, 0]


def test_ensembl_versions_do_not_matter(tracks, tmp_path):
    path = tmp_path / "versions.bed"
    path.write_text("chr1\t3000\t5000\tENSG00000000003.14\t0\t+\n")
    table = ExpressionTable([[1.0, 2.0]], ["ENSG00000000003"], ["A", "B"])
    data = build_dataset(tracks, path, table, **BINS)
    assert data.gene.tolist() == ["ENSG00000000003.14"] * 2
    assert data.expression.tolist() == [1, 2]


def test_every_transcript_start_is_a_sample_of_its_gene(tracks, tmp_path, expression):
    path = tmp_path / "transcripts.bed"
    path.write_text("chr1\t3000\t5000\tG1\t0\t+\nchr1\t4000\t5000\tG1\t0\t+\n")
    with pytest.warns(HistoexprWarning, match="one label in A, B.*--cutoff-genes dataset"):
        data = build_dataset(tracks, path, expression, **BINS, transcripts="each")
    assert data.gene.tolist() == ["G1"] * 4
    assert data.tss.tolist() == [3000, 4000] * 2
    assert data.y.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"window": (-1000, 950)}, "which bins of 100 bp do not fill"),
        ({"window": (1000, -1000)}, "do not fill"),
        ({"window": (0.5, 100.5)}, "window must be two integers"),
        ({"window": "ab"}, "window must be two integers"),
        ({"window": None}, "window must be two integers"),
        ({"bin_size": 0}, "bin_size must be a positive integer"),
        ({"bin_size": 10.0}, "bin_size must be a positive integer"),
        ({"rule": "count"}, "'rule' parameter.*overlap"),
        ({"fragment_length": 200}, "fragment_length has a meaning with rule='midpoint' or"),
        ({"rule": "midpoint", "fragment_length": 0}, r"'fragment_length' .*range \[1, inf"),
        ({"min_mapq": -1}, "'min_mapq' parameter.*Got -1"),
        ({"off_chromosome": "ignore"}, "'off_chromosome' parameter .*'drop'"),
        ({"unknown_chromosome": None}, "'unknown_chromosome' parameter .*'drop'"),
        ({"labels": "mean"}, "'labels' parameter of build_dataset"),
        ({"quantile": 0.5}, "quantile=0.5 has no meaning"),
    ],
)
def test_parameters_out_of_range(tracks, genes, expression, parameters, message):
    with pytest.raises(ValueError, match=message):
        build_dataset(tracks, genes, expression, **parameters)


def test_one_number_is_both_sides_of_the_window(tracks, genes):
    data = build_dataset(tracks, genes, window=500, bin_size=50)
    assert data.window == (-500, 500)
    assert data.X.shape[1] == 20


def test_genes_that_are_read_already(tracks, genes):
    data = build_dataset(tracks, read_genes(genes).take(np.array([2, 0])), **BINS)
    assert data.gene.tolist() == ["G3", "G1"] * 2


def test_quiet_by_default(tracks, genes, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_dataset(tracks, genes, **BINS)
    assert capfd.readouterr() == ("", "")
    build_dataset(tracks, genes, **BINS, verbose=1)
    out, err = capfd.readouterr()
    assert out == ""
    assert "4/4" in err
