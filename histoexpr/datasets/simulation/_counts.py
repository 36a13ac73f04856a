"""Simulated reads: rates and counts with the overdispersion and autocorrelation of real ones."""

import numpy as np

from ._profiles import MARKS, Genes

READ_LENGTH = 36  # bp, as in the Roadmap libraries
# Fitted to real counts: roughness of the rate; the share of its variance that a gene keeps
# in all cells, and the share that is common to all marks (copy number, mappability).
_TEXTURE = (0.30, 0.30, 0.38, 0.20, 0.30)
_KEPT, _COMMON = 0.6, 0.2
_KNOT_DISTANCE = 250  # bp
_BINS_AT_ONCE = 25_600  # a block of genes has about this many bins: it fits the cache


def simulate_counts(rpkm, forward, positions, bin_size, cells, rng):
    """Draw counts, a block of genes and a cell at a time.

    Counts are Poisson around a rate that is the expected profile times a random field along the
    window. As in real data, a read that overlaps two bins counts in both, which correlates
    neighbours. ``rpkm`` is (n_genes, n_cells), ``forward`` marks genes on the plus strand,
    ``positions`` are the centres of the bins in bp relative to the TSS, along the genome. Yields
    the number of the cell, the slice of the genes, and the reads that overlap each bin, int64 of
    shape (n_rows, n_bins, n_marks).
    """
    # From its first bin, a read reaches into `whole` others, and into one more at times.
    whole, part = divmod((READ_LENGTH - 1) / bin_size, 1)
    lead = int(whole) + 1
    # Reads that start in bins to the left of the window reach into it.
    left = positions[0] - bin_size * np.arange(lead, 0, -1)
    x = np.concatenate([left, positions]).astype(np.float32)
    # Rates are reads that overlap 100 bp; what is drawn are reads that start in a bin.
    scale = cells.depth * bin_size / (100 + READ_LENGTH - 1)
    for cell, rows, rates in simulate_rates(rpkm, forward, x, bin_size, cells, rng):
        shape = rows.stop - rows.start, len(positions)
        counts = np.empty((*shape, len(MARKS)), dtype=np.int64)
        for mark, rate in enumerate(rates):
            reads = rng.poisson(np.float32(scale[cell, mark]) * rate)
            dice = rng.random(shape, dtype=np.float32)
            over = (reads[:, :-lead] * np.float32(part) + dice).astype(np.int64)
            for reach in range(lead):
                over += reads[:, lead - reach : len(x) - reach]
            counts[:, :, mark] = over
        yield cell, rows, counts


def simulate_rates(rpkm, forward, x, bin_size, cells, rng):
    """Yield the number of each cell, the slice of each block of genes, and rates mark by mark.

    Rates are reads that overlap 100 bp at usual depth, float32 of shape (n_rows, n_bins), for bins
    with the centres ``x`` (float32) in bp relative to the TSS, along the genome. They are drawn
    when the iterator of them is advanced, from ``rng``, which the caller may use in between.
    """
    basis = _texture_basis(x, max(bin_size, _KNOT_DISTANCE))
    size = max(1, _BINS_AT_ONCE // len(x))
    for start in range(0, len(rpkm), size):
        rows = slice(start, min(start + size, len(rpkm)))
        genes = Genes(rpkm[rows], forward[rows], x, rng)
        shape = (len(MARKS), rows.stop - rows.start, len(basis))
        kept = np.float32((_KEPT - _COMMON) ** 0.5) * rng.standard_normal(shape, dtype=np.float32)
        kept += np.float32(_COMMON**0.5) * rng.standard_normal(shape[1:], dtype=np.float32)
        for cell in range(rpkm.shape[1]):
            own = rng.standard_normal(shape, dtype=np.float32)
            fields = (kept + np.float32((1 - _KEPT) ** 0.5) * own) @ basis
            yield cell, rows, _roughen(genes.rates(cell, cells), fields)


def _roughen(rates, fields):
    """Multiply the rates of each mark by its random field."""
    for rate, field, rough in zip(rates, fields, np.float32(_TEXTURE), strict=True):
        # The square of a normal variable is like a gamma one: long-tailed, often near 0.
        rate *= (1 + rough * field) ** 2 / (1 + rough**2)
        yield rate


def _texture_basis(x, spacing):
    """Turn independent normal variables into an autocorrelated field of unit variance.

    Knots that are correlated over a short and a long range, with lines between them.
    """
    knots = np.linspace(x[0], x[-1], 2 + int((x[-1] - x[0]) // spacing))
    distance = np.abs(knots[:, None] - knots)
    covariance = 0.65 * np.exp(-distance / 500) + 0.35 * np.exp(-distance / 3000)
    rows = np.linalg.cholesky(covariance + 1e-6 * np.eye(len(knots))).T
    basis = np.stack([np.interp(x, knots, row) for row in rows])
    return (basis / np.linalg.norm(basis, axis=0)).astype(np.float32)
