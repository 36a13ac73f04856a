"""Lines of BED and bedGraph files as arrays."""

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import build_dataset
from histoexpr.tracks._intervals import read_intervals
from support.track_files import BINS


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chr1\t10\t10", "end must lie behind the start"),
        ("chr1\t20\t10", "end must lie behind the start"),
        ("chr1\t-5000\t10", "column 2 must be a position"),
        ("chr1\t5\tx", "column 3 must be a position"),
        ("chr1\t5", "column 3 must be a position"),
        ("chr1\t5\t99999999999999999999", "column 3 must be a position"),
        ("\t5\t9", "column 1 must name a chromosome"),
        ("chr1", "column 2 must be a position"),
    ],
)
@pytest.mark.parametrize("line_number", [1, 2, 301])
def test_a_bad_line_is_named(tmp_path, line, message, line_number):
    lines = ["chr1\t5\t9\tN\t0\t+"] * 400
    lines[line_number - 1] = line
    path = tmp_path / "reads.bed"
    path.write_text("\n".join(lines))
    with pytest.raises(DataFormatError, match=f"line {line_number}: .*{message}"):
        list(read_intervals(path))


@pytest.mark.parametrize("value", ["x", "", "1,5", "inf", "1" * 60])
def test_a_bad_value_is_named(tmp_path, value):
    path = tmp_path / "a.bedGraph"
    path.write_text(f"chr1\t1\t2\t1.5\nchr1\t3\t4\t{value}\n")
    with pytest.raises(DataFormatError, match="line 2: column 4 must be a number"):
        list(read_intervals(path, values=True))


def test_intervals_agree_with_splitting_lines(tmp_path):
    rng = np.random.default_rng(3)
    lines, expected = [], []
    for _ in range(2000):
        chrom = rng.choice(["1", "chr10", "chrUn_KI270442v1", "track1", "bX"])
        start, length = int(rng.integers(0, 10 ** rng.integers(1, 9))), int(rng.integers(1, 999))
        strand = rng.choice(["+", "-", "."])
        lines.append(f"{chrom}\t{start}\t{start + length}\tread name\t0\t{strand}")
        expected.append((chrom, start, start + length, strand))
        if rng.random() < 0.05:
            lines.append(rng.choice(["", "# comment", "track name=a b", "browser position x"]))
    path = tmp_path / "a.bed"
    path.write_text("\n".join(lines) + "\n")
    found = [
        (piece.chrom, int(start), int(end), chr(strand))
        for piece in read_intervals(path)
        for start, end, strand in zip(piece.start, piece.end, piece.strand, strict=True)
    ]
    # lines of a chromosome come together, in the order of the file
    first = {read[0]: number for number, read in reversed(list(enumerate(expected)))}
    assert found == sorted(expected, key=lambda read: first[read[0]])


def test_bad_lines_deep_in_a_file_are_found(tmp_path, genes):
    path = tmp_path / "a.bed.gz"
    lines = ["chr1\t5\t9\tN\t0\t+"] * 5000
    lines[4000] = "chr1\t9\t5\tN\t0\t+"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(DataFormatError, match="line 4001"):
        build_dataset([("A", "m", path)], genes, **BINS)


@pytest.mark.parametrize(
    "field",
    ["+5", " 5", "5 ", "-0", "1.0", "1_0", "1e1", "0x1", "", "NA", '"5"', "five", "5\v", "9" * 13],
)
@pytest.mark.parametrize("strand", ["+", "-", ".", "name"])
def test_positions_are_digits_and_nothing_else(tmp_path, field, strand):
    path = tmp_path / "a.bed"
    path.write_text(f"chr1\t1\t99\tN\t0\t{strand}\nchr1\t{field}\t99\tN\t0\t{strand}\n")
    with pytest.raises(DataFormatError, match="line 2: column 2 must be a position in bp"):
        list(read_intervals(path))


def test_names_and_values_are_taken_as_they_stand(tmp_path):
    # numbers, missing values, quotes and truth values of pandas are none of a chromosome
    names = ["01", "1", "1.0", "NA", "nan", "True", '"x', "a b", "x" * 256]
    path = tmp_path / "a.bedGraph"
    path.write_text("".join(f"{name}\t007\t9\t{0.1 + 0.2}\textra\n" for name in names))
    found = list(read_intervals(path, values=True))
    assert [piece.chrom for piece in found] == names
    assert [piece.start.tolist() for piece in found] == [[7]] * len(names)
    assert [piece.value.tolist() for piece in found] == [[0.1 + 0.2]] * len(names)
    assert [piece.line.tolist() for piece in found] == [[n] for n in range(1, len(names) + 1)]


@pytest.mark.parametrize("middle", ["", "# comment", "chr1\t5\t9", "chr1\t5\t9\tN\t0\t+\tmore"])
def test_irregular_lines_change_nothing_else(tmp_path, middle):
    lines = ["chr1\t1\t2\tN\t0\t+", middle, "chr1\t3\t4\tN\t0\t-"]
    path = tmp_path / "a.bed"
    path.write_text("\ufeff" + "\n".join(lines) + "\n")
    (piece,) = read_intervals(path)
    n_fields = middle.count("\t") + 1
    assert piece.start.tolist() == ([1, 3] if n_fields < 3 else [1, 5, 3])
    assert piece.line.tolist() == ([1, 3] if n_fields < 3 else [1, 2, 3])
    assert (piece.strand is None) == (n_fields == 3)


@pytest.mark.parametrize("sep", ["\t", " "])
def test_reads_shifted_over_the_start_of_a_chromosome_are_clipped(tmp_path, sep):
    path = tmp_path / "a.bed"
    path.write_text("".join(sep.join(row) + "\n" for row in (["c", "-5", "9"], ["c", "3", "12"])))
    (piece,) = read_intervals(path)
    assert (piece.start.tolist(), piece.end.tolist()) == ([0, 3], [9, 12])
