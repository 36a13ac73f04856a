"""Which columns of an expression table are genes, cells, other properties and measures.

Quantifiers write one table per sample, with lengths and several measures beside each other, or
join samples; their columns are recognised by their names.
"""

import re
from typing import NamedTuple

from ..exceptions import DataFormatError
from ..utils import shorten

# Names of the gene column in published tables; no cell has one of them
CORNERS = {
    "", "id", "ids", "gene", "genes", "gene_id", "geneid", "gene_ids", "gene_name", "gene_symbol",
    "name", "symbol", "ensembl", "ensembl_id", "ensembl_gene_id", "ensg", "feature", "target_id",
    "tracking_id", "feature_id", "rownames", "row_names",
}  # fmt: skip
# Columns of identifiers, if the first column has numbers of rows only
_IDENTIFIERS = (
    "gene_id",
    "geneid",
    "ensembl_gene_id",
    "ensembl_id",
    "gene",
    "gene_name",
    "symbol",
)
# Measures by what they are called, best first
_UNITS = ("TPM", "FPKM", "RPKM", "CPM", "counts")
_MEASURES = {
    "tpm": "TPM", "tpm_unstranded": "TPM", "fpkm": "FPKM", "fpkm_unstranded": "FPKM",
    "rpkm": "RPKM", "cpm": "CPM", "expected_count": "counts", "numreads": "counts",
    "est_counts": "counts", "count": "counts", "counts": "counts", "read_count": "counts",
    "raw_count": "counts", "raw_counts": "counts", "unstranded": "counts",
}  # fmt: skip
_OTHER_MEASURES = {
    "coverage", "cov", "fpkm_conf_lo", "fpkm_conf_hi", "stranded_first", "stranded_second",
    "fpkm_uq_unstranded", "posterior_mean_count", "pme_tpm", "pme_fpkm", "isopct", "frac",
}  # fmt: skip
_LENGTHS = ("effective_length", "effectivelength", "eff_length", "length", "gene_length")
# Properties of genes
_PROPERTIES = {
    *_LENGTHS, "gene_name", "gene_symbol", "symbol", "name", "gene_short_name", "description",
    "desc",
    "chr", "chrom", "chromosome", "seqname", "seqnames", "reference", "start", "end", "stop",
    "strand", "transcript_id", "transcript_ids", "transcript_id_s", "transcripts", "class_code",
    "nearest_ref_id", "tss_id", "locus", "biotype", "gene_biotype", "gene_type", "entrez",
    "entrezgene", "entrez_id", "fpkm_status", "status", "gene_id", "geneid", "len",
}  # fmt: skip
# Rows of counting tools that are no genes
_NO_GENE = re.compile(r"__[a-z]\w*|N_(unmapped|multimapping|noFeature|ambiguous)")
# Columns of a table of one sample without a header: what STAR writes
_STAR = ["gene_id", "unstranded", "stranded_first", "stranded_second"]


# What a column of values may have besides numbers: decimal commas, or nothing
_VALUE = re.compile(r"[-+]?[\d.,_]*|nan?|n/a|null|none|inf", re.IGNORECASE)


class Columns(NamedTuple):
    """The names of all columns, the places of genes, values and lengths, and the unit.

    ``length_at`` is None if there are no lengths, ``unit`` if the names do not tell; ``left_out``
    are columns of text that no table is known to have.
    """

    names: list
    gene_at: int
    value_at: list
    length_at: int | None = None
    unit: str | None = None
    left_out: tuple = ()


def normalise(name):
    """Return the name of a column in lower case, with underscores."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def is_measure(name):
    """Whether a column is called by a measure and not by a cell."""
    return normalise(name) in _MEASURES or normalise(name) in {"value", "values", "expression"}


def is_no_gene(name):
    """Whether a row counts reads of no gene, such as ``__no_feature``."""
    return _NO_GENE.fullmatch(name) is not None


def is_number(text):
    """Whether a text is a number as tables write them."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text.isascii()


def names_without_header(fields):
    """Return names for a first row that has values already, None for a header.

    Raises ValueError if it has values of several columns, of which none is known.
    """
    first, *rest = fields
    if normalise(first) in CORNERS or not rest or not all(map(is_number, rest)):
        return None
    if len(rest) == 1:
        return ["gene_id", "counts" if rest[0].strip().isdigit() else "value"]
    if len(fields) == len(_STAR) and is_no_gene(first):
        return list(_STAR)
    raise ValueError(
        "there is no header: this line has values already, and which cells they belong to is not "
        "known. Add a line of names, gene_id and one name for each column, above it."
    )


def choose_columns(path, line, names, cells, gene_column, rows, unit):
    """Return the Columns of a table with a header.

    ``rows`` are the first rows, which tell text from values; ``cells`` and ``gene_column`` those
    that the user wants, None for what is usual.
    """
    wanted = [*(cells or []), *([] if gene_column is None else [gene_column])]
    for name in wanted:
        if name not in names:
            there = f"there are {shorten(names, 8)}"
            raise DataFormatError(f"no column {name!r}; {there}.", path, line)
    gene_at = _gene_column(names, rows) if gene_column is None else names.index(gene_column)
    short = [normalise(name) for name in names]
    length_at = next((short.index(name) for name in _LENGTHS if name in short), None)
    left_out = ()
    if cells is not None:
        value_at = [p for cell in cells for p, name in enumerate(names) if name == cell]
    else:
        value_at, left_out = _value_columns(short, gene_at, rows)
        measures = [place for place in value_at if short[place] in _MEASURES]
        if measures and len(measures) == len(value_at):  # of one sample
            value_at = [_best(measures, short, unit)]
    if not value_at:
        raise DataFormatError(
            f"no column has values of expression; there are {shorten(names, 8)}. Name those of "
            "the cells with cells=.", path, line
        )  # fmt: skip
    units = {_MEASURES.get(short[place]) for place in value_at}
    counted = short[0] == "geneid" and "chr" in short and length_at is not None  # featureCounts
    known = "counts" if counted else units.pop() if len(units) == 1 else None
    names_left = tuple(names[place] for place in left_out)
    return Columns(names, gene_at, value_at, length_at, known, names_left)


def _gene_column(names, rows):
    """Return the first column, or one of identifiers if that has numbers of rows only."""
    if names[0] == "" and all(row[0].strip().isdigit() for row in rows):
        short = [normalise(name) for name in names]
        return next((short.index(name) for name in _IDENTIFIERS if name in short), 0)
    return 0


def _value_columns(short, gene_at, rows):
    """Return the places of columns that may be values, and of those that are text."""
    places, text = [], []
    for place, name in enumerate(short):
        if place == gene_at or name in {"", *_PROPERTIES, *_OTHER_MEASURES}:
            continue
        fields = [row[place].strip() for row in rows if place < len(row)]
        if any(map(is_number, fields)) or any(map(_VALUE.fullmatch, fields)):
            places.append(place)
        else:
            text.append(place)
    return (places, text) if places else (text, [])


def _best(places, short, unit):
    """Return the place of the wanted measure, or of the best."""
    order = [u for u in _UNITS if unit is None or u.lower() == unit.lower()] or _UNITS
    ranked = [place for u in order for place in places if _MEASURES[short[place]] == u]
    return (ranked or places)[0]
