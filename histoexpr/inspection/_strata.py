"""Strata of samples: classes, or quantile bins of numbers, within each cell."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..utils import check_positive_int, is_dataset, refuse_masked


class Strata(NamedTuple):
    """The number of the stratum of each sample, and what they are of; None of all samples."""

    codes: np.ndarray
    name: str | None


def find_strata(strata, signals, n_samples, n_strata=10):
    """Return the Strata of samples.

    ``strata`` is "auto", the name of a column of a data set, one value per sample, or None.
    "auto" is expression where the data set ``signals`` knows it, else its labels if they are of
    several classes, else None.
    """
    data = signals if is_dataset(signals) else None
    if isinstance(strata, str):
        strata, name = _column(strata, data)
    else:
        name = None if strata is None else "given strata"
    if strata is None:
        return Strata(np.zeros(n_samples, dtype=np.intp), None)
    values = _check(strata, n_samples)
    cells = None if data is None else pd.factorize(np.asarray(data.cell))[0]
    codes = number(values, n_strata, cells)
    if np.bincount(codes).max(initial=0) < 2:
        raise ValueError(
            f"strata ({name}) has no two samples in one stratum. Give classes, such as chromatin "
            "states, or numbers as floats, which are binned by quantiles."
        )
    return Strata(codes, name)


def number(values, n_strata, cells=None):
    """Return numbers of strata from 0: floats in quantile bins, others by value, in each cell.

    Floats of no more than ``n_strata`` values that recur are classes. Equal values share a bin,
    and few samples have fewer bins, of two or more.
    """
    n_strata = check_positive_int("n_strata", n_strata)
    cells = np.zeros(len(values), dtype=np.intp) if cells is None else cells
    n_distinct = len(np.unique(values))
    if values.dtype.kind == "f" and (n_distinct > n_strata or n_distinct == len(values)):
        of_values = np.empty(len(values), dtype=np.intp)
        for cell in np.unique(cells):
            rows = cells == cell
            n_bins = max(1, min(n_strata, np.count_nonzero(rows) // 2))
            inner = np.quantile(values[rows], np.linspace(0, 1, n_bins + 1)[1:-1])
            of_values[rows] = np.searchsorted(inner, values[rows], side="right")
    else:
        of_values = pd.factorize(values)[0]
    return pd.factorize(cells * (of_values.max(initial=0) + 1) + of_values)[0]


def _column(name, data):
    """Return the values of a column of a data set and what to call them; None without."""
    if name == "auto":
        if getattr(data, "expression", None) is not None:
            return data.expression, "expression"
        y = getattr(data, "y", None)
        if y is not None and 1 < len(np.unique(y)) <= 10:
            return y, "class"
        return None, None
    if data is None:
        raise ValueError(
            f"strata is {name!r}, a column of a data set, but the signals are not one. Give one "
            "value per sample."
        )
    columns = data.samples.columns
    if name not in columns:
        raise ValueError(
            f"strata is {name!r}, but the data set has the columns {', '.join(columns)}. Give one "
            "of them, one value per sample, or None."
        )
    return data.samples[name].to_numpy(), {"y": "class"}.get(name, name)


def _check(strata, n_samples):
    values = np.asarray(refuse_masked(strata, "strata"))
    if values.shape != (n_samples,):
        raise ValueError(
            f"strata must have one value per sample, ({n_samples},), got {values.shape}."
        )
    missing = pd.isna(values)
    if missing.any():
        raise ValueError(
            f"strata is missing for {missing.sum():,} of {n_samples:,} samples. Leave these out, "
            "or give them a stratum of their own."
        )
    return values
