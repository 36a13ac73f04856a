"""A data set as a folder: arrays that can be memory-mapped, and a description."""

import numpy as np

from ..exceptions import DataFormatError
from ..utils import atomic_folder, check_path, read_json, shorten, write_json
from ._columns import COLUMNS

_FORMAT, _VERSION = "histoexpr.HistoneDataset", 1
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
    with atomic_folder(path, overwrite=overwrite) as folder:
        try:
            write_json(folder / "dataset.json", head)
        except TypeError as error:
            fault = f"meta cannot be written as JSON ({error}). Leave that value out."
            raise ValueError(fault) from error
        np.save(folder / "X.npy", dataset.X)
        for name in columns:
            np.save(folder / f"{name}.npy", getattr(dataset, name), allow_pickle=False)


def load_dataset(cls, path, *, mmap):
    """Read the folder; see :meth:`HistoneDataset.load`."""
    path = check_path(path)
    head = read_json(path / "dataset.json", _KEYS, remedy=_FOREIGN)
    _check_head(head, path / "dataset.json")
    arrays = {}
    for name in ["X", *head["columns"]]:
        file, mode = path / f"{name}.npy", "r" if mmap and name == "X" else None
        try:
            arrays[name] = np.load(file, mmap_mode=mode, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DataFormatError(f"cannot be read ({error}). {_DAMAGED}", file) from error
    if len(arrays["X"]) != head["n_samples"]:
        raise DataFormatError(
            f"X has {len(arrays['X'])} samples, dataset.json says {head['n_samples']}.", path
        )
    named = {key: head[key] for key in ("marks", "bin_size", "window", "meta")}
    try:
        return cls(**arrays, **named)
    except (TypeError, ValueError) as error:
        raise DataFormatError(f"{error} {_DAMAGED}", path) from error


def _check_head(head, path):
    version = head["version"]
    if head["format"] != _FORMAT:
        raise DataFormatError(_FOREIGN, path)
    if not isinstance(version, int):
        raise DataFormatError(f"has version {version!r}. {_DAMAGED}", path)
    if version > _VERSION:
        known = f"format {version}; this one reads up to {_VERSION}"
        raise DataFormatError(f"written by a newer histoexpr ({known}). Upgrade it.", path)
    if not set(head["columns"]) <= set(COLUMNS):  # they become names of files
        raise DataFormatError(_DAMAGED, path)
