"""A data set as a folder: arrays that can be memory-mapped, and a description."""

import warnings

import numpy as np

from ..exceptions import DataFormatError, HistoexprWarning
from ..utils import (
    atomic_folder,
    check_crc,
    check_path,
    crc_of_file,
    load_npy,
    read_json,
    read_sealed,
    shorten,
    write_sealed,
)
from ._columns import COLUMNS
from ._orientation import oriented_of_meta

_FORMAT, _VERSION = "histoexpr.HistoneDataset", 2
_KEYS = ("format", "version", "marks", "bin_size", "window", "columns", "n_samples", "meta")
_DAMAGED = "The data set is damaged: build it again."
_FOREIGN = (
    "This is not a saved HistoneDataset, or a damaged one: name the folder that "
    "HistoneDataset.save or histoexpr build wrote."
)


def check_target(path, *, overwrite):
    """Raise FileExistsError unless a data set may be saved as a folder.

    With ``overwrite``, a saved data set may be replaced; anything else never is.
    """
    if not path.exists():
        return
    if not overwrite:
        raise FileExistsError(f"{path} exists. Choose another name or ask to overwrite it.")
    try:
        known = read_json(path / "dataset.json", ["format"])["format"] == _FORMAT
    except DataFormatError:
        known = False
    if not known:
        raise FileExistsError(f"{path} exists and is not a saved data set; not replaced.")
    ours = {"dataset.json", "X.npy", *(f"{name}.npy" for name in COLUMNS)}
    foreign = sorted({entry.name for entry in path.iterdir()} - ours)
    if foreign:
        raise FileExistsError(
            f"{path} holds {shorten(foreign)} beside a saved data set; not replaced. Move it away."
        )


def save_dataset(dataset, path, *, overwrite):
    """Write the folder; see :meth:`HistoneDataset.save`."""
    path = check_path(path)
    check_target(path, overwrite=overwrite)
    # Labels first, as in folders written before there was a sample table
    columns = sorted(dataset._samples, key=lambda name: name != "y")
    own = {"format": _FORMAT, "version": _VERSION, "columns": columns}
    head = {key: own[key] if key in own else getattr(dataset, key) for key in _KEYS}
    head["oriented"] = dataset.oriented
    with atomic_folder(path, overwrite=overwrite) as folder:
        np.save(folder / "X.npy", dataset.X)
        for name in columns:
            np.save(folder / f"{name}.npy", getattr(dataset, name), allow_pickle=False)
        files = {file.name: crc_of_file(file) for file in sorted(folder.iterdir())}
        try:
            write_sealed(folder / "dataset.json", head | {"files": files})
        except TypeError as error:
            fault = f"meta cannot be written as JSON ({error}). Leave that value out."
            raise ValueError(fault) from error


def load_dataset(cls, path, *, mmap, verify=True):
    """Read the folder; see :meth:`HistoneDataset.load`."""
    path = check_path(path)
    head = _read_head(path / "dataset.json")
    arrays = {}
    for name in ["X", *head["columns"]]:
        file = path / f"{name}.npy"
        # a column is small, and read as a whole
        if head["files"] is not None and (verify or name != "X"):
            check_crc(file, head["files"][file.name], _DAMAGED)
        arrays[name] = load_npy(
            file, mmap_mode="r" if mmap and name == "X" else None, remedy=_DAMAGED
        )
    if len(arrays["X"]) != head["n_samples"]:
        raise DataFormatError(
            f"X has {len(arrays['X'])} samples, dataset.json says {head['n_samples']}.", path
        )
    named = {key: head[key] for key in ("marks", "bin_size", "window", "meta")}
    try:
        named["oriented"] = _find_oriented(head)
        return cls(**arrays, **named)
    except (TypeError, ValueError) as error:
        raise DataFormatError(f"{error} {_DAMAGED}", path) from error


def _find_oriented(head):
    """Return the orientation, in a folder of an earlier version from how it was built."""
    if "oriented" in head:
        return head["oriented"]
    return oriented_of_meta(head["meta"]) if isinstance(head["meta"], dict) else None


def _read_head(path):
    """Return the description, with the checksums of the files, None in one of version 1."""
    head = read_json(path, _KEYS, remedy=_FOREIGN)
    _check_head(head, path)
    if "checksum" in head or "files" in head or head["version"] > 1:
        head = read_sealed(path, _DAMAGED)
        if not {f"{name}.npy" for name in ["X", *head["columns"]]} <= set(head.get("files", ())):
            raise DataFormatError(f"lacks checksums of some files. {_DAMAGED}", path)
        return head
    warnings.warn(
        f"{path.parent} was saved by an earlier version, without checksums: damage would not be "
        "seen. Save it again: HistoneDataset.load(path).save(new_path).",
        HistoexprWarning,
        stacklevel=5,
    )
    return head | {"files": None}


def _check_head(head, path):
    version = head["version"]
    if head["format"] != _FORMAT:
        raise DataFormatError(_FOREIGN, path)
    if not isinstance(version, int):
        raise DataFormatError(f"has version {version!r}. {_DAMAGED}", path)
    if version > _VERSION:
        known = f"format {version}; this one reads up to {_VERSION}"
        raise DataFormatError(f"written by a newer histoexpr ({known}). Upgrade it.", path)
    columns = head["columns"]
    if not (isinstance(columns, list) and all(name in COLUMNS for name in columns)):
        # they become names of files
        raise DataFormatError(_DAMAGED, path)
