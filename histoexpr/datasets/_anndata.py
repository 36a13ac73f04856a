"""Data sets as AnnData, the container of single-cell tools."""

import numpy as np
import pandas as pd

from ..utils import parse_signal_columns, require, shorten
from ._columns import COLUMNS
from ._dataset import HistoneDataset
from ._exchange import describe_data, find_window, join_parts, read_description
from ._rows import check_dataset

_PURPOSE = "Exchange with AnnData"
_NEEDED = (
    "Needed are variables called mark:bin, such as H3K4me3:1, or the columns mark and bin of var."
)


def to_anndata(data):
    """Return a data set as AnnData: samples by variables called ``mark:bin``.

    Needs the extra ``anndata``.

    Parameters
    ----------
    data : HistoneDataset

    Returns
    -------
    anndata.AnnData of shape (n_samples, n_bins * n_marks)
        ``X`` holds the signals, of their own type, and shares their memory where it can. ``obs``
        has the sample columns that are known (``cell``, ``gene``, ``y``, ...); samples are called
        ``cell:gene``, or numbered where that is not unique. ``var`` has the columns ``mark``,
        ``bin`` (from 1) and ``position``, the centre of the bin in bp from the TSS.
        ``uns["histoexpr"]`` has bin size, window, orientation and ``meta`` (as JSON text).

    Raises
    ------
    MissingExtraError
        If anndata is not installed.
    ValueError
        If ``meta`` holds what JSON cannot.

    See Also
    --------
    from_anndata : The way back, without loss.

    Examples
    --------
    >>> from histoexpr import from_anndata, make_histone_cells, to_anndata
    >>> adata = to_anndata(make_histone_cells(n_cells=2, n_genes=50, random_state=0))
    >>> adata.shape
    (100, 500)
    >>> adata[:, adata.var["mark"] == "H3K4me3"].shape
    (100, 100)
    >>> from_anndata(adata).n_samples
    100
    """
    check_dataset(data, HistoneDataset, "data")
    anndata = require("anndata", _PURPOSE)
    obs = data.samples
    names = pd.Index(np.char.add(np.char.add(data.cell, ":"), data.gene), dtype=object)
    if not names.is_unique:
        names = pd.RangeIndex(len(data)).astype(str)
    obs.index = names
    n_bins, n_marks = data.n_bins, data.n_marks
    bins = np.repeat(np.arange(1, n_bins + 1), n_marks)
    marks = data.marks * n_bins
    var = pd.DataFrame(
        {
            "mark": pd.Categorical(marks, categories=data.marks),
            "bin": bins,
            "position": np.repeat(data.bin_positions, n_marks),
        },
        index=pd.Index([f"{m}:{b}" for m, b in zip(marks, bins, strict=True)], dtype=object),
    )
    X = np.asarray(data.X).reshape(len(data), n_bins * n_marks)
    return anndata.AnnData(X, obs=obs, var=var, uns={"histoexpr": describe_data(data)})


def from_anndata(adata, *, cell=None, layer=None, bin_size=None, window=None):
    """Return the data set in an AnnData object, of :func:`to_anndata` or of others.

    Parameters
    ----------
    adata : anndata.AnnData of shape (n_samples, n_variables)
        One variable for every mark and bin, in any order: called ``mark:bin``, such as
        ``H3K4me3:1``, or with columns ``mark`` and ``bin`` in ``var``. Columns of ``obs`` that are
        called as those of a data set are taken, others left out; without a column ``gene`` the
        names of the samples are the genes. Sparse and backed ``X`` are read into memory.
    cell : str, optional
        The cell type of all samples, where ``obs`` has no column ``cell``.
    layer : str, optional
        The layer that holds the signals; default ``X``.
    bin_size : int, optional
        Width of a bin in bp. By default what :func:`to_anndata` wrote, else the distance of the
        ``position`` of bins in ``var`` (their centres in bp from the TSS), else 100.
    window : tuple of two int, optional
        First and last (exclusive) position in bp relative to the TSS. By default that of the
        positions in ``var``, else what :func:`to_anndata` wrote, else centred on it.

    Returns
    -------
    HistoneDataset

    Raises
    ------
    ValueError
        If variables do not name marks and bins, a mark lacks a bin that another one has, bins
        leave gaps, or there is no cell type, naming what is missing.
    """
    if not all(hasattr(adata, part) for part in ("obs", "var", "X", "uns")):
        raise TypeError(f"adata must be an AnnData object, got {type(adata).__name__}.")
    layout = parse_signal_columns(_variable_names(adata.var))
    if layout is None:
        raise ValueError(
            f"The variables of adata, {shorten(adata.var_names[:3])} ..., name no mark and bin. "
            f"{_NEEDED}"
        )
    X = _signals(adata, layer)[:, layout.order]
    n_marks = len(layout.marks)
    position = None
    if "position" in adata.var:
        position = adata.var["position"].to_numpy()[layout.order][::n_marks]
    found = adata.uns.get("histoexpr", {})
    known = read_description(found if hasattr(found, "keys") else {}, "adata.uns['histoexpr']")
    columns = {name: _column(adata.obs[name]) for name in COLUMNS if name in adata.obs}
    return join_parts(
        X.reshape(len(X), len(layout.bins), n_marks),
        {"gene": adata.obs_names.to_numpy()} | columns,
        cell,
        "adata.obs",
        marks=layout.marks,
        oriented=known.get("oriented"),
        meta=known.get("meta"),
        **find_window(position, known, bin_size, window, "adata.var"),
    )


def _variable_names(var):
    if {"mark", "bin"} <= set(var):
        return [f"{mark}:{number}" for mark, number in zip(var["mark"], var["bin"], strict=True)]
    return [str(name) for name in var.index]


def _signals(adata, layer):
    if layer is not None and layer not in adata.layers:
        known = ", ".join(adata.layers) or "none"
        raise ValueError(f"adata has no layer {layer!r}; there is {known}.")
    values = adata.X if layer is None else adata.layers[layer]
    if values is None:
        raise ValueError("adata has no X. Name the layer that holds the signals: layer='counts'.")
    if hasattr(values, "toarray"):
        return values.toarray()
    return np.asarray(values if isinstance(values, np.ndarray) else values[...])


def _column(column):
    """Return a column of ``obs`` as an array, text as objects, of which some may be missing."""
    return np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column)
