"""The grain of signals: what they are multiples of, and the size of a read in coverage."""

import numpy as np

# Samples that it is measured on, at the most
_N_MEASURED = 1000
# Distinct signals of a mark that are multiples of the smallest, at least
_LEAST_DISTINCT = 3
# Relative to the quantum: how far multiples in single precision are from whole ones
_TOLERANCE, _INEXACT = 1e-3, 50.0
# Of larger multiples in floats nothing is known; whole numbers beyond the second are not exact
_MOST_MULTIPLES, _EXACT = 1e6, 2.0**53
# Stretches of one or two bins between empty ones that are needed, and the share of them that
# have the size of one, two or three reads
_LEAST_STRETCHES, _SHARE_OF_READS = 100, 0.5


def grain_of(X, rows):
    """Return quantum, read and reach of each mark as for ``nn.SignalGrain``, (3, n_marks).

    The quantum is the smallest positive signal if all are multiples of it; of whole numbers their
    greatest common divisor. Reads show in coverage
    where it is thin: the sum of a stretch of one or two bins between empty ones is mostly that of
    one read, the most frequent sum; the share of these stretches that have two bins is the length
    of a read less one base, in bins.
    """
    used = np.arange(len(X)) if rows is None else rows
    values = np.asarray(X[used[:: -(-len(used) // _N_MEASURED)]], dtype=np.float64)
    found = np.zeros((3, X.shape[2]))
    for mark, signals in enumerate(np.moveaxis(values, 2, 0)):
        quantum = _quantum(signals)
        read, reach = _read(signals, quantum)
        found[:, mark] = quantum, read, reach
    return found


def kind_of_grain(grain):
    """Return the parameter ``grain`` of a network for what :func:`grain_of` found."""
    quantum, read, _ = grain
    if read.any():
        return "reads"
    return "counts" if quantum.any() else None


def _quantum(signals):
    """Return what all signals are multiples of, 0 if nothing is."""
    positive = np.unique(signals[signals > 0])
    if not len(positive):
        return 0.0
    # a single size would be a multiple of itself whatever it is
    few = len(positive) < _LEAST_DISTINCT
    if positive[-1] <= _EXACT and np.array_equal(positive, np.rint(positive)):
        return 1.0 if few else float(np.gcd.reduce(positive.astype(np.int64)))
    multiples = positive / positive[0]
    if few or multiples[-1] > _MOST_MULTIPLES:
        return 0.0
    # in single precision large multiples are less exact
    off = np.abs(multiples - np.rint(multiples)) / np.clip(multiples / 100, 1, _INEXACT)
    return 0.0 if (off > _TOLERANCE).any() else float(positive[0])


def _read(signals, quantum):
    """Return the size of a read and the share of reads that reach into the next bin, or 0, 0."""
    if quantum == 0 or signals.shape[1] < 4:
        return 0.0, 0.0
    counts = np.rint(signals / quantum).astype(np.int64)
    there = counts > 0
    first, second = counts[:, 1:-2], counts[:, 2:-1]
    # both in four bins of which the others are empty: by chance, neither is rarer
    around = ~there[:, :-3] & there[:, 1:-2] & ~there[:, 3:]
    alone, pairs = around & ~there[:, 2:-1], around & there[:, 2:-1]
    sums = np.concatenate([first[alone], (first + second)[pairs]])
    if len(sums) < _LEAST_STRETCHES:
        return 0.0, 0.0
    sizes, numbers = np.unique(sums, return_counts=True)
    read = sizes[numbers.argmax()]
    is_reads = np.isin(sums, read * np.arange(1, 4)).mean()
    # without stretches of several quanta these are counts, and a read is one of them
    if read < 4 or is_reads < _SHARE_OF_READS:
        return 0.0, 0.0
    one = sums == read
    in_pairs = np.repeat([False, True], [alone.sum(), pairs.sum()])
    return float(read * quantum), float(in_pairs[one].mean())
