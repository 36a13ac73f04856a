"""Sums over bins by binary search in sorted positions; no loop over reads or bins."""

import numpy as np


class BinValues:
    """Values of the bins of all windows, added up piece by piece.

    ``values`` is (n_windows, n_bins), with the bins in the direction of the genome.
    """

    def __init__(self, windows, dtype):
        self.values = np.zeros((len(windows.start), windows.n_bins), dtype=dtype)
        self._span = windows.span
        self._offsets = windows.bin_size * np.arange(windows.n_bins + 1)
        self._rows, self._starts = {}, {}
        self.chromosomes = np.unique(windows.chrom).tolist()
        for chrom in self.chromosomes:
            rows = np.flatnonzero(windows.chrom == chrom)
            # sorted queries make binary search several times faster
            rows = rows[np.argsort(windows.start[rows], kind="stable")]
            self._rows[chrom], self._starts[chrom] = rows, windows.start[rows]

    def regions(self, chrom):
        """Return first and last (exclusive) positions of the windows on a chromosome, sorted."""
        return self._starts[chrom], self._starts[chrom] + self._span

    def add(self, chrom, first, last, sum_over):
        """Add to the bins of the windows that overlap ``[first, last)``.

        ``sum_over`` takes the edges of bins, of shape (n, n_bins + 1), and returns what to add, of
        shape (n, n_bins).
        """
        starts = self._starts[chrom]
        low = np.searchsorted(starts, first - self._span, side="right")
        high = np.searchsorted(starts, last, side="left")
        if low < high:
            edges = starts[low:high, None] + self._offsets
            self.values[self._rows[chrom][low:high]] += sum_over(edges)


def count_overlaps(start, end, edges):
    """Count the intervals that overlap each bin; ``edges`` is (n, n_bins + 1).

    ``start`` and ``end`` are each sorted on its own: an interval overlaps ``[a, b)`` if it
    starts before ``b`` and does not end by ``a``, so the two numbers are simply subtracted.
    """
    begun = np.searchsorted(start, edges[:, 1:], side="left")
    over = np.searchsorted(end, edges[:, :-1], side="right")
    return begun - over


def count_points(position, edges):
    """Count the positions (sorted) in each bin."""
    return np.diff(np.searchsorted(position, edges, side="left"), axis=1)


def sum_depth(start, end, edges):
    """Sum the depth of intervals (``start`` and ``end`` sorted on their own) over each bin."""
    return np.diff(_bases_before(start, edges) - _bases_before(end, edges), axis=1)


def _bases_before(position, edges):
    """Sum of ``edge - position`` over the positions before each edge."""
    total = np.concatenate([[0], np.cumsum(position)])
    number = np.searchsorted(position, edges, side="left")
    return number * edges - total[number]


def sum_signal(start, end, value, edges):
    """Sum a signal over the bases of each bin; ``edges`` is (n, n_bins + 1).

    ``value`` is the signal at each base of sorted intervals that do not overlap; elsewhere it is
    zero. Each bin is summed on its own, so that a large value elsewhere costs no digits.
    """
    left, right = edges[:, :-1].ravel(), edges[:, 1:].ravel()
    inner = np.searchsorted(start, left, side="left")  # first interval that begins inside
    outer = np.searchsorted(end, right, side="right")  # first one that ends outside
    total = np.zeros(len(left))
    # One more element, because reduceat takes no index behind the last.
    area = np.append(value * (end - start), 0.0)
    whole = inner < outer
    if whole.any():
        pairs = np.column_stack([inner[whole], outer[whole]]).ravel()
        total[whole] = np.add.reduceat(area, pairs)[::2]
    before = np.maximum(inner - 1, 0)
    reaches_in = (inner > 0) & (end[before] > left)
    total += np.where(reaches_in, value[before] * (np.minimum(end[before], right) - left), 0.0)
    last = np.minimum(outer, len(start) - 1)
    leaves = (outer >= inner) & (outer < len(start)) & (start[last] < right)
    total += np.where(leaves, value[last] * (right - start[last]), 0.0)
    return total.reshape(len(edges), -1)
