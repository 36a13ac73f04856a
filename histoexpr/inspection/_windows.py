"""Signals as the questions about marks take them."""

import numpy as np
from sklearn.utils.validation import check_array, check_non_negative

from ._class_maps import ClassMaps


def signals_of(values, name):
    """Return signals, or those of class maps, as floats of three axes, none negative."""
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
    check_non_negative(values, name)
    return values


def common_shape(sets):
    """Return (n_bins, n_marks) of a dict of signals or class maps, or say which differ."""
    if not isinstance(sets, dict) or not sets:
        raise ValueError(
            "maps must be a dict, by the title of their panels, of at least one, got "
            f"{sets!r:.60}."
        )
    whole = {title: np.shape(getattr(one, "signals", one)) for title, one in sets.items()}
    first_title, first = next(iter(whole.items()))
    for title, shape in whole.items():
        if len(shape) != 3:
            raise ValueError(
                f"maps[{title!r}] must have shape (n_samples, n_bins, n_marks), got {shape}."
            )
        if shape[1:] != first[1:]:
            raise ValueError(
                f"maps[{title!r}] has (n_bins, n_marks) = {shape[1:]}, but "
                f"maps[{first_title!r}] has {first[1:]}."
            )
    return first[1:]


def in_kb(first, last):
    """Return a region in bp as text."""
    ends = (f"{position / 1000:+g}" if position else "0" for position in (first, last))
    return f"{' to '.join(ends)} kb".replace("-", "\N{MINUS SIGN}")
