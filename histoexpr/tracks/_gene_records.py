"""The table of genes that all formats of annotations give."""

from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import text_lines

# More digits than this cannot be a position in bp, and might not fit an int64.
MAX_DIGITS = 12

NO_STRAND = "."
# How files write strands
STRANDS = {"+": "+", "-": "-", "1": "+", "+1": "+", "-1": "-", "plus": "+", "minus": "-"}
STRANDS |= dict.fromkeys((".", "?", "*", "0", "", "NA"), NO_STRAND)


class GeneRecord(NamedTuple):
    """A gene or transcript; positions in bp, 0-based, end exclusive."""

    gene: str
    symbol: str
    chrom: str
    start: int
    end: int
    strand: str
    biotype: str
    canonical: int  # rank of the tag that marks a canonical transcript, 0 without


def data_lines(path):
    """Yield the number and the fields of every line of an annotation that holds data."""
    for number, line in text_lines(path):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            yield number, line.split("\t") if "\t" in line else line.split()


def check_genes(table, path, *, one_based=False):
    """Return a table of text as records of genes; refuse the first line or row at fault.

    The table has ``gene``, ``chrom``, ``start``, ``end`` and ``strand``; ``symbol`` and
    ``biotype`` are optional. Its index holds line numbers, or without a path those of rows.
    With ``one_based`` the first base is 1 and the end belongs to the gene, as in SAF.
    """
    start, end = (
        np.array([_position(text) for text in table[name]], dtype=np.int64)
        for name in ("start", "end")
    )
    start = np.where(start > 0, start - 1, -1) if one_based else start
    misplaced = (start < 0) | (start >= end)
    empty = ((table["gene"] == "") | (table["chrom"] == "")).to_numpy()
    if (empty | misplaced).any():
        row = int(np.argmax(empty | misplaced))
        gene, first, last = (table[name].iloc[row] for name in ("gene", "start", "end"))
        expected = "0-based integers with start < end"
        if one_based:
            expected = "1-based integers with start <= end, as in SAF (columns GeneID, Chr ...)"
        what = (
            "gene or chromosome is empty."
            if empty[row]
            else f"{gene}: positions must be {expected}, got {first!r} and {last!r}."
        )
        raise _fault(what, table.index[row], path)
    strand = table["strand"].map(lambda text: STRANDS.get(text.strip()))
    if (odd := strand.isna().to_numpy()).any():
        row = int(np.argmax(odd))
        raise _fault(
            f"{table['gene'].iloc[row]}: strand {table['strand'].iloc[row]!r} is neither + nor -. "
            "The strand stands in column 6 of a BED file, or in the column strand.",
            table.index[row],
            path,
        )
    records = table.assign(start=start, end=end, strand=strand, canonical=0)
    return records.reindex(columns=list(GeneRecord._fields), fill_value="")


def _fault(what, label, path):
    place = (f"genes, row {label}", None) if path is None else (path, int(label))
    return DataFormatError(what, *place)


def is_position(text):
    """Return whether a text is a whole number that may be a position in bp."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS


def _position(text):
    return int(text) if is_position(text) else -1
