"""bedGraph files as signals."""

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import count_track, detect_format
from support.track_files import make_windows


def test_reads_with_numbers_for_names_are_not_taken_for_a_signal(tmp_path):
    path = tmp_path / "reads.bed"
    path.write_text("chr1\t1\t2\t17\n")
    with pytest.raises(DataFormatError, match="reads with numbers for names or a signal"):
        detect_format(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("chr1 10 20 1\nchr1 5 8 1\n", 2),  # not in order
        ("chr1 10 20 1\nchr2 1 2 1\nchr1 30 40 1\n", 3),  # a chromosome in two places
    ],
)
def test_bedgraph_must_be_sorted(tmp_path, text, line):
    path = tmp_path / "a.bedGraph"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=f"line {line}: .*must be sorted"):
        count_track(path, make_windows([("chr1", 0)]))


@pytest.mark.parametrize("text", ["chr1 10 20 1\nchr1 15 30 1\n", "chr1 10 20 1\nchr1 10 20 2\n"])
def test_two_values_of_a_base_are_refused_with_a_remedy_that_helps(tmp_path, text):
    path = tmp_path / "a.bedGraph"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=r"line 2: .*overlaps the one .*bedtools") as e:
        count_track(path, make_windows([("chr1", 0)]))
    assert "sort" not in str(e.value)


@pytest.mark.parametrize("name", ["a.bedGraph", "a.bdg", "a.bg.gz", "a.txt"])
@pytest.mark.parametrize("odd", ["NA", ".", "", "1,5", "x", "1_0"])
def test_an_odd_value_makes_no_reads_of_a_signal(tmp_path, name, odd):
    lines = [f"chr1\t{20 * n}\t{20 * n + 10}\t{n}" for n in range(6)]
    lines[2] = f"chr1\t40\t50\t{odd}"
    text = "\n".join(lines).encode() + b"\n"
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    with pytest.raises(DataFormatError, match=rf"{name}, line 3: column 4 must be a number"):
        count_track(path, make_windows([("chr1", 0)]))


def test_two_values_an_interval_are_not_one(tmp_path):
    path = tmp_path / "union.bedGraph"
    path.write_text("chr1\t0\t10\t2.5\t1\nchr1\t10\t20\t4\t0\n")
    with pytest.raises(DataFormatError, match=r"union.bedGraph, line 1: .*cut -f 1-3,5"):
        count_track(path, make_windows([("chr1", 0)]))


def test_the_name_stands_above_the_type_of_a_track_line(tmp_path):
    path = tmp_path / "a.bedGraph"
    path.write_text("track type=bed\nchr1\t0\t10\t2.5\n")
    counts = count_track(path, make_windows([("chr1", 0)]))
    np.testing.assert_array_equal(counts.values, [[2.5, 0, 0, 0]])


@pytest.mark.parametrize("rest", ["5\t7", "5\tx"])
@pytest.mark.parametrize("name", ["a.bed", "a.txt"])
def test_numbers_in_column_4_of_five_are_asked_about(tmp_path, name, rest):
    path = tmp_path / name
    path.write_text(f"chr1\t0\t10\t{rest}\nchr1\t10\t20\t{rest}\n")
    with pytest.raises(DataFormatError, match=r"number in column 4.*\.bedGraph"):
        detect_format(path)


def test_one_odd_value_makes_no_reads_of_a_signal_named_bed(tmp_path):
    path = tmp_path / "signal.bed"
    path.write_text("chr1\t0\t10\t5\nchr1\t10\t20\tNA\nchr1\t20\t30\t2\n")
    with pytest.raises(DataFormatError, match="number in column 4"):
        detect_format(path)


@pytest.mark.parametrize("more", ["\t", "\t+", "\tname\t7"])
def test_columns_behind_the_value_are_no_part_of_it(tmp_path, more):
    path = tmp_path / "a.bedGraph"
    path.write_text(f"chr1\t0\t10\t2.5{more}\nchr1\t10\t20\t4{more}\n")
    counts = count_track(path, make_windows([("chr1", 0)]))
    np.testing.assert_array_equal(counts.values, [[2.5, 4, 0, 0]])


@pytest.mark.parametrize(
    "head", ["# a\tcomment\n", "track type=bedGraph name=a\tb\n", "browser position\tchr1\n"]
)
def test_tabs_above_data_that_blanks_separate(tmp_path, head):
    path = tmp_path / "a.bedGraph"
    path.write_text(head + "chr1 0 10 2.5\nchr1 10 20 4\t\nchr1\t20\t30\t1\n")
    counts = count_track(path, make_windows([("chr1", 0)]))
    np.testing.assert_array_equal(counts.values, [[2.5, 4, 1, 0]])


def test_values_that_are_not_a_number_are_uncovered(tmp_path):
    path = tmp_path / "a.bedGraph"
    path.write_text("chr1 0 5 nan\nchr1 5 10 2\nchr1 10 20 nan\n")
    counts = count_track(path, make_windows([("chr1", 0)], n_bins=2))
    np.testing.assert_array_equal(counts.values, [[1.0, 0.0]])


@pytest.mark.parametrize("n_before", [1, 400])
def test_a_field_too_many_in_one_line_is_refused(tmp_path, n_before):
    path = tmp_path / "a.bedGraph"
    lines = [f"chr1\t{20 * n}\t{20 * n + 10}\t{n}" for n in range(n_before)]
    path.write_text("\n".join([*lines, "chr1\t9000\t9010\t9010\t5", ""]))
    with pytest.raises(DataFormatError, match=rf"line {n_before + 1}: 5 columns, but the lines"):
        count_track(path, make_windows([("chr1", 0)]))
