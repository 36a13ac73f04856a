"""Tables of text and numbers: values as written, faults with their line."""

import numpy as np
import pytest

from histoexpr.datasets.ready_made import _number_table
from histoexpr.datasets.ready_made._number_table import name_columns, read_number_table
from histoexpr.exceptions import DataFormatError
from support.ready_made import write_lines


def test_text_stays_text_and_numbers_are_exact(tmp_path):
    path = write_lines(tmp_path / "t", "head", '007\tN"A\t0.1\tnan', "ü\tNA\t1e3\t5")
    table = read_number_table(path, 2, n_header=1)
    assert table.header == ["head"]
    assert table.text.tolist() == [["007", 'N"A'], ["ü", "NA"]]
    np.testing.assert_array_equal(table.numbers, [[0.1, np.nan], [1000, 5]])
    assert table.line_of(1) == 3


def test_pieces_make_one_table(tmp_path, monkeypatch):
    lines = [f"g{n}\t{n}" for n in range(500)]
    path = write_lines(tmp_path / "t", *lines)
    whole = _number_table.text_chunks
    monkeypatch.setattr(_number_table, "text_chunks", lambda path: whole(path, 64))
    table = read_number_table(path, 1)
    np.testing.assert_array_equal(table.numbers[:, 0], np.arange(500))
    write_lines(path, *lines[:400], "g\tx", *lines[401:])
    with pytest.raises(DataFormatError, match="line 401: column 2 is 'x'"):
        read_number_table(path, 1)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a\t1", "b"], "line 2: has 1 columns"),
        (["a\t1", "b\t1\t2", "c"], "line 2: has 3 columns"),
        (["a\t1", "", "b\t2"], "line 2: has 1 columns"),
        (["a\t1\t2", "b", "c\t1"], "line 2: has 1 columns"),
        (["a\t1", "b\t"], "line 2: column 2 is ''"),
        (["a\t1", "b\tNA"], "line 2: column 2 is 'NA'"),
        (["a\t1", "b\t1e999"], "line 2: column 2 is '1e999'"),
        (["a"], "line 1: has 1 columns, expected 2"),
    ],
)
def test_faults_have_a_line(lines, message, tmp_path):
    with pytest.raises(DataFormatError, match=message):
        read_number_table(write_lines(tmp_path / "t", *lines), 1)


def test_text_that_is_none(tmp_path):
    (tmp_path / "t").write_bytes(b"a\t1\n\xff\xff\t2\n")
    with pytest.raises(DataFormatError, match="line 2: is not UTF-8"):
        read_number_table(tmp_path / "t", 1)
    (tmp_path / "t").write_bytes(b"")
    with pytest.raises(DataFormatError, match="no rows"):
        read_number_table(tmp_path / "t", 1)


def test_columns_are_named():
    assert name_columns(["a", "b"], None, "x", "p") == ([0, 1], ["a", "b"])
    assert name_columns(["a", "b"], {"b": "M"}, "x", "p") == ([1], ["M"])
    assert name_columns(["a", "a"], ["M", "N"], "x", "p") == ([0, 1], ["M", "N"])
    assert name_columns(["a"], "M", "x", "p") == ([0], ["M"])


def test_no_line_hides_behind_another(tmp_path):
    # as many separators as there should be, too many in one line and too few in the next
    path = write_lines(tmp_path / "t", "a\tb\tx", "c")
    with pytest.raises(DataFormatError, match="line 1: has 3 columns, expected 2"):
        read_number_table(path, 2, n_numbers=0)
