"""Data sets in the CSV layout of the DeepChrome benchmark."""

import os
from functools import partial
from pathlib import Path

import numpy as np

from ...exceptions import DataFormatError
from ...utils import check_marks, check_path, shorten
from .._dataset import HistoneDataset
from .._rows import as_names
from ._cache import load_cached, stack
from ._parse import common_dtype
from ._sources import LAYOUT, find_files, is_archive, read_archive, read_files

# In the order of the benchmark's columns
DEEPCHROME_MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")


def load_deepchrome(path, cells=None, splits=None, marks=None, cache=True):
    r"""Load read counts and labels in the CSV layout of the DeepChrome benchmark.

    The layout is ``<cell>/classification/{train,valid,test}.csv`` without header lines. A line
    holds a gene, a bin number, one count per mark and the label (0 or 1). A gene has one line per
    bin, in order from 1. All files have the same number of bins and marks.

    Parameters
    ----------
    path : str or path-like
        A folder of cells, the folder of one cell, its ``classification`` folder, a ``.tar`` or
        ``.tar.gz`` of such folders, which is not unpacked, or one ``.csv`` file.
    cells : str or sequence of str, optional
        The cells to load; by default all. For a ``classification`` folder, an archive of one, or
        a file, a single name names the cell, by default after the folder above or the archive.
    splits : str or sequence of str, optional
        ``"train"``, ``"valid"``, ``"test"``; by default all. Other files are not read.
    marks : sequence of str, optional
        Names of the marks, in the order of their columns. By default, five are the benchmark's
        H3K27me3, H3K36me3, H3K4me1, H3K4me3 and H3K9me3, any other number ``mark1`` ...
    cache : bool, default=True
        Keep what was read for the next time, in the folder that the environment variable
        ``HISTOEXPR_CACHE`` names or else in the user's cache folder (``~/.cache/histoexpr`` on
        Linux). It is renewed when a file changes and may be deleted at any time. ``X`` is then a
        read-only memory map, else an array in memory.

    Returns
    -------
    HistoneDataset
        With ``cell``, ``gene`` (text as in the file), ``split`` (if files are named after one) and
        ``y`` (int8), ordered by cell, then train, valid, test, then as in the file. ``X`` has the
        smallest unsigned integer type that holds all counts, float32 if any is not whole.

    Warns
    -----
    HistoexprWarning
        If a gene is repeated in a file with the same counts and label: it is kept once.

    Raises
    ------
    DataFormatError
        If no file is in this layout or one departs from it, naming file and line, or if an
        archive is damaged or holds an unsafe member.
    FileNotFoundError
        If ``path`` does not exist.
    ValueError
        If a cell, split or number of marks was asked for that is not there.

    Notes
    -----
    Bins are taken to be 100 bp wide, centred on the TSS and to run along the genome
    (``oriented=False``), as those of the benchmark: the layout does not say. Many of the
    published labels are wrong, because expression was compared with its median as text.

    References
    ----------
    R. Singh et al., "DeepChrome: deep-learning for predicting gene expression from histone
    modifications", Bioinformatics 32 (2016).

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from histoexpr.datasets import load_deepchrome
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "E003", "classification", "train.csv")
    ...     file.parent.mkdir(parents=True)
    ...     _ = file.write_text("000003,1,0,7,0\n000003,2,1,300,0\n")
    ...     data = load_deepchrome(folder, cache=False)
    >>> data.X
    array([[[  0,   7],
            [  1, 300]]], dtype=uint16)
    >>> data.gene, data.cell, data.split
    (array(['000003'], dtype='<U6'), array(['E003'], dtype='<U4'), array(['train'], dtype='<U5'))
    """
    path = Path(os.path.abspath(check_path(path)))
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist. Expected a folder with {LAYOUT}.")
    cells, splits, marks = (
        None if names is None else as_names(parameter, names)
        for names, parameter in ((cells, "cells"), (splits, "splits"), (marks, "marks"))
    )
    if is_archive(path):
        sources, read = [path], partial(read_archive, path, cells, splits)
    else:
        files = find_files(path, cells, splits)
        sources, read = list(files.values()), partial(read_files, files)

    def build(scratch):
        return _join(read(scratch), path, scratch)

    request = [str(path), sorted(set(cells or [])), sorted(set(splits or []))]
    data = load_cached(request, sources, build) if cache else build(None)
    if marks is None:
        return data
    if len(marks) != data.n_marks:
        names = f"{len(marks)} names ({shorten(marks)})"
        raise ValueError(f"marks holds {names}, but {path} has counts of {data.n_marks} marks.")
    return data.replace(marks=marks)


def _join(parts, path, scratch):
    """Join the files of one or more cells and check them against each other."""
    seen = {}
    first = next(iter(parts.values()))
    for (cell, _), part in parts.items():
        _check_shape(part, first)
        _check_genes(part, seen.setdefault(cell, []), cell)
        seen[cell].append(part)
    arrays = [part.X for part in parts.values()]
    sizes = [len(array) for array in arrays]
    cell, split = (np.repeat(np.array(names), sizes) for names in zip(*parts, strict=True))
    return HistoneDataset(
        arrays[0] if len(arrays) == 1 else stack(arrays, common_dtype(arrays), scratch),
        np.concatenate([part.y for part in parts.values()]),
        cell=cell,
        gene=np.concatenate([part.genes for part in parts.values()]),
        split=None if None in split else split,
        marks=_mark_names(first.X.shape[2]),
        oriented=False,
        meta={"source": str(path)},
    )


def _mark_names(n_marks):
    """Return the benchmark's names for its number of marks, numbers for another."""
    return DEEPCHROME_MARKS if n_marks == len(DEEPCHROME_MARKS) else check_marks(None, n_marks)


def _check_shape(part, first):
    (n_bins, n_marks), expected = part.X.shape[1:], first.X.shape[1:]
    if (n_bins, n_marks) != expected:
        raise DataFormatError(
            f"{n_bins} bins a gene and counts of {n_marks} marks, but {first.name} has "
            f"{expected[0]} bins and {expected[1]} marks. All files must have the same.",
            part.name,
            1 if n_marks != expected[1] else min(n_bins, expected[0] + 1),
        )


def _check_genes(part, above, cell):
    for other in above:
        repeated = set(part.genes.tolist()) & set(other.genes.tolist())
        if not repeated:
            continue
        index = np.isin(part.genes, list(repeated)).argmax()
        gene = part.genes[index]
        line = other.line_of(np.flatnonzero(other.genes == gene)[0])
        fault = f"gene {gene} of cell {cell} is in {other.name}, line {line} already."
        raise DataFormatError(fault, part.name, part.line_of(index))
