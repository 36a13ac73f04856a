"""Simulated counts: moments, depth, bins and overlaps of reads."""

import json

import numpy as np
import pytest

from histoexpr import make_histone_cells
from support.simulation_statistics import (
    by_mark_and_label,
)

# What real cells look like (two cells of 400 genes, 100 bins of 100 bp), with some room
# for other cells: (low, high) of mean, zero fraction, variance / mean and lag-1
# autocorrelation of counts, for expressed and for silent genes.
TARGETS = {
    ("H3K27me3", 1): [(0.6, 3.2), (0.25, 0.55), (1.3, 15), (0.4, 0.97)],
    ("H3K27me3", 0): [(1.0, 6.5), (0.22, 0.48), (1.8, 60), (0.55, 0.99)],
    ("H3K36me3", 1): [(1.5, 3.0), (0.22, 0.42), (2.5, 7.0), (0.68, 0.9)],
    ("H3K36me3", 0): [(0.65, 1.7), (0.33, 0.6), (1.6, 4.5), (0.5, 0.82)],
    ("H3K4me1", 1): [(2.3, 5.5), (0.14, 0.32), (3.5, 9.0), (0.7, 0.9)],
    ("H3K4me1", 0): [(1.4, 2.8), (0.28, 0.48), (3.2, 7.5), (0.72, 0.9)],
    ("H3K4me3", 1): [(7.0, 20.0), (0.2, 0.36), (20, 100), (0.9, 0.98)],
    ("H3K4me3", 0): [(1.4, 7.0), (0.36, 0.58), (12, 80), (0.88, 0.98)],
    ("H3K9me3", 1): [(1.0, 2.1), (0.22, 0.42), (1.3, 2.2), (0.4, 0.68)],
    ("H3K9me3", 0): [(1.0, 2.4), (0.22, 0.42), (1.4, 5.0), (0.45, 0.82)],
}


def _middle(cells):
    """Median over cells of each statistic; cells differ as much as real ones do."""
    every = [by_mark_and_label(cell.X, cell.y) for cell in cells]
    return {key: np.median([one[key] for one in every], axis=0) for key in TARGETS}


@pytest.mark.parametrize(("mark", "label"), list(TARGETS))
def test_counts_have_the_moments_of_real_ones(simulated_cells, mark, label):
    found = _middle(simulated_cells)[mark, label]
    for value, (low, high) in zip(found, TARGETS[mark, label], strict=True):
        assert low <= value <= high


def test_targets_hold_for_real_counts_too(real_cells):
    for X, y in real_cells:
        for key, found in by_mark_and_label(X, y).items():
            for value, (low, high) in zip(found, TARGETS[key], strict=True):
                assert low <= value <= high, key


def _range(cells):
    every = [by_mark_and_label(X, y) for X, y in cells]
    return {
        key: [f([one[key] for one in every], axis=0) for f in (np.min, np.max)] for key in TARGETS
    }


def test_counts_lie_between_real_cells(simulated_cells, real_cells, full_cells):
    # Depth is that of the first two; dispersion does not hang on them alone.
    near, wide = _range(real_cells), _range(real_cells + full_cells)
    for key, (mean, zero, ratio, lagged) in _middle(simulated_cells).items():
        low, high = near[key]
        assert low[0] / 1.3 < mean < high[0] * 1.3, key
        # the depths of ten cells leave some of it to chance
        assert low[1] - 0.08 < zero < high[1] + 0.08, key
        assert wide[key][0][2] / 1.4 < ratio < wide[key][1][2] * 1.4, key
        assert low[3] - 0.08 < lagged < high[3] + 0.08, key


def test_counts_agree_with_published_toy_sets(simulated_cells, shared_data):
    stats = json.loads((shared_data / "signal_stats.json").read_text())
    sets = ["toyA_raw_counts", "toyB_raw_counts", "e003_demo100_reconstructed_counts"]
    for (mark, label), found in _middle(simulated_cells).items():
        name = "expressed" if label else "not_expressed"
        entries = [stats[one]["marks"][mark][name] for one in sets]
        zero = [entry["zero_fraction"] for entry in entries]
        lagged = [entry["pooled_autocorrelation"]["1"] for entry in entries]
        assert min(zero) - 0.1 < found[1] < max(zero) + 0.1, (mark, label)
        assert min(lagged) - 0.17 < found[3] < max(lagged) + 0.17, (mark, label)


def test_cells_differ_in_depth(simulated_cells):
    # background of H3K9me3, which differs least by biology
    depth = [np.median(cell.X[:, :, 4].mean(axis=1)) for cell in simulated_cells]
    assert max(depth) > 1.2 * min(depth)


@pytest.mark.parametrize("n_bins", [1, 2, 33, 200])
def test_any_number_of_bins(n_bins):
    data = make_histone_cells(2, 30, n_bins=n_bins, random_state=0)
    assert data.X.shape == (60, n_bins, 5)


@pytest.mark.parametrize("bin_size", [10, 400])
def test_counts_scale_with_bin_size(bin_size):
    means = [
        make_histone_cells(
            1, 3000, n_bins=2000 // size, bin_size=size, depth=1, random_state=0
        ).X.mean()
        for size in (100, bin_size)
    ]
    # a read of 36 bp overlaps 1 + 35 / size bins on average
    assert means[1] / means[0] == pytest.approx((bin_size + 35) / 135, rel=0.06)


def test_depth_scales_the_counts_of_its_library():
    depth = np.ones((2, 5))
    depth[1, 3] = 10
    once, deep = (
        make_histone_cells(2, 1500, depth=value, random_state=0).X.reshape(2, 1500, 100, 5)
        for value in (1, depth)
    )
    ratio = deep.mean(axis=(1, 2)) / once.mean(axis=(1, 2))
    assert ratio[1, 3] == pytest.approx(10, rel=0.15)
    assert np.delete(ratio.ravel(), 8) == pytest.approx(1, rel=0.2)
    assert make_histone_cells(2, 5, depth=[1, 3], random_state=0).n_samples == 10


def test_dtype_grows_with_depth():
    data = make_histone_cells(2, 100, depth=1000, random_state=0)
    assert data.X.dtype == np.uint32
    assert 60_000 < data.X.max() < 2_000_000
    assert make_histone_cells(2, 100, depth=0.2, random_state=0).X.dtype == np.uint8
