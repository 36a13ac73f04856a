"""Samples of a report: checked, with their genes, classes and blocks, and draws of them."""

import numpy as np
from sklearn.utils import column_or_1d
from sklearn.utils.validation import check_consistent_length

from ..metrics import draw_genes, resampling_blocks
from ..utils import are_numbers, check_signals, known_names, refuse_masked, take_marks

# With fewer blocks their resamples hardly differ; genes take their place
_LEAST_BLOCKS = 10
_LEAST = 10  # samples


class Samples:
    """Signals (n_samples, n_bins, n_marks) of a report, with ``y``, ``cell`` and ``genes``.

    ``blocks`` says which samples are resampled together, ``strata`` number the combinations of
    class and, where cell types are given, cell type. ``counts`` (n_blocks, n_sets) says how often
    each block is in each resample; in the first once.
    """

    def __init__(self, X, y, cell, dataset, name):
        self.X, self.y, self.cell = X, y, cell
        known = {key: getattr(dataset, key, None) for key in ("chrom", "tss", "gene")}
        own = np.array([f"{name} {row}" for row in range(len(X))])
        self.genes = own if known["gene"] is None else np.asarray(known["gene"], dtype=str)
        self.blocks = resampling_blocks(len(X), **known)
        if self.blocks.n_blocks < _LEAST_BLOCKS:
            self.blocks = resampling_blocks(len(X), gene=known["gene"])

    def draw_resamples(self, n_resamples, rng):
        """Draw the resamples of the blocks."""
        n_blocks = self.blocks.n_blocks
        drawn = draw_genes(n_blocks, n_resamples, rng)
        self.counts = np.hstack([np.ones((n_blocks, 1)), drawn]).astype(np.float64)

    def weights(self, rows):
        """Return how often each of some samples is in each resample, (n_rows, n_sets)."""
        return self.counts[self.blocks.codes[rows]]


def check_samples(generator, source, y, cell, names):
    """Return Samples of what was passed, with the marks in the order of the generator."""
    X = check_signals(generator, source, reset=False, ensure_non_negative=True)
    if getattr(generator, "mark_names_in_", None) is None:
        X = take_marks(X, names, source, "the other signals have the marks")
    called = source.name.replace("X", "y")
    if y is None and source.dataset is not None:
        y = source.dataset.y
    if y is None:
        raise ValueError(f"A {called} is needed: the baselines are made class by class.")
    y = column_or_1d(refuse_masked(y, called))
    check_consistent_length(X, y)
    if cell is None and source.dataset is not None:
        cell = source.dataset.cell
    if cell is not None:
        cell = column_or_1d(refuse_masked(cell, source.name.replace("X", "cell")))
        check_consistent_length(X, cell)
    if len(X) < _LEAST:
        raise ValueError(f"{source.name} has {len(X)} samples; at least {_LEAST} are needed.")
    return Samples(X, y, cell, source.dataset, source.name)


def mark_names_of(generator, sources):
    """Return the names of the marks in the order of the generator, or None."""
    known = [known_names(getattr(generator, "mark_names_in_", None))]
    known += [source.marks for source in sources]
    return next((names for names in known if names is not None and not are_numbers(names)), None)
