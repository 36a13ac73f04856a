"""Genes from BED files and from tables with a header."""

import csv

from ..exceptions import DataFormatError
from ._gff import GeneRecord

# column of a table -> names it goes by, in lower case
_COLUMN_NAMES = {
    "gene": ("gene", "gene_id", "ensembl_gene_id", "geneid"),
    "symbol": ("symbol", "gene_name", "gene_symbol"),
    "chrom": ("chrom", "chr", "chromosome", "seqname"),
    "tss": ("tss",),
    "start": ("start", "txstart"),
    "end": ("end", "stop", "txend"),
    "strand": ("strand",),
    "biotype": ("biotype", "gene_biotype", "gene_type"),
}


def records_from_bed(path, lines):
    """Read genes from BED6 or BED12 lines.

    Parameters
    ----------
    path : str or path-like
        For messages.
    lines : iterable of (int, str)
        Numbered lines.

    Returns
    -------
    list of GeneRecord
        The name (column 4) is the gene.

    Raises
    ------
    DataFormatError
        Naming the first line at fault.
    """
    records = []
    for number, line in lines:
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 4 or not fields[3].strip():
            raise DataFormatError(
                "a gene needs a name in column 4 and a strand in column 6.", path, number
            )
        strand = fields[5] if len(fields) > 5 else "."
        records.append(_record(path, number, fields[3], "", *fields[:3], strand, ""))
    return records


def records_from_table(path, lines):
    """Read genes from a tab- or comma-separated table with a header.

    Parameters
    ----------
    path : str or path-like
        For messages.
    lines : iterable of (int, str)
        Numbered lines; see :func:`histoexpr.tracks.read_genes` for the columns.

    Returns
    -------
    list of GeneRecord

    Raises
    ------
    DataFormatError
        If a column is missing, or naming the first line at fault.
    """
    lines = [(n, text) for n, text in lines if text.strip() and not text.startswith("##")]
    delimiter = "\t" if "\t" in lines[0][1] else ","
    rows = csv.reader((text for _, text in lines), delimiter=delimiter)
    places = _find_columns([name.lstrip("#") for name in next(rows)], path)
    records = []
    for (number, _), row in zip(lines[1:], rows, strict=True):
        if len(row) <= max(places.values()):
            raise DataFormatError(f"the line has only {len(row)} fields.", path, number)
        values = {name: row[place].strip() for name, place in places.items()}
        records.append(_record_of_values(path, number, values))
    return records


def records_from_frame(frame):
    """Read genes from a pandas DataFrame with the columns of a table, or raise ValueError."""
    places = _find_columns([str(name) for name in frame.columns], None)
    columns = {name: frame.iloc[:, place].tolist() for name, place in places.items()}
    records = []
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        texts = ["" if value is None or value != value else str(value) for value in values]
        values = dict(zip(columns, texts, strict=True))
        records.append(_record_of_values(f"genes, row {row}", None, values))
    return records


def _find_columns(names, path):
    lowered = [name.strip().lower() for name in names]
    places = {}
    for column, aliases in _COLUMN_NAMES.items():
        hits = [place for place, name in enumerate(lowered) if name in aliases]
        if hits:
            places[column] = hits[0]
    missing = [name for name in ("gene", "chrom", "strand") if name not in places]
    if "tss" not in places and not {"start", "end"} <= set(places):
        missing.append("tss (or start and end)")
    if missing:
        raise DataFormatError(
            f"columns missing in the table of genes: {', '.join(missing)}. Expected gene, "
            "chrom, strand, and tss or start and end; there are "
            f"{', '.join(names[:12]) or 'none'}.",
            path,
        )
    return places


def _record_of_values(path, number, values):
    if "tss" in values:
        # whole numbers that pandas has made floats, because a value is missing elsewhere
        start = values["tss"].removesuffix(".0")
        end = str(int(start) + 1) if start.isdecimal() else start
    else:
        start, end = (values[name].removesuffix(".0") for name in ("start", "end"))
    return _record(
        path,
        number,
        values["gene"],
        values.get("symbol", ""),
        values["chrom"],
        start,
        end,
        values["strand"],
        values.get("biotype", ""),
    )


def _record(path, number, gene, symbol, chrom, start, end, strand, biotype):
    if not gene or not chrom:
        raise DataFormatError("gene or chromosome is empty.", path, number)
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise DataFormatError(
            f"{gene}: positions must be 0-based integers with start < end, got {start!r} and "
            f"{end!r}.",
            path,
            number,
        )
    strand = {"1": "+", "-1": "-", "+1": "+"}.get(strand, strand)
    strand = strand if strand in ("+", "-") else "."
    return GeneRecord(gene, symbol, chrom, int(start), int(end), strand, biotype)
