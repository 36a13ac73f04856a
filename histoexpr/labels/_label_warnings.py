"""What is said of labels that do not part the genes as their reader expects."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import shorten


def warn_floor(values, cutoff, cells, stacklevel):
    """Warn of cells whose cut-off is their smallest value, most often 0, and not the only one.

    Every gene above the smallest value then counts as expressed, however little it has.
    """
    low = values.min(axis=0)
    at_floor = np.atleast_1d((cutoff == low) & (values.max(axis=0) > low))
    if not at_floor.any():
        return
    shown = sorted({f"{value:g}" for value in np.atleast_1d(cutoff)[at_floor]})
    warnings.warn(
        f"The cut-off of the labels is the smallest value ({shorten(shown)}) in "
        f"{_cells(cells, at_floor)}: every gene with more is labelled 1. Give genes that matter "
        "only, or method='threshold' with threshold=1.0.",
        HistoexprWarning,
        stacklevel=stacklevel + 1,
    )


def warn_one_class(labels, cells, stacklevel):
    """Warn of cells in which all labels, of at least two not left out (-1), are the same."""
    zeros, ones = (labels == 0).sum(axis=0), (labels == 1).sum(axis=0)
    one = np.atleast_1d((np.minimum(zeros, ones) == 0) & (zeros + ones > 1))
    if not one.any():
        return
    warnings.warn(
        f"The labels are of one class in {_cells(cells, one)}. Take another cut-off "
        "with method='quantile' or 'threshold'.",
        HistoexprWarning,
        stacklevel=stacklevel + 1,
    )


def _cells(cells, chosen):
    if cells is None:
        return "the cell" if len(chosen) == 1 else f"columns {shorten(np.flatnonzero(chosen))}"
    return f"cell {shorten(np.asarray(cells)[chosen].tolist())}"
