"""Search for the fault in a DeepChrome CSV file: its line, field and remedy."""

import math

import numpy as np

from ...exceptions import DataFormatError

# Whole numbers beyond it are not exact as a double
MAX_COUNT = 2**53
MAX_DIGITS = 9
MAX_GENE_BYTES = 255
_COLUMNS = "gene, bin, one count per mark, label"


def decode_gene(field):
    """Return a gene as text, without the quotes that R adds; ValueError if it is none."""
    if len(field) > MAX_GENE_BYTES:
        raise ValueError(
            f"a gene identifier of {len(field)} bytes; expected at most {MAX_GENE_BYTES}."
        )
    try:
        gene = field.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"gene {_show(field)} is not UTF-8 text.") from None
    if len(gene) > 1 and gene[0] == gene[-1] == '"':
        gene = gene[1:-1]
    if not gene:
        raise ValueError("the gene identifier is empty.")
    return gene


def find_text_fault(text, name, first_line, n_columns):
    """Return the DataFormatError for the first line of a block that cannot be read.

    The last line of ``text`` (bytes) ends in a newline unless the file does not. ``n_columns`` is
    the number of columns of line 1.
    """
    lines = text.removesuffix(b"\n").split(b"\n")
    for index, line in enumerate(lines):
        fault = _find_line_fault(line, n_columns)
        if fault is None:
            continue
        if first_line + index == 1:
            fault += (
                f" Expected lines of {_COLUMNS}, such as 000003,1,0,1,0,2,0,1, and no header line."
            )
        elif index == len(lines) - 1 and not text.endswith(b"\n"):
            fault += " The file ends within this line: it is truncated. Get it again."
        return DataFormatError(fault, name, first_line + index)
    return DataFormatError("cannot be read as lines of " + _COLUMNS + ".", name, first_line)


def _find_line_fault(line, n_columns):
    if b"\0" in line:
        return "holds a NUL byte: the file is damaged, or its text is not UTF-8."
    if b"\r" in line:
        return "holds a carriage return that ends no line."
    if not line.strip():
        return "blank line before the last gene. Remove it."
    fields = line.split(b",")
    if len(fields) < 4:
        return f"{len(fields)} comma-separated columns, expected at least 4 ({_COLUMNS})."
    if len(fields) != n_columns:
        return f"{len(fields)} columns, but line 1 has {n_columns} ({_COLUMNS})."
    gene, number, *counts, label = fields
    try:
        decode_gene(gene)
    except ValueError as error:
        return str(error)
    if not number.isdigit() or len(number) > MAX_DIGITS:
        return f"bin {_show(number)} is not a whole number."
    for mark, count in enumerate(counts, start=1):
        fault = _find_count_fault(count)
        if fault:
            return f"count {_show(count)} of mark {mark} {fault}."
    if label not in (b"0", b"1"):
        return f"label {_show(label)} is not 0 or 1."
    return None


def _find_count_fault(count):
    try:
        value = float(count.decode("latin-1"))
    except ValueError:
        return "is not a number"
    if b"_" in count:  # which Python alone reads as a number
        return "is not a number"
    if math.isnan(value):
        return "is NaN; missing counts have to be filled in or their genes left out"
    if value < 0:
        return "is negative"
    if value > MAX_COUNT:
        return "is too large for a count"
    return None


def _show(field):
    text = field.decode("utf-8", errors="backslashreplace")
    return repr(text if len(text) <= 40 else text[:37] + "...")


def find_row_fault(bins, labels, first, genes, name):
    """Return the DataFormatError for the first row that does not continue the genes before it.

    ``bins`` and ``labels`` hold a value per row; ``first`` are the rows whose gene, in ``genes``,
    is not that of the row above.
    """
    stops = np.append(first[1:], len(bins))
    # A gene that lacks a row or repeats one has fewer bins by one of the two measures
    lengths = np.minimum(np.maximum.reduceat(bins, first), stops - first)
    counts = np.bincount(np.maximum(lengths, 1))
    n_bins = int(len(counts) - 1 - counts[::-1].argmax())  # most common, the largest of several
    for gene, start, stop in zip(genes, first.tolist(), stops.tolist(), strict=True):
        fault = _find_run_fault(gene, bins[start:stop], labels[start:stop], n_bins)
        if fault:
            message, row = fault
            return DataFormatError(message, name, start + row + 1)
        if stop - start < n_bins:
            message = f"gene {gene} ends after bin {stop - start}; other genes have {n_bins} bins."
            if stop == len(bins):
                message += " The file is truncated: get it again."
            return DataFormatError(message, name, stop)
    raise AssertionError("find_row_fault was called for rows without a fault")


def _find_run_fault(gene, bins, labels, n_bins):
    """Return message and row of the first fault within the rows of one gene, or None."""
    for row, (number, label) in enumerate(zip(bins.tolist(), labels.tolist(), strict=True)):
        if row == n_bins:
            fault = f"gene {gene} has bin {number}, but other genes have {n_bins} bins."
        elif number <= row:
            fault = (
                f"bin {number} of gene {gene} is repeated or out of order: expected bin "
                f"{row + 1}, as bins must be 1, 2, 3 ... in this order."
            )
        elif number > row + 1:
            fault = f"bin {row + 1} of gene {gene} is missing: bin {number} is in its place."
        elif label != labels[0]:
            fault = f"gene {gene} has label {label} here and {labels[0]} above."
        else:
            continue
        return fault, row
    return None
