"""AUROC of fits over resamples of the test genes."""

import numpy as np

from ..metrics import draw_genes, percentile_interval, weighted_auroc
from ._words import BASELINE

# The ends of 95 % intervals then vary by less than a tenth of the standard error
_RESAMPLES = 1000


class GeneBootstrap:
    """AUROC over resamples of genes, drawn alike for all that is compared."""

    def __init__(self, results):
        self._results = results
        self._draws, self._found = {}, {}

    def replicates(self, rows):
        """Return (n_resamples,) means over cells of the AUROC over folds and random states."""
        cells = {}
        for row in rows.itertuples():
            cells.setdefault(row.test_cell, []).append(self._of_row(row))
        return _mean([_mean(parts) for parts in cells.values()])

    def interval(self, rows, confidence):
        """Return the interval of what :meth:`replicates` returns."""
        return percentile_interval(self.replicates(rows), confidence)

    def _of_row(self, row):
        key = row.fit, row.test_cell
        if key not in self._found:
            frame = self._results.predictions(row)
            genes, drawn = self._drawn(row.fold)
            weights = drawn[np.searchsorted(genes, frame["gene"].to_numpy(dtype=genes.dtype))]
            scores = frame["prediction"].to_numpy()
            self._found[key] = weighted_auroc(frame["label"].to_numpy() == 1, scores, weights)
        return self._found[key]

    def _drawn(self, fold):
        """Return the genes that are tested in a fold, and how often each is drawn."""
        if fold not in self._draws:
            baselines = self._results.select(BASELINE, fold=fold).drop_duplicates("test_cell")
            parts = [self._results.predictions(row)["gene"] for row in baselines.itertuples()]
            genes = np.unique(np.concatenate([part.to_numpy(dtype=str) for part in parts]))
            number = self._results.folds.index(fold)
            self._draws[fold] = genes, draw_genes(len(genes), _RESAMPLES, number)
        return self._draws[fold]


def _mean(replicates):
    """Return the mean of what is defined, replicate by replicate."""
    values = np.array(replicates)
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, values, 0).sum(axis=0) / defined.sum(axis=0)
