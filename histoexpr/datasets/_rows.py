"""Choosing and joining the rows of data sets."""

import numpy as np

from ..utils import shorten
from ._columns import COLUMNS, as_names, as_slice


def find_selection(dataset, cells, genes, marks, split):
    """Return rows and marks that satisfy all conditions; see ``HistoneDataset.select``."""
    rows = np.ones(dataset.n_samples, dtype=bool)
    for name, wanted in (("cell", cells), ("gene", genes), ("split", split)):
        if wanted is not None:
            rows &= _matches(dataset, name, wanted)
    columns = slice(None)
    if marks is not None:
        marks = as_names("marks", marks)
        unknown = [mark for mark in marks if mark not in dataset.marks]
        if unknown:
            raise ValueError(
                f"No mark {', '.join(unknown)}; there are {', '.join(dataset.marks)}."
            )
        columns = as_slice(np.array([dataset.marks.index(mark) for mark in marks]))
    return np.flatnonzero(rows), columns


def _matches(dataset, name, wanted):
    values = getattr(dataset, name)
    if values is None:
        raise ValueError(f"The data set has no column {name!r} to select by.")
    wanted = np.asarray(as_names(f"{name}s" if name != "split" else name, wanted), dtype=str)
    present = np.unique(values)
    unknown = np.setdiff1d(wanted, present)
    if len(unknown):
        raise ValueError(f"No {name} {shorten(unknown)}; there are {shorten(present)}.")
    return np.isin(values, wanted)


def check_rows(rows, n_samples):
    """Return sample numbers; see ``HistoneDataset.take``."""
    rows = np.asarray(rows)
    if rows.dtype == bool:
        if rows.shape != (n_samples,):
            raise ValueError(
                f"The mask has shape {rows.shape}, but there are {n_samples} samples."
            )
        rows = np.flatnonzero(rows)
    elif rows.size == 0:
        rows = np.empty(0, dtype=np.intp)  # an empty list would come as floats
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise ValueError(
            "rows must be a one-dimensional array of sample numbers or a Boolean mask."
        )
    outside = rows[(rows < -n_samples) | (rows >= n_samples)]
    if len(outside):
        raise IndexError(f"No sample {outside[0]}; there are {n_samples}.")
    return rows


def join(datasets):
    """Join data sets one below the other; see ``HistoneDataset.concat``."""
    if not datasets:
        raise ValueError("Nothing to join: give at least one data set.")
    first = datasets[0]
    for number, other in enumerate(datasets[1:], start=1):
        if sorted(other.marks) != sorted(first.marks):
            raise ValueError(
                f"Data set {number} has marks {', '.join(other.marks)}, but the first has "
                f"{', '.join(first.marks)}. Select the common ones with select(marks=...)."
            )
        for what in ("n_bins", "bin_size", "window"):
            if getattr(other, what) != getattr(first, what):
                raise ValueError(
                    f"Data set {number} has {what} {getattr(other, what)}, but the first "
                    f"has {getattr(first, what)}."
                )
    parts = [d if d.marks == first.marks else d.select(marks=first.marks) for d in datasets]
    if len({p.y is not None and p.y.dtype.kind in "US" for p in parts}) > 1 and all(
        p.y is not None for p in parts
    ):
        raise ValueError("Some data sets have labels of text and others have not.")
    columns = {}
    for name in COLUMNS:
        values = [getattr(part, name) for part in parts]
        columns[name] = None if any(v is None for v in values) else np.concatenate(values)
    metas = [part.meta for part in parts]
    meta = metas[0] if all(m == metas[0] for m in metas) else {"parts": metas}
    X = np.concatenate([part.X for part in parts])
    return first._replace(X=X, meta=meta, **columns)
