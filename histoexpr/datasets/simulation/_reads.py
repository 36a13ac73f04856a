"""Simulated reads of a library: where each of them starts, base by base."""

import numpy as np

from ._counts import READ_LENGTH, simulate_rates
from ._profiles import MARKS

REACH = 6000  # bp on either side of a TSS that have reads: more than a usual window
_STEP = 25  # bp between the places where the rate is known


def simulate_reads(rpkm, forward, n_reads, cells, rng):
    """Draw the reads of every library, around one TSS after the other.

    ``rpkm`` is (n_genes, n_cells), ``forward`` marks genes on the plus strand, ``n_reads`` are
    the reads of a library of usual depth. Yields the number of the cell, of the mark, the number
    of the gene of each read, ascending, and the first base of the read in bp relative to the TSS,
    along the genome.

    The number of reads of a library is fixed, and each falls where a uniform number meets the
    cumulative rate. Poisson numbers for each bin would be rejected or not by comparisons with
    exponentials, which differ in the last digit between processors: from the first one that
    falls otherwise on, all reads would. Here such a digit moves one read by one step.
    """
    n_genes, n_cells = rpkm.shape
    x = np.arange(-REACH + _STEP / 2, REACH, _STEP, dtype=np.float32)
    rates = np.empty((n_cells, len(MARKS), n_genes, len(x)), dtype=np.float32)
    for cell, rows, by_mark in simulate_rates(rpkm, forward, x, _STEP, cells, rng):
        for mark, rate in enumerate(by_mark):
            rates[cell, mark, rows] = rate
    for cell, mark in np.ndindex(rates.shape[:2]):
        number = max(1, round(n_reads * float(cells.depth[cell, mark])))
        cumulative = np.cumsum(rates[cell, mark].ravel(), dtype=np.float64)
        drawn = np.sort(rng.random(number)) * cumulative[-1]
        gene, place = np.divmod(np.searchsorted(cumulative, drawn, side="right"), len(x))
        middle = place * _STEP - REACH + rng.integers(_STEP, size=number)
        yield cell, mark, gene, middle - READ_LENGTH // 2
