"""Genes in BED files, in tables with a header, and in DataFrames."""

import pandas as pd

from ..exceptions import DataFormatError
from ._gene_records import check_genes, data_lines
from ._text_table import read_text_table

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


class BedGenes:
    """BED6 or BED12: the name in column 4 is the gene, and column 6 its strand."""

    def sniff(self, fields):
        """Recognise positions in columns 2 and 3."""
        return len(fields) > 2 and fields[1].isdecimal() and fields[2].isdecimal()

    def read(self, path, *, transcripts):
        """Read one record a line."""
        numbers, rows = [], []
        for number, fields in data_lines(path):
            if len(fields) < 4 or not fields[3].strip():
                raise DataFormatError(
                    "a gene needs a name in column 4 and a strand in column 6.", path, number
                )
            numbers.append(number)
            rows.append([*fields[:4], fields[5] if len(fields) > 5 else "."])
        columns = ["chrom", "start", "end", "gene", "strand"]
        return check_genes(pd.DataFrame(rows, numbers, columns, dtype=object), path), {}


class TableGenes:
    """A tab- or comma-separated table; see :func:`histoexpr.tracks.read_genes`."""

    def sniff(self, fields):
        """Take every text that no format before this one took."""
        return True

    def read(self, path, *, transcripts):
        """Read one record a line."""
        table = read_text_table(path, lambda names: _find(names, path), comment="##")
        return _records(table, path), {}


def frame_records(frame):
    """Return the records of a DataFrame with the columns of a table, one a row."""
    places = _find([str(name) for name in frame.columns], None)
    table = frame.iloc[:, list(places.values())].astype(object)
    table = table.where(table.notna(), "").astype(str)
    table.columns, table.index = list(places), range(len(table))
    return _records(table, None)


def _records(table, path):
    positions = [name for name in ("tss", "start", "end") if name in table]
    # pandas makes whole numbers floats where a value is missing elsewhere
    table = table.assign(**{n: table[n].str.removesuffix(".0") for n in positions})
    if "tss" in table:
        ends = [str(int(tss) + 1) if tss.isdecimal() else tss for tss in table["tss"]]
        table = table.assign(start=table["tss"], end=ends)
    return check_genes(table, path)


def _find(names, path):
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
