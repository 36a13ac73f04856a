"""From tracks to a data set: real counts, policies, reports, errors, resuming."""

import gzip
import json
import os
import warnings

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets import ExpressionTable
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from histoexpr.tracks import _parallel as parallel_module
from histoexpr.tracks import build_dataset, read_genes
from histoexpr.tracks._intervals import read_intervals
from support.track_files import (
    SIZES,
    random_reads,
    write_bam,
    write_bed,
    write_bigwig,
    write_depth,
)

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
HG19 = {"chr1": 249250621, "chr5": 180915260, "chr6": 171115067, "chr14": 107349540}


@pytest.fixture
def reads():
    """Reads of two cells and two marks."""
    rng = np.random.default_rng(0)
    return {(c, m): random_reads(rng, 300) for c in ("A", "B") for m in ("H3K4me3", "H3K27me3")}


@pytest.fixture
def tracks(tmp_path, reads):
    """The reads as BAM files and the table of tracks."""
    lines = ["cell\tmark\tfile"]
    for (cell, mark), of_track in reads.items():
        write_bam(tmp_path / f"{cell}-{mark}.bam", of_track)
        lines.append(f"{cell}\t{mark}\t{cell}-{mark}.bam")
    path = tmp_path / "tracks.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def genes(tmp_path):
    path = tmp_path / "genes.bed"
    path.write_text(
        "chr1\t3000\t5000\tG1\t0\t+\n"
        "chr1\t8000\t9000\tG2\t0\t-\n"
        "chr2\t2500\t2600\tG3\t0\t+\n"
        "chr1\t15000\t16000\tG4\t0\t+\n"
    )
    return path


@pytest.fixture
def expression():
    values = [[1.0, 40.0], [2.0, 30.0], [3.0, 20.0], [4.0, 10.0], [0.0, 0.0]]
    return ExpressionTable(values, ["G1", "G2", "G3", "G4", "G5"], ["A", "B"], unit="RPKM")


BINS = {"window": (-1000, 1000), "bin_size": 100}


# -- real reads ------------------------------------------------------------------------


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
    )
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
    data = build_dataset(tracks["bam"], genes)
    for name, expected in zip(names, X, strict=True):
        np.testing.assert_array_equal(data.select(genes=name).X[0], expected)
    # bases of reads in a bin: the rule that depth allows
    sums = {kind: build_dataset(tracks[kind], genes, rule="sum").X for kind in tracks}
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


# -- the table of samples --------------------------------------------------------------


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
        first = tss - 1000 + 700
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
    plain = build_dataset(tracks, genes, **BINS)
    flipped = build_dataset(tracks, genes, **BINS, flip_minus_strand=True)
    minus = plain.strand == "-"
    np.testing.assert_array_equal(flipped.X[minus], plain.X[minus][:, ::-1])
    np.testing.assert_array_equal(flipped.X[~minus], plain.X[~minus])
    assert (flipped.X[minus] != plain.X[minus]).any()
    # an asymmetric window is mirrored at the TSS
    mirrored = build_dataset(tracks, genes, window=(-200, 1000), flip_minus_strand=True)
    same = build_dataset(tracks, genes, window=(-1000, 200))
    np.testing.assert_array_equal(mirrored.X[minus], same.X[minus][:, ::-1])
    assert plain.y is None


def test_genes_without_a_strand_are_told_when_flipping(tracks, tmp_path):
    path = tmp_path / "tss.bed"
    path.write_text("chr1\t3000\t3001\tG1\t0\t.\n")
    with pytest.warns(HistoexprWarning, match="1 gene without a strand not flipped"):
        build_dataset(tracks, path, **BINS, flip_minus_strand=True)


@pytest.mark.parametrize("kind", ["list", "frame", "csv"])
def test_tables_of_tracks(tracks, genes, kind, tmp_path):
    expected = build_dataset(tracks, genes, **BINS)
    rows = [line.split("\t") for line in tracks.read_text().splitlines()]
    if kind == "list":
        table = [(cell, mark, tmp_path / file) for cell, mark, file in rows[1:]]
    elif kind == "frame":
        pandas = pytest.importorskip("pandas")
        table = pandas.DataFrame(rows[1:], columns=rows[0])
        table["file"] = [str(tmp_path / file) for file in table["file"]]
    else:
        table = tmp_path / "tracks.csv"
        table.write_text(
            "# mine\nlab, FILE,Mark,CELL\n"
            + "".join(f"x,{file},{mark},{cell}\n" for cell, mark, file in rows[1:])
        )
    np.testing.assert_array_equal(build_dataset(table, genes, **BINS).X, expected.X)


def test_expression_as_frame_and_file_and_by_symbol(tracks, expression, genes, tmp_path):
    pandas = pytest.importorskip("pandas")
    expected = build_dataset(tracks, genes, expression, **BINS)
    frame = pandas.DataFrame(expression.values, expression.genes, expression.cells)
    np.testing.assert_array_equal(build_dataset(tracks, genes, frame, **BINS).y, expected.y)
    table = tmp_path / "genes.tsv"
    lines = [line.split("\t") for line in genes.read_text().splitlines()]
    table.write_text(
        "gene\tsymbol\tchrom\tstart\tend\tstrand\n"
        + "".join(
            f"ENSG{n}\t{g}\t{c}\t{s}\t{e}\t{d}\n" for n, (c, s, e, g, _, d) in enumerate(lines)
        )
    )
    data = build_dataset(tracks, table, expression, **BINS)
    assert data.gene.tolist()[:2] == ["ENSG0", "ENSG1"]
    np.testing.assert_array_equal(data.expression, expected.expression)
    assert data.meta["report"]["genes"]["found_by"] == "symbol"


def test_labels_that_leave_samples_out(tracks, genes, expression):
    data = build_dataset(tracks, genes, expression, **BINS, labels="top-bottom", fraction=0.3)
    assert set(data.y) == {0, 1}
    assert 0 < data.n_samples < 8
    assert data.meta["labels"]["fraction"] == 0.3
    with pytest.raises(ValueError, match="no sample is left"):
        build_dataset(
            [("A", "m", tracks.parent / "A-H3K4me3.bam")],
            read_genes(genes).take(np.array([1])),
            expression,
            **BINS,
            labels="top-bottom",
        )
    unlabelled = build_dataset(tracks, genes, expression, **BINS, labels=None)
    assert unlabelled.y is None
    assert unlabelled.expression is not None


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
    data = build_dataset(tracks, path, expression, **BINS, transcripts="each")
    assert data.gene.tolist() == ["G1"] * 4
    assert data.tss.tolist() == [3000, 4000] * 2
    assert data.y.tolist() == [0, 0, 1, 1]


def test_genes_without_expression_are_left_out_and_told(tracks, genes, expression):
    table = expression.select(genes=["G1", "G3", "G4"])
    with pytest.warns(HistoexprWarning, match="1 gene left out: not in the expression table"):
        data = build_dataset(tracks, genes, table, **BINS)
    assert data.genes.tolist() == ["G1", "G3", "G4"]
    assert data.meta["report"]["genes"]["without_expression"] == 1
    other = ExpressionTable([[1.0, 2.0]], ["X"], ["A", "B"])
    with pytest.raises(ValueError, match="no gene of the annotation"):
        build_dataset(tracks, genes, other, **BINS)
    with pytest.raises(ValueError, match="no expression for cell B; the table has A"):
        build_dataset(tracks, genes, expression.select(cells="A"), **BINS)


# -- windows and chromosomes -----------------------------------------------------------


@pytest.fixture
def edge_genes(tmp_path):
    path = tmp_path / "edge.bed"
    path.write_text(
        "chr2\t100\t101\tleft\t0\t+\nchr2\t2500\t2501\tinside\t0\t+\n"
        "chr2\t4900\t4901\tright\t0\t+\nchr3\t2500\t2501\tunknown\t0\t+\n"
    )
    return path


def test_windows_off_the_chromosome_are_padded_dropped_or_refused(tracks, edge_genes):
    both = r"1 gene on chromosomes that no track knows: left.*2 genes with a window.*: kept"
    with pytest.warns(HistoexprWarning, match=both):
        data = build_dataset(tracks, edge_genes, **BINS)
    assert data.genes.tolist() == ["inside", "left", "right"]
    left, right = data.select(genes="left").X, data.select(genes="right").X
    assert not left[:, :9].any()
    assert left[:, 9:].any()
    assert not right[:, 11:].any()
    assert right[:, :11].any()
    report = data.meta["report"]
    assert report["genes"]["off_chromosome"] == 2
    assert report["unknown_chromosomes"] == ["chr3"]
    with pytest.warns(HistoexprWarning, match="leaves the chromosome: left out"):
        dropped = build_dataset(tracks, edge_genes, **BINS, off_chromosome="drop")
    assert dropped.genes.tolist() == ["inside"]
    with pytest.raises(ValueError, match=r"2 windows leave.*left at chr2:100"):
        build_dataset(tracks, edge_genes, **BINS, off_chromosome="error")


def test_unknown_chromosomes_are_dropped_padded_or_refused(tracks, edge_genes):
    with pytest.warns(HistoexprWarning, match="chr3"):
        padded = build_dataset(tracks, edge_genes, **BINS, unknown_chromosome="pad")
    assert padded.genes.tolist() == ["inside", "left", "right", "unknown"]
    assert not padded.select(genes="unknown").X.any()
    with pytest.raises(ValueError, match="1 genes lie on chromosomes that no track knows: chr3"):
        build_dataset(tracks, edge_genes, **BINS, unknown_chromosome="error")


def test_no_gene_on_a_chromosome_of_the_tracks(tracks, tmp_path):
    path = tmp_path / "refseq.bed"
    path.write_text("NC_000001.11\t3000\t5000\tG1\t0\t+\n")
    with pytest.raises(ValueError, match=r"no gene lies on .* all are on NC_000001.11"):
        build_dataset(tracks, path, **BINS)


@pytest.mark.parametrize("policy", ["drop", "pad", "error"])
def test_policies_where_tracks_do_not_list_chromosomes(tmp_path, edge_genes, reads, policy):
    table = [
        ("A", mark, write_bed(tmp_path / mark, reads["A", mark]))
        for mark in ("H3K4me3", "H3K27me3")
    ]
    if policy == "error":
        with pytest.raises(ValueError, match="no track knows: chr3"):
            build_dataset(table, edge_genes, **BINS, unknown_chromosome=policy)
        return
    # without sizes the right end cannot be seen, with them it can
    for sizes, off in ((None, 1), (SIZES, 2)):
        with pytest.warns(HistoexprWarning, match=f"{off} genes? with a window.*chr3"):
            data = build_dataset(
                table, edge_genes, **BINS, unknown_chromosome=policy, chrom_sizes=sizes
            )
        assert ("unknown" in data.gene) == (policy == "pad")
        assert len(data.X) == len(data.gene) == (3 if policy == "drop" else 4)
        assert data.select(genes="inside").X.any()


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


def test_a_chromosome_that_one_track_lacks_gets_zeros_and_is_told(tmp_path, genes, reads):
    table = [
        ("A", "m", write_bam(tmp_path / "a.bam", reads["A", "H3K4me3"])),
        (
            "B",
            "m",
            write_bam(
                tmp_path / "b.bam",
                [r for r in reads["B", "H3K4me3"] if r[0] == "chr1"],
                {"chr1": 20_000},
            ),
        ),
    ]
    with pytest.warns(HistoexprWarning, match="B m has nothing on chr2: zeros"):
        data = build_dataset(table, genes, **BINS)
    assert not data.select(cells="B", genes="G3").X.any()
    assert data.select(cells="A", genes="G3").X.any()
    with pytest.raises(ValueError, match=r"b.bam has nothing on chr2"):
        build_dataset(table, genes, **BINS, unknown_chromosome="error")


def test_renamed_chromosomes_are_in_the_report(tracks, genes, tmp_path):
    path = tmp_path / "plain.bed"
    path.write_text(genes.read_text().replace("chr", ""))
    with pytest.warns(HistoexprWarning, match="names differ and were matched: 1 is chr1, 2 is"):
        data = build_dataset(tracks, path, **BINS)
    np.testing.assert_array_equal(data.X, build_dataset(tracks, genes, **BINS).X)
    assert data.meta["report"]["renamed"] == {"1": "chr1", "2": "chr2"}
    assert set(data.chrom) == {"1", "2"}


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


def test_filters_that_cannot_work_are_told(tmp_path, genes, reads):
    bed = write_bed(tmp_path / "a.bed", reads["A", "H3K4me3"])
    with pytest.warns(HistoexprWarning, match="1 not filtered"):
        build_dataset([("A", "m", bed)], genes, **BINS, min_mapq=10)


def test_one_file_for_two_tracks_is_told(tmp_path, genes, reads):
    bed = write_bed(tmp_path / "a.bed", reads["A", "H3K4me3"])
    with pytest.warns(HistoexprWarning, match=r"a.bed is given for A m, B m"):
        build_dataset([("A", "m", bed), ("B", "m", bed)], genes, **BINS)


# -- faults of the table and of parameters ---------------------------------------------


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["A\tm\ta", "A\tm\tb"], "two files for cell A and mark m: .*a and .*b. Merge"),
        (["A\tm\ta", "A\tn\tb", "B\tm\tc"], "no file for B n. Every cell needs every mark"),
        (["A\t\ta"], "line 2: mark is empty"),
        (["A\tm\ta", "A\tn"], "line 3: .*2 fields, but the header has 3"),
        ([], "there are no tracks"),
    ],
)
def test_faults_of_the_table_of_tracks(tmp_path, genes, rows, message):
    for name in "abc":
        write_bed(tmp_path / name, [("chr1", 5, 9, "+")])
    table = tmp_path / "tracks.tsv"
    table.write_text("\n".join(["cell\tmark\tfile", *rows]) + "\n")
    with pytest.raises(DataFormatError, match=message):
        build_dataset(table, genes)


def test_other_faults_of_tracks(tmp_path, genes):
    table = tmp_path / "tracks.tsv"
    for text, message in (
        ("cell\tfile\nA\tx\n", "columns missing in the table of tracks: mark"),
        ("cell,mark,file,cell\n", "columns repeated"),
        ("", "the table is empty"),
    ):
        table.write_text(text)
        with pytest.raises(DataFormatError, match=message):
            build_dataset(table, genes)
    with pytest.raises(FileNotFoundError, match=r"nowhere.bam \(cell A, mark m\) does not exist"):
        build_dataset([("A", "m", tmp_path / "nowhere.bam")], genes)
    with pytest.raises(IsADirectoryError, match="is a folder"):
        build_dataset([("A", "m", tmp_path)], genes)
    with pytest.raises(ValueError, match="is an address"):
        build_dataset([("A", "m", "https://example.org/a.bam")], genes)
    for row in ("Amf", ("A", "m"), ("A", None, "f"), 3):
        with pytest.raises(ValueError, match="entry 0"):
            build_dataset([row], genes)
    with pytest.raises(ValueError, match="there are no tracks"):
        build_dataset([], genes)
    with pytest.raises(TypeError, match=r"'tracks' parameter"):
        build_dataset(None, genes)
    with pytest.raises(TypeError, match=r"'genes' parameter .*Got 5"):
        build_dataset([("A", "m", table)], 5)


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
        ({"fragment_length": 200}, "fragment_length has a meaning with rule='midpoint' only"),
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


# -- parallel and resuming -------------------------------------------------------------


def test_parallel_gives_the_same(tracks, genes, expression):
    one = build_dataset(tracks, genes, expression, **BINS)
    two = build_dataset(tracks, genes, expression, **BINS, n_jobs=2)
    np.testing.assert_array_equal(one.X, two.X)
    assert one.meta == two.meta


def test_resuming_counts_only_what_is_missing(tracks, genes, tmp_path, monkeypatch):
    expected = build_dataset(tracks, genes, **BINS)
    counted = []
    count_track = parallel_module.count_track

    def count_until(limit):
        def wrapped(path, *args, **kwargs):
            if len(counted) == limit:
                raise KeyboardInterrupt
            counted.append(path.name)
            return count_track(path, *args, **kwargs)

        return wrapped

    work = tmp_path / "work"
    monkeypatch.setattr(parallel_module, "count_track", count_until(2))
    with pytest.raises(KeyboardInterrupt):
        build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == len(list(work.iterdir())) == 2
    monkeypatch.setattr(parallel_module, "count_track", count_until(99))
    data = build_dataset(tracks, genes, **BINS, work_dir=work)
    np.testing.assert_array_equal(data.X, expected.X)
    assert data.meta == expected.meta
    assert len(counted) == len(set(counted)) == 4
    # nothing is counted again, unless an argument, a window or a file changes
    build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 4
    build_dataset(tracks, genes, **BINS, work_dir=work, min_mapq=2)
    assert len(counted) == 8
    build_dataset(tracks, genes, window=500, work_dir=work)
    assert len(counted) == 12
    write_bam(tmp_path / "A-H3K4me3.bam", [("chr1", 2999, 3035, "+"), ("chr2", 1, 9, "+")])
    changed = build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 13
    assert changed.select(cells="A", marks="H3K4me3").X.sum() == 2
    # a file of the same size, written later, may hold something else
    track = tmp_path / "B-H3K4me3.bam"
    os.utime(track, ns=(0, track.stat().st_mtime_ns + 1))
    build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 14
    # finished counts that were damaged are made again
    for file in work.iterdir():
        file.write_bytes(file.read_bytes()[:-30])
    again = build_dataset(tracks, genes, **BINS, work_dir=work)
    np.testing.assert_array_equal(again.X, changed.X)
    parallel_module.clear_work(work)
    assert not work.exists()


def test_a_bad_track_among_good_ones_leaves_no_half_result(tracks, genes, tmp_path):
    path = tmp_path / "B-H3K27me3.bam"
    path.write_bytes(path.read_bytes()[:-28])
    with pytest.raises(DataFormatError, match=r"B-H3K27me3.bam.*cut short"):
        build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work", n_jobs=2)
    for file in (tmp_path / "work").iterdir() if (tmp_path / "work").exists() else ():
        assert parallel_module._load(file) is not None


def test_bad_lines_deep_in_a_file_are_found(tmp_path, genes):
    path = tmp_path / "a.bed.gz"
    lines = ["chr1\t5\t9\tN\t0\t+"] * 5000
    lines[4000] = "chr1\t9\t5\tN\t0\t+"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(DataFormatError, match="line 4001"):
        build_dataset([("A", "m", path)], genes, **BINS)


def test_quiet_by_default(tracks, genes, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_dataset(tracks, genes, **BINS)
    assert capfd.readouterr() == ("", "")
    build_dataset(tracks, genes, **BINS, verbose=1)
    out, err = capfd.readouterr()
    assert out == ""
    assert "4/4" in err
