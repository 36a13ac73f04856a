"""Genes in BED files, in tables with a header, and in DataFrames."""

import pandas as pd

from ..exceptions import DataFormatError
from ._gene_records import check_genes, data_lines
from ._text_table import read_text_table

# column of a table -> names it goes by, in lower case
_COLUMN_NAMES = {
    "gene": ("gene", "gene_id", "ensembl_gene_id", "geneid", "name2", "genename", "name"),
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
        return len(fields) > 2 and all(text.lstrip("-").isdecimal() for text in fields[1:3])

    def read(self, path, *, transcripts):
        """Read one record a line."""
        numbers, rows = [], []
        for number, fields in data_lines(path):
            if len(fields) < 4 or not fields[3].strip():
                raise DataFormatError(
                    "a gene needs a name in column 4 and a strand in column 6.", path, number
                )
            if misplaced := [at for at in (4, 5) if fields[at - 1 : at] in (["+"], ["-"])]:
                raise DataFormatError(
                    f"the strand stands in column {misplaced[0]}. In BED the name of the gene is "
                    "in column 4, a score in column 5 and the strand in column 6.",
                    path,
                    number,
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
        header = []

        def find(names):
            header.extend(names)
            return _find(names, path)

        table = read_text_table(path, find, comment="##")
        return _records(table, path, _is_saf(header)), {}


class GenePredGenes:
    """UCSC's tables of transcripts without a header: genePred, refFlat, refGene and the like."""

    def sniff(self, fields):
        """Recognise a strand, four positions, and lists of exons behind them."""
        return _strand_place(fields) is not None

    def read(self, path, *, transcripts):
        """Read one record a transcript."""
        numbers, rows = [], []
        for number, fields in data_lines(path):
            at = _strand_place(fields)
            if at is None:
                raise DataFormatError(
                    "expected name, chrom, strand, txStart, txEnd, cdsStart, cdsEnd, exonCount, "
                    "exonStarts and exonEnds, as in the lines before.",
                    path,
                    number,
                )
            # refFlat has the gene in front, genePredExt behind the lists and a score
            in_front = at == 3 and not fields[0].isdecimal()
            gene = fields[0] if in_front else (fields[at + 9] if len(fields) > at + 9 else "")
            numbers.append(number)
            rows.append([gene or fields[at - 2], *fields[at - 1 : at + 3]])
        columns = ["gene", "chrom", "strand", "start", "end"]
        return check_genes(pd.DataFrame(rows, numbers, columns, dtype=object), path), {}


def _strand_place(fields):
    for at in (2, 3):
        numbers = fields[at + 1 : at + 6]
        if (
            len(fields) >= at + 8
            and fields[at] in ("+", "-")
            and all(text.isdecimal() for text in numbers)
            and "," in fields[at + 6]
        ):
            return at
    return None


def frame_records(frame):
    """Return the records of a DataFrame with the columns of a table, one a row."""
    places = _find([str(name) for name in frame.columns], None)
    table = frame.iloc[:, list(places.values())].astype(object)
    table = table.where(table.notna(), "").astype(str)
    table.columns, table.index = list(places), range(len(table))
    return _records(table, None, _is_saf(frame.columns))


def _is_saf(names):
    """Return whether columns are those of featureCounts' SAF, whose first base is 1."""
    return {"geneid", "chr", "start", "end", "strand"} <= {str(n).strip().lower() for n in names}


def _records(table, path, one_based):
    positions = [name for name in ("tss", "start", "end") if name in table]
    # pandas makes whole numbers floats where a value is missing elsewhere
    table = table.assign(**{n: table[n].str.removesuffix(".0") for n in positions})
    if "tss" in table:
        ends = [str(int(tss) + 1) if tss.isdecimal() else tss for tss in table["tss"]]
        table = table.assign(start=table["tss"], end=ends)
    return check_genes(table, path, one_based=one_based and "tss" not in table)


def _find(names, path):
    lowered = [name.strip().lower() for name in names]
    places = {}
    for column, aliases in _COLUMN_NAMES.items():
        if there := [name for name in aliases if name in lowered]:
            places[column] = lowered.index(there[0])
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
