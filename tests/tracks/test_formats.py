"""Formats recognised by content."""

import gzip

import pytest

from histoexpr.tracks import detect_format
from support.track_files import SOME_READS, write_bam, write_depth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chr1\t1\t2\n", "bed"),
        ("chr1\t1\t2\tname\n", "bed"),
        ("chr1\t1\t2\t7.5\n", "bedgraph"),
        ("chr1 1 2 7.5\n", "bedgraph"),
        ("chr1\t1\t2\tN\t1000\t-\n", "bed"),
        ("track name=x\nbrowser hide all\n#c\n\nchr1\t1\t2\t-1e3\n", "bedgraph"),
        ('track type="bedGraph" name=x\nchr1\t1\t2\t3\n', "bedgraph"),
        ("track type=bed\nchr1\t1\t2\t3\n", "bed"),
        ("chr1\t1\t2\t7\nchr1\t3\t4\tread\n", "bed"),
        ("chr1\t1\t2\tN\t1000\t-\r\n", "bed"),
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_text_formats_are_reported_from_content(tmp_path, text, expected, compress):
    path = tmp_path / "reads.bam"  # the name lies
    path.write_bytes(gzip.compress(text.encode()) if compress else text.encode())
    assert detect_format(path) == expected


def test_binary_formats_are_reported_from_content(tmp_path):
    assert detect_format(write_bam(tmp_path / "a.bed", SOME_READS)) == "bam"
    assert detect_format(write_depth(tmp_path / "b.bam", SOME_READS)) == "bigwig"
