"""A data set as a folder: arrays that can be memory-mapped, and a description."""

import json
from pathlib import Path

import numpy as np

from ..exceptions import DataFormatError
from ..utils import atomic_folder, shorten
from ._columns import COLUMNS

FORMAT, FORMAT_VERSION = "histoexpr.HistoneDataset", 1


def check_target(path, *, overwrite):
    """Raise FileExistsError unless a data set may be saved as a folder.

    Parameters
    ----------
    path : pathlib.Path
    overwrite : bool
        Whether a saved data set may be replaced; anything else never is.
    """
    if not path.exists():
        return
    if not overwrite:
        raise FileExistsError(f"{path} exists. Choose another name or ask to overwrite it.")
    try:
        head = json.loads((path / "dataset.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise FileExistsError(f"{path} exists and is not a saved data set; not replaced.")
    ours = {"dataset.json", "X.npy", *(f"{name}.npy" for name in COLUMNS)}
    foreign = sorted({entry.name for entry in path.iterdir()} - ours)
    if foreign:
        raise FileExistsError(
            f"{path} holds {shorten(foreign)} beside a saved data set; not replaced. Move it away."
        )


def save_dataset(dataset, path, *, overwrite):
    """Write the folder; see :meth:`HistoneDataset.save`."""
    path = Path(path)
    check_target(path, overwrite=overwrite)
    columns = [name for name in COLUMNS if getattr(dataset, name) is not None]
    head = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "marks": list(dataset.marks),
        "bin_size": dataset.bin_size,
        "window": list(dataset.window),
        "columns": columns,
        "n_samples": dataset.n_samples,
        "meta": dataset.meta,
    }
    text = json.dumps(head, indent=1, default=_plain)
    with atomic_folder(path, overwrite=overwrite) as folder:
        np.save(folder / "X.npy", dataset.X)
        for name in columns:
            np.save(folder / f"{name}.npy", getattr(dataset, name), allow_pickle=False)
        (folder / "dataset.json").write_text(text + "\n", encoding="utf-8")


def _plain(value):
    """Turn numpy's numbers and arrays into what JSON holds."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise ValueError(f"meta holds {value!r}, which cannot be written as JSON. Leave it out.")


def load_dataset(cls, path, *, mmap):
    """Read the folder; see :meth:`HistoneDataset.load`."""
    path = Path(path)
    try:
        head = json.loads((path / "dataset.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataFormatError(
            f"not a saved HistoneDataset: dataset.json cannot be read ({error}). Name the folder "
            "that HistoneDataset.save or histoexpr build wrote.",
            path,
        ) from error
    _check_head(head, path)
    arrays = {}
    for name in ["X", *head["columns"]]:
        mode = "r" if mmap and name == "X" else None
        try:
            arrays[name] = np.load(path / f"{name}.npy", mmap_mode=mode, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DataFormatError(
                f"cannot be read ({error}). The data set is damaged: build it again.",
                path / f"{name}.npy",
            ) from error
    if len(arrays["X"]) != head["n_samples"]:
        raise DataFormatError(
            f"X has {len(arrays['X'])} samples, dataset.json says {head['n_samples']}.", path
        )
    named = {key: head[key] for key in ("marks", "bin_size", "window", "meta")}
    try:
        return cls(**arrays, **named)
    except (TypeError, ValueError) as error:
        raise DataFormatError(f"{error} The data set is damaged: build it again.", path) from error


def _check_head(head, path):
    path = path / "dataset.json"
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise DataFormatError(
            "not a saved HistoneDataset. Name the folder that HistoneDataset.save or histoexpr "
            "build wrote.",
            path,
        )
    version = head.get("version")
    if not isinstance(version, int):
        raise DataFormatError(f"has version {version!r}: it is damaged.", path)
    if version > FORMAT_VERSION:
        raise DataFormatError(
            f"written by a newer histoexpr (format {version}; this one reads up to "
            f"{FORMAT_VERSION}). Upgrade histoexpr.",
            path,
        )
    needed = {"version", "marks", "bin_size", "window", "columns", "n_samples", "meta"}
    # names of columns become names of files
    if not needed <= set(head) or not set(head["columns"]) <= set(COLUMNS):
        raise DataFormatError("is damaged: build the data set again.", path)
