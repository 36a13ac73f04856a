"""Cell, gene, chromosome and split of each sample, as splitters take them in ``groups``."""

from numbers import Number
from typing import NamedTuple

import numpy as np

from ..utils import is_dataset, refuse_masked

_REMEDY = (
    "Pass a HistoneDataset as X, or as groups its groups, the cells as a one-dimensional array, "
    "cells and genes as an array of two columns, or a DataFrame with the columns cell, gene, "
    "chrom, split."
)


class CellGroups(NamedTuple):
    """Cell, gene, chromosome and predefined split of each sample, as text.

    A column that ``groups`` lacks is None; a missing chromosome or split is an empty text.
    """

    cell: np.ndarray
    gene: np.ndarray | None = None
    chrom: np.ndarray | None = None
    split: np.ndarray | None = None


def check_groups(groups, n_samples=None):
    """Return the cells, and where given genes, chromosomes and splits, of all samples.

    ``groups`` is a data set or its ``groups``; the cell of each sample; two columns (array or
    list of pairs), cell and gene; or a structured array or DataFrame with ``cell`` and optionally
    ``gene``, ``chrom`` and ``split`` (others are ignored). Another form or length and samples
    without cell or gene are refused.
    """
    if is_dataset(groups):
        groups = groups.groups
    if groups is None:
        raise ValueError(
            f"groups is missing: the cell of each sample is needed. {_REMEDY} scikit-learn's "
            "functions take it as groups=..., or with metadata routing as "
            "params={'groups': ...}."
        )
    columns = _columns(refuse_masked(groups, "groups"))
    length = len(columns["cell"])
    if n_samples is not None and length != n_samples:
        raise ValueError(f"groups has {length} rows, but X has {n_samples} samples.")
    return CellGroups(**{name: _as_text(name, values) for name, values in columns.items()})


def _columns(groups):
    """Return the columns of groups by name."""
    if hasattr(groups, "columns"):
        table, names = groups, list(groups.columns)
    else:
        table = _as_array(groups)
        names = table.dtype.names
    if names is None:
        if table.ndim == 1:
            return {"cell": table}
        if table.ndim == 2 and table.shape[1] in (1, 2):
            return dict(zip(("cell", "gene"), table.T, strict=False))
        raise ValueError(f"groups has shape {table.shape}. {_REMEDY}")
    if "cell" not in names:
        raise ValueError(f"groups has the columns {list(names)}, but no 'cell'. {_REMEDY}")
    columns = {name: np.asarray(table[name]) for name in CellGroups._fields if name in names}
    for name, values in columns.items():
        if values.ndim != 1:
            raise ValueError(f"groups must have one column {name!r}, got shape {values.shape}.")
    return columns


def _as_array(groups):
    if isinstance(groups, str) or not (hasattr(groups, "__len__") or hasattr(groups, "shape")):
        raise ValueError(f"groups is {groups!r}. {_REMEDY}")
    if isinstance(groups, list | tuple) and not (groups and isinstance(groups[0], np.void)):
        # as objects, because numpy would make the text "None" of a missing value
        try:
            return np.asarray(groups, dtype=object)
        except ValueError as error:
            raise ValueError(f"groups has rows of different length. {_REMEDY}") from error
    return np.asarray(groups)


def _as_text(name, values):
    if values.dtype.kind == "S":
        values = np.char.decode(values)
    if values.dtype.kind != "U":
        values = values.astype(object)
        import pandas as pd  # loaded by data sets, not by every model

        unknown = pd.isna(values)
        odd = [v for v in values[~unknown] if not isinstance(v, str | Number)]
        if odd:
            raise ValueError(
                f"groups has {odd[0]!r} as {name}; expected text or a number. {_REMEDY}"
            )
        values = np.where(unknown, "", values).astype(str)
    missing = values == ""
    if name in ("cell", "gene") and missing.any():
        raise ValueError(
            f"groups lacks the {name} of {missing.sum()} sample(s), the first in row "
            f"{missing.argmax()}. Leave these samples out or name their {name}."
        )
    return values
