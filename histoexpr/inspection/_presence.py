"""Presence of marks in windows around the TSS."""

from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np

from ..utils import Interval, bins_between, check_positive_int, check_window, name_marks
from ._signals import (
    align_marks,
    as_floats,
    common_orientation,
    common_window,
    signals_and_marks,
)

# Parameters of presence, which functions of co-occurrence share
QUANTILE = {"quantile": [Interval(Real, 0, 1, closed="neither")]}


@dataclass
class Windows:
    """Windows around the TSS, and the mean signals from which on marks are present in them.

    Attributes
    ----------
    places : list of slice
        The bins of each window.
    edges : ndarray of shape (n_windows + 1,)
        In bp relative to the TSS.
    thresholds : ndarray of shape (n_marks,)
    marks : list of str
    oriented : bool or None
    """

    places: list
    edges: np.ndarray
    thresholds: np.ndarray
    marks: list
    oriented: bool | None

    def of(self, signals):
        """Return which marks are present: (n_samples, n_windows, n_marks) of 0.0 and 1.0."""
        means = window_means(signals, self.places)
        # the quantile of a sparse mark is 0, which must not make it present everywhere
        return ((means >= self.thresholds) & (means > 0)).astype(np.float64)


def read_presence(
    sets,
    *,
    reference=None,
    quantile=0.75,
    thresholds=None,
    n_windows=10,
    edges=None,
    marks=None,
    window=None,
    bin_size=None,
):
    """Return signals by name, their marks in one order, and the Windows that all of them share.

    ``sets`` are signals or class maps by the name that messages have for them. Parameters are
    those of :func:`mark_cooccurrence`.
    """
    sources = [*sets.values(), reference]
    oriented = common_orientation(sources)
    window, bin_size = common_window(sources, window, bin_size)
    known, said, found = None, None, {}
    for name, values in sets.items():
        signals, own = signals_and_marks(values, name)
        found[name] = align_marks(signals, own, known, name, said)
        if known is None and own is not None:
            known, said = own, f"{name} has the marks"
    if reference is not None:
        of, own = signals_and_marks(reference, "reference")
        found["reference"] = align_marks(of, own, known, "reference", said)
        known = own if known is None else known
    first, shape = next(iter(found)), next(iter(found.values())).shape[1:]
    for name, signals in found.items():
        if signals.shape[1:] != shape:
            raise ValueError(
                f"{name} has (n_bins, n_marks) = {signals.shape[1:]}, but {first} has {shape}."
            )
    n_bins, n_marks = shape
    marks = name_marks(marks, known, n_marks)
    edges = _borders(edges, n_windows, n_bins, window, bin_size)
    fit = {"window": window, "bin_size": bin_size, "name": "edges"}
    places = [bins_between(pair, n_bins, **fit) for pair in pairwise(edges)]
    of = found.pop("reference", None)
    if thresholds is None:
        of = [*found.values()] if of is None else [of]
        means = np.concatenate([window_means(signals, places) for signals in of])
        thresholds = np.quantile(means, quantile, axis=(0, 1))
    else:
        given, thresholds = thresholds, as_floats(thresholds)
        if thresholds.shape != (n_marks,) or not (thresholds >= 0).all():
            raise ValueError(
                f"thresholds must be {n_marks} numbers, one per mark and none negative, got "
                f"{given!r}."
            )
    return found, Windows(places, np.asarray(edges), thresholds, marks, oriented)


def window_means(signals, places):
    """Return mean signals by sample, window and mark."""
    return np.stack([signals[:, place].mean(axis=1) for place in places], axis=1)


def _borders(edges, n_windows, n_bins, window, bin_size):
    """Return the borders of the windows in bp."""
    if edges is not None:
        if np.ndim(edges) != 1 or len(edges) < 2:
            raise ValueError(f"edges must be two or more positions in bp, got {edges!r}.")
        return list(edges)
    if check_positive_int("n_windows", n_windows) > n_bins:
        raise ValueError(f"n_windows must be a number from 1 to {n_bins}, got {n_windows!r}.")
    start, _ = check_window(window, n_bins, bin_size)
    return [start + bin_size * round(b) for b in np.linspace(0, n_bins, n_windows + 1)]
