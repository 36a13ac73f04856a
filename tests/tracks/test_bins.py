"""Sums over bins against brute force."""

import numpy as np
import pytest

from histoexpr.tracks import count_track
from support.track_files import (
    depth,
    make_windows,
    random_reads,
    random_windows,
    write_bed,
    write_bigwig,
)

RULES = ("overlap", "5prime", "midpoint", "mean", "sum")


def brute_force(reads, windows, rule):
    """Count by the definition of the rule, read by read and bin by bin."""
    depths = depth(reads)
    values = np.zeros((len(windows.start), windows.n_bins))
    for row, (chrom, first) in enumerate(zip(windows.chrom, windows.start, strict=True)):
        for column in range(windows.n_bins):
            a = first + column * windows.bin_size
            b = a + windows.bin_size
            here = [read for read in reads if read[0] == chrom]
            if rule == "overlap":
                value = sum(start < b and end > a for _, start, end, _ in here)
            elif rule == "5prime":
                value = sum(a <= (s if d == "+" else e - 1) < b for _, s, e, d in here)
            elif rule == "midpoint":
                value = sum(a <= (s + e) // 2 < b for _, s, e, _ in here)
            else:
                value = depths[chrom][max(a, 0) : max(b, 0)].sum()
                value = value / windows.bin_size if rule == "mean" else value
            values[row, column] = value
    return values


@pytest.mark.parametrize("rule", RULES)
def test_rules_against_brute_force(tmp_path, rule):
    rng = np.random.default_rng(1)
    reads, windows = random_reads(rng, 300), random_windows(rng)
    counts = count_track(write_bed(tmp_path / "reads", reads), windows, rule=rule)
    np.testing.assert_allclose(counts.values, brute_force(reads, windows, rule), rtol=1e-14)
    assert counts.values.any()


def test_a_large_value_elsewhere_costs_no_digits(tmp_path):
    items = [(0, 10, 1e30), (10, 20, 0.1), (25, 30, 0.3)]
    path = write_bigwig(tmp_path / "a.bw", [("chr1", 1, 0, 0, 0, items)])
    counts = count_track(path, make_windows([("chr1", 0)]), rule="sum")
    tenth, three = float(np.float32(0.1)), float(np.float32(0.3))
    np.testing.assert_array_equal(counts.values[0, 1:], [10 * tenth, 5 * three, 0])
