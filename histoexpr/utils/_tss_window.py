"""Windows around the transcription start site, in bp and in bins."""

import numpy as np

from ._values import check_positive_int


def check_window(window, n_bins, bin_size):
    """Return (start, stop) in bp around the TSS, checked against the bins; default centred."""
    bin_size = check_positive_int("bin_size", bin_size)
    if window is None:
        start = -(n_bins // 2) * bin_size
        return start, start + n_bins * bin_size
    try:
        start, stop = window
        start - stop  # numbers, not text
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"window must be (start, stop) in bp around the TSS, got {window!r}."
        ) from error
    if start != int(start) or stop != int(stop):
        raise ValueError(f"window ({start}, {stop}) must be in whole bp.")
    start, stop = int(start), int(stop)
    if stop - start != n_bins * bin_size:
        raise ValueError(
            f"window ({start}, {stop}) spans {stop - start} bp, but {n_bins} bins of {bin_size} "
            f"bp span {n_bins * bin_size}."
        )
    return start, stop


def one_value(name, given, known, default=None):
    """Return a window or bin size that is given, else that of the data set, else the default.

    Raise ValueError by ``name`` if a data set states another one than is given.
    """
    if given is None:
        return default if known is None else known
    same = tuple(given) == tuple(known or ()) if np.iterable(given) else given == known
    if known is not None and not same:
        raise ValueError(f"{name} is {given}, but that of the data set is {known}. Leave it out.")
    return given


def bins_between(region, n_bins, *, window=None, bin_size=100, name="region"):
    """Return the bins of a region, (first, exclusive last) bp around the TSS, as a slice.

    ``window`` is what the bins cover, in the same form; None is centred on the TSS. A region that
    is no pair, is empty, leaves the bins or cuts through one is refused by ``name``.
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
            "something else, pass their window or bin size."
        )
    borders = (first - start) / bin_size, (last - start) / bin_size
    if any(border != int(border) for border in borders):
        near = [start + round(border) * bin_size for border in borders]
        raise ValueError(
            f"{name} ({first}, {last}) cuts through a bin; the nearest borders of bins of "
            f"{bin_size} bp are {near[0]} and {near[1]}."
        )
    return slice(int(borders[0]), int(borders[1]))


def region_edges(n_bins, n_regions):
    """Return the borders of regions of equal width in bins, ``n_regions + 1`` whole numbers.

    Border ``k`` is ``k n_bins / n_regions``, rounded: regions of bins that cannot be divided
    evenly differ by one bin at the most.
    """
    if not 1 <= n_regions <= n_bins:
        raise ValueError(
            f"n_regions={n_regions} cannot be made of {n_bins} bin{'s' * (n_bins != 1)}: choose "
            f"1 to {n_bins}."
        )
    return [(k * n_bins + n_regions // 2) // n_regions for k in range(n_regions + 1)]
