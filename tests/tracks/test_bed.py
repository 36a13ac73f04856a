"""BED and tagAlign files as reads."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import Windows, count_track
from support.track_files import SOME_READS, make_windows, random_reads, write_bed


@pytest.fixture
def windows():
    return Windows(np.array(["chr1"]), np.array([0]), 4, 100, np.array([False]))


def test_truncated_gzip(tmp_path, windows):
    reads = random_reads(np.random.default_rng(0), 20_000)
    path = write_bed(tmp_path / "reads.tagAlign.gz", reads, compress=True)
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


def test_damaged_gzip(tmp_path, windows):
    path = write_bed(tmp_path / "reads.gz", SOME_READS, compress=True)
    content = bytearray(path.read_bytes())
    content[-6] ^= 0xFF  # the checksum
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        count_track(path, windows)


def test_bgzip_cut_between_two_blocks(tmp_path, windows):
    pysam = pytest.importorskip("pysam")
    path = tmp_path / "reads.bed.gz"
    with pysam.BGZFile(str(path), "w") as out:
        out.write(b"chr1\t100\t136\n" * 100_000)
    assert count_track(path, windows).tally["reads"] == 100_000
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "little") + 1  # of the first block
    path.write_bytes(content[:size])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


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
