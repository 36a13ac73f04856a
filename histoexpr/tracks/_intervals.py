"""Lines of BED and bedGraph as arrays, parsed a piece of a file at a time."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import text_chunks

_TAB, _NEWLINE = 9, 10
# More digits than this cannot be a position in bp, and might not fit an int64.
_MAX_DIGITS = 12
_MAX_NAME = 256


class Intervals(NamedTuple):
    """Consecutive intervals on one chromosome; positions in bp, 0-based, end exclusive."""

    chrom: str
    start: np.ndarray
    end: np.ndarray
    strand: np.ndarray | None
    value: np.ndarray | None
    line: np.ndarray


def read_intervals(path, *, values=False):
    """Yield the intervals of a BED or bedGraph file, a piece of the file at a time.

    Parameters
    ----------
    path : str or path-like
        Plain or gzip file.
    values : bool, default=False
        Whether the fourth column is a number to be read (bedGraph). Intervals then come in
        the order of the file; otherwise those of a chromosome come together, as far as a
        piece of the file goes.

    Yields
    ------
    Intervals
        ``strand`` holds the bytes of the sixth column and is None where lines have
        fewer; ``value`` is None for BED.

    Raises
    ------
    DataFormatError
        Naming the first line that is not an interval.
    """
    for first_line, chunk in text_chunks(path):
        lines = _Lines(path, first_line, chunk)
        if len(lines.begin) == 0:
            continue
        start, end = lines.integers(1), lines.integers(2)
        lines.refuse(start >= end, "the end must lie behind the start")
        value = lines.numbers(3) if values else None
        strand = None if values else lines.characters(5)
        columns = [start, end, strand, value, lines.number]
        bounds, names = lines.runs()
        if not values and len(set(names)) < len(names):
            bounds, names, columns = _gather(bounds, names, columns)
        for (lo, hi), name in zip(pairwise(bounds), names, strict=True):
            yield Intervals(name, *(None if c is None else c[lo:hi] for c in columns))


def _gather(bounds, names, columns):
    """Bring together the lines of each chromosome, which keep their order."""
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    code = np.repeat([codes[name] for name in names], np.diff(bounds))
    order = np.argsort(code, kind="stable")
    bounds = np.append(0, np.cumsum(np.bincount(code)))
    return bounds, list(codes), [None if c is None else c[order] for c in columns]


class _Lines:
    """The fields of the lines of a chunk, found for all lines at once."""

    def __init__(self, path, first_line, chunk):
        self.path = path
        if b"\t" not in chunk:
            chunk = b"\n".join(b"\t".join(line.split()) for line in chunk.split(b"\n"))
        self.chunk = chunk
        self.text = np.frombuffer(chunk, dtype=np.uint8)
        stop = np.flatnonzero(self.text == _NEWLINE)
        begin = np.empty_like(stop)
        begin[0] = 0
        begin[1:] = stop[:-1] + 1
        number = np.arange(first_line, first_line + len(stop))
        keep = self._holds_data(begin, stop)
        self.begin, self.stop, self.number = begin[keep], stop[keep], number[keep]
        self.tabs = np.append(np.flatnonzero(self.text == _TAB), len(self.text))
        self.first_tab = np.searchsorted(self.tabs, self.begin)

    def _holds_data(self, begin, stop):
        """Leave out empty lines, comments and the lines that speak to a browser."""
        initial = self.text[begin]
        keep = (begin != stop) & (initial != ord("#"))
        for line in np.flatnonzero(keep & ((initial == ord("t")) | (initial == ord("b")))):
            words = self.chunk[begin[line] : stop[line]].split(None, 1)
            keep[line] = words[0] not in (b"track", b"browser")
        return keep

    def refuse(self, wrong, why):
        """Raise for the first line that is wrong, if there is one."""
        if wrong.any():
            line = int(np.argmax(wrong))
            text = self.chunk[self.begin[line] : self.stop[line]]
            shown = text[:80].decode("utf-8", "replace")
            raise DataFormatError(f"{why}; got {shown!r}.", self.path, int(self.number[line]))

    def field(self, column):
        """Where a column begins and how wide it is (negative: the line has no such column)."""
        last = len(self.tabs) - 1
        begin = self.begin
        if column:
            begin = self.tabs[np.minimum(self.first_tab + column - 1, last)] + 1
        stop = np.minimum(self.tabs[np.minimum(self.first_tab + column, last)], self.stop)
        return begin, np.where(begin <= self.stop, stop - begin, -1)

    def letters(self, begin, width):
        """Return the characters of a field, filled up with zeros to the widest."""
        columns = np.arange(max(int(width.max()), 1))
        places = np.minimum(begin[:, None] + columns, len(self.text) - 1)
        return np.where(columns < width[:, None], self.text[places], np.uint8(0))

    def integers(self, column):
        begin, width = self.field(column)
        why = f"column {column + 1} must be a position in bp"
        self.refuse((width < 1) | (width > _MAX_DIGITS), why)
        total = np.zeros(len(begin), dtype=np.int64)
        wrong = np.zeros(len(begin), dtype=bool)
        for place in range(int(width.max())):
            inside = place < width
            digit = self.text[np.minimum(begin + place, len(self.text) - 1)] - np.uint8(ord("0"))
            wrong |= inside & (digit > 9)
            total = np.where(inside, total * 10 + digit, total)
        self.refuse(wrong, why)
        return total

    def numbers(self, column):
        begin, width = self.field(column)
        why = f"column {column + 1} must be a number"
        self.refuse((width < 1) | (width > 40), why)
        letters = self.letters(begin, width)
        texts = letters.view(f"S{letters.shape[1]}")[:, 0]
        try:
            values = texts.astype(np.float64)
        except ValueError:
            self.refuse(np.array([not _is_float(text) for text in texts]), why)
            raise
        self.refuse(np.isinf(values), why)
        return values

    def characters(self, column):
        """One-character column, or None where a line lacks it."""
        begin, width = self.field(column)
        if (width != 1).any():
            return None
        return self.text[begin]

    def runs(self):
        """Stretches of lines on the same chromosome: their bounds and names."""
        begin, width = self.field(0)
        self.refuse((width < 1) | (width > _MAX_NAME), "column 1 must name a chromosome")
        letters = self.letters(begin, width)
        changed = (letters[1:] != letters[:-1]).any(axis=1)
        heads = np.append(0, np.flatnonzero(changed) + 1)
        texts = (letters[head, : width[head]].tobytes() for head in heads)
        names = [text.decode("utf-8", "replace") for text in texts]
        return np.append(heads, len(begin)), names


def _is_float(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
