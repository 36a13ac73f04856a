"""Sequencing depth: reads per sample, cell and mark, and scaling to a common depth."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..model_selection import check_groups
from ..utils import (
    StrOptions,
    check_marks,
    check_signal_array,
    read_signals,
    refuse_masked,
    shorten,
    split_batches,
    validate_params,
)
from ._bin_pooling import pool_bins
from ._signal_transformer import BATCH_SIZE, float_dtype

_METHODS = {"total": np.mean, "median": np.median}
_CONSTRAINTS = {"method": [StrOptions(set(_METHODS))]}


@validate_params(_CONSTRAINTS, prefer_skip_nested_validation=True)
def cell_depth(X, cell=None, *, method="total"):
    """Measure how deeply each mark was sequenced in each cell.

    Parameters
    ----------
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Counts, not negative.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample; by default that of the data set.
    method : {"total", "median"}, default="total"
        The depth of a mark in a cell is the mean count of a sample (all counts over the
        number of samples), or the median, which few genes with very strong signal do not affect.

    Returns
    -------
    cells : ndarray of str of shape (n_cells,)
        The cells, sorted.
    depth : ndarray of shape (n_cells, n_marks)
        Reads per sample.

    Raises
    ------
    ValueError
        If X is negative, not finite or not of three axes, or ``cell`` does not fit it.
    """
    X, cell, _ = _check(read_signals(X), cell)
    return _depth(X, cell, method)


@validate_params(_CONSTRAINTS, prefer_skip_nested_validation=True)
def normalize_depth(X, cell=None, *, method="total", reference=None):
    """Scale the counts of every cell to a common depth per mark.

    All samples of one cell and mark are multiplied by the same factor: the profile over the
    bins and the order of the genes within a cell stay as they are.

    Parameters
    ----------
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Counts, not negative.
    cell : array-like of shape (n_samples,), optional
        Cell of each sample; by default that of the data set.
    method : {"total", "median"}, default="total"
        How depth is measured, see :func:`cell_depth`.
    reference : array-like of shape (n_marks,), default=None
        The common depth of each mark, in reads per sample. By default the mean over the
        cells. To treat new cells like earlier ones, give what was used there:
        ``cell_depth(X_old, cell_old)[1].mean(axis=0)``.

    Returns
    -------
    ndarray of shape (n_samples, n_bins, n_marks), or HistoneDataset
        Scaled counts; float64 if X is, otherwise float32. A data set if X is one.

    Raises
    ------
    ValueError
        As :func:`cell_depth`; also if ``reference`` is not positive or of another length, or
        the median of a mark that has signal is 0.

    Warns
    -----
    HistoexprWarning
        If a mark has no signal at all in a cell; it stays 0 there.

    Notes
    -----
    Depth belongs to a sequenced sample, not to a gene, and is measured here over all samples
    of a cell. This is a function and no transformer because a transformer sees a part of a
    cell's genes at a time and its result would depend on which. Call it once, on whole
    cells, before cross-validation. It uses no labels; of a test cell it uses signals only.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr.preprocessing import normalize_depth
    >>> X = np.array([1, 3, 10, 30]).reshape(4, 1, 1)
    >>> normalize_depth(X, ["E003", "E003", "E123", "E123"]).ravel().tolist()
    [5.5, 16.5, 5.5, 16.5]
    """
    source = read_signals(X)
    X, cell, marks = _check(source, cell)
    cells, depth = _depth(X, cell, method)
    silent = depth == 0
    if silent.any():
        _explain_silence(X, cell, cells, check_marks(marks, X.shape[2]), silent)
    if reference is None:
        present = np.maximum((~silent).sum(axis=0), 1)
        reference = depth.sum(axis=0) / present
    else:
        reference = _check_reference(reference, X.shape[2])
    factor = np.divide(reference, depth, out=np.ones_like(depth), where=~silent)
    dtype = float_dtype(X.dtype)
    factor = factor.astype(dtype)[np.searchsorted(cells, cell)]
    out = np.empty(X.shape, dtype=dtype)
    for batch in split_batches(len(X), BATCH_SIZE):
        np.multiply(X[batch], factor[batch, None, :], out=out[batch], dtype=dtype)
    return out if source.dataset is None else source.dataset.replace(X=out)


def _check(source, cell):
    """Return signals, the cell of each sample and the names of the marks."""
    X, marks = check_signal_array(source)
    if cell is None and source.dataset is not None:
        cell = source.dataset.cell
    if cell is None:
        raise ValueError("cell is missing: give the cell of each sample, or a data set as X.")
    return X, check_groups(refuse_masked(cell, "cell"), len(X)).cell, marks


def _depth(X, cell, method):
    totals = pool_bins(X, "sum", np.float64)
    cells, code = np.unique(cell, return_inverse=True)
    per_cell = [_METHODS[method](totals[code == c], axis=0) for c in range(len(cells))]
    return cells, np.array(per_cell)


def _explain_silence(X, cell, cells, marks, silent):
    """Warn of marks without signal; refuse those of which only the median is 0."""
    pairs = np.argwhere(silent)
    for number, mark in pairs:
        if X[cell == cells[number], :, mark].any():
            raise ValueError(
                f"More than half of the samples of cell {cells[number]} have no count of "
                f"{marks[mark]}, so its median is 0. Use method='total'."
            )
    named = [f"{marks[mark]} in {cells[number]}" for number, mark in pairs]
    warnings.warn(
        f"No signal at all of {shorten(named)}; left at 0.", HistoexprWarning, stacklevel=4
    )


def _check_reference(reference, n_marks):
    reference = np.asarray(reference, dtype=np.float64)
    if reference.shape != (n_marks,):
        raise ValueError(
            f"reference has shape {reference.shape}; expected one depth for each of the "
            f"{n_marks} marks."
        )
    if not (np.all(reference > 0) and np.all(np.isfinite(reference))):
        raise ValueError(f"reference must be positive, got {reference.tolist()}.")
    return reference
