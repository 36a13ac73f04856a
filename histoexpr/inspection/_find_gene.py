"""The sample of one gene, by its identifier or its symbol."""

import difflib

import numpy as np

from ..utils import shorten


def find_gene(gene, samples, cell=None):
    """Return the row of a gene in samples with ``gene``, ``symbol`` and ``cell`` (or None).

    Identifiers come before symbols, the spelling before other cases. ValueError of unknown genes
    names one that is alike; of several samples it lists them.
    """
    if samples.gene is None:
        raise ValueError(
            f"gene is {gene!r}, but the signals came as an array, whose genes have no names. Give "
            "a HistoneDataset, or the number of a sample."
        )
    columns = [np.asarray(samples.gene, dtype=str)]
    if samples.symbol is not None:
        columns.append(np.asarray(samples.symbol, dtype=str))
    rows = _rows(str(gene), columns)
    if not len(rows):
        raise ValueError(_unknown(str(gene), columns))
    if cell is not None:
        there = np.unique(samples.cell[rows]).tolist()
        rows = rows[samples.cell[rows] == str(cell)]
        if not len(rows):
            raise ValueError(f"{gene} is not in cell {cell}, but in {shorten(there)}.")
    if len(rows) > 1:
        raise ValueError(_several(gene, rows, samples))
    return int(rows[0])


def _rows(gene, columns):
    for form in (str, str.casefold):
        for names in columns:
            found = np.flatnonzero([form(name) == form(gene) for name in names])
            if len(found):
                return found
    return np.array([], dtype=int)


def _unknown(gene, columns):
    known = list(dict.fromkeys(name for names in columns[::-1] for name in names if name))
    lower = {name.casefold(): name for name in known}
    alike = difflib.get_close_matches(gene.casefold(), lower, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(lower[name] for name in alike)}?" if alike else ""
    if len(columns) == 1:
        meant = meant or f"there are {shorten(known)}."
        meant = f"{meant} The data have identifiers only, no symbols."
    return f"No gene {gene}; {meant or f'there are {shorten(known)}.'}"


def _several(gene, rows, samples):
    genes, cells = np.unique(samples.gene[rows]).tolist(), np.unique(samples.cell[rows]).tolist()
    if len(genes) > 1:
        return f"{gene} is the symbol of several genes: {shorten(genes)}. Name one of them."
    if len(cells) > 1:
        return f"{gene} is in several cells: {shorten(cells)}. Name the cell."
    places = ", ".join(map(str, rows[:6].tolist()))
    return (
        f"{gene} is there {len(rows)} times, in samples {places}. Leave the others out, or in "
        "Python give the number of one."
    )
