"""Counting rules against hand-computed answers, brute force and bedtools."""

import shutil
import subprocess

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import ReadFilter, Windows, count_track
from histoexpr.tracks import _bam as bam_module
from support.track_files import (
    SIZES,
    depth,
    depth_intervals,
    random_reads,
    write_bam,
    write_bed,
    write_bigwig,
    write_depth,
)

RULES = ("overlap", "5prime", "midpoint", "mean", "sum")


def make_windows(places, n_bins=4, bin_size=10, flip=None):
    chrom, start = zip(*places, strict=True)
    flip = np.zeros(len(start), bool) if flip is None else np.asarray(flip)
    return Windows(np.array(chrom), np.array(start), n_bins, bin_size, flip)


def random_windows(rng, n=60, n_bins=7, bin_size=30):
    places = [(c, int(rng.integers(-100, SIZES[c]))) for c in rng.choice(list(SIZES), n)]
    return make_windows(places, n_bins, bin_size)


def brute_force(reads, windows, rule):
    """Count by the definition of the rule, read by read and bin by bin."""
    depths = depth(reads)
    values = np.zeros((len(windows.start), windows.n_bins))
    for row, (chrom, first) in enumerate(zip(windows.chrom, windows.start, strict=True)):
        for column in range(windows.n_bins):
            a = first + column * windows.bin_size
            b = a + windows.bin_size
            here = [read for read in reads if read[0] == chrom]
            if rule == "overlap":
                value = sum(start < b and end > a for _, start, end, _ in here)
            elif rule == "5prime":
                value = sum(a <= (s if d == "+" else e - 1) < b for _, s, e, d in here)
            elif rule == "midpoint":
                value = sum(a <= (s + e) // 2 < b for _, s, e, _ in here)
            else:
                value = depths[chrom][max(a, 0) : max(b, 0)].sum()
                value = value / windows.bin_size if rule == "mean" else value
            values[row, column] = value
    return values


# -- hand-computed ---------------------------------------------------------------------

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


def test_a_proper_pair_is_one_fragment(tmp_path):
    mates = [
        {"flag": 0x1 | 0x2 | 0x20, "reference_start": 100, "template_length": 200},
        {"flag": 0x1 | 0x2 | 0x10, "reference_start": 280, "template_length": -200},
        {"flag": 0x1, "reference_start": 310, "template_length": 500},  # not proper
    ]
    path = write_bam(tmp_path / "a.bam", [{"cigarstring": "20M", **mate} for mate in mates])
    windows = make_windows([("chr1", 100)], n_bins=30)
    counts = count_track(path, windows, rule="midpoint")
    # middles: (100 + 300) // 2 = 200 for the pair, (310 + 330) // 2 = 320 for the other read
    assert np.flatnonzero(counts.values[0]).tolist() == [10, 22]
    assert counts.tally["second_mates"] == 1
    # as reads, all three count
    assert count_track(path, windows, rule="5prime").values.sum() == 3
    # only the single read is extended: [310, 410)
    counts = count_track(path, windows, rule="midpoint", fragment_length=100)
    assert np.flatnonzero(counts.values[0]).tolist() == [10, 26]


FLAGGED = [
    {"reference_start": 100, "cigarstring": "10M"},
    {"reference_start": 110, "cigarstring": "10M", "flag": 0x400},
    {"reference_start": 120, "cigarstring": "10M", "flag": 0x200},
    {"reference_start": 130, "cigarstring": "10M", "flag": 0x100},
    {"reference_start": 140, "cigarstring": "10M", "flag": 0x800},
    {"reference_start": 150, "cigarstring": "10M", "mapping_quality": 5},
    {"reference_start": 160, "flag": 0x4, "mapping_quality": 0},  # placed at its mate
    {"chrom": None, "reference_start": -1, "flag": 0x4, "mapping_quality": 0},
]


@pytest.mark.parametrize(
    ("read_filter", "expected", "tally"),
    [
        ({}, [1, 0, 0, 0, 0, 1, 0], {"duplicates": 1, "qc_failed": 1, "secondary": 2}),
        ({"keep_duplicates": True}, [1, 1, 0, 0, 0, 1, 0], {"duplicates": 0}),
        ({"keep_qc_failed": True}, [1, 0, 1, 0, 0, 1, 0], {"qc_failed": 0}),
        ({"keep_secondary": True}, [1, 0, 0, 1, 1, 1, 0], {"secondary": 0}),
        ({"min_mapq": 5}, [1, 0, 0, 0, 0, 1, 0], {"low_mapq": 0}),
        ({"min_mapq": 6}, [1, 0, 0, 0, 0, 0, 0], {"low_mapq": 1}),
    ],
)
def test_filters(tmp_path, read_filter, expected, tally):
    path = write_bam(tmp_path / "a.bam", FLAGGED)
    windows = make_windows([("chr1", 100)], n_bins=7)
    counts = count_track(path, windows, read_filter=ReadFilter(**read_filter))
    np.testing.assert_array_equal(counts.values, [expected])
    assert {name: counts.tally[name] for name in tally} == tally
    assert counts.tally["unmapped"] == 2
    assert sum(counts.tally.values()) == len(FLAGGED)  # every alignment is accounted for


def test_deletions_and_introns_belong_to_a_read_and_clips_do_not(tmp_path):
    reads = [
        {"reference_start": 100, "cigarstring": "5M20D5M"},
        {"reference_start": 140, "cigarstring": "5M20N5M"},
        {"reference_start": 180, "cigarstring": "50S5M50H"},
        {"reference_start": 190, "cigarstring": "5M30I5M"},
    ]
    path = write_bam(tmp_path / "a.bam", reads)
    counts = count_track(path, make_windows([("chr1", 90)], n_bins=12))
    np.testing.assert_array_equal(counts.values, [[0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0]])


# -- brute force and equivalence -------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_rules_against_brute_force(tmp_path, rule):
    rng = np.random.default_rng(1)
    reads, windows = random_reads(rng, 300), random_windows(rng)
    counts = count_track(write_bed(tmp_path / "reads", reads), windows, rule=rule)
    np.testing.assert_allclose(counts.values, brute_force(reads, windows, rule), rtol=1e-14)
    assert counts.values.any()


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


def test_cram_without_its_reference(tmp_path):
    rng = np.random.default_rng(5)
    reads, windows = random_reads(rng, 200), random_windows(rng)
    expected = count_track(write_bam(tmp_path / "a.bam", reads), windows)
    options = [b"no_ref=1"]
    path = write_bam(tmp_path / "a.cram", reads, mode="wc", format_options=options)
    counts = count_track(path, windows)
    assert counts.file_format == "cram"
    np.testing.assert_array_equal(counts.values, expected.values)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


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


def test_one_and_chr1_are_the_same_chromosome(tmp_path):
    reads = [("1", 100, 136, "+"), ("2", 100, 136, "+")]
    windows = make_windows([("chr1", 100), ("Chr2", 100)])
    counts = count_track(write_bed(tmp_path / "a", reads), windows)
    np.testing.assert_array_equal(counts.values, [[1, 1, 1, 1]] * 2)
    assert counts.names == {"chr1": "1", "Chr2": "2"}


def test_the_very_name_takes_precedence(tmp_path):
    sizes = {"1": 1000, "chr1": 1000}
    reads = [("1", 100, 136, "+"), ("chr1", 100, 110, "+")]
    path = write_bam(tmp_path / "a.bam", reads, sizes)
    np.testing.assert_array_equal(
        count_track(path, make_windows([("chr1", 100)])).values, [[1, 0, 0, 0]]
    )
    with pytest.raises(DataFormatError, match="stands in the file as 1 and as chr1"):
        count_track(path, make_windows([("Chr1", 100)]))
    # a text file does not say beforehand which names it uses
    with pytest.raises(DataFormatError, match="stands in the file as 1 and as chr1"):
        count_track(write_bed(tmp_path / "a.bed", reads), make_windows([("chr1", 100)]))


def test_no_chromosome_in_common(tmp_path):
    windows = make_windows([("NC_000001.11", 100)])
    for path in (
        write_bed(tmp_path / "a", READS),
        write_bam(tmp_path / "b", READS),
        write_depth(tmp_path / "c", READS),
    ):
        with pytest.raises(DataFormatError, match=r"has chr1, chr2, the genes.*NC_000001"):
            count_track(path, windows)


def test_counts_rules_refuse_signals_and_unknown_rules(tmp_path):
    path = write_depth(tmp_path / "a.bw", READS)
    windows = make_windows([("chr1", 100)])
    with pytest.raises(ValueError, match="counts reads, and this bigwig file holds none"):
        count_track(path, windows, rule="overlap")
    with pytest.raises(ValueError, match=r"'rule' parameter .*Got 'centre'"):
        count_track(path, windows, rule="centre")


@pytest.mark.parametrize(
    ("rule", "options"), [("5prime", {}), ("midpoint", {"fragment_length": 9})]
)
def test_rules_that_need_strands(tmp_path, rule, options):
    path = tmp_path / "a.bed"
    path.write_text("chr1\t100\t136\n")
    windows = make_windows([("chr1", 100)])
    with pytest.raises(DataFormatError, match="needs the strand of every read"):
        count_track(path, windows, rule=rule, **options)
    assert count_track(path, windows).values.tolist() == [[1, 1, 1, 1]]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("chr1 10 20 1\nchr1 5 8 1\n", 2),  # not in order
        ("chr1 10 20 1\nchr1 15 30 1\n", 2),  # overlap
        ("chr1 10 20 1\nchr2 1 2 1\nchr1 30 40 1\n", 3),  # a chromosome in two places
    ],
)
def test_bedgraph_must_be_sorted(tmp_path, text, line):
    path = tmp_path / "a.bedGraph"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=f"line {line}: .*must be sorted"):
        count_track(path, make_windows([("chr1", 0)]))


def test_values_that_are_not_a_number_are_uncovered(tmp_path):
    path = tmp_path / "a.bedGraph"
    path.write_text("chr1 0 5 nan\nchr1 5 10 2\nchr1 10 20 nan\n")
    counts = count_track(path, make_windows([("chr1", 0)], n_bins=2))
    np.testing.assert_array_equal(counts.values, [[1.0, 0.0]])


def test_a_large_value_elsewhere_costs_no_digits(tmp_path):
    items = [(0, 10, 1e30), (10, 20, 0.1), (25, 30, 0.3)]
    path = write_bigwig(tmp_path / "a.bw", [("chr1", 1, 0, 0, 0, items)])
    counts = count_track(path, make_windows([("chr1", 0)]), rule="sum")
    tenth, three = float(np.float32(0.1)), float(np.float32(0.3))
    np.testing.assert_array_equal(counts.values[0, 1:], [10 * tenth, 5 * three, 0])


# -- bedtools --------------------------------------------------------------------------


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
