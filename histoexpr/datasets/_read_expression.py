"""Reader of expression tables, as text or as NumPy archives."""

import math
import re
import warnings
import zipfile
import zlib

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError, HistoexprWarning
from ..utils import HEADER_FAULTS, StrOptions, check_path, npy_header, shorten, validate_params
from ._cell_columns import pool_columns, select_cells
from ._expression_layouts import choose_columns
from ._expression_table import ExpressionTable, find_expression_fault
from ._expression_text import read_text
from ._rows import as_names

_VERSION = re.compile(r"^(ENS[A-Z]*\d{11})\.\d+(?=$|_)")
_TRANSCRIPT = re.compile(r"ENS[A-Z]*T\d{11}|[NX][MR]_\d+")
_UNIT = re.compile(r"(?<![a-z])(rpkm|fpkm|tpm|cpm|counts)(?![a-z])")
# Names of the arrays in a NumPy archive; the name of the values is the unit
_NPZ_VALUES = ("values", "rpkm", "fpkm", "tpm", "cpm", "counts")
_NPZ_GENES = ("genes", "gene_id")


@validate_params(
    {
        "unit": [str, None],
        "strip_version": ["boolean"],
        "duplicates": [StrOptions({"error", "first", "sum", "max"})],
        "replicates": [StrOptions({"refuse", "pool"})],
        "normalize": [StrOptions({"tpm", "rpkm"}), None],
    },
    prefer_skip_nested_validation=True,
)
def read_expression(
    path,
    *,
    cells=None,
    gene_column=None,
    unit=None,
    sep=None,
    strip_version=True,
    duplicates="error",
    replicates="refuse",
    normalize=None,
):
    r"""Read a table of genes × cells.

    Names in the header are counted against the fields of the rows: neither a missing corner label
    nor a tab at the end of each row (as in Roadmap's ``57epigenomes.RPKM.pc.gz``) can shift values
    to another cell, as in ``pandas.read_csv(..., index_col=0)``. A row that differs is an error.
    Tables as quantifiers write them are read as they are, see Notes.

    Parameters
    ----------
    path : str or path-like
        Text with one row per gene and one column per cell, separated by tabs, commas, semicolons
        or spaces, plain or gzipped, whatever the name; lines that start with ``#`` above the
        header are skipped. Or a ``.npz`` archive with the arrays ``genes`` (or ``gene_id``),
        ``cells`` and ``values`` (or ``rpkm``, ``fpkm``, ``tpm``, ``cpm``, ``counts``).
    cells : str, sequence of str or dict of str to str, optional
        Columns to read, in that order; a dict gives the column, or list of columns that are
        averaged, for each cell. By default all that hold expression.
    gene_column : str, optional
        Name of the column with the gene identifiers or symbols, in text files. By default the
        first.
    unit : str, optional
        Unit of the values. By default RPKM, FPKM, TPM, CPM or counts if the name of the file (or
        of the array, or of the column) holds it. Of a table with several measures of one sample,
        that of this unit is taken.
    sep : str, optional
        Separator. By default found in the header.
    strip_version : bool, default=True
        Whether ``ENSG00000000003.10`` becomes ``ENSG00000000003``; ``_PAR_Y`` and other
        identifiers, such as the symbol ``RP11-34P13.7``, are kept.
    duplicates : {"error", "first", "sum", "max"}, default="error"
        Rule for several rows of one gene (after the version is stripped): refuse them, keep the
        first, add them up, or take the maximum in each cell. ``"error"`` takes rows of the same
        values once, with a :class:`~histoexpr.exceptions.HistoexprWarning`.
    replicates : {"refuse", "pool"}, default="refuse"
        Rule for several columns of one cell: ``"pool"`` averages columns of the same name and
        those that end in ``_REP1``, ``_REP2`` ...; ``"refuse"`` refuses the former and reads the
        latter as cells.
    normalize : {"tpm", "rpkm"}, optional
        Make TPM or RPKM of counts, with the lengths of the genes that the table has. By default
        counts stay counts.

    Returns
    -------
    ExpressionTable
        Genes in the order of the file.

    Raises
    ------
    DataFormatError
        If the file is empty, damaged or not such a table: a row of another length, a value that is
        missing or not a finite number, a negative value (unless ``unit`` starts with ``"log"``),
        different rows of one gene, two columns of one cell. The message names the line.
    ValueError
        If a parameter is not one of those listed.

    Warns
    -----
    HistoexprWarning
        If columns of text, or rows that are no genes such as ``__no_feature``, were left out.

    Notes
    -----
    Read as they are: RSEM ``genes.results``, salmon ``quant.genes.sf``, kallisto by genes,
    StringTie ``gene_abund.tab``, Cufflinks ``genes.fpkm_tracking``, featureCounts, htseq-count and
    STAR ``ReadsPerGene.out.tab`` (no header; the unstranded counts), GCT 1.2, Expression Atlas,
    tables of several samples as nf-core's, and those of R's ``write.table``. Of one sample's
    measures TPM is taken before FPKM, RPKM, CPM and counts, and the cell is called by the measure.
    Columns of lengths, positions, symbols and descriptions are no cells. TPM are
    ``1e6 (c / l) / sum(c / l)`` and RPKM ``1e9 c / (l sum(c))``, for counts ``c`` and lengths
    ``l`` in bp.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from histoexpr.datasets import read_expression
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name, "two.RPKM.tsv")
    >>> _ = path.write_text("gene_id\tE003\tE004\nENSG00000000003.1\t43.985\t37.413\t\n")
    >>> table = read_expression(path)
    >>> table
    ExpressionTable: 1 genes in 2 cells, RPKM
    >>> table.select(cells="E003").values
    array([[43.985]])
    >>> folder.cleanup()
    """
    path = check_path(
        path, "A table in memory needs no reading: ExpressionTable(values, genes, cells)."
    )
    if sep is not None and (not isinstance(sep, str) or len(sep) != 1 or sep in '"\r\n'):
        raise ValueError(f"sep must be one character, such as a tab, got {sep!r}.")
    by_cell, cells = _wanted(cells)
    with open(path, "rb") as handle:
        packed = handle.read(2) == b"PK"
    if packed:
        found, genes, names, values = _read_npz(path, cells)
        lines, known, lengths = None, None, None
    else:
        found = path.name
        table = read_text(path, cells, gene_column, sep, unit, with_lengths=normalize is not None)
        genes, names, values, lines, known, lengths, notes = table
        for note in notes:
            warnings.warn(f"{path}: {note}.", HistoexprWarning, stacklevel=3)
    if unit is None:
        match = _UNIT.search(found.lower())
        unit = known or (match and (match[1] if match[1] == "counts" else match[1].upper()))
    if strip_version:
        genes = [_VERSION.sub(r"\1", gene) for gene in genes]
    fault = find_expression_fault(values, genes, names, unit)
    if fault:
        raise DataFormatError(f"the {fault[1]}", path, lines and lines[fault[0]])
    _refuse_transcripts(path, genes)
    if normalize is not None:
        values, unit = _normalize(path, values, lengths, genes, lines, unit, normalize)
    genes, values = _merge_duplicates(path, genes, values, lines, duplicates)
    if by_cell is not None:
        values = [values[:, [names.index(c) for c in of]].mean(axis=1) for of in by_cell.values()]
        return ExpressionTable(np.column_stack(values), genes, list(by_cell), unit=unit)
    try:
        values, names = pool_columns(values, names, replicates)
    except ValueError as error:
        raise DataFormatError(str(error), path) from None
    return ExpressionTable(values, genes, names, unit=unit)


def read_expression_files(by_cell):
    """Return the expression of cells of which each has files of its own; several are averaged.

    ``by_cell`` is a dict of cell to paths. The genes are those that all files have; files in
    different units are refused.
    """
    frames, units = {}, {}
    for cell, paths in by_cell.items():
        tables = []
        for path in dict.fromkeys(paths):
            try:
                table, _ = select_cells(read_expression(path), [cell], "pool")
            except ValueError as error:
                if isinstance(error, DataFormatError):
                    raise
                raise DataFormatError(str(error), path) from error
            units.setdefault(table.unit, path)
            tables.append(pd.Series(table.values[:, 0], index=table.genes))
        frames[cell] = pd.concat(tables, axis=1, join="inner").mean(axis=1)
    if len(units) > 1:
        named = ", ".join(f"{unit or 'unknown'} in {path}" for unit, path in units.items())
        raise ValueError(
            f"the expression of the cells is in different units: {named}. Give all in one."
        )
    table = pd.concat(frames, axis=1, join="inner")
    if table.empty:
        raise ValueError("the expression files have no gene in common.")
    return ExpressionTable(table.to_numpy(), table.index, table.columns, unit=next(iter(units)))


def _wanted(cells):
    """Return the columns by cell, None without, and those to read, None for all."""
    by_cell = None
    if isinstance(cells, dict):
        by_cell = {str(cell): as_names("cells", columns) for cell, columns in cells.items()}
        cells = list(dict.fromkeys(name for columns in by_cell.values() for name in columns))
    if cells is None:
        return None, None
    cells = as_names("cells", cells)
    if repeated := [cell for n, cell in enumerate(cells) if cell in cells[:n]]:
        raise ValueError(f"cells holds {repeated[0]!r} more than once.")
    return by_cell, cells


def _refuse_transcripts(path, genes):
    """Refuse tables of transcripts, whose rows would not be found among genes."""
    transcripts = [gene for gene in genes[:100] if _TRANSCRIPT.match(gene)]
    if 2 * len(transcripts) > len(genes[:100]):
        raise DataFormatError(
            f"the rows are transcripts ({transcripts[0]}), not genes. Sum them by gene first: "
            "salmon quant --geneMap, tximport, or the table of genes that the tool writes, too.",
            path,
        )


def _normalize(path, values, lengths, genes, lines, unit, to):
    """Return TPM or RPKM of counts, and the unit."""
    if unit is not None and unit.lower() != "counts":
        raise DataFormatError(
            f"holds {unit}: normalize={to!r} makes {to.upper()} of counts.", path
        )
    if lengths is None:
        raise DataFormatError(
            f"has no column of lengths, which normalize={to!r} needs. Leave it out to keep the "
            "counts, or let the quantifier write TPM.", path
        )  # fmt: skip
    wrong = np.flatnonzero(~(lengths > 0) & (values > 0).any(axis=1))
    if len(wrong):
        fault = f"gene {genes[wrong[0]]} has counts, but the length {lengths[wrong[0]]:g}."
        raise DataFormatError(fault, path, lines and lines[wrong[0]])
    rate = values / np.where(lengths > 0, lengths, 1.0)[:, None]
    total = rate.sum(axis=0) if to == "tpm" else values.sum(axis=0)
    factor = 1e6 if to == "tpm" else 1e9
    return factor * rate / np.where(total > 0, total, 1.0), to.upper()


# Bytes of the names of genes or cells, at the most: a million genes of 60 letters
_MOST_NAMES = 240_000_000


def _read_npz(path, cells):
    try:
        with open(path, "rb") as handle, np.load(handle, allow_pickle=False) as archive:
            found = _only_key(path, archive, _NPZ_VALUES)
            keys = _only_key(path, archive, _NPZ_GENES), _only_key(path, archive, ("cells",))
            genes, names = (_read_member(path, archive, key, None) for key in keys)
            values = _read_member(path, archive, found, len(genes) * np.size(names))
    except DataFormatError:
        raise
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataFormatError(f"not a NumPy archive, or damaged ({error}).", path) from error
    except HEADER_FAULTS as error:
        raise DataFormatError(f"not an archive of plain arrays ({error}).", path) from error
    names = [str(name) for name in np.atleast_1d(names)]
    if values.ndim == 1:
        values = values[:, None]
    if values.dtype.kind not in "iuf" or values.shape != (len(genes), len(names)):
        fault = f"{found} has shape {values.shape} and dtype {values.dtype}"
        expected = f"numbers for {len(genes)} genes and {len(names)} cells"
        raise DataFormatError(f"{fault}; expected {expected}.", path)
    if cells is not None:
        columns = choose_columns(path, None, ["", *names], cells, None, [], None)
        values, names = values[:, [place - 1 for place in columns.value_at]], cells
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        # 43.985 in single precision is not 43.985 in double precision; its decimal text is
        values = values.astype(str)
    return found, [str(gene) for gene in genes], names, values.astype(np.float64)


def _read_member(path, archive, key, n_values):
    """Read an array of an archive, after what its header declares has been looked at.

    ``n_values`` is how many it has to hold; of names, a number that fits into memory a few times.
    """
    with archive.zip.open(f"{key}.npy") as file:
        shape, dtype, start = npy_header(file)
    size = math.prod(shape) * dtype.itemsize
    unpacked = archive.zip.getinfo(f"{key}.npy").file_size
    most = _MOST_NAMES if n_values is None else n_values * dtype.itemsize
    if size > most or unpacked != start + size:
        raise DataFormatError(
            f"array {key} declares {size:,} bytes in {unpacked:,}; expected at most {most:,} by "
            "the genes and cells.", path
        )  # fmt: skip
    return archive[key]


def _only_key(path, archive, names):
    for name in names:
        if name in archive:
            return name
    there = ", ".join(archive) or "none"
    raise DataFormatError(f"no array {' or '.join(names)}; there are {there}.", path)


def _merge_duplicates(path, genes, values, lines, rule):
    place, distinct = pd.factorize(np.array(genes, dtype=object))
    repeated = pd.Series(place).duplicated().to_numpy()
    if not repeated.any():
        return genes, values
    merged = values[~repeated]
    if rule == "error":
        _refuse_contradictions(path, genes, values, lines, np.flatnonzero(~repeated)[place])
    elif rule != "first":
        combine = {"sum": np.add, "max": np.maximum}[rule]
        combine.at(merged, place[repeated], values[repeated])
    return distinct.tolist(), merged


def _refuse_contradictions(path, genes, values, lines, first):
    """Allow, with a warning, repeated rows that equal the first one of their gene."""
    repeated = np.flatnonzero(first != np.arange(len(genes)))
    differing = repeated[(values[repeated] != values[first[repeated]]).any(axis=1)]
    if len(differing) == 0:
        shown = shorten([genes[row] for row in repeated])
        fault = f"{len(repeated)} rows repeat a gene with the same values ({shown})"
        warnings.warn(f"{path}: {fault}; each is taken once.", HistoexprWarning, stacklevel=5)
        return
    row = differing[0]
    where = f" (first in line {lines[first[row]]})" if lines else ""
    fault = f"gene {genes[row]} has rows with different values{where}."
    remedy = "Say what to do with duplicates='first', 'sum' or 'max' (--duplicates)."
    raise DataFormatError(f"{fault} {remedy}", path, lines and lines[row])
