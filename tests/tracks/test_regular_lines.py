"""Regular lines of reads and signals: against a loop over lines, and what is left to others."""

from unittest import mock

import numpy as np
import pytest

from histoexpr.tracks import _intervals, _regular_lines
from histoexpr.tracks._regular_lines import parse_regular_lines

LINE = b"chr1\t5\t9\tN\t0\t+\n"


def draw_lines(rng, n, n_columns):
    """Draw lines with names of every length, and positions of up to 12 digits."""
    names = ["1", "chrX", "chr10", "chrUn_gl000220", "chrUn_gl000221", "c" * 40 + "a", "c" * 40]
    rows, name = [], names[0]
    for _ in range(n):
        if rng.random() < 0.05:
            name = str(rng.choice(names))
        start = int(rng.integers(min(10 ** int(rng.integers(1, 13)), 10**12 - 1000)))
        end = start + int(rng.integers(1, 999))
        row = [name, str(start), str(end), "read 1", "", str(rng.choice(["+", "-", "."])), "x"]
        rows.append((row + ["7"] * 5)[:n_columns])
    return rows


@pytest.mark.parametrize("n_bytes", [120, 1000, 1 << 20])
@pytest.mark.parametrize("n_columns", [3, 4, 6, 12])
def test_lines_agree_with_splitting_them(monkeypatch, n_bytes, n_columns):
    monkeypatch.setattr(_regular_lines, "_BYTES", n_bytes)
    monkeypatch.setattr(_regular_lines, "_LINES_PER_RUN", 1)
    rows = draw_lines(np.random.default_rng(n_columns), 500, n_columns)
    found = parse_regular_lines("".join("\t".join(row) + "\n" for row in rows).encode())
    names = np.repeat(found.names, np.diff(found.bounds))
    assert names.tolist() == [row[0].encode() for row in rows]
    assert all(one != two for one, two in zip(found.names, found.names[1:], strict=False))
    assert found.start.tolist() == [int(row[1]) for row in rows]
    assert found.end.tolist() == [int(row[2]) for row in rows]
    assert found.start.dtype == found.end.dtype == np.int64
    if n_columns < 6:
        assert found.strand is None
    else:
        assert found.strand.tolist() == [ord(row[5]) for row in rows]


def test_one_line_by_hand():
    found = parse_regular_lines(b"2\t00123456789\t123456789012\n")
    assert (found.names, found.bounds.tolist()) == ([b"2"], [0, 1])
    assert (found.start.tolist(), found.end.tolist()) == ([123456789], [123456789012])


@pytest.mark.parametrize(
    "line",
    [
        b"chr1\t5\t9\tN\t0\n",  # a column less
        b"chr1\t5\t9\tN\t0\t+\tx\n",
        b"chr1\t5\n9\tN\t0\t+\n",  # as many separators, in two lines
        b"chr1\t5\t9\tN\n0\t+\n",
        b"\n",
        b"# comment\n",
        b"chr1 5 9 N 0 +\n",
        b"\t5\t9\tN\t0\t+\n",  # no name
        b"c" * 257 + b"\t5\t9\tN\t0\t+\n",
        b"chr1\t\t9\tN\t0\t+\n",
        b"chr1\t-5\t9\tN\t0\t+\n",
        b"chr1\t+5\t9\tN\t0\t+\n",
        b"chr1\t 5\t9\tN\t0\t+\n",
        b"chr1\t5.0\t9\tN\t0\t+\n",
        b"chr1\t1e3\t9999\tN\t0\t+\n",
        b"chr1\t5:\t99\tN\t0\t+\n",  # the character after 9
        b"chr1\t/5\t99\tN\t0\t+\n",  # the one before 0
        b"chr1\t5\xb9\t99\tN\t0\t+\n",  # 9 with the high bit
        b"chr1\t12345678:00000000\t99\tN\t0\t+\n",
        b"chr1\t:00000001\t999999999\tN\t0\t+\n",  # at the ninth place from the end
        b"chr1\t5\t1234567890123\tN\t0\t+\n",  # 13 digits
        b"chr1\t9\t9\tN\t0\t+\n",
        b"chr1\t9\t5\tN\t0\t+\n",
        b"chr1\t5\t9\tN\t0\t\n",
        b"chr1\t5\t9\tN\t0\t+ \n",
        b"chr1\t5\t9\tN\t0\t++\n",
        b"chr1\x01\t5\t9\tN\x02\t0\t+\t\n",
    ],
)
def test_other_lines_are_left_to_others(line):
    assert parse_regular_lines(3 * LINE) is not None
    for place in range(3):
        assert parse_regular_lines(place * LINE + line + (3 - place) * LINE) is None


def test_a_line_of_two_columns_or_of_any_length_is_left_to_others(monkeypatch):
    assert parse_regular_lines(b"chr1\t5\n") is None
    monkeypatch.setattr(_regular_lines, "_BYTES", 40)
    assert parse_regular_lines(LINE + b"chr1\t5\t9\t" + b"N" * 60 + b"\t0\t+\n") is None


def test_shuffled_reads_are_left_to_others():
    lines = b"".join(b"chr%d\t5\t9\n" % (number % 7) for number in range(200))
    assert parse_regular_lines(lines) is None
    assert parse_regular_lines(b"".join(sorted(lines.splitlines(keepends=True)))) is not None


FORMATS = [
    lambda x: f"{x:.0f}",
    lambda x: f"{x:.5f}",
    lambda x: f"{x:08.3f}",
    lambda x: f"{x:.0f}.",
    lambda x: f"{x % 1:.4f}"[1:],
    lambda x: repr(x),  # 17 digits
    lambda x: f"{-x:.2e}",
]


@pytest.mark.parametrize("n_bytes", [150, 1 << 20])
def test_values_are_the_nearest_floats(monkeypatch, n_bytes):
    monkeypatch.setattr(_regular_lines, "_BYTES", n_bytes)
    monkeypatch.setattr(_regular_lines, "_LINES_PER_OTHER", 1)
    rng = np.random.default_rng(0)
    numbers = rng.exponential(10.0 ** rng.integers(-3, 6, 5000))
    fields = [FORMATS[rng.integers(len(FORMATS))](x) for x in numbers.tolist()]
    assert {len(field) for field in fields} >= set(range(2, 12))
    lines = "".join(f"chr1\t{n}\t{n + 1}\t{field}\n" for n, field in enumerate(fields))
    found = parse_regular_lines(lines.encode(), values=True)
    assert found.value.tolist() == [float(field) for field in fields]
    assert found.end.tolist() == list(range(1, 5001))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("0", 0),
        ("5.", 5),
        ("007.50", 7.5),
        ("12345678", 12345678),
        ("1234567.", 1234567),
        ("1.234567", 1.234567),
        (".1234567", 0.1234567),
        ("123456789.25", 123456789.25),
        ("-1.5", -1.5),
        ("+2", 2),
        ("1e-05", 1e-5),
    ],
)
def test_values_by_hand(field, value):
    line = b"chr1\t5\t9\t1.5\n"
    lines = 9 * line + f"chr1\t5\t9\t{field}\n".encode() + 9 * line
    found = parse_regular_lines(lines, values=True).value
    assert found.tolist() == 9 * [1.5] + [value] + 9 * [1.5]


@pytest.mark.parametrize(
    "field",
    [
        *("", ".", "1.2.3", "1..2", "x", "1,5", "1_0", " 1", "1 ", "nan", "inf", "1e999"),
        *("1e", "--1", "1\t2", "\xb9", "0" * 41),
    ],
)
def test_other_values_are_left_to_others(field):
    line = b"chr1\t5\t9\t1.5\n"
    lines = 9 * line + f"chr1\t5\t9\t{field}\n".encode("latin-1") + 9 * line
    assert parse_regular_lines(lines, values=True) is None
    assert parse_regular_lines(19 * line, values=True) is not None


def test_a_signal_of_other_columns_or_of_long_values_is_left_to_others():
    assert parse_regular_lines(20 * b"chr1\t5\t9\n", values=True) is None
    assert parse_regular_lines(20 * b"chr1\t5\t9\t1\t2\n", values=True) is None
    assert parse_regular_lines(20 * b"chr1\t5\t9\t0.123456789\n", values=True) is None


def read_all(path, values=False):
    return [
        [piece.chrom, *(None if column is None else column.tolist() for column in piece[1:])]
        for piece in _intervals.read_intervals(path, values=values)
    ]


@pytest.mark.parametrize("n_columns", [3, 4, 6])
def test_every_way_of_reading_gives_the_same(tmp_path, monkeypatch, n_columns):
    rows = sorted(draw_lines(np.random.default_rng(0), 400, n_columns), key=lambda row: row[0])
    values = n_columns == 4
    if values:
        rows = [[*row[:3], f"{number / 7:.3f}"] for number, row in enumerate(rows)]
    path = tmp_path / "reads.bed"
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    spy = mock.Mock(wraps=parse_regular_lines)
    monkeypatch.setattr(_intervals, "parse_regular_lines", spy)
    found = read_all(path, values)
    spy.assert_called_once()
    assert parse_regular_lines(*spy.call_args.args) is not None
    assert sum(len(piece[1]) for piece in found) == 400
    monkeypatch.setattr(_intervals, "parse_regular_lines", lambda *arguments: None)
    assert read_all(path, values) == found
    monkeypatch.setattr(_intervals, "_parse", lambda *arguments: None)
    assert read_all(path, values) == found


@pytest.mark.parametrize("name", ["track", "browser x", "#chr1"])
def test_lines_that_hold_no_data_are_no_reads(tmp_path, name):
    path = tmp_path / "reads.bed"
    path.write_text(f"chr1\t1\t2\n{name}\t3\t4\nchr1\t5\t6\n" + 40 * "chr2\t7\t8\n")
    assert read_all(path)[0] == ["chr1", [1, 5], [2, 6], None, None, [1, 3]]
