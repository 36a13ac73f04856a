"""Data sets as those of xarray: arrays with named axes."""

import numpy as np

from ..utils import require
from ._columns import COLUMNS
from ._dataset import HistoneDataset
from ._exchange import describe_data, find_window, join_parts, read_description
from ._rows import check_dataset

_DIMS = ("sample", "bin", "mark")
# What is learned; the other columns say which sample it is
_TARGETS = ("y", "expression", "log2_fold_change")


def to_xarray(data):
    """Return a data set as an xarray.Dataset with the axes sample, bin and mark.

    Needs the extra ``xarray``; its files need what xarray asks for, such as h5netcdf or zarr.

    Parameters
    ----------
    data : HistoneDataset

    Returns
    -------
    xarray.Dataset
        ``signal`` (sample, bin, mark) holds the signals, of their own type, and shares their
        memory. The coordinates are ``mark``, ``bin`` (from 1), ``position`` (centre of the bin in
        bp from the TSS) and, along samples, ``cell``, ``gene`` and those of ``chrom``, ``tss``,
        ``strand`` and ``split`` that are known. ``y``, ``expression`` and ``log2_fold_change`` are
        variables, where known. Attributes of the whole and of ``signal`` are bin size, window,
        orientation and ``meta`` (as JSON text).

    Raises
    ------
    MissingExtraError
        If xarray is not installed.
    ValueError
        If ``meta`` holds what JSON cannot.

    See Also
    --------
    from_xarray : The way back, without loss.

    Examples
    --------
    >>> from histoexpr import from_xarray, make_histone_cells, to_xarray
    >>> cells = to_xarray(make_histone_cells(n_cells=2, n_genes=50, random_state=0))
    >>> cells["signal"].sel(mark="H3K4me3").mean("sample").shape
    (100,)
    >>> from_xarray(cells).n_samples
    100
    """
    check_dataset(data, HistoneDataset, "data")
    xarray = require("xarray", "Exchange with xarray")
    columns = {name: getattr(data, name) for name in COLUMNS}
    known = {name: ("sample", values) for name, values in columns.items() if values is not None}
    variables = {name: known.pop(name) for name in _TARGETS if name in known}
    coordinates = {
        "bin": np.arange(1, data.n_bins + 1),
        "mark": np.array(data.marks),
        "position": (
            "bin",
            data.bin_positions,
            {"units": "bp", "long_name": "bin centre from TSS"},
        ),
    }
    about = describe_data(data)
    # the signals alone say it, too: ds["signal"] leaves the attributes of ds behind
    variables["signal"] = _DIMS, np.asarray(data.X), about
    return xarray.Dataset(variables, coords=coordinates | known, attrs=about)


def from_xarray(ds, *, cell=None, bin_size=None, window=None):
    """Return the data set in a Dataset or DataArray of xarray, of :func:`to_xarray` or of others.

    Parameters
    ----------
    ds : xarray.Dataset or xarray.DataArray
        A DataArray with the axes ``sample``, ``bin`` and ``mark``, in any order, or a Dataset with
        one such variable, or several of which one is called ``signal``. ``mark`` has the names of
        the marks as its coordinate, ``sample`` has coordinates ``gene`` and ``cell``; what else is
        called as a column of a data set is taken, too. Without ``gene``, text in the coordinate
        ``sample`` is the gene.
    cell : str, optional
        The cell type of all samples, where ``ds`` has none.
    bin_size : int, optional
        Width of a bin in bp. By default what :func:`to_xarray` wrote, else the distance of the
        coordinate ``position`` (centres of the bins in bp from the TSS), else 100.
    window : tuple of two int, optional
        First and last (exclusive) position in bp relative to the TSS. By default that of the
        coordinate ``position``, else what :func:`to_xarray` wrote, else centred on it.

    Returns
    -------
    HistoneDataset

    Raises
    ------
    ValueError
        If axes, marks, genes or cells are not named, or bins leave gaps, saying how to name them.
    """
    if not all(hasattr(ds, part) for part in ("dims", "coords", "attrs", "sizes")):
        raise TypeError(f"ds must be a Dataset or DataArray of xarray, got {type(ds).__name__}.")
    signal = _find_signal(ds) if hasattr(ds, "data_vars") else _check_axes(ds)
    parts = ds.variables if hasattr(ds, "data_vars") else ds.coords
    marks = _text_of(signal, "mark")
    if marks is None:
        raise ValueError(
            "The axis mark has no names. Give them: ds.assign_coords(mark=['H3K4me3', ...])."
        )
    columns = {
        name: np.asarray(parts[name].values)
        for name in COLUMNS
        if name in parts and tuple(parts[name].dims) == ("sample",)
    }
    if "gene" not in columns:
        columns["gene"] = _text_of(signal, "sample")
        if columns["gene"] is None:
            raise ValueError(
                "The samples have no gene. Give it: ds.assign_coords(gene=('sample', [...]))."
            )
    position = parts["position"].values if "position" in parts else None
    known = read_description(ds.attrs, "ds.attrs")
    return join_parts(
        np.asarray(signal.transpose(*_DIMS).values),
        columns,
        cell,
        "ds",
        marks=marks,
        oriented=known.get("oriented"),
        meta=known.get("meta"),
        **find_window(position, known, bin_size, window, "ds"),
    )


def _find_signal(ds):
    """Return the variable of a Dataset that holds the signals."""
    if "signal" in ds.data_vars:
        return _check_axes(ds["signal"])
    found = [name for name, part in ds.data_vars.items() if set(part.dims) == set(_DIMS)]
    if len(found) == 1:
        return ds[found[0]]
    raise ValueError(
        f"ds has {len(found)} variables with the axes sample, bin and mark; its axes are "
        f"{', '.join(map(str, ds.dims))}. Rename axes, as in ds.rename(genes='sample'), and call "
        "the variable with the signals signal. One variable for each mark becomes an axis with "
        "ds[marks].to_dataarray(dim='mark')."
    )


def _check_axes(signal):
    if set(signal.dims) != set(_DIMS):
        raise ValueError(
            f"The signals have the axes {', '.join(map(str, signal.dims))}; expected sample, bin "
            "and mark. Rename them, as in ds.rename(genes='sample'), or add one that is missing "
            "with ds.expand_dims."
        )
    return signal


def _text_of(signal, name):
    """Return the coordinate of an axis as a list, None if there is none of text."""
    if name not in signal.coords:
        return None
    values = np.asarray(signal.coords[name].values).tolist()
    return values if values and all(isinstance(value, str) for value in values) else None
