"""Parser of one DeepChrome CSV file: counts, labels and genes by array operations.

In blocks of whole lines, all separators are found at once and what stands before them is taken
as numbers of one or two digits, which most counts are; others are added up digit by digit. Only
to find the line at fault is a block read again line by line, in ``_faults``.

A file of 660,000 lines takes 0.06 s with all checks. :func:`pandas.read_csv` takes 0.11 s with
given types and 0.08 s with inferred ones, without checks of bins, labels and genes; it accepts
`` 1`` and ``+1`` as a bin or label, and a lone carriage return as the end of a line.
"""

import io
import warnings
from typing import NamedTuple

import numpy as np

from ...exceptions import DataFormatError, HistoexprWarning
from ._faults import (
    MAX_COUNT,
    MAX_DIGITS,
    MAX_GENE_BYTES,
    decode_gene,
    find_row_fault,
    find_text_fault,
)

# Temporary arrays of a block this long stay within the processor's cache
BLOCK_BYTES = 1 << 19
LONGEST_LINE = 1 << 20
COMMA, NEWLINE, ZERO = b",\n0"
LONG = 255  # marks a field that is not one or two digits
# Masks of the first 0 ... 8 bytes of a little-endian word
FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype="<u8")


class ParsedFile(NamedTuple):
    """Content of one file."""

    name: str
    X: np.ndarray  # (n_genes, n_bins, n_marks), unsigned integers or float32
    y: np.ndarray  # (n_genes,), int8
    genes: np.ndarray  # (n_genes,), text
    places: np.ndarray | None = None  # place of each gene in the file, if some were dropped

    def line_of(self, index):
        """1-based line on which the gene at ``index`` starts."""
        place = index if self.places is None else self.places[index]
        return int(place) * self.X.shape[1] + 1


class _Rows(NamedTuple):
    """Rows of one block."""

    bins: np.ndarray
    counts: np.ndarray
    labels: np.ndarray
    first: np.ndarray  # rows whose gene is not that of the row above
    genes: list  # their genes


def parse_counts(handle, name):
    """Parse a binary file in the DeepChrome layout; only its ``read(size)`` is used."""
    blocks, n_rows, n_columns, gene = [], 0, 0, None
    for text in _read_blocks(handle, name):
        n_columns = n_columns or text.partition(b"\n")[0].count(b",") + 1
        try:
            rows = _parse_block(text, n_columns, gene)
        except ValueError:
            raise find_text_fault(text, name, n_rows + 1, n_columns) from None
        blocks.append(rows._replace(first=rows.first + n_rows))
        n_rows += len(rows.bins)
        gene = rows.genes[-1] if rows.genes else gene
    if not blocks:
        raise DataFormatError("is empty; expected lines of gene,bin,counts,label.", name)
    return _assemble(blocks, name)


def _read_blocks(handle, name):
    """Yield blocks of whole lines, without byte-order mark, CR and blank lines at the end."""
    rest, n_lines, n_blank, data = b"", 0, 0, True
    while data:
        data = handle.read(BLOCK_BYTES)
        rest += data
        cut = rest.rfind(b"\n") + 1 if data else len(rest)
        text, rest = rest[:cut], rest[cut:]
        if len(rest) > LONGEST_LINE:
            fault = f"a line of more than {LONGEST_LINE:,} bytes: this is no DeepChrome CSV file."
            number = n_lines + n_blank + _count_newlines(text) + 1
            raise DataFormatError(fault, name, number)
        if n_lines + n_blank == 0:
            text = text.removeprefix(b"\xef\xbb\xbf")
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        body = text.rstrip(b"\n")
        n_ends = len(text) - len(body)
        if not body:
            n_blank += n_ends
            continue
        if n_blank:
            raise DataFormatError("blank line before the last gene. Remove it.", name, n_lines + 1)
        yield body + b"\n" if n_ends else body
        n_lines += _count_newlines(body) + 1
        n_blank = max(n_ends - 1, 0)


def _count_newlines(text):
    # Several times faster than bytes.count where lines are short
    return int(np.count_nonzero(np.frombuffer(text, dtype=np.uint8) == NEWLINE))


def _parse_block(text, n_columns, gene_above):
    """Parse whole lines into _Rows; ValueError if anything is wrong with them."""
    a = np.frombuffer(text if text.endswith(b"\n") else text + b"\n", dtype=np.uint8)
    newline = a == NEWLINE
    separator = newline | (a == COMMA)
    n_rows, stops = np.count_nonzero(newline), np.flatnonzero(separator)
    _expect(n_columns >= 4 and stops.size == n_rows * n_columns)
    _expect(b"\0" not in text and b"\r" not in text)
    short = _value_before(a, separator).take(stops).reshape(n_rows, n_columns)
    stops = stops.reshape(n_rows, n_columns)
    ends, labels = stops[:, -1], short[:, -1]
    _expect(newline[ends].all() and labels.max() <= 1 and (ends - stops[:, -2] == 2).all())
    bins = _complete(short[:, 1:2], a, stops[:, :2])
    try:
        counts = _complete(short[:, 2:-1], a, stops[:, 1:-1])
    except ValueError:
        counts = _parse_decimals(text, n_rows, n_columns - 3)
    starts = np.append(0, ends[:-1] + 1)
    first, genes = _find_genes(text, a, starts, stops[:, 0], gene_above)
    return _Rows(bins[:, 0], counts, labels.astype(np.int8), first, genes)


def _expect(sound):
    if not sound:
        raise ValueError("at fault")  # how is found by find_text_fault


def _value_before(a, separator):
    """Value of the field that ends before each byte, if it is one or two digits; else LONG.

    Every byte is taken for a separator, in single-byte arithmetic: faster than picking fields.
    """
    digit = a - ZERO  # anything else than a digit wraps around to more than 9
    is_digit = digit < 10
    tens = digit * is_digit
    tens *= 10
    # The third byte before must be a separator if the second is none
    two = is_digit[1:-2] & separator[:-3]
    two |= separator[1:-2]
    two &= is_digit[2:-1]
    value = np.full(len(a), LONG, dtype=np.uint8)
    np.add(digit[2:-1], tens[1:-2], out=value[3:])
    value[3:] |= two.view(np.uint8) - np.uint8(1)  # 0 where it holds, all bits where not
    return value


def _complete(values, a, stops):
    """Fill in the fields that are LONG; ValueError unless they are plain digits, too.

    ``stops`` are the positions of the separators, from the one before the first field.
    """
    long = np.flatnonzero(values == LONG)
    if not long.size:
        return values.copy()
    row, column = np.divmod(long, values.shape[1])
    stop = stops[row, column + 1]
    length = stop - stops[row, column] - 1
    n_digits = int(length.max())
    _expect(length.min() >= 1 and n_digits <= MAX_DIGITS)
    found = np.zeros(len(stop), dtype=np.min_scalar_type(10**n_digits - 1))
    more = np.arange(len(stop))
    for place in range(n_digits):
        more = more[length[more] > place]
        digits = a[stop[more] - (place + 1)] - ZERO
        _expect(digits.max() <= 9)
        found[more] += digits.astype(found.dtype) * 10**place
    values = values.astype(found.dtype)
    values[row, column] = found
    return values


def _parse_decimals(text, n_rows, n_marks):
    """Parse counts that are not all plain digits; ValueError unless all are proper numbers."""
    file, columns = io.BytesIO(text), range(2, 2 + n_marks)
    values = np.loadtxt(
        file, delimiter=",", comments=None, usecols=columns, ndmin=2, encoding="latin-1"
    )
    _expect(values.shape == (n_rows, n_marks) and ((values >= 0) & (values <= MAX_COUNT)).all())
    return values.astype(np.float32 if (values % 1).any() else np.uint64)


def _find_genes(text, a, starts, stops, gene_above):
    """Find where a new gene starts, and which; ValueError if one is not an identifier."""
    length = stops - starts
    longest = int(length.max())
    _expect(length.min() >= 1 and longest <= MAX_GENE_BYTES)
    new = np.append(True, length[1:] != length[:-1])
    # Compare with the gene above eight bytes at a time: overlapping words, one at every byte
    padded = np.zeros(len(a) + longest + 8, dtype=np.uint8)
    padded[: len(a)] = a
    words = np.ndarray(len(a) + longest, dtype="<u8", buffer=padded, strides=(1,))
    length = longest if length.min() == longest else length
    for offset in range(0, longest, 8):
        word = words[starts + offset] & FIRST_BYTES[np.clip(length - offset, 0, 8)]
        new[1:] |= word[1:] != word[:-1]
    first = np.flatnonzero(new)
    spans = zip(starts[first].tolist(), stops[first].tolist(), strict=True)
    genes = [decode_gene(text[start:stop]) for start, stop in spans]
    if genes[0] == gene_above:
        return first[1:], genes[1:]
    return first, genes


def _assemble(blocks, name):
    """Check that every gene has all its bins and one label, and give rows three axes."""
    bins = np.concatenate([rows.bins for rows in blocks])
    labels = np.concatenate([rows.labels for rows in blocks])
    first = np.concatenate([rows.first for rows in blocks])
    genes = [gene for rows in blocks for gene in rows.genes]
    n_rows = len(bins)
    # Bin 1 starts a gene, too: the published files hold genes that follow on themselves.
    starts = np.union1d(first, np.flatnonzero(bins == 1))
    n_bins = int(starts[1]) if len(starts) > 1 else n_rows
    sound = (
        n_rows == n_bins * len(starts)
        and np.array_equal(starts, np.arange(0, n_rows, n_bins))
        and (bins.reshape(-1, n_bins) == np.arange(1, n_bins + 1)).all()
        and (labels.reshape(-1, n_bins) == labels[::n_bins, None]).all()
    )
    if not sound:
        raise find_row_fault(bins, labels, first, genes, name)
    counts = [rows.counts for rows in blocks]
    dtype = common_dtype(counts)
    X = np.concatenate(counts, dtype=dtype, casting="unsafe").reshape(len(starts), n_bins, -1)
    genes = np.array(genes, dtype=str)[np.searchsorted(first, starts, side="right") - 1]
    return _drop_copies(ParsedFile(name, X, labels[::n_bins].copy(), genes))


def _drop_copies(part):
    """Keep a gene once where it is repeated with the same counts and label."""
    distinct, first, code = np.unique(part.genes, return_index=True, return_inverse=True)
    if len(distinct) == len(part.genes):
        return part
    original = first[code]
    copies = np.flatnonzero(original != np.arange(len(part.genes)))
    for copy in copies:
        above = original[copy]
        if part.y[copy] != part.y[above] or not np.array_equal(part.X[copy], part.X[above]):
            there = f"it is on line {part.line_of(above)} already. Keep one of the two"
            fault = f"gene {part.genes[copy]} is repeated with other counts or another label"
            raise DataFormatError(f"{fault}; {there}.", part.name, part.line_of(copy))
    example = f"{part.genes[copies[0]]} on line {part.line_of(copies[0])}"
    fault = f"{len(copies)} gene(s) are repeated with the same counts and label, first {example}"
    warnings.warn(f"{part.name}: {fault}; kept once.", HistoexprWarning, stacklevel=2)
    rows = np.delete(np.arange(len(part.genes)), copies)
    return ParsedFile(part.name, part.X[rows], part.y[rows], part.genes[rows], rows)


def common_dtype(arrays):
    """Return the smallest unsigned type that holds all counts, or float32 if some are real."""
    if any(array.dtype.kind == "f" for array in arrays):
        return np.dtype(np.float32)
    return np.min_scalar_type(max(int(array.max()) for array in arrays))
