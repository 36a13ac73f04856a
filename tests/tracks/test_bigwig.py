"""The bigWig reader, against files written by hand and by another library."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import Windows, count_track
from histoexpr.tracks._bigwig import BigWig
from support.track_files import SIZES, random_reads, write_bigwig, write_depth

BLOCKS = [
    ("chr1", 1, 100, 0, 0, [(100, 110, 1.5), (110, 115, -2.0), (130, 140, 4.0)]),
    ("chr1", 2, 200, 0, 5, [(200, 1.0), (210, 3.0)]),
    ("chr1", 3, 300, 10, 4, [(1.0,), (2.0,), (3.0,)]),
    ("chr2", 3, 0, 1, 1, [(7.0,), (8.0,)]),
]
INTERVALS = {
    "chr1": [
        (100, 110, 1.5),
        (110, 115, -2.0),
        (130, 140, 4.0),
        (200, 205, 1.0),
        (210, 215, 3.0),
        (300, 304, 1.0),
        (310, 314, 2.0),
        (320, 324, 3.0),
    ],
    "chr2": [(0, 1, 7.0), (1, 2, 8.0)],
}
EVERYTHING = np.array([0]), np.array([20_000])


def read_all(path, chrom, regions=EVERYTHING):
    with BigWig(path) as signal:
        pieces = list(signal.intervals(chrom, *regions))
    return [
        (int(start), int(end), float(value))
        for piece in pieces
        for start, end, value in zip(piece.start, piece.end, piece.value, strict=True)
    ]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compress", [True, False])
def test_all_kinds_of_blocks(tmp_path, order, compress):
    path = write_bigwig(tmp_path / "a.bw", BLOCKS, order=order, compress=compress)
    with BigWig(path) as signal:
        assert signal.chrom_sizes == SIZES
    for chrom, expected in INTERVALS.items():
        assert read_all(path, chrom) == expected


def test_blocks_without_a_region_are_not_read(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", BLOCKS)
    regions = np.array([150, 205]), np.array([160, 215])
    assert read_all(path, "chr1", regions) == [(200, 205, 1.0), (210, 215, 3.0)]
    # a damaged block that nobody asks for does no harm
    content = bytearray(path.read_bytes())
    with BigWig(path) as signal:
        block = signal._blocks[0]
    content[int(block["offset"] + block["size"]) - 2] ^= 0xFF
    path.write_bytes(content)
    assert len(read_all(path, "chr1", regions)) == 2
    with pytest.raises(DataFormatError, match="damaged: a block cannot be decompressed"):
        read_all(path, "chr1")


def test_uncovered_bases_count_as_zero(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", BLOCKS)
    windows = Windows(np.array(["chr1"]), np.array([100]), 5, 10, np.array([False]))
    mean = count_track(path, windows).values
    np.testing.assert_array_equal(mean, [[1.5, -1.0, 0.0, 4.0, 0.0]])
    np.testing.assert_array_equal(count_track(path, windows, rule="sum").values, 10 * mean)


def test_nan_is_uncovered_and_infinity_is_refused(tmp_path):
    items = [(0, 10, float("nan")), (10, 20, 2.0)]
    path = write_bigwig(tmp_path / "a.bw", [("chr1", 1, 0, 0, 0, items)])
    assert read_all(path, "chr1") == [(10, 20, 2.0)]
    items[0] = (0, 10, float("inf"))
    path = write_bigwig(tmp_path / "b.bw", [("chr1", 1, 0, 0, 0, items)])
    with pytest.raises(DataFormatError, match="infinite"):
        read_all(path, "chr1")


@pytest.mark.parametrize(
    "blocks",
    [
        [("chr1", 1, 0, 0, 0, [(0, 10, 1.0), (5, 15, 1.0)])],
        [("chr1", 1, 0, 0, 0, [(20, 30, 1.0), (0, 10, 1.0)])],
        [("chr1", 1, 0, 0, 0, [(0, 10, 1.0)]), ("chr1", 1, 5, 0, 0, [(5, 15, 1.0)])],
    ],
)
def test_overlapping_intervals_are_refused(tmp_path, blocks, monkeypatch):
    path = write_bigwig(tmp_path / "a.bw", blocks)
    with pytest.raises(DataFormatError, match="overlap"):
        read_all(path, "chr1")
    monkeypatch.setattr("histoexpr.tracks._bigwig._BLOCKS_AT_A_TIME", 1)
    with pytest.raises(DataFormatError, match="overlap"):
        read_all(path, "chr1")


def test_reading_in_pieces_changes_nothing(tmp_path, monkeypatch):
    reads = random_reads(np.random.default_rng(0), 600)
    path = write_depth(tmp_path / "a.bw", reads)
    expected = read_all(path, "chr1")
    monkeypatch.setattr("histoexpr.tracks._bigwig._BLOCKS_AT_A_TIME", 2)
    assert read_all(path, "chr1") == expected
    assert len(expected) > 200


def test_a_file_cut_anywhere_is_an_error(tmp_path):
    reads = random_reads(np.random.default_rng(0), 100)
    content = write_depth(tmp_path / "a.bw", reads).read_bytes()
    path = tmp_path / "cut.bw"
    for size in np.linspace(4, len(content) - 1, 60).astype(int):
        path.write_bytes(content[:size])
        with pytest.raises(DataFormatError, match=r"cut short|damaged"):
            read_all(path, "chr1")


def count_damaged(path, content):
    """Count a file with the content, or return the message if it is refused."""
    path.write_bytes(content)
    windows = Windows(np.array(["chr1", "chr2"]), np.zeros(2, int), 40, 10, np.zeros(2, bool))
    try:
        return count_track(path, windows).values
    except DataFormatError as error:
        return str(error)


@pytest.mark.parametrize("order", ["<", ">"])
def test_any_changed_byte_gives_an_error_that_names_the_file_or_numbers(tmp_path, order):
    # every byte of header, tree of chromosomes, blocks and index, in one of four ways
    content = write_bigwig(tmp_path / "a.bw", BLOCKS, order=order).read_bytes()
    expected = count_damaged(tmp_path / "a.bw", content)
    refused = same = 0
    for place, byte in enumerate(content):
        damaged = bytearray(content)
        damaged[place] = (byte ^ 0x80, (byte + 1) % 256, byte ^ 1, byte ^ 0xFF)[place % 4]
        found = count_damaged(tmp_path / "b.bw", damaged)
        if isinstance(found, str):
            assert "b.bw" in found
            refused += 1
        else:
            assert found.shape == expected.shape
            assert np.isfinite(found).all()
            same += np.array_equal(found, expected)
    assert refused > 200
    assert same > 100
    for size in range(4, len(content), 7):
        assert "b.bw" in count_damaged(tmp_path / "b.bw", content[:size])


@pytest.mark.parametrize("key_size", [0, 1025, 2**31, 2**32 - 1])
def test_damaged_width_of_chromosome_names(tmp_path, key_size):
    content = bytearray(write_bigwig(tmp_path / "a.bw", BLOCKS).read_bytes())
    content[64 + 8 : 64 + 12] = key_size.to_bytes(4, "little")
    path = tmp_path / "b.bw"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=r"b\.bw.*no list of chromosomes"):
        BigWig(path)


def test_empty_file_of_the_right_kind(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", [])
    with pytest.raises(DataFormatError, match="holds no values"):
        BigWig(path)


def test_agrees_with_another_library(tmp_path):
    pyBigWig = pytest.importorskip("pyBigWig")
    rng = np.random.default_rng(2)
    path = tmp_path / "a.bw"
    sizes = {"chr1": 500_000, "chr10": 300_000, "chr2": 100_000}
    signal = pyBigWig.open(str(path), "w")
    signal.addHeader(list(sizes.items()))
    for chrom, size in sizes.items():
        edges = np.unique(rng.integers(0, size // 2, 8000))
        starts, ends = edges[:-1], edges[1:]
        keep = rng.random(len(starts)) < 0.7
        values = rng.normal(size=keep.sum())
        signal.addEntries(
            [chrom] * int(keep.sum()),
            starts[keep].tolist(),
            ends=ends[keep].tolist(),
            values=values.tolist(),
        )
        first = size // 2 + 10
        signal.addEntries(chrom, first, values=[1.0, 2.0, 3.0] * 50, span=20, step=30)
        starts = (first + 6000 + np.cumsum(rng.integers(5, 20, 300))).tolist()
        signal.addEntries(chrom, starts, values=[0.5] * 300, span=4)
    signal.close()
    chroms = rng.choice(list(sizes), 300)
    starts = np.array([rng.integers(0, sizes[chrom] - 2000) for chrom in chroms])
    windows = Windows(chroms, starts, 20, 100, np.zeros(300, dtype=bool))
    counts = count_track(path, windows)
    with pyBigWig.open(str(path)) as signal:
        for chrom, start, row in zip(chroms, starts, counts.values, strict=True):
            bases = signal.values(str(chrom), int(start), int(start) + 2000, numpy=True)
            expected = np.nan_to_num(bases.astype(float)).reshape(20, 100).mean(axis=1)
            np.testing.assert_allclose(row, expected, rtol=1e-9, atol=1e-12)
    assert (counts.values != 0).mean() > 0.5
