"""Files of the DeepChrome layout, found and read in folders and archives."""

import warnings
from pathlib import PurePosixPath

from ...exceptions import DataFormatError, HistoexprWarning
from ...utils import shorten
from ._archives import iter_members
from ._cache import stack
from ._parse import parse_counts

SPLITS = ("train", "valid", "test")
FOLDER = "classification"
LAYOUT = f"<cell>/{FOLDER}/train.csv, valid.csv, test.csv"
_ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar")


def is_archive(path):
    """Whether a path is a file named as a tar archive."""
    return path.is_file() and path.name.lower().endswith(_ARCHIVE_SUFFIXES)


def find_files(path, cells, splits):
    """Return the files to read as {(cell, split): path}, in order of cell and split."""
    if not path.is_dir():
        if path.suffix.lower() != ".csv":
            expected = f"a folder with {LAYOUT}, a .tar or .tar.gz of it, or a .csv file"
            raise DataFormatError(f"expected {expected}.", path)
        split = path.stem if path.stem in SPLITS else None
        return _choose({(_name_cell(path.parent, cells), split): path}, cells, splits, path)
    below = {child.name: child / FOLDER for child in path.iterdir()}
    if _files_within(path):
        folders = {_name_cell(path, cells): path}
        _warn_of_others(path, path, [path / FOLDER, *below.values()])
    elif _files_within(path / FOLDER):
        folders = {path.name: path / FOLDER}
        _warn_of_others(path, path / FOLDER, below.values())
    else:
        folders = below
    files = {
        (cell, split): file
        for cell, folder in folders.items()
        for split, file in _files_within(folder).items()
    }
    if not files:
        _raise_no_files(path, sorted(child.name for child in path.iterdir()))
    return _choose(files, cells, splits, path)


def _files_within(folder):
    files = {split: folder / f"{split}.csv" for split in SPLITS}
    return {split: file for split, file in files.items() if file.is_file()}


def _warn_of_others(path, chosen, others):
    """Say which folder is read where there are files in several below a path.

    They are not joined: of one cell and of several they may hold the same genes twice.
    """
    others = sorted({str(folder) for folder in others if _files_within(folder)})
    if others:
        warnings.warn(
            f"{path}: read from {chosen} alone; there are files in {shorten(others, 3)}, too. "
            "Give the folder that is meant.",
            HistoexprWarning,
            stacklevel=4,
        )


def _name_cell(folder, cells):
    """Name the cell whose files are in ``folder``."""
    if cells is not None and len(set(cells)) == 1:
        return cells[0]
    return folder.parent.name if folder.name == FOLDER else folder.name


def _raise_no_files(path, content):
    content = f"it holds {shorten(content)}" if content else "it is empty"
    if meant := _data_below(path):
        content += f". Of what lies below, {shorten(meant)} can be read: give one of them"
    raise DataFormatError(f"no file in the layout {LAYOUT}; {content}.", path)


def _data_below(path):
    """Return the folders in a folder that hold data sets, saved or in this layout."""
    folders = sorted(child for child in path.iterdir() if child.is_dir()) if path.is_dir() else []
    return [
        folder
        for folder in folders
        if (folder / "dataset.json").is_file()
        or any(_files_within(child / FOLDER) for child in folder.iterdir())
    ]


def _choose(found, cells, splits, path):
    """Return the wanted part of ``{(cell, split): anything}`` in order, or say what is there."""
    there = {cell for cell, _ in found}, {split for _, split in found if split}
    for wanted, known, what in zip((cells, splits), there, ("cell", "split"), strict=True):
        unknown = set(wanted or ()) - known
        if unknown:
            known = f"there are {shorten(sorted(known))}" if known else "there is none"
            raise ValueError(f"No {what} {shorten(sorted(unknown))} in {path}; {known}.")
    for cell in cells or sorted(there[0]):
        for split in splits or ():
            if (cell, split) not in found:
                raise ValueError(f"Cell {cell} has no {split}.csv in {path}.")
    order = sorted(found, key=lambda key: (key[0], (None, *SPLITS).index(key[1])))
    return {key: found[key] for key in order if _is_wanted(key, cells, splits)}


def _is_wanted(key, cells, splits):
    return (cells is None or key[0] in cells) and (splits is None or key[1] in splits)


def read_files(files, scratch):
    """Read files given as {(cell, split): path}; arrays go to the folder ``scratch`` if any."""
    parts = {}
    for key, file in files.items():
        with file.open("rb") as handle:
            part = parse_counts(handle, str(file))
        parts[key] = part._replace(X=stack([part.X], part.X.dtype, scratch))
    return parts


def read_archive(path, cells, splits, scratch):
    """Read the wanted members on the way through; what is there is known at the end only."""
    found, parts, others = {}, {}, []
    for member in iter_members(path):
        key = _classify(member.name, path, cells)
        if key is None:
            others.append(member.name)
            continue
        if key in found:
            names = f"{found[key]} and {member.name}"
            raise DataFormatError(f"holds {key[1]}.csv of cell {key[0]} twice: {names}.", path)
        found[key] = member.name
        if _is_wanted(key, cells, splits):
            part = parse_counts(member, member.label)
            parts[key] = part._replace(X=stack([part.X], part.X.dtype, scratch))
    if not found:
        _raise_no_files(path, others)
    return {key: parts[key] for key in _choose(found, cells, splits, path)}


def _classify(name, path, cells):
    """Cell and split of a member of an archive, or None if it is not of the layout."""
    name = PurePosixPath(name)
    if name.suffix != ".csv" or name.stem not in SPLITS or name.parent.name != FOLDER:
        return None
    cell = name.parent.parent.name
    if not cell:
        suffix = next(s for s in _ARCHIVE_SUFFIXES if path.name.lower().endswith(s))
        cell = _name_cell(path.with_name(path.name[: -len(suffix)] or FOLDER), cells)
    return cell, name.stem
