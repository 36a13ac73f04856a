"""Plain and gzip text, in pieces of whole lines."""

import gzip

import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.utils import open_text, text_chunks, text_lines

TEXT = b"one\r\ntwo\nthree"


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def path(request, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(gzip.compress(TEXT, mtime=0) if request.param else TEXT)
    return path


def test_lines(path):
    assert list(text_lines(path)) == [(1, "one"), (2, "two"), (3, "three")]
    with open_text(path) as stream:
        assert stream.read() == TEXT


@pytest.mark.parametrize("size", [5, 7, 100])
def test_chunks_end_with_a_line(path, size):
    chunks = list(text_chunks(path, size))
    assert b"".join(chunk for _, chunk in chunks) == b"one\ntwo\nthree\n"
    line = 1
    for first, chunk in chunks:
        assert first == line
        assert chunk.endswith(b"\n")
        line += chunk.count(b"\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(TEXT * 99, mtime=0)[:-9], "cut short"),
        (gzip.compress(TEXT, mtime=0)[:-6] + b"123456", "compressed data are damaged"),
        (b"a\n\0b\n", "line 1: .*zero bytes"),
        (b"a\n\xff\n", "line 2: .*UTF-8"),
    ],
)
def test_damage_is_reported_with_the_place(content, message, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=rf"a\.txt.*{message}"):
        list(text_lines(path))


def test_a_file_without_lines_is_no_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    with pytest.raises(DataFormatError, match="no line break"):
        list(text_chunks(path, 10))


def test_a_mark_of_the_byte_order_is_left_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one", encoding="utf-8-sig")
    assert list(text_lines(path)) == [(1, "one")]
