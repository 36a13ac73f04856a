"""Folders of Chromoformer: a table of genes, and read depth of regions in NumPy files."""

import csv
from pathlib import Path

import numpy as np

from ...exceptions import DataFormatError
from ...utils import check_path, check_positive_int, load_npy, shorten, text_lines
from .._dataset import HistoneDataset
from .._rows import as_names

# In the order of the rows of its arrays
CHROMOFORMER_MARKS = (
    "H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3", "H3K27ac", "H3K9ac",
)  # fmt: skip
_COLUMNS = ("gene_id", "eid", "chrom", "start", "strand")
# Of the published arrays, on either side of the TSS
_REACH = 20000


def load_chromoformer(
    path, *, meta=None, cells=None, marks=None, window=(-5000, 5000), bin_size=100
):
    """Load read depth, labels and expression from a folder in the layout of Chromoformer.

    The folder holds a table of genes (CSV with the columns ``gene_id``, ``eid``, ``chrom``,
    ``start`` and ``strand``, and usually ``label`` and ``expression``), and in it or in a folder
    below the depth of every promoter: ``<chrom>:<start - 20000>-<start + 20000>.npy``, one row per
    mark and one column per bp. With several cells, the files of each are in a folder of its name.

    Parameters
    ----------
    path : str or path-like
        The folder, such as Chromoformer's ``demo``.
    meta : str or path-like, optional
        The table of genes; by default the only one in the folder without a column ``prediction``.
    cells : str or sequence of str, optional
        The cells (``eid``) to load; by default all.
    marks : sequence of str, optional
        Names of the marks in the order of the rows of the arrays, by default Chromoformer's
        H3K4me1, H3K4me3, H3K9me3, H3K27me3, H3K36me3, H3K27ac, H3K9ac.
    window : tuple of two int, default=(-5000, 5000)
        First and last (exclusive) position in bp relative to the TSS, at most 20,000 away.
    bin_size : int, default=100
        Width of a bin in bp.

    Returns
    -------
    HistoneDataset
        ``X`` is the mean depth of each bin, float32, along the genome (``oriented=False``);
        :meth:`HistoneDataset.orient` turns it. ``y`` and ``expression`` are those of the table.
        Its folds and the regions that interact with promoters are not taken.

    Raises
    ------
    DataFormatError
        If the table or an array is damaged or missing, naming the file, line and gene.
    FileNotFoundError
        If ``path`` does not exist.
    ValueError
        If a cell was asked for that is not there, or window or ``marks`` do not fit.

    Notes
    -----
    Chromoformer itself takes ``log(1 + x)`` of the mean depth; networks of histoexpr take
    logarithms themselves.

    References
    ----------
    D. Lee, J. Yang and S. Kim, "Learning the histone codes with large genomic windows and
    three-dimensional chromatin interactions using transformer", Nature Communications 13 (2022).

    Examples
    --------
    A clone of github.com/dohlee/chromoformer has such a folder, with 100 genes::

        data = histoexpr.load_chromoformer("chromoformer/demo").orient()
    """
    path = check_path(path)
    if not path.is_dir():
        raise FileNotFoundError(f"{path} is no folder. Expected one as Chromoformer's demo.")
    bins = _check_bins(window, bin_size)
    marks = CHROMOFORMER_MARKS if marks is None else as_names("marks", marks)
    table = _find_table(path) if meta is None else check_path(meta, name="meta")
    rows = _read_table(table, cells)
    several = len({row["eid"] for _, row in rows}) > 1
    folders = [path, *sorted(folder for folder in path.iterdir() if folder.is_dir())]
    X = np.empty((len(rows), bins.n_bins, len(marks)), dtype=np.float32)
    for number, (line, row) in enumerate(rows):
        file = _find_array(folders, row, several, table, line)
        X[number] = _read_depth(file, len(marks), bins)
    return HistoneDataset(
        X,
        _labels(rows, table),
        cell=[row["eid"] for _, row in rows],
        gene=[row["gene_id"] for _, row in rows],
        chrom=[row["chrom"] for _, row in rows],
        tss=np.array([int(row["start"]) for _, row in rows]),
        strand=[row["strand"] for _, row in rows],
        expression=_numbers(rows, "expression", table),
        marks=marks,
        bin_size=bin_size,
        window=window,
        oriented=False,
        meta={"source": str(path), "counting": "mean depth"},
    )


def is_chromoformer(path):
    """Whether a folder holds a table of genes as Chromoformer's."""
    return path.is_dir() and bool(_tables(path))


class _Bins:
    """A window in whole bins, as columns from the TSS."""

    def __init__(self, start, stop, size):
        self.start, self.stop, self.size = start, stop, size
        self.n_bins = (stop - start) // size


def _check_bins(window, bin_size):
    bin_size = check_positive_int("bin_size", bin_size)
    try:
        start, stop = (int(place) for place in window)
        fits = -_REACH <= start < stop <= _REACH and (stop - start) % bin_size == 0
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(
            f"window must be (start, stop) in bp within ({-_REACH}, {_REACH}), in whole bins of "
            f"{bin_size} bp, got {window!r}."
        )
    return _Bins(start, stop, bin_size)


def _tables(path):
    """Return the tables of genes in a folder, without those of predictions."""
    found = []
    for file in sorted(path.glob("*.csv")):
        with open(file, "rb") as stream:
            names = (
                stream.readline(10_000).decode("utf-8-sig", errors="replace").strip().split(",")
            )
        if set(_COLUMNS) <= set(names) and "prediction" not in names:
            found.append(file)
    return found


def _find_table(path):
    found = _tables(path)
    if len(found) == 1:
        return found[0]
    names = shorten([file.name for file in found]) or "none"
    raise DataFormatError(
        f"needs one table of genes (CSV with {', '.join(_COLUMNS)}); there is {names}. Name it "
        "with meta=.",
        path,
    )


def _read_table(table, cells):
    """Return line number and values by column of every gene of the cells."""
    lines = text_lines(table)
    names = next(csv.reader([next(lines, (1, ""))[1]]), [])
    if not set(_COLUMNS) <= set(names):
        lacking = [name for name in _COLUMNS if name not in names]
        raise DataFormatError(f"lacks the columns {shorten(lacking)}.", table, 1)
    rows = []
    for line, text in lines:
        if not text.strip():
            continue
        values = next(csv.reader([text]), [])
        if len(values) != len(names):
            fault = f"has {len(values)} columns, expected {len(names)}. Is the file cut short?"
            raise DataFormatError(fault, table, line)
        row = dict(zip(names, values, strict=True))
        _check_row(row, table, line)
        rows.append((line, row))
    known = sorted({row["eid"] for _, row in rows})
    cells = known if cells is None else as_names("cells", cells)
    unknown = [cell for cell in cells if cell not in known]
    if unknown:
        raise ValueError(
            f"There is no cell {shorten(unknown)} in {table}; it has {shorten(known)}."
        )
    if not rows:
        raise DataFormatError("holds no genes.", table)
    return [(line, row) for line, row in rows if row["eid"] in cells]


def _check_row(row, table, line):
    if not (row["start"].isascii() and row["start"].isdigit() and len(row["start"]) <= 12):
        fault = f"start is {row['start'][:40]!r}; expected a position in bp."
        raise DataFormatError(fault, table, line)
    if row["strand"] not in ("+", "-", "."):
        fault = f"strand is {row['strand'][:40]!r}; expected +, - or '.'."
        raise DataFormatError(fault, table, line)
    if not row["gene_id"] or not row["eid"]:
        raise DataFormatError("lacks gene_id or eid.", table, line)
    if any("/" in row[name] or "\\" in row[name] for name in ("eid", "chrom")):
        raise DataFormatError("has an eid or chrom with a slash.", table, line)


def _find_array(folders, row, several, table, line):
    """Return the file with the depth around the TSS of a gene."""
    tss = int(row["start"])
    name = f"{row['chrom']}:{tss - _REACH}-{tss + _REACH}.npy"
    places = [folder / row["eid"] / name for folder in folders]
    places += [folder / name for folder in folders if not several or folder.name == row["eid"]]
    for place in places:
        if place.is_file():
            return place
    raise DataFormatError(
        f"gene {row['gene_id']} of cell {row['eid']} has no file {name} in {folders[0]} or a "
        "folder below.",
        table,
        line,
    )


def _read_depth(file, n_marks, bins):
    """Return the mean depth (n_bins, n_marks); only the window is read."""
    depth = load_npy(Path(file), mmap_mode="r", remedy="Get it again.")
    if depth.shape != (n_marks, 2 * _REACH) or depth.dtype.kind not in "iuf":
        raise DataFormatError(
            f"has the shape {depth.shape} and type {depth.dtype}; expected numbers of {n_marks} "
            f"marks at {2 * _REACH} bp. Name the marks of its rows with marks=.",
            file,
        )
    part = depth[:, _REACH + bins.start : _REACH + bins.stop].astype(np.float32)
    if not (part >= 0).all() or np.isinf(part).any():
        mark = int((~(part >= 0) | np.isinf(part)).any(axis=1).argmax())
        raise DataFormatError(
            f"has a depth that is negative or not a number in row {mark + 1}. Get it again.", file
        )
    return part.reshape(n_marks, bins.n_bins, bins.size).mean(axis=2).T


def _labels(rows, table):
    values = _numbers(rows, "label", table)
    if values is None:
        return None
    for (line, _), value in zip(rows, values, strict=True):
        if value not in (0, 1):
            raise DataFormatError(f"label is {value:g}; expected 0 or 1.", table, line)
    return values.astype(np.int8)


def _numbers(rows, name, table):
    """Return a column of numbers, None if no gene has one."""
    if not all(row.get(name) for _, row in rows):
        return None
    found = []
    for line, row in rows:
        try:
            found.append(float(row[name]))
        except ValueError as error:
            fault = f"{name} is {row[name][:40]!r}; expected a number."
            raise DataFormatError(fault, table, line) from error
    return np.array(found)
