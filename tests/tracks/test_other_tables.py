"""Tables of intervals that are no tracks, and reads that look a little like them."""

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import count_track, detect_format
from support.track_files import make_windows

NARROW = "chr1\t10\t50\tp1\t900\t.\t8.5\t20.1\t17.3\t12\nchr1\t60\t90\tp2\t90\t.\t3.5\t9\t7\t-1\n"
BROAD = "chr1\t10\t50\tp1\t900\t.\t8.5\t20.1\t17.3\nchr1\t60\t90\tp2\t90\t.\t3.5\t9\t-1\n"
GAPPED = "chr1\t10\t50\tp\t9\t.\t10\t50\t0\t1\t40\t0\t8.5\t20.1\t17.3\n"
PAIRS = "chr1\t10\t30\tchr1\t50\t70\tr1\t60\t+\t-\nchr1\t20\t40\tchr1\t60\t80\tr2\t60\t-\t+\n"
LOST = "chr1\t10\t30\tchr1\t50\t70\tr1\t60\t+\t-\nchr1\t20\t40\t.\t-1\t-1\tr2\t0\t+\t.\n"
SIX = "chr1\t10\t30\tchr1\t50\t70\nchr1\t20\t40\tchr1\t60\t80\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.narrowPeak", NARROW, "holds peaks"),
        ("a.narrowPeak", "chr1\t10\t50\n", "holds peaks"),
        ("a.broadPeak.gz", BROAD, "holds peaks"),
        ("a.gappedPeak", GAPPED, "holds peaks"),
        ("peaks.bed", NARROW, "holds peaks"),
        ("peaks.bed", BROAD, "holds peaks"),
        ("peaks.txt", GAPPED, "holds peaks"),
        (
            "summits.bed",
            "chr1\t10\t11\tx_peak_1\t5.2\nchr1\t60\t61\tx_peak_2a\t3\n",
            "holds peaks",
        ),
        ("a.bed", "chr1\t0\t50\tNO_COVERAGE\nchr1\t50\t60\tCALLABLE\n", "counts or coverage"),
        ("a.bed", "chr1\t0\t50\t0:1\nchr1\t50\t60\t1:inf\n", "counts or coverage"),
        ("x", "track type=narrowPeak\n" + NARROW, "holds peaks"),
        ("a.bedpe", PAIRS, r"BEDPE.*awk"),
        ("pairs.bed", PAIRS, "BEDPE"),
        ("pairs.bed.gz", LOST, "BEDPE"),
        ("pairs.txt", SIX, "BEDPE"),
        ("coverage.bed", "chr1\t10\t50\t7\t30\t40\t0.75\nchr1\t60\t90\t0\t0\t30\t0\n", "coverage"),
        (
            "multicov.bed",
            "chr1\t10\t50\tG1\t0\t+\t7\t12\nchr1\t60\t90\tG2\t0\t-\t0\t3\n",
            "counts",
        ),
        ("counts.bed", "chr1\t10\t50\tG1\t17\t12\nchr1\t60\t90\tG2\t7\t3\n", "column 6 is no"),
        ("depth.txt", "chr1\t5\t9\nchr1\t6\t9\nchr1\t7\t8\nchr1\t8\t9\n", "depth per base"),
        ("depth.txt", "#CHROM\tPOS\ta.bam\nchr1\t5\t9\n", "depth per base"),
        ("d.bed", "chr1\t5\t9\tg\t1\t0\nchr1\t5\t9\tg\t2\t4\nchr1\t5\t9\tg\t3\t4\n", "per base"),
    ],
)
def test_what_would_count_wrongly_is_refused(tmp_path, name, text, message):
    path = tmp_path / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with pytest.raises(DataFormatError, match=rf"{name}, line \d.*{message}"):
        count_track(path, make_windows([("chr1", 0)]))


@pytest.mark.parametrize(
    "row",
    [
        "chr1\t10\t30",
        "chr1\t10\t30\tr1",
        "chr1\t10\t30\tr1\t60",
        "chr1\t10\t30\tr1\t60\t.",
        "chr1\t10\t30\tr1\t60\t+\t20M",
        "chr1\t10\t30\tr1\t60\t+\t10\t30\t255,0,0",
        "chr1\t10\t30\tr1\t60\t-\t10\t30\t0",
        "chr1\t10\t30\tr1\t60\t+\t10\t30\t0\t1\t20,\t0,",
        "chr1\t10\t30\tchr1",
    ],
)
def test_reads_of_any_width_are_reads(tmp_path, row):
    path = tmp_path / "reads.bed"
    path.write_text(f"{row}\n{row}\n")
    assert detect_format(path) == "bed"
    counts = count_track(path, make_windows([("chr1", 0)])).values
    np.testing.assert_array_equal(counts, [[0, 2, 2, 0]])


def test_a_strand_that_is_none_is_named_far_down_the_file(tmp_path):
    path = tmp_path / "reads.bed"
    path.write_text("chr1\t10\t30\tr\t60\t+\n" * 500 + "chr1\t10\t30\tr\t60\t7\n")
    with pytest.raises(DataFormatError, match=r"line 501: column 6 is no strand.*\.bedGraph"):
        count_track(path, make_windows([("chr1", 0)]))
