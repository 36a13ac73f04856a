"""Signals, and stretches of them in bp around the TSS, as the questions about marks take them."""

import numpy as np
from sklearn.utils.validation import check_array

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


def in_kb(first, last):
    """Return a region in bp as text."""
    return f"{first / 1000:+g} to {last / 1000:+g} kb".replace("-", "\N{MINUS SIGN}")
