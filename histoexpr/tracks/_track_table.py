"""The table that says which file holds which mark of which cell type."""

import csv
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from ..exceptions import DataFormatError
from ..utils import text_lines

COLUMNS = ("cell", "mark", "file")


class Track(NamedTuple):
    """One file of a table of tracks."""

    cell: str
    mark: str
    path: Path


def read_track_table(tracks):
    """Read the table that says which file holds which mark of which cell type.

    Parameters
    ----------
    tracks : str, path-like, DataFrame or sequence
        A tab- or comma-separated file or a pandas DataFrame with columns ``cell``,
        ``mark`` and ``file``, or a sequence of ``(cell, mark, file)``. Relative paths in
        a file are relative to its folder.

    Returns
    -------
    list of Track
        In the order of the table.

    Raises
    ------
    DataFormatError, ValueError
        If columns or values are missing, two files are given for one cell and mark, or
        a cell lacks a mark that another one has.
    FileNotFoundError
        If a track does not exist.
    """
    source = None
    if isinstance(tracks, str | PathLike):
        source = Path(tracks)
        rows = list(_rows_of_file(source))
    elif hasattr(tracks, "columns"):
        _check_columns(tracks.columns, None)
        rows = [
            (f"row {row}", values)
            for row, values in enumerate(zip(*(tracks[c] for c in COLUMNS), strict=True))
        ]
    elif isinstance(tracks, Iterable):
        rows = [(f"entry {number}", row) for number, row in enumerate(tracks)]
    else:
        raise TypeError(
            "tracks must be a file, a DataFrame or a sequence of (cell, mark, file), got "
            f"{type(tracks).__name__}."
        )
    found = [_as_track(where, row, source) for where, row in rows]
    if not found:
        raise _fault("there are no tracks.", source)
    _check_files(found)
    _check_grid(found, source)
    return found


def _fault(message, source, line=None):
    return ValueError(message) if source is None else DataFormatError(message, source, line)


def _rows_of_file(path):
    lines = [(n, text) for n, text in text_lines(path) if text.strip() and text[0] != "#"]
    if not lines:
        raise DataFormatError("the table of tracks is empty.", path)
    delimiter = "\t" if "\t" in lines[0][1] else ","
    table = csv.reader((text for _, text in lines), delimiter=delimiter)
    header = [name.strip().lower() for name in next(table)]
    _check_columns(header, path)
    places = [header.index(name) for name in COLUMNS]
    for (number, _), fields in zip(lines[1:], table, strict=True):
        if len(fields) <= max(places):
            raise DataFormatError(
                f"{len(fields)} fields, but the header has {len(header)}.", path, number
            )
        cell, mark, file = (fields[place].strip() for place in places)
        yield number, (cell, mark, path.parent / file if file else "")


def _check_columns(names, path):
    names = [str(name) for name in names]
    for what in ("missing", "repeated"):
        wrong = [
            c for c in COLUMNS if (names.count(c) < 1 if what == "missing" else names.count(c) > 1)
        ]
        if wrong:
            raise _fault(
                f"columns {what} in the table of tracks: {', '.join(wrong)}. Expected cell, "
                f"mark and file; there are {', '.join(names)}.",
                path,
            )


def _as_track(where, row, source):
    line = where if isinstance(where, int) else None
    place = "" if line else f"tracks, {where}: "
    if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != 3:
        raise _fault(f"{place}expected (cell, mark, file), got {row!r}.", source, line)
    for name, value in zip(COLUMNS, row, strict=True):
        # a missing value of pandas differs from itself
        if value is None or value != value or not str(value).strip():
            raise _fault(f"{place}{name} is empty.", source, line)
    cell, mark, file = row
    return Track(str(cell), str(mark), Path(file))


def _check_files(tracks):
    for track in tracks:
        where = f"{track.path} (cell {track.cell}, mark {track.mark})"
        if str(track.path).startswith(("http:/", "https:/", "ftp:/", "s3:/")):
            raise ValueError(f"{where} is an address. Download it: tracks are read from files.")
        if track.path.is_dir():
            raise IsADirectoryError(f"{where} is a folder, not a track.")
        if not track.path.exists():
            raise FileNotFoundError(f"{where} does not exist.")


def _check_grid(tracks, source):
    files = {}
    for track in tracks:
        pair = track.cell, track.mark
        if pair in files:
            raise _fault(
                f"two files for cell {track.cell} and mark {track.mark}: {files[pair]} and "
                f"{track.path}. Merge replicates first, or name them as cells of their own.",
                source,
            )
        files[pair] = track.path
    cells = list(dict.fromkeys(track.cell for track in tracks))
    marks = list(dict.fromkeys(track.mark for track in tracks))
    missing = [f"{cell} {mark}" for cell in cells for mark in marks if (cell, mark) not in files]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise _fault(
            f"no file for {', '.join(missing[:5])}{more}. Every cell needs every mark: add the "
            "file, or take the cell or the mark out of the table.",
            source,
        )
