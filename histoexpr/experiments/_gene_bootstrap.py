"""AUROC of the fits of a study over resamples of the test genes."""

import numpy as np

from ..metrics import draw_genes, percentile_interval, weighted_auroc

# The ends of 95 % intervals then vary by less than a tenth of the standard error
_RESAMPLES = 1000


class GeneBootstrap:
    """AUROC over resamples of genes, drawn alike for all that is compared.

    Parameters
    ----------
    study : Study
    """

    def __init__(self, study):
        self._study = study
        self._counts, self._tests, self._found = {}, {}, {}

    def replicates(self, records):
        """Return replicates of the mean over cells of the AUROC over folds and seeds.

        Parameters
        ----------
        records : list of dict

        Returns
        -------
        ndarray of shape (n_resamples,)
        """
        cells = {}
        for record in records:
            cells.setdefault(record["test_cell"], []).append(self._record(record))
        return _mean([_mean(parts) for parts in cells.values()])

    def interval(self, records, confidence):
        """Return the interval of what :meth:`replicates` returns."""
        return percentile_interval(self.replicates(records), confidence)

    def _record(self, record):
        key = record["fit"], *record["rows"]
        if key not in self._found:
            gene, y = self._test_genes(record["fold"], record["test_cell"])
            genes, drawn = self._drawn(record["fold"])
            weights = drawn[np.searchsorted(genes, gene)]
            self._found[key] = weighted_auroc(y == 1, self._study.predictions(record), weights)
        return self._found[key]

    def _test_genes(self, fold, cell):
        if (fold, cell) not in self._tests:
            self._tests[fold, cell] = self._study.test_genes(fold, cell)
        return self._tests[fold, cell]

    def _drawn(self, fold):
        """Return the genes that are tested in a fold, and how often each is drawn."""
        if fold not in self._counts:
            cells = self._study.cells
            genes = np.unique(np.concatenate([self._test_genes(fold, c)[0] for c in cells]))
            number = self._study.folds.index(fold)
            self._counts[fold] = genes, draw_genes(len(genes), _RESAMPLES, number)
        return self._counts[fold]


def _mean(replicates):
    """Return the mean of what is defined, replicate by replicate."""
    values = np.array(replicates)
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, values, 0).sum(axis=0) / defined.sum(axis=0)
