"""Folders of DeepDiff: counts of cells in CSV files, and their expression."""

from pathlib import Path

import numpy as np

from ...exceptions import DataFormatError
from ...utils import check_path, shorten
from .._dataset import HistoneDataset
from .._rows import as_names
from ._number_table import name_columns, read_number_table

# In the order of its columns, which is not that of DeepChrome
DEEPDIFF_MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")
_SPLITS = ("train", "valid", "test")
_LAYOUT = "files <cell>.train.csv, <cell>.valid.csv, <cell>.test.csv and <cell>.expr.csv"


def load_deepdiff(path, *, cells=None, splits=None, marks=None):
    r"""Load read counts and expression from a folder in the layout of DeepDiff.

    The layout is ``<cell>.{train,valid,test}.csv`` and ``<cell>.expr.csv``, without header lines.
    A line of the first holds ``<gene>_<symbol>_<bin>`` and one count per mark; bins are numbered
    from 1, one line each. A line of the second holds a gene and its expression.

    Parameters
    ----------
    path : str or path-like
        The folder.
    cells : str or sequence of str, optional
        The cells to load; by default all, two or more.
    splits : str or sequence of str, optional
        ``"train"``, ``"valid"``, ``"test"``; by default all.
    marks : sequence of str, optional
        Names of the marks in the order of their columns, by default H3K4me1, H3K4me3, H3K9me3,
        H3K27me3, H3K36me3 as DeepDiff states.

    Returns
    -------
    HistoneDataset
        Without labels (see :func:`histoexpr.relabel`), with ``expression`` as in the files, NaN
        for genes and cells without; ``gene`` is the text before the first underscore.

    Raises
    ------
    DataFormatError
        If no file has this layout, or one departs from it, naming file and line.
    FileNotFoundError
        If ``path`` does not exist.
    ValueError
        If a cell or split was asked for that is not there, or ``marks`` do not fit.

    Notes
    -----
    Bins are taken to be 100 bp wide, centred on the TSS and to run along the genome
    (``oriented=False``): the layout does not say. The published expression is read counts of
    RNA-seq, not RPKM. :func:`histoexpr.pair_cells` makes pairs with the log2 fold change.

    References
    ----------
    A. Sekhon, R. Singh and Y. Qi, "DeepDiff: DEEP-learning for predicting DIFFerential gene
    expression from histone modifications", Bioinformatics 34 (2018).

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from histoexpr import load_deepdiff
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "E003.train.csv")
    ...     _ = file.write_text("G1_NAME_1,0,7,0,0,2\nG1_NAME_2,1,9,0,0,0\n")
    ...     data = load_deepdiff(folder)
    >>> data.select(marks="H3K4me3").X.ravel()
    array([7, 9], dtype=uint8)
    """
    path = check_path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist. Expected a folder with {_LAYOUT}.")
    files = _find_files(path, cells, splits)
    expression = {cell: _read_expression(path / f"{cell}.expr.csv") for cell, _ in files}
    parts, X, first = [], [], None
    for (cell, split), file in files.items():
        genes, counts = _read_file(file)
        first = first or (file, counts.shape[1:])
        if counts.shape[1:] != first[1]:
            raise DataFormatError(
                f"has {counts.shape[1]} bins and {counts.shape[2]} marks, but {first[0]} has "
                f"{first[1][0]} and {first[1][1]}.",
                file,
            )
        known = expression[cell]
        values = [known.get(gene, np.nan) for gene in genes]
        parts.append((np.full(len(genes), cell), genes, np.full(len(genes), split), values))
        X.append(counts)
    cell, gene, split, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    X = np.concatenate(X)
    if marks is None and X.shape[2] == len(DEEPDIFF_MARKS):
        marks = DEEPDIFF_MARKS
    labels = [f"column {number}" for number in range(2, X.shape[2] + 2)]
    places, names = name_columns(labels, marks, "column", path)
    return HistoneDataset(
        X[:, :, places],
        cell=cell,
        gene=gene,
        split=split,
        expression=None if np.isnan(values).all() else values,
        marks=names,
        oriented=False,
        meta={"source": str(path)},
    )


def is_deepdiff(path):
    """Whether a folder holds counts and expression of cells as DeepDiff names them."""
    return path.is_dir() and any(
        any((path / f"{cell}.{split}.csv").is_file() for split in _SPLITS)
        for cell in _cells_of(path.glob("*.expr.csv"))
    )


def _cells_of(files):
    return sorted({file.name.rsplit(".", 2)[0] for file in files})


def _find_files(path, cells, splits):
    """Return the files of counts by cell and split."""
    files = [file for split in _SPLITS for file in path.glob(f"*.{split}.csv")]
    if not files:
        raise DataFormatError(f"holds no files of counts. Expected {_LAYOUT}.", path)
    known = _cells_of(files)
    cells = known if cells is None else as_names("cells", cells)
    splits = _SPLITS if splits is None else as_names("splits", splits)
    unknown = [cell for cell in cells if cell not in known]
    unknown_splits = [split for split in splits if split not in _SPLITS]
    if unknown or unknown_splits:
        raise ValueError(
            f"There is no {shorten(unknown or unknown_splits)} in {path}; there are the cells "
            f"{shorten(known)} and the splits {', '.join(_SPLITS)}."
        )
    found = {(cell, split): path / f"{cell}.{split}.csv" for cell in cells for split in splits}
    found = {key: file for key, file in found.items() if file.is_file()}
    if not found:
        raise DataFormatError(f"holds no file of {shorten(splits)} for these cells.", path)
    return found


def _read_file(path):
    """Return genes, and counts (n_genes, n_bins, n_marks)."""
    table = read_number_table(path, 1, separator=",")
    parts = [text.strip('"').rsplit("_", 1) for text in table.text[:, 0]]
    bins = [int(p[1]) if len(p) == 2 and p[1].isdecimal() and len(p[1]) < 7 else 0 for p in parts]
    n_bins = next((row for row in range(1, len(bins)) if bins[row] == 1), len(bins))
    for row, (number, part) in enumerate(zip(bins, parts, strict=True)):
        if number != row % n_bins + 1 or part[0] != parts[row - row % n_bins][0]:
            raise DataFormatError(
                f"begins with {table.text[row, 0][:60]!r}; expected bin {row % n_bins + 1} of "
                f"{parts[row - row % n_bins][0][:40]}, as <gene>_<symbol>_<bin>.",
                path,
                table.line_of(row),
            )
    if len(parts) % n_bins:
        raise DataFormatError(
            f"ends after bin {len(parts) % n_bins} of {n_bins}: it is cut short.",
            path,
            table.line_of(len(parts) - 1),
        )
    counts = table.numbers
    wrong = ~((counts >= 0) & (counts == np.rint(counts))).all(axis=1)
    if wrong.any():
        fault = "has a count that is negative, missing or not whole."
        raise DataFormatError(fault, path, table.line_of(wrong.argmax()))
    genes = [part[0].split("_")[0] for part in parts[::n_bins]]
    repeated = sorted({gene for gene in genes if genes.count(gene) > 1}) if _repeats(genes) else []
    if repeated:
        raise DataFormatError(f"has the gene {shorten(repeated)} twice.", path)
    return genes, counts.astype(np.int64).reshape(len(genes), n_bins, -1)


def _repeats(genes):
    return len(set(genes)) < len(genes)


def _read_expression(path):
    """Return expression by gene; nothing if there is no such file."""
    if not Path(path).is_file():
        return {}
    table = read_number_table(path, 1, separator=",", n_numbers=1)
    wrong = ~(table.numbers[:, 0] >= 0)
    if wrong.any():
        fault = "has expression that is negative or missing."
        raise DataFormatError(fault, path, table.line_of(wrong.argmax()))
    genes = [text.strip('"').split("_")[0] for text in table.text[:, 0]]
    return dict(zip(genes, table.numbers[:, 0].tolist(), strict=True))
