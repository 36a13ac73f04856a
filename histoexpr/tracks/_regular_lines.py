"""Lines of reads that are regular throughout, parsed eight bytes at a time.

On tagAlign this takes no longer than pandas takes to read the same columns, and half as long as
pandas with the checks that it needs: it is silent about much that is no position. Nothing is
reported here: lines that are not regular are for others to read (``benchmarks/tracks.py``).
"""

from typing import NamedTuple

import numpy as np

_MAX_DIGITS = 12
_MAX_NAME = 256
# lines that are parsed at a time: what stands between the steps stays in the processor's cache
_BYTES = 1 << 20
# with fewer lines a run, as where reads are shuffled, names take longer here than elsewhere
_LINES_PER_RUN = 8
_WORD = 8
# the words before the first line are read, too, and masked
_PADDING = b"\n" * (_MAX_NAME + _WORD)
# by the length of a field that ends with a word: its bytes, which are the high ones
_KEPT = np.array([(1 << 64) - (1 << 8 * (_WORD - n)) for n in range(_WORD + 1)], np.uint64)


def _of_every_byte(value):
    return np.uint64(value * 0x0101010101010101)


class RegularLines(NamedTuple):
    """Runs of lines of one chromosome, their bounds, and the columns of all lines."""

    names: list
    bounds: np.ndarray
    start: np.ndarray
    end: np.ndarray
    strand: np.ndarray | None


def parse_regular_lines(chunk):
    """Parse lines of chromosome, start and end, or return None if one of them is not regular.

    Lines are regular if they have the same number of columns, separated by tabs, positions are
    of nothing but digits, up to 12, the end lies behind the start, and the sixth column, if
    there is one, is a single byte. Names are bytes, and not checked but for their length. Lines
    of which most have another name than the line before are not regular, either.
    """
    n_columns = chunk.count(b"\t", 0, chunk.index(b"\n")) + 1
    if n_columns < 3:
        return None
    parts, begin = [], 0
    while begin < len(chunk):
        stop = chunk.rfind(b"\n", begin, begin + _BYTES) + 1
        part = _parse(_PADDING + chunk[begin:stop], n_columns) if stop else None
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


def _parse(text, n_columns):
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
    firsts = np.append(0, _changes(words, name_stop, name_size))
    if len(firsts) > 2 + n_lines / _LINES_PER_RUN:
        return None
    names = [text[begins[line] : name_stop[line]] for line in firsts]
    return RegularLines(names, np.append(firsts, n_lines), start, end, strand)


def _numbers(words, stop, size):
    """Return the numbers that end before some places, or None if a field is not all digits."""
    if size.min() == 0 or size.max() > _MAX_DIGITS:
        return None
    digits = words[stop - _WORD] ^ _of_every_byte(ord("0"))
    digits &= _KEPT[np.minimum(size, _WORD)]
    # the high bit of a byte is set if it is more than nine
    if np.bitwise_or.reduce((digits + _of_every_byte(118)) | digits) & _of_every_byte(128):
        return None
    # neighbouring digits, pairs and fours are put together: the first is in the lowest byte
    digits = digits * np.uint64(10) + (digits >> np.uint64(8))
    low = np.uint64(0x000000FF000000FF)
    pairs = (digits & low) * np.uint64(100 + (1_000_000 << 32))
    pairs += ((digits >> np.uint64(16)) & low) * np.uint64(1 + (10_000 << 32))
    numbers = (pairs >> np.uint64(32)).astype(np.int64)
    longer = np.flatnonzero(size > _WORD)
    if len(longer):
        rest = _numbers(words, stop[longer] - _WORD, size[longer] - _WORD)
        if rest is None:
            return None
        numbers[longer] += 10**_WORD * rest
    return numbers


def _changes(words, stop, size):
    """Return the lines with another name than the line before."""
    changed = size[1:] != size[:-1]
    for done in range(0, int(size.max()), _WORD):
        word = words[stop - _WORD - done] & _KEPT[np.clip(size - done, 0, _WORD)]
        changed |= word[1:] != word[:-1]
    return np.flatnonzero(changed) + 1
