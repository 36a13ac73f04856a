"""BAM and CRAM files: filters, pairs, truncation and damage."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import ReadFilter, Windows, count_track
from support.track_files import make_windows, random_reads, random_windows, write_bam

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


@pytest.fixture
def windows():
    return Windows(np.array(["chr1"]), np.array([0]), 4, 100, np.array([False]))


@pytest.mark.parametrize("cut", [28, 100, 5_000, "header"])
def test_truncated_bam(tmp_path, windows, cut):
    path = write_bam(tmp_path / "reads.bam", random_reads(np.random.default_rng(0), 3000))
    content = path.read_bytes()
    path.write_bytes(content[:60] if cut == "header" else content[:-cut])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


def test_damaged_bam(tmp_path, windows, capfd):
    path = write_bam(tmp_path / "reads.bam", random_reads(np.random.default_rng(0), 3000))
    content = bytearray(path.read_bytes())
    content[5_000:6_000] = bytes(1000)
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        count_track(path, windows)
    assert capfd.readouterr().err == ""  # htslib is kept quiet


def test_unaligned_reads(tmp_path, windows):
    read = {"chrom": None, "flag": 4, "reference_start": -1}
    path = write_bam(tmp_path / "a.bam", [read], sizes={})
    with pytest.raises(DataFormatError, match="unaligned reads"):
        count_track(path, windows)


def test_bam_without_reads(tmp_path, windows):
    with pytest.raises(DataFormatError, match="holds no reads"):
        count_track(write_bam(tmp_path / "a.bam", []), windows)
    duplicate = {"reference_start": 5, "cigarstring": "9M", "flag": 0x400}
    with pytest.raises(DataFormatError, match=r"no read passes the filter \(1 duplicates\)"):
        count_track(write_bam(tmp_path / "b.bam", [duplicate]), windows)


def pair(name, *, left=60, right=60, length=600, flags=(99, 147), start=1000, order=1):
    """Return the mates of a proper pair as pysam writes them; ``order=-1`` turns them round."""
    mates = [
        {"query_name": name, "flag": flags[0], "reference_start": start, "cigarstring": "50M",
         "next_reference_id": 0, "next_reference_start": start + 550, "template_length": length,
         "mapping_quality": left},
        {"query_name": name, "flag": flags[1], "reference_start": start + 550,
         "cigarstring": "50M", "next_reference_id": 0, "next_reference_start": start,
         "template_length": -length, "mapping_quality": right},
    ]  # fmt: skip
    return mates[::order]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("rule", ["midpoint", "fragment"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1),
        ({"left": 3}, 1),
        ({"right": 3}, 1),
        ({"left": 3, "right": 3}, 0),
        ({"flags": (99 | 1024, 147)}, 1),
        ({"flags": (99, 147 | 512)}, 1),
        ({"flags": (99 | 1024, 147 | 1024)}, 0),
        ({"flags": (83, 163)}, 1),
        ({"length": 0}, 1),
        ({"length": 0, "left": 3}, 1),
        ({"length": 0, "flags": (83, 163), "right": 3}, 1),
    ],
)
def test_a_pair_counts_once_whichever_mate_passes(tmp_path, options, expected, rule, order):
    pytest.importorskip("pysam")
    reads = [*pair("a", order=order, **options), ("chr1", 9000, 9050, "+")]
    path = write_bam(tmp_path / "a.bam", reads)
    windows = make_windows([("chr1", 1000)], n_bins=6, bin_size=100)
    counts = count_track(path, windows, rule=rule, read_filter=ReadFilter(min_mapq=10)).values[0]
    if rule == "midpoint":
        assert counts.tolist() == [0, 0, 0, expected, 0, 0]
    else:
        assert counts.tolist() == [expected] * 6


def test_many_pairs_far_apart(tmp_path):
    pytest.importorskip("pysam")
    rng = np.random.default_rng(0)
    pairs = [pair(f"p{n}", start=int(s)) for n, s in enumerate(rng.integers(0, 9000, 400))]
    for poor in range(0, 400, 3):
        pairs[poor][poor % 2]["mapping_quality"] = 0
    reads = sorted((mate for two in pairs for mate in two), key=lambda m: m["reference_start"])
    by_place, by_name = (
        write_bam(tmp_path / name, [dict(read) for read in order])
        for name, order in (("a.bam", reads), ("b.bam", [mate for two in pairs for mate in two]))
    )
    windows = make_windows([("chr1", 0)], n_bins=100, bin_size=100)
    for path in (by_place, by_name):
        counted = count_track(path, windows, rule="midpoint", read_filter=ReadFilter(min_mapq=10))
        assert counted.values.sum() == 400
