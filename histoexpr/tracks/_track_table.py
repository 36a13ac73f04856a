"""The table of tracks: which file holds which mark of which cell type."""

import difflib
import os
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import is_missing, shorten
from ._text_table import read_text_table

COLUMNS = ("cell", "mark", "file")

# column that a table may have -> names it goes by; Track has a field for each that is read
OPTIONAL_COLUMNS = {
    "control": ("control", "input", "control_file", "input_file"),
    "replicate": ("replicate", "rep"),
    "expression": ("expression", "expression_file", "rna_seq", "rnaseq"),
}


class Track(NamedTuple):
    """One file of a table of tracks, with its control, if it has one."""

    cell: str
    mark: str
    path: Path
    control: Path | None = None
    replicate: str | None = None
    expression: Path | None = None

    @property
    def name(self):
        """Cell and mark, for messages."""
        return f"{self.cell} {self.mark}"


def read_track_table(tracks, *, replicates="refuse", control="subtract"):
    """Return the files of a table of tracks as a list of Track, in its order.

    For what a table may be see :func:`build_dataset`. Missing and unknown columns, missing values
    and files are refused, a cell without a mark, and, unless ``replicates`` is ``"pool"``, several
    files for a cell and mark. With ``control="ignore"`` controls are not looked at.
    """
    source = None
    if isinstance(tracks, str | PathLike):
        source = Path(tracks)
        table = read_text_table(source, lambda names: _find_columns(names, source))
        names, rows = list(table.columns), zip(table.index, table.values, strict=True)
    elif isinstance(tracks, pd.DataFrame):
        places = _find_columns(tracks.columns, None)
        names, values = list(places), tracks.iloc[:, list(places.values())].values
        rows = ((f"row {number}", row) for number, row in enumerate(values))
    else:
        names = [*COLUMNS, "control"]
        rows = ((f"entry {number}", row) for number, row in enumerate(tracks))
    rows = list(rows)
    found = [_as_track(place, row, names, source) for place, row in rows]
    if not found:
        raise _fault("there are no tracks.", source)
    used = found if control != "ignore" else [track._replace(control=None) for track in found]
    _check_files(used, [place for place, _ in rows], source)
    _check_repeated(used, replicates, source)
    _check_controls(used, source)
    if control not in ("subtract", "ignore") and not any(track.control for track in used):
        raise _fault(
            f"control={control!r} has no meaning: no track has a control. Name them in the column "
            "control.",
            source,
        )
    _check_grid(found, source)
    return found


def group_tracks(tracks):
    """Return a dict of cell and mark -> their tracks, of which replicates have several."""
    groups = {}
    for track in tracks:
        groups.setdefault((track.cell, track.mark), []).append(track)
    return groups


def _fault(message, source, line=None):
    return ValueError(message) if source is None else DataFormatError(message, source, line)


def _find_columns(names, source):
    """Return a dict of the columns to read and their places; refuse what is not known."""
    known = {name: name for name in COLUMNS}
    known |= {name: column for column, names in OPTIONAL_COLUMNS.items() for name in names}
    lowered = [str(name).strip().lower() for name in names]
    columns = [known.get(name) for name in lowered]
    # a column without a name has lost nothing that a name would have said
    unknown = [
        name
        for name in lowered
        if name not in known and not name.startswith(("note", "unnamed: ")) and name
    ]
    there = f"there are {', '.join(lowered)}."
    missing = [name for name in COLUMNS if name not in columns]
    repeated = [name for name in dict.fromkeys(columns) if name and columns.count(name) > 1]
    if missing or repeated:
        wrong = missing or repeated
        raise _fault(
            f"columns {'missing' if missing else 'repeated'} in the table of tracks: "
            f"{', '.join(wrong)}. Expected cell, mark and file; {there}{_near(unknown, known)}",
            source,
        )
    if unknown:
        raise _fault(
            f"column {shorten(unknown)} of the table of tracks is not known."
            f"{_near(unknown, known)} Known are {', '.join([*COLUMNS, *OPTIONAL_COLUMNS])}. "
            "Remove the column, or let its name begin with note, and it is not read.",
            source,
        )
    return {column: place for place, column in enumerate(columns) if column}


def _near(unknown, known):
    pairs = [(name, difflib.get_close_matches(name, known, 1)) for name in unknown]
    return "".join(f" Is {name} {near[0]}?" for name, near in pairs if near)


def _as_track(place, row, names, source):
    line = place if source else None
    where = "" if source else f"tracks, {place}: "
    if isinstance(row, str) or not hasattr(row, "__len__") or not 3 <= len(row) <= len(names):
        raise _fault(f"{where}expected (cell, mark, file), got {row!r}.", source, line)
    values = dict(zip(names, row, strict=False))
    values = {n: v.strip() if isinstance(v, str) else v for n, v in values.items()}
    values = {n: None if is_missing(v) else v for n, v in values.items()}
    for name in COLUMNS:
        if values[name] is None:
            raise _fault(f"{where}{name} is empty.", source, line)
    for name, value in values.items():
        if value is not None and not str(value).isprintable():
            raise _fault(f"{where}{name} {str(value)!r} holds control characters.", source, line)
    folder = source.parent if source else Path()
    files = []
    for name in ("file", "control", "expression"):
        file = values.get(name)
        if file is not None and not isinstance(file, str | PathLike):
            raise _fault(f"{where}{name} must be a path, got {file!r}.", source, line)
        files.append(None if file is None else folder / os.path.expanduser(file))
    replicate = values.get("replicate")
    replicate = None if replicate is None else str(replicate)
    path, control, expression = files
    return Track(
        str(values["cell"]), str(values["mark"]), path, control, replicate, expression
    )  # fmt: skip


def _check_files(tracks, places, source):
    for track, place in zip(tracks, places, strict=True):
        line = f"{source}, line {place}: " if source else ""
        of = f"cell {track.cell}, mark {track.mark}"
        others = ("control", track.control), ("expression", track.expression)
        for path, where in (
            (track.path, of),
            *((file, f"{name} of {of}") for name, file in others),
        ):
            if path is None:
                continue
            where = f"{line}{path} ({where})"
            if str(path).startswith(("http:/", "https:/", "ftp:/", "s3:/", "gs:/")):
                raise ValueError(
                    f"{where} is an address. Download it: tracks are read from files."
                )
            if path.is_dir():
                raise IsADirectoryError(f"{where} is a folder, not a track.")
            if not path.exists():
                remedy = "" if path == track.path else " Leave the field empty without one."
                raise FileNotFoundError(f"{where} does not exist.{remedy}")
            if not path.is_file():
                raise OSError(
                    f"{where} is a pipe or device. Write its data to a file, which is read twice."
                )


def _check_repeated(tracks, replicates, source):
    """Refuse replicates unless they are to be pooled, and files that are none."""
    for (cell, mark), group in group_tracks(tracks).items():
        paths = [os.path.realpath(track.path) for track in group]
        if twice := [path for path in paths if paths.count(path) > 1]:
            raise _fault(
                f"{twice[0]} is given twice for cell {cell} and mark {mark}: it would count "
                "twice. Remove one of the lines.",
                source,
            )
        if len(group) > 1 and replicates != "pool":
            number = "two" if len(group) == 2 else len(group)
            raise _fault(
                f"{number} files for cell {cell} and mark {mark}: "
                f"{' and '.join(str(track.path) for track in group[:2])}. Pool replicates with "
                "replicates='pool' (on the command line --replicates pool), which adds reads and "
                "averages signals, or name them as cells of their own.",
                source,
            )


def _check_controls(tracks, source):
    """Refuse controls that are the track itself, and marks of which some cells have controls."""
    for (cell, mark), group in group_tracks(tracks).items():
        paths = [os.path.realpath(track.path) for track in group]
        for track in group:
            if track.control is not None and os.path.realpath(track.control) in paths:
                raise _fault(
                    f"{track.control} is the control of cell {cell} and mark {mark}, and their "
                    "track, too. Give the input as the control.",
                    source,
                )
    for mark in dict.fromkeys(track.mark for track in tracks):
        of_mark = [track for track in tracks if track.mark == mark]
        without = [track.cell for track in of_mark if track.control is None]
        if 0 < len(without) < len(of_mark):
            raise _fault(
                f"mark {mark} has controls in some cells, but none in {shorten(without)}: their "
                "values could not be compared. Give every file of the mark its control, or use "
                "none with control='ignore' (on the command line --control ignore).",
                source,
            )


def _check_grid(tracks, source):
    there = group_tracks(tracks)
    cells, marks = (dict.fromkeys(names) for names in zip(*there, strict=True))
    missing = [f"{cell} {mark}" for cell in cells for mark in marks if (cell, mark) not in there]
    if missing:
        raise _fault(
            f"no file for {shorten(missing, 5)}. Every cell needs every mark: add the file, or "
            "take the cell or the mark out of the table.",
            source,
        )
