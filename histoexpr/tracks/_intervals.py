"""Lines of BED and bedGraph files as arrays, a piece of the file at a time.

Pieces are tried in three ways, from the fastest to the one that takes every line that is right.
Regular lines are parsed by ``_regular_lines``. What it leaves pandas parses; but pandas is silent
about many faults (blank lines, signs, missing columns), so a piece that is not certainly regular
is scanned line by line: to name the line at fault, or to skip comments amid the data.
"""

import csv
import io
import re
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..utils import text_chunks
from ._regular_lines import parse_regular_lines

# More digits than this cannot be a position in bp, and might not fit an int64.
_MAX_DIGITS = 12
_MAX_NAME = 256
_MAX_VALUE = 40
# what pandas takes for a position, too
_SMALL_NEGATIVE = re.compile(rb"-[1-9]\d{0,2}")
_DOUBTFUL = re.compile(rb"\t[ \v\f]|[ \v\f]\t|\t\+\d")


class Intervals(NamedTuple):
    """Consecutive intervals; positions in bp, 0-based, end exclusive."""

    chrom: str | np.ndarray  # one name, or one for each interval while a piece is parsed
    start: np.ndarray
    end: np.ndarray
    strand: np.ndarray | None
    value: np.ndarray | None
    line: np.ndarray


def read_intervals(path, *, values=False):
    """Yield the intervals of a BED or bedGraph file, a piece of the file at a time.

    With ``values`` the fourth column is a number to be read (bedGraph), and intervals come in the
    order of the file; otherwise those of a chromosome come together, as far as a piece of the
    file goes. ``strand`` holds the bytes of the sixth column and is None where lines have fewer;
    ``value`` is None for BED. The first line that is not an interval is refused.
    """
    for line, chunk in text_chunks(path):
        line, chunk = _skip_head(line, chunk)
        if not chunk:
            continue
        if len(chunk[: chunk.index(b"\n")].split(b"\t")) < 3:  # separated by blanks
            chunk = b"\n".join(map(_with_tabs, chunk.split(b"\n")))
        names, bounds, arrays = _read_lines(path, line, chunk, values)
        if not values and len(set(names)) < len(names):
            bounds, names, arrays = _gather(bounds, names, arrays)
        for (lo, hi), name in zip(pairwise(bounds), names, strict=True):
            yield Intervals(name, *(None if a is None else a[lo:hi] for a in arrays))


def _read_lines(path, line, chunk, values):
    """Return the chromosome of each run of lines, the bounds of runs, and arrays of all lines."""
    found = parse_regular_lines(chunk, values)
    if found is not None and all(map(holds_data, found.names)):
        names = [name.decode("utf-8", "replace") for name in found.names]
        lines = np.arange(line, line + len(found.start))
        return names, found.bounds, (*found[2:], lines)
    found = _parse(line, chunk, values) or _scan(path, line, chunk, values)
    bounds = _run_bounds(found.chrom)
    return found.chrom[bounds[:-1]].tolist(), bounds, found[1:]


def split_fields(line):
    """Return the fields of a line, separated by tabs, or else by blanks."""
    fields = line.split(b"\t")
    return fields if len(fields) > 2 else line.split()


def _with_tabs(line):
    return b"\t".join(split_fields(line)) if holds_data(line) else line


def _run_bounds(chrom):
    changes = np.flatnonzero(chrom[1:] != chrom[:-1]) + 1
    return np.concatenate([[0], changes, [len(chrom)]])


def _gather(bounds, names, arrays):
    """Bring together the lines of each chromosome, which keep their order."""
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    # of small numbers, which sort in time proportional to their number
    small = np.min_scalar_type(len(codes))
    code = np.repeat(np.array([codes[name] for name in names], small), np.diff(bounds))
    order = np.argsort(code, kind="stable")
    bounds = np.append(0, np.cumsum(np.bincount(code)))
    return bounds, list(codes), [None if a is None else a[order] for a in arrays]


def holds_data(line):
    """Whether a line is none of empty, a comment or addressed to a genome browser."""
    if not line or line.startswith(b"#"):
        return False
    return line[:1] not in b"tb" or line.split(None, 1)[0] not in (b"track", b"browser")


def _skip_head(number, chunk):
    """Cut off the lines before the first one that holds data."""
    begin = 0
    while begin < len(chunk):
        stop = chunk.index(b"\n", begin)
        if holds_data(chunk[begin:stop]):
            break
        begin, number = stop + 1, number + 1
    return number, chunk[begin:]


def _parse(first_line, chunk, values):
    """Parse lines that are all regular, or return None."""
    n_lines = np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
    # positions without a type: as int64 pandas would take 1.0, too
    dtype = {0: object, 1: None, 2: None}
    if values:
        if chunk.count(b"\t") != n_lines * chunk.count(b"\t", 0, chunk.index(b"\n")):
            return None  # a field too many moves the value
        # as text: whether pandas rounds to the nearest float depends on its version
        dtype[3] = f"S{_MAX_VALUE + 1}"
    elif chunk.count(b"\t", 0, chunk.index(b"\n")) >= 5:
        dtype[5] = "category"
    try:
        frame = pd.read_csv(
            io.BytesIO(chunk),
            sep="\t",
            header=None,
            index_col=False,
            usecols=list(dtype),
            dtype={column: kind for column, kind in dtype.items() if kind},
            quoting=csv.QUOTE_NONE,
            na_filter=False,
            skip_blank_lines=False,
            encoding_errors="replace",
            low_memory=False,
        )
        value, too_long = frame[3].to_numpy().astype(dtype[3]) if values else None, False
        if values:
            too_long = value.view(np.uint8).reshape(len(value), -1)[:, -1].any()
            if b"_" in chunk and np.char.count(value, b"_").any():
                return None  # which Python alone reads as a number
            value = value.astype(np.float64)
    except (ValueError, OverflowError):
        return None
    chrom, start, end = (frame[column].to_numpy() for column in range(3))
    names = set(chrom[_run_bounds(chrom)[:-1]])
    strand, n_plus = None, 0
    if 5 in dtype:
        # pandas makes numbers of categories where it can
        letters = [str(letter).encode() for letter in frame[5].cat.categories]
        if not all(len(letter) == 1 for letter in letters):
            return None
        if letters:
            strand = np.frombuffer(b"".join(letters), np.uint8)[frame[5].cat.codes]
            n_plus = np.count_nonzero(strand == ord("+"))
    regular = (
        len(frame) == n_lines
        and start.dtype == end.dtype == np.int64
        and start.min() >= 0
        and end.max() < 10**_MAX_DIGITS
        and (start < end).all()
        and all(holds_data(name.encode()) and len(name) <= _MAX_NAME for name in names)
        and not (values and (too_long or np.isinf(value).any()))
        and not (start.min() == 0 and b"\t-0" in chunk)
        and not (
            (chunk.count(b"+") != n_plus or any(blank in chunk for blank in (b" ", b"\v", b"\f")))
            and _DOUBTFUL.search(chunk)
        )
    )
    if not regular:
        return None
    line = np.arange(first_line, first_line + n_lines)
    return Intervals(chrom, start, end, strand, value, line)


def _scan(path, first_line, chunk, values):
    """Parse line by line, and raise for the first line that is not an interval."""
    rows, width = [], None
    for number, line in enumerate(chunk[:-1].split(b"\n"), first_line):
        if not holds_data(line):
            continue
        fields = split_fields(line)
        if fields[1:] and _SMALL_NEGATIVE.fullmatch(fields[1]):
            fields[1] = b"0"  # a shifted read reaches over the start of the chromosome
        why = _fault(fields, values)
        if values and not why:
            n_fields = len(line.rstrip().split(b"\t" if b"\t" in line.rstrip() else None))
            width = n_fields if width is None else width
            if n_fields != width:
                why = f"{n_fields} columns, but the lines before have {width}: which is the value?"
        if why:
            shown = line[:80].decode("utf-8", "replace")
            raise DataFormatError(f"{why}; got {shown!r}.", path, number)
        chrom = fields[0].decode("utf-8", "replace")
        value = float(fields[3]) if values else 0.0
        strand = b"\0" if len(fields) < 6 else fields[5] if len(fields[5]) == 1 else b"?"
        rows.append((chrom, int(fields[1]), int(fields[2]), strand[0], value, number))
    chrom, start, end, strand, value, line = map(np.array, zip(*rows, strict=True))
    strand = None if values or (strand == 0).any() else strand.astype(np.uint8)
    return Intervals(chrom, start, end, strand, value if values else None, line)


def _fault(fields, values):
    """Say what keeps the fields of a line from being an interval, or return None."""
    for column in (1, 2):
        field = fields[column] if len(fields) > column else b""
        if not field.isdigit() or len(field) > _MAX_DIGITS:
            return f"column {column + 1} must be a position in bp"
    if int(fields[1]) >= int(fields[2]):
        return "the end must lie behind the start"
    if not 1 <= len(fields[0]) <= _MAX_NAME:
        return "column 1 must name a chromosome"
    value = fields[3] if len(fields) > 3 else b""
    if values and not (
        len(value) <= _MAX_VALUE and is_number(value) and abs(float(value)) != np.inf
    ):
        return "column 4 must be a number"
    return None


def is_number(field):
    """Whether a field is a number, NaN and infinity included."""
    try:
        float(field)
    except ValueError:
        return False
    return b"_" not in field and field.isascii()
