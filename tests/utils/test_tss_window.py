"""Windows around the TSS, in bp and in bins."""

import numpy as np
import pytest

from histoexpr.utils import bins_between, check_window, region_edges


def test_window_by_hand():
    assert check_window(None, 100, 100) == (-5000, 5000)
    assert check_window(None, 5, 100) == (-200, 300)
    assert check_window((-100.0, 100), 4, 50) == (-100, 100)


@pytest.mark.parametrize(
    ("window", "bin_size", "message"),
    [
        (5, 100, "window must be .* got 5"),
        (("a", "b"), 100, "window must be"),
        ((0.5, 100.5), 100, "in whole bp"),
        ((0, 100), 100, r"window \(0, 100\) spans 100 bp, but 2 bins"),
        (None, 0, "bin_size must be a positive integer, got 0"),
    ],
)
def test_windows_at_fault_are_named(window, bin_size, message):
    with pytest.raises(ValueError, match=message):
        check_window(window, 2, bin_size)


def test_bins_between_by_hand():
    assert bins_between((-100, 200), 6) == slice(2, 5)
    assert bins_between((0, 50), 2, window=(0, 100), bin_size=50) == slice(0, 1)


@pytest.mark.parametrize(
    ("region", "message"),
    [
        (3, r"edges must be \(first, last\) in bp"),
        ((0, 400), r"edges \(0, 400\) must go upwards and lie within .* \(-300, 300\)"),
        ((100, 0), "must go upwards"),
        ((-130, 100), "cuts through a bin; the nearest borders .* are -100 and 100"),
    ],
)
def test_regions_at_fault_are_named(region, message):
    with pytest.raises(ValueError, match=message):
        bins_between(region, 6, name="edges")


@pytest.mark.parametrize(
    ("n_bins", "n_regions", "edges"),
    [
        (100, 10, list(range(0, 101, 10))),
        (10, 3, [0, 3, 7, 10]),
        (5, 1, [0, 5]),
        (3, 3, [0, 1, 2, 3]),
    ],
)
def test_borders_of_regions(n_bins, n_regions, edges):
    assert region_edges(n_bins, n_regions) == edges


def test_regions_differ_by_one_bin_at_the_most():
    for n_bins in range(1, 40):
        for n_regions in range(1, n_bins + 1):
            widths = np.diff(region_edges(n_bins, n_regions))
            assert widths.sum() == n_bins
            assert widths.max() - widths.min() <= 1
    with pytest.raises(ValueError, match="n_regions=3 cannot be made of 2 bins: choose 1 to 2"):
        region_edges(2, 3)
