"""Counting rules against hand-computed answers and bedtools, in all formats."""

import shutil
import subprocess

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import ReadFilter, count_track
from histoexpr.tracks import _bam as bam_module
from support.track_files import (
    SIZES,
    depth,
    depth_intervals,
    make_windows,
    random_reads,
    random_windows,
    write_bam,
    write_bed,
    write_depth,
)

RULES = ("overlap", "5prime", "midpoint", "mean", "sum")


READS = [
    ("chr1", 95, 100, "+"),  # touches the first bin, overlaps none
    ("chr1", 95, 101, "+"),  # one base in bin 0; 5' end before the window
    ("chr1", 105, 125, "-"),  # bins 0, 1, 2; 5' end 124; middle 115
    ("chr1", 130, 140, "+"),  # bin 3 exactly; middle 135
    ("chr1", 139, 180, "-"),  # last base of bin 3; middle 159
    ("chr1", 140, 150, "+"),  # begins behind the window
    ("chr2", 100, 140, "+"),  # another chromosome
]


EXPECTED = {
    "overlap": [2, 1, 1, 2],
    "5prime": [0, 0, 1, 1],
    "midpoint": [0, 1, 0, 1],
    "sum": [6, 10, 5, 11],
    "mean": [0.6, 1.0, 0.5, 1.1],
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["bed", "bam"])
def test_rules_by_hand(tmp_path, rule, kind):
    write = {"bed": write_bed, "bam": write_bam}[kind]
    path = write(tmp_path / "reads", READS)
    counts = count_track(path, make_windows([("chr1", 100)]), rule=rule)
    np.testing.assert_array_equal(counts.values, [EXPECTED[rule]])
    assert counts.rule == rule
    assert counts.file_format == kind
    assert counts.tally["reads"] == len(READS)
    assert counts.tally["elsewhere"] == 1


def test_auto_counts_overlaps_of_reads_and_means_of_signals(tmp_path):
    windows = make_windows([("chr1", 100)])
    reads = count_track(write_bed(tmp_path / "a", READS), windows)
    signal = count_track(write_depth(tmp_path / "b", READS), windows)
    assert (reads.rule, signal.rule) == ("overlap", "mean")
    assert reads.values.dtype.kind == "i"
    np.testing.assert_array_equal(reads.values, [EXPECTED["overlap"]])
    np.testing.assert_array_equal(signal.values, [EXPECTED["mean"]])


def test_flipped_windows_run_backwards(tmp_path):
    path = write_bed(tmp_path / "reads", READS)
    windows = make_windows([("chr1", 100), ("chr1", 100)], flip=[False, True])
    plain, flipped = count_track(path, windows, rule="5prime").values
    np.testing.assert_array_equal(flipped, plain[::-1])
    assert list(plain) != list(flipped)


def test_fragment_length_extends_from_the_five_prime_end(tmp_path):
    # + read: fragment [100, 120), middle 110; - read: fragment [116, 136), middle 126
    path = write_bed(tmp_path / "reads", [("chr1", 100, 110, "+"), ("chr1", 126, 136, "-")])
    windows = make_windows([("chr1", 100)])
    counts = count_track(path, windows, rule="midpoint", fragment_length=20)
    np.testing.assert_array_equal(counts.values, [[0, 1, 1, 0]])
    # own lengths: middles 105 and 131
    counts = count_track(path, windows, rule="midpoint")
    np.testing.assert_array_equal(counts.values, [[1, 0, 0, 1]])


def test_extended_reads_end_with_the_chromosome(tmp_path):
    # the fragment [-190, 10) is cut to [0, 10), and [4995, 5195) to [4995, 5000)
    reads = [("chr2", 0, 10, "-"), ("chr2", 4995, 5000, "+")]
    windows = make_windows([("chr2", -100), ("chr2", 4980)], n_bins=20)
    path = write_bam(tmp_path / "reads", reads)
    counts = count_track(path, windows, rule="midpoint", fragment_length=200)
    assert np.flatnonzero(counts.values[0]).tolist() == [10]  # [0, 10): middle 5
    assert np.flatnonzero(counts.values[1]).tolist() == [1]  # [4990, 5000): middle 4997


@pytest.mark.parametrize("rule", RULES)
def test_formats_and_order_of_reads_do_not_matter(tmp_path, rule, monkeypatch):
    rng = np.random.default_rng(2)
    reads, windows = random_reads(rng, 500), random_windows(rng)
    shuffled = [reads[i] for i in rng.permutation(len(reads))]
    expected = count_track(write_bed(tmp_path / "a", reads), windows, rule=rule).values
    tracks = [
        write_bed(tmp_path / "b", shuffled, compress=True),
        write_bam(tmp_path / "c", reads),
        write_bam(tmp_path / "d", shuffled),
    ]
    for path in tracks:
        np.testing.assert_array_equal(count_track(path, windows, rule=rule).values, expected)
    monkeypatch.setattr(bam_module, "BATCH", 7)
    for path in tracks:
        np.testing.assert_array_equal(count_track(path, windows, rule=rule).values, expected)


@pytest.mark.parametrize("rule", ["mean", "sum"])
def test_depth_as_bigwig_bedgraph_and_reads_are_the_same(tmp_path, rule):
    rng = np.random.default_rng(3)
    reads, windows = random_reads(rng, 300), random_windows(rng)
    bedgraph = tmp_path / "depth.bedGraph"
    lines = ["\t".join(map(str, interval)) for interval in depth_intervals(depth(reads))]
    bedgraph.write_text("track type=bedGraph\n" + "\n".join(lines) + "\n")
    expected = count_track(write_bam(tmp_path / "reads", reads), windows, rule=rule).values
    assert expected.any()
    for path in (bedgraph, write_depth(tmp_path / "depth.bw", reads)):
        np.testing.assert_array_equal(count_track(path, windows, rule=rule).values, expected)


def test_no_chromosome_in_common(tmp_path):
    windows = make_windows([("NC_005100.11", 100)])
    for path in (
        write_bed(tmp_path / "a", READS),
        write_bam(tmp_path / "b", READS),
        write_depth(tmp_path / "c", READS),
    ):
        with pytest.raises(DataFormatError, match=r"has chr1, chr2, the genes.*NC_005100"):
            count_track(path, windows)


def test_counts_rules_refuse_signals_and_unknown_rules(tmp_path):
    path = write_depth(tmp_path / "a.bw", READS)
    windows = make_windows([("chr1", 100)])
    with pytest.raises(ValueError, match="counts reads, and this bigwig file holds none"):
        count_track(path, windows, rule="overlap")
    with pytest.raises(ValueError, match=r"'rule' parameter .*Got 'centre'"):
        count_track(path, windows, rule="centre")


def run_bedtools(*arguments):
    if shutil.which("bedtools") is None:
        pytest.skip("bedtools is not installed")
    result = subprocess.run(["bedtools", *map(str, arguments)], capture_output=True, check=True)
    return [int(line.rsplit(b"\t", 1)[1]) for line in result.stdout.splitlines()]


def write_bins(path, windows):
    offsets = windows.bin_size * np.arange(windows.n_bins)
    with open(path, "w") as out:
        for chrom, start in zip(windows.chrom, windows.start, strict=True):
            out.writelines(f"{chrom}\t{a}\t{a + windows.bin_size}\n" for a in start + offsets)
    return path


def test_multicov_agrees_on_random_reads(tmp_path):
    pysam = pytest.importorskip("pysam")
    rng = np.random.default_rng(4)
    reads = []
    for chrom, start, end, _ in random_reads(rng, 3000):
        flag = int(rng.choice([0, 16, 0x100, 0x200, 0x400, 0x800, 0x410]))
        middle = int(rng.integers(1, 60))
        cigar = (
            f"{end - start}M" if rng.random() < 0.5 else f"9M{middle}{rng.choice(['D', 'N'])}9M"
        )
        if start + middle + 18 > SIZES[chrom]:
            continue
        reads.append(
            {
                "chrom": chrom,
                "reference_start": start,
                "cigarstring": cigar,
                "flag": flag,
                "mapping_quality": int(rng.integers(0, 60)),
            }
        )
    path = write_bam(tmp_path / "a.bam", reads)
    pysam.index(str(path))
    places = [(c, int(rng.integers(0, SIZES[c] - 300))) for c in rng.choice(list(SIZES), 200)]
    windows = make_windows(places, n_bins=10, bin_size=30)
    bins = write_bins(tmp_path / "bins.bed", windows)
    for arguments, read_filter in (
        ([], ReadFilter(keep_secondary=True)),
        (["-q", 30], ReadFilter(keep_secondary=True, min_mapq=30)),
        (["-D", "-F"], ReadFilter(0, True, True, True)),
    ):
        expected = run_bedtools("multicov", *arguments, "-bams", path, "-bed", bins)
        counts = count_track(path, windows, read_filter=read_filter)
        assert counts.values.ravel().tolist() == expected
        assert sum(expected) > 1000


def test_coverage_agrees_on_random_reads(tmp_path):
    rng = np.random.default_rng(6)
    path = write_bed(tmp_path / "reads.bed", random_reads(rng, 3000, sort=False))
    places = [(c, int(rng.integers(0, SIZES[c]))) for c in rng.choice(list(SIZES), 300)]
    windows = make_windows(places, n_bins=10, bin_size=25)
    bins = write_bins(tmp_path / "bins.bed", windows)
    expected = run_bedtools("coverage", "-counts", "-a", bins, "-b", path)
    assert count_track(path, windows).values.ravel().tolist() == expected
