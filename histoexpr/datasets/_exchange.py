"""What a data set states beside its arrays, written into and read from containers of others.

Those of anndata and xarray keep text, numbers and arrays in any of their files; ``meta`` is nested
and goes as JSON text.
"""

import json

import numpy as np

from ..exceptions import DataFormatError
from ..utils import to_json
from ._columns import COLUMNS
from ._dataset import HistoneDataset

_WORDS = {True: "along transcription", False: "along the genome", None: "unknown"}
_ORIENTED = {word: value for value, word in _WORDS.items()}


def describe_data(data):
    """Return bin size, window, orientation and ``meta`` as numbers and text."""
    try:
        meta = json.dumps(to_json(data.meta), allow_nan=False, ensure_ascii=False)
    except TypeError as error:
        raise ValueError(
            f"meta cannot be written as JSON ({error}). Leave that value out."
        ) from error
    return {
        "bin_size": int(data.bin_size),
        "window": np.array(data.window, dtype=np.int64),
        "oriented": _WORDS[data.oriented],
        "meta": meta,
    }


def read_description(found, where):
    """Return what :func:`describe_data` wrote, as parameters of a data set; {} without it.

    ``found`` is a mapping, ``where`` what messages call it.
    """
    if not {"bin_size", "window", "oriented", "meta"} <= set(found):
        return {}
    try:
        start, stop = np.asarray(found["window"]).tolist()
        return {
            "bin_size": int(found["bin_size"]),
            "window": (start, stop),
            "oriented": _ORIENTED[str(found["oriented"])],
            "meta": json.loads(str(found["meta"])),
        }
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise DataFormatError(
            f"{where} is not what histoexpr wrote ({type(error).__name__}: {error}). Remove "
            "bin_size, window, oriented and meta there, and pass bin_size and window."
        ) from error


def find_window(position, known, bin_size, window, where):
    """Return the parameters ``bin_size`` and ``window`` of a data set, those that are known.

    ``position`` are the centres of the bins in bp from the TSS, or None; ``known`` is what
    :func:`read_description` returned; ``bin_size`` and ``window`` are what the caller was given.
    Positions that are not evenly spaced, or not as the bin size says, are refused.
    """
    bin_size = known.get("bin_size") if bin_size is None else bin_size
    if position is None or window is not None:
        window = known.get("window") if window is None else window
        given = {"bin_size": bin_size, "window": window}
        return {name: value for name, value in given.items() if value is not None}
    position = _check_position(position, where)
    steps = np.unique(np.diff(position))
    if bin_size is None and len(steps) == 0:
        raise ValueError(f"{where} has one bin, which does not say its width: pass bin_size.")
    bin_size = steps[0] if bin_size is None else bin_size
    even = all(step == bin_size for step in steps)
    if not even or bin_size < 1 or bin_size != int(bin_size):
        raise ValueError(
            f"{where} has bins at {position[:4].tolist()} ... bp; expected centres of bins of one "
            f"whole width ({bin_size:g} bp) without gaps, upwards. Sort the bins and keep a "
            "continuous part of them."
        )
    start = position[0] - bin_size / 2
    if start != int(start):
        raise ValueError(
            f"{where} has its first bin at {position[0]:g} bp, so bins of {bin_size:g} bp begin "
            "between two bp. Give the centres of the bins, or pass window=(start, stop)."
        )
    start, bin_size = int(start), int(bin_size)
    return {"bin_size": bin_size, "window": (start, start + len(position) * bin_size)}


def _check_position(position, where):
    try:
        position = np.asarray(position, dtype=np.float64)
        finite = np.isfinite(position).all()
    except (TypeError, ValueError):
        finite = False
    if not finite:
        raise ValueError(f"{where} has a position that is not a number; expected bp from the TSS.")
    return position


def join_parts(X, columns, cell, where, **parts):
    """Return the data set of signals, columns by name and the other parameters.

    ``cell`` names the cell type of all samples where there is no column of that name.
    """
    columns = {name: values for name, values in columns.items() if name in COLUMNS}
    if "cell" in columns and cell is not None:
        raise ValueError(f"cell was given, but {where} has a column cell. Leave one of them out.")
    if "cell" not in columns:
        if not isinstance(cell, str) or not cell:
            raise ValueError(
                f"{where} has no column cell. Add it, or pass cell='E003', the one cell type of "
                "all samples."
            )
        columns["cell"] = np.full(len(X), cell)
    data = HistoneDataset(X, **columns, **parts)
    if X.dtype.kind == data.X.dtype.kind == "u" and data.X.dtype != X.dtype:
        data.X = X  # of a data set that kept a wider type than its counts need
    return data
