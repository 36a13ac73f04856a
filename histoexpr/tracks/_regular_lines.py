"""Lines of reads or of a signal that are regular throughout, parsed eight bytes at a time.

It takes about as long as pandas alone takes for the same columns. With the checks that it needs,
because it is silent about much that is no position, pandas takes 1.5 times as long for tagAlign
and 3.4 times for bedGraph (``benchmarks/tracks.py``). Nothing is reported here: lines that are
not regular are for others to read.
"""

import re
from typing import NamedTuple

import numpy as np

_MAX_DIGITS = 12
_MAX_NAME = 256
_MAX_VALUE = 40
# lines that are parsed at a time: what stands between the steps stays in the processor's cache
_BYTES = 1 << 20
# with fewer lines a run, as where reads are shuffled, names take longer here than elsewhere
_LINES_PER_RUN = 8
_WORD = 8
# numbers that do not fit a word of digits and a point
_OTHER_NUMBER = re.compile(rb"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,2})?")
# with more of them than one in so many lines it takes longer than elsewhere
_LINES_PER_OTHER = 8
# the words before the first line are read, too, and masked
_PADDING = b"\n" * (_MAX_NAME + _WORD)
# by the length of a field that ends with a word: its bytes, which are the high ones
_KEPT = np.array([(1 << 64) - (1 << 8 * (_WORD - n)) for n in range(_WORD + 1)], np.uint64)
_POWERS = 10.0 ** np.arange(_WORD)


def _of_every_byte(value):
    return np.uint64(value * 0x0101010101010101)


class RegularLines(NamedTuple):
    """Runs of lines of one chromosome, their bounds, and the columns of all lines."""

    names: list
    bounds: np.ndarray
    start: np.ndarray
    end: np.ndarray
    strand: np.ndarray | None
    value: np.ndarray | None


def parse_regular_lines(chunk, values=False):
    """Parse lines of chromosome, start and end, or return None if one of them is not regular.

    Lines are regular if they have the same number of columns, separated by tabs, positions are
    of nothing but digits, up to 12, the end lies behind the start, and the sixth column, if
    there is one, is a single byte. Names are bytes, and not checked but for their length. Lines
    of which most have another name than the line before are not regular, either. With ``values``
    there are four columns, the last of them a finite number.
    """
    n_columns = chunk.count(b"\t", 0, chunk.index(b"\n")) + 1
    if n_columns < 3 or (values and n_columns != 4):
        return None
    parts, begin = [], 0
    while begin < len(chunk):
        stop = chunk.rfind(b"\n", begin, begin + _BYTES) + 1
        part = _parse(_PADDING + chunk[begin:stop], n_columns, values) if stop else None
        if part is None:
            return None
        parts.append(part)
        begin = stop
    if len(parts) == 1:
        return parts[0]
    names, sizes = [], []
    for part in parts:
        for name, size in zip(part.names, np.diff(part.bounds).tolist(), strict=True):
            if names[-1:] == [name]:  # it goes on from the part before
                sizes[-1] += size
            else:
                names.append(name)
                sizes.append(size)
    columns = zip(*(part[2:] for part in parts), strict=True)
    joined = [None if column[0] is None else np.concatenate(column) for column in columns]
    return RegularLines(names, np.append(0, np.cumsum(sizes)), *joined)


def _parse(text, n_columns, values):
    """Parse some lines after padding."""
    letters = np.frombuffer(text, np.uint8)
    breaks = letters == ord("\n")
    breaks[: len(_PADDING)] = False
    stops = np.flatnonzero(breaks | (letters == ord("\t")))
    n_lines = np.count_nonzero(breaks)
    if len(stops) != n_lines * n_columns:
        return None
    stops = stops.reshape(n_lines, n_columns)
    # the words that begin at each byte
    words = np.ndarray(len(text) - _WORD + 1, "<u8", text, strides=(1,))
    begins = np.append(len(_PADDING), stops[:-1, -1] + 1)
    name_stop, start_stop, end_stop = (np.ascontiguousarray(stops[:, k]) for k in range(3))
    start = _numbers(words, start_stop, start_stop - name_stop - 1)
    end = _numbers(words, end_stop, end_stop - start_stop - 1)
    name_size = name_stop - begins
    if (
        start is None
        or end is None
        or not breaks[stops[:, -1]].all()
        or not (start < end).all()
        or name_size.min() == 0
        or name_size.max() > _MAX_NAME
    ):
        return None
    strand = None
    if n_columns > 5:
        if not (stops[:, 5] - stops[:, 4] == 2).all():
            return None
        strand = letters[stops[:, 5] - 1]
    value = None
    if values:
        value = _values(text, words, stops[:, 3], stops[:, 3] - stops[:, 2] - 1)
        if value is None:
            return None
    firsts = np.append(0, _changes(words, name_stop, name_size))
    if len(firsts) > 2 + n_lines / _LINES_PER_RUN:
        return None
    names = [text[begins[line] : name_stop[line]] for line in firsts]
    return RegularLines(names, np.append(firsts, n_lines), start, end, strand, value)


def _numbers(words, stop, size):
    """Return the numbers that end before some places, or None if a field is not all digits."""
    if size.min() == 0 or size.max() > _MAX_DIGITS:
        return None
    numbers, not_digits = _of_digits(words[stop - _WORD], np.minimum(size, _WORD))
    if np.bitwise_or.reduce(not_digits):
        return None
    longer = np.flatnonzero(size > _WORD)
    if len(longer):
        rest = _numbers(words, stop[longer] - _WORD, size[longer] - _WORD)
        if rest is None:
            return None
        numbers[longer] += 10**_WORD * rest
    return numbers


def _of_digits(word, size):
    """Return the numbers that words end with, and what is not zero if a byte is no digit."""
    digits = (word ^ _of_every_byte(ord("0"))) & _KEPT[size]
    # the high bit of a byte is set if it is more than nine
    not_digits = ((digits + _of_every_byte(118)) | digits) & _of_every_byte(128)
    # neighbouring digits, pairs and fours are put together: the first is in the lowest byte
    digits = digits * np.uint64(10) + (digits >> np.uint64(8))
    low = np.uint64(0x000000FF000000FF)
    pairs = (digits & low) * np.uint64(100 + (1_000_000 << 32))
    pairs += ((digits >> np.uint64(16)) & low) * np.uint64(1 + (10_000 << 32))
    return (pairs >> np.uint64(32)).astype(np.int64), not_digits


def _values(text, words, stop, size):
    """Return the numbers that end before some places, as Python's float; None if one is none.

    Up to eight digits and a power of ten are exact as floats, so that their quotient is the
    nearest float to the decimal number.
    """
    size_of_word = np.minimum(size, _WORD)
    # bytes before the field are made 255, which is no point
    word = words[stop - _WORD] | ~_KEPT[size_of_word]
    points = word ^ _of_every_byte(ord("."))
    points = (points - _of_every_byte(1)) & ~points & _of_every_byte(128)
    first = points & (~points + np.uint64(1))
    before = (first - np.uint64(1)) >> np.uint64(7)  # the bytes before the first point
    pointed = points != 0
    after = ~((before << np.uint64(8)) | np.uint64(255))
    without = np.where(pointed, (word & after) | ((word & before) << np.uint64(8)), word)
    mantissa, not_digits = _of_digits(without, size_of_word - pointed)
    n_decimals = np.where(pointed, _WORD - 1 - (np.bitwise_count(before) >> 3), 0)
    values = mantissa / _POWERS[n_decimals]
    other = np.flatnonzero((not_digits != 0) | (size > _WORD) | (size_of_word <= pointed))
    if len(other) > len(values) / _LINES_PER_OTHER or size.max() > _MAX_VALUE:
        return None
    for line in other.tolist():
        field = text[stop[line] - size[line] : stop[line]]
        if not _OTHER_NUMBER.fullmatch(field):
            return None
        values[line] = float(field)
    return values


def _changes(words, stop, size):
    """Return the lines with another name than the line before."""
    changed = size[1:] != size[:-1]
    for done in range(0, int(size.max()), _WORD):
        word = words[stop - _WORD - done] & _KEPT[np.clip(size - done, 0, _WORD)]
        changed |= word[1:] != word[:-1]
    return np.flatnonzero(changed) + 1
