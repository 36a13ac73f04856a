"""Signals, and stretches of them in bp around the TSS, as the questions about marks take them."""

import numpy as np
from sklearn.utils.validation import check_array

from ..utils import check_window
from ._class_maps import ClassMaps


def signals_of(values, name):
    """Return signals, or those of class maps, as floats of three axes."""
    if isinstance(values, ClassMaps):
        values = values.signals
    values = check_array(
        values,
        dtype=np.float64,
        allow_nd=True,
        ensure_2d=False,
        ensure_min_samples=0,
        input_name=name,
    )
    if values.ndim != 3 or len(values) < 2:
        raise ValueError(
            f"{name} must have shape (n_samples, n_bins, n_marks) with at least 2 samples, "
            f"got {values.shape}."
        )
    return values


def bins_between(region, n_bins, *, window=None, bin_size=100, name="region"):
    """Return the bins of a region as a slice.

    Parameters
    ----------
    region : tuple of two int
        First and last (exclusive) position in bp relative to the TSS.
    n_bins : int
        Number of bins.
    window : tuple of two int, optional
        What the bins cover; default centred on the TSS.
    bin_size : int, default=100
        Width of a bin in bp.
    name : str
        What to call the region in messages.

    Returns
    -------
    slice

    Raises
    ------
    ValueError
        If the region is no pair, is empty, leaves the bins or cuts through one.
    """
    start, stop = check_window(window, n_bins, bin_size)
    try:
        first, last = region
        inside = start <= first < last <= stop
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} must be (first, last) in bp around the TSS, got {region!r}."
        ) from error
    if not inside:
        raise ValueError(
            f"{name} ({first}, {last}) must go upwards and lie within the signals, which cover "
            f"({start}, {stop}) bp around the TSS at {bin_size} bp per bin. If they cover "
            "something else, pass window or bin_size."
        )
    borders = (first - start) / bin_size, (last - start) / bin_size
    if any(border != int(border) for border in borders):
        near = [start + round(border) * bin_size for border in borders]
        raise ValueError(
            f"{name} ({first}, {last}) cuts through a bin; the nearest borders of bins of "
            f"{bin_size} bp are {near[0]} and {near[1]}."
        )
    return slice(int(borders[0]), int(borders[1]))


def in_kb(first, last):
    """Return a region in bp as text."""
    return f"{first / 1000:+g} to {last / 1000:+g} kb".replace("-", "\N{MINUS SIGN}")
