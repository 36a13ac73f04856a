"""The table of tracks: which file holds which mark of which cell type."""

from os import PathLike
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import is_missing, shorten
from ._text_table import read_text_table

COLUMNS = ("cell", "mark", "file")


class Track(NamedTuple):
    """One file of a table of tracks."""

    cell: str
    mark: str
    path: Path


def read_track_table(tracks):
    """Return the files of a table of tracks as a list of Track, in its order.

    For what a table may be see :func:`build_dataset`. Missing columns, values and files are
    refused, and two files or none for a cell and mark.
    """
    source = None
    if isinstance(tracks, str | PathLike):
        source = Path(tracks)
        table = read_text_table(source, lambda names: _find_columns(names, source))
        rows = zip(table.index, table.values, strict=True)
    elif isinstance(tracks, pd.DataFrame):
        table = tracks.iloc[:, list(_find_columns(tracks.columns, None).values())]
        rows = ((f"row {number}", row) for number, row in enumerate(table.values))
    else:
        rows = ((f"entry {number}", row) for number, row in enumerate(tracks))
    found = [_as_track(place, row, source) for place, row in rows]
    if not found:
        raise _fault("there are no tracks.", source)
    _check_files(found)
    _check_grid(found, source)
    return found


def _fault(message, source, line=None):
    return ValueError(message) if source is None else DataFormatError(message, source, line)


def _find_columns(names, source):
    names = [str(name).lower() if source else str(name) for name in names]
    for what, wrong in (
        ("missing", [name for name in COLUMNS if name not in names]),
        ("repeated", [name for name in COLUMNS if names.count(name) > 1]),
    ):
        if wrong:
            raise _fault(
                f"columns {what} in the table of tracks: {', '.join(wrong)}. Expected cell, "
                f"mark and file; there are {', '.join(names)}.",
                source,
            )
    return {name: names.index(name) for name in COLUMNS}


def _as_track(place, row, source):
    line = place if source else None
    where = "" if source else f"tracks, {place}: "
    if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != 3:
        raise _fault(f"{where}expected (cell, mark, file), got {row!r}.", source, line)
    for name, value in zip(COLUMNS, row, strict=True):
        if is_missing(value) or not str(value).strip():
            raise _fault(f"{where}{name} is empty.", source, line)
    cell, mark, file = row
    return Track(str(cell), str(mark), source.parent / file if source else Path(file))


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
    paths = {}
    for cell, mark, path in tracks:
        if (cell, mark) in paths:
            raise _fault(
                f"two files for cell {cell} and mark {mark}: {paths[cell, mark]} and {path}. "
                "Merge replicates first, or name them as cells of their own.",
                source,
            )
        paths[cell, mark] = path
    cells, marks = (dict.fromkeys(names) for names in zip(*paths, strict=True))
    missing = [f"{cell} {mark}" for cell in cells for mark in marks if (cell, mark) not in paths]
    if missing:
        raise _fault(
            f"no file for {shorten(missing, 5)}. Every cell needs every mark: add the file, or "
            "take the cell or the mark out of the table.",
            source,
        )
