"""Text files of columns with text, followed by columns with numbers."""

import csv
import io
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...exceptions import DataFormatError
from ...utils import shorten, text_chunks


class NumberTable(NamedTuple):
    """A file: its header lines, text (n_rows, n_text), numbers (n_rows, n_numbers), first line."""

    header: list
    text: np.ndarray
    numbers: np.ndarray
    first_line: int

    def line_of(self, row):
        """Return the 1-based line of a row."""
        return self.first_line + int(row)


def read_number_table(path, n_text, *, separator="\t", n_header=0, n_numbers=None):
    """Read a plain or gzip file; numbers may be NaN, but neither infinite nor missing.

    Memory is taken for what the file holds, not for what it says of itself. ``n_numbers`` is how
    many columns of numbers there must be; by default as many as in the first row, at least one.
    """
    header, blocks, n_columns = [], [], None if n_numbers is None else n_text + n_numbers
    for first, chunk in text_chunks(path):
        while chunk and len(header) < n_header:
            line, _, chunk = chunk.partition(b"\n")
            header.append(line.decode("utf-8", errors="backslashreplace"))
            first += 1
        if not chunk:
            continue
        if n_columns is None:
            found = chunk.partition(b"\n")[0].count(separator.encode()) + 1
            n_columns = max(found, n_text + 1)
        blocks.append(_parse(chunk, n_text, n_columns, separator, path, first))
    if not blocks:
        raise DataFormatError("holds no rows. Make the file again.", path)
    text, numbers = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return NumberTable(header, text, numbers, n_header + 1)


def _parse(chunk, n_text, n_columns, separator, path, first):
    """Return text and numbers of whole lines; raise DataFormatError for the first bad line."""
    n_lines = chunk.count(b"\n")
    if chunk.count(separator.encode()) != n_lines * (n_columns - 1):
        raise _find_fault(chunk, n_text, n_columns, separator, path, first)
    dtype = {column: str if column < n_text else np.float64 for column in range(n_columns)}
    missing = {column: ["nan", "NaN"] for column in range(n_text, n_columns)}
    try:
        frame = pd.read_csv(
            io.BytesIO(chunk), sep=separator, header=None, dtype=dtype, na_values=missing,
            keep_default_na=False, skip_blank_lines=False, quoting=csv.QUOTE_NONE,
        )  # fmt: skip
    except (ValueError, OverflowError) as error:  # of which pandas' ParserError is one
        raise _find_fault(chunk, n_text, n_columns, separator, path, first) from error
    sound = frame.shape == (n_lines, n_columns)
    numbers = frame.iloc[:, n_text:].to_numpy(np.float64) if sound else np.inf
    if np.isinf(numbers).any():
        raise _find_fault(chunk, n_text, n_columns, separator, path, first)
    return frame.iloc[:, :n_text].to_numpy(object), numbers


def _find_fault(chunk, n_text, n_columns, separator, path, first):
    """Return the DataFormatError of the first line that cannot be read."""
    for number, line in enumerate(chunk.removesuffix(b"\n").split(b"\n"), start=first):
        try:
            fields = line.decode("utf-8").split(separator)
        except UnicodeDecodeError:
            return DataFormatError("is not UTF-8 text.", path, number)
        if len(fields) != n_columns:
            fault = f"has {len(fields)} columns, expected {n_columns}. Is the file cut short?"
            return DataFormatError(fault, path, number)
        for column, field in enumerate(fields[n_text:], start=n_text + 1):
            if not _is_number(field):
                fault = f"column {column} is {field[:40]!r}; expected a number."
                return DataFormatError(fault, path, number)
    return DataFormatError("cannot be read as a table of text and numbers.", path, first)


def _is_number(field):
    try:
        return abs(float(field)) < np.inf or field in ("nan", "NaN")
    except ValueError:
        return False


def parse_positions(table, columns, path):
    """Return text columns as whole numbers, by column; DataFormatError names the line."""
    found = []
    for column in columns:
        values = table.text[:, column]
        wrong = [row for row, value in enumerate(values) if not _is_position(value)]
        if wrong:
            fault = f"column {column + 1} is {values[wrong[0]][:40]!r}; expected a position in bp."
            raise DataFormatError(fault, path, table.line_of(wrong[0]))
        found.append(values.astype(np.int64))
    return found


def _is_position(value):
    return value.isascii() and value.isdigit() and len(value) <= 18


def check_regions(table, gene, strand, path):
    """Refuse rows without a name in one column, or with another strand than +, - and . in one."""
    for row, (name, way) in enumerate(table.text[:, [gene, strand]].tolist()):
        if not name.strip() or name == ".":
            fault = f"column {gene + 1} has no name of a gene."
            raise DataFormatError(fault, path, table.line_of(row))
        if way not in ("+", "-", "."):
            fault = f"column {strand + 1} is {way[:40]!r}; expected a strand, +, - or '.'."
            raise DataFormatError(fault, path, table.line_of(row))


def name_columns(labels, marks, what, path):
    """Return the places and the names of the marks among labelled columns.

    ``marks`` is None (they are called as labelled), a mapping from label to mark, of which only
    those columns are taken, or a sequence of one name for each column, in their order.
    """
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    by_label = marks is None or hasattr(marks, "items")
    if repeated and by_label:
        raise DataFormatError(
            f"has two {what}s called {shorten(repeated)}. Name all in their order with marks=.",
            path,
        )
    if marks is None:
        return list(range(len(labels))), list(labels)
    if hasattr(marks, "items"):
        unknown = [label for label in marks if label not in labels]
        if unknown:
            raise ValueError(
                f"marks names the {what} {shorten(unknown)}, but {path} has {shorten(labels, 12)}."
            )
        return [labels.index(label) for label in marks], [str(mark) for mark in marks.values()]
    names = [marks] if isinstance(marks, str) else [str(mark) for mark in marks]
    if len(names) != len(labels):
        raise ValueError(
            f"marks holds {len(names)} names ({shorten(names)}), but {path} has {len(labels)} "
            f"{what}s ({shorten(labels, 12)}). Name each, or pass a dict of label and mark."
        )
    return list(range(len(labels))), names
