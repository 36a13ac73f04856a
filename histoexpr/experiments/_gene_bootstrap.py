"""Scores of fits over resamples of the test genes, singly or by whole chromosomes."""

import numpy as np

from ..metrics import (
    WEIGHTED_SCORES,
    draw_genes,
    expanded_interval,
    percentile_interval,
    weighted_score,
)
from ._targets import as_log_odds
from ._words import BASELINE, CORRELATIONS, EXPRESSION, LABEL, VARIABLE

# The ends of 95 % intervals then vary by less than a tenth of the standard error
_RESAMPLES = 1000
# Scores against log2 expression; the others are against labels
_ON_EXPRESSION = ("r2", "pearson", "spearman", "root_mean_squared_error")
# Scores of labels that need probabilities
_ON_PROBABILITIES = ("log_loss", "brier_score_loss")
# Scores of which a resample can be scored
BOOTSTRAPPED = (*WEIGHTED_SCORES, "roc_auc_variable")


class GeneBootstrap:
    """Scores over resamples of genes, drawn alike for all that is compared."""

    unit = "gene"

    def __init__(self, results):
        self._results = results
        self._draws, self._found = {}, {}

    def replicates(self, rows, metric="roc_auc"):
        """Return (n_resamples,) means over cells of a score over folds and random states."""
        cells = {}
        for row in rows.itertuples():
            cells.setdefault(row.test_cell, []).append(self._of_row(row, metric))
        return _mean([_mean(parts) for parts in cells.values()])

    def interval(self, rows, confidence, metric="roc_auc"):
        """Return the interval of what :meth:`replicates` returns."""
        return percentile_interval(self.replicates(rows, metric), confidence)

    def _of_row(self, row, metric):
        key = row.fit, row.test_cell, metric
        if key not in self._found:
            frame = self._results.predictions(row)
            units, drawn = self._drawn(row.fold)
            y, predicted, kept = _scored(frame, row, metric)
            names = frame[self.unit].to_numpy(dtype=units.dtype)[kept]
            weights = drawn[np.searchsorted(units, names)]
            name = metric.removesuffix("_variable")
            self._found[key] = weighted_score(name, y, predicted, weights)
        return self._found[key]

    def _drawn(self, fold):
        """Return the genes that are tested in a fold, and how often each is drawn."""
        if fold not in self._draws:
            genes = self._tested(fold)
            number = self._results.folds.index(fold)
            self._draws[fold] = genes, draw_genes(len(genes), _RESAMPLES, number)
        return self._draws[fold]

    def _tested(self, fold):
        """Return the units that are tested in a fold in any cell, sorted."""
        baselines = self._results.select(BASELINE, fold=fold).drop_duplicates("test_cell")
        parts = [self._results.predictions(row)[self.unit] for row in baselines.itertuples()]
        return np.unique(np.concatenate([part.to_numpy(dtype=str) for part in parts]))


class ChromosomeBootstrap(GeneBootstrap):
    """Scores over resamples of whole chromosomes, for all folds together.

    Neighbouring genes share their surroundings and what a fit makes of them: taken as
    independent, they give intervals that are too narrow. Folds of which no chromosome is drawn
    do not count in a resample.
    """

    unit = "chrom"

    def interval(self, rows, confidence, metric="roc_auc"):
        """Return the expanded percentile interval, NaN of too few chromosomes."""
        tested = [self._results.predictions(row)["chrom"].unique() for row in rows.itertuples()]
        n_chromosomes = len(np.unique(np.concatenate(tested).astype(str)))
        return expanded_interval(self.replicates(rows, metric), n_chromosomes, confidence)

    def _drawn(self, fold):
        if not self._draws:
            names = np.unique(np.concatenate([self._tested(f) for f in self._results.folds]))
            self._draws["all"] = names, draw_genes(len(names), _RESAMPLES, 0)
        return self._draws["all"]


def _scored(frame, row, metric):
    """Return what a score is of: measured and predicted values, and which rows they are of."""
    predicted, nothing = frame["prediction"].to_numpy(dtype=np.float64), np.empty(0)
    nowhere = np.zeros(len(frame), dtype=bool)
    are_probabilities = row.log_loss == row.log_loss  # not NaN
    if metric in _ON_EXPRESSION:
        if EXPRESSION not in frame or (metric not in CORRELATIONS and row.target == LABEL):
            return nothing, nothing, nowhere
        known = frame[EXPRESSION].notna().to_numpy()
        predicted = as_log_odds(predicted) if are_probabilities else predicted
        return frame[EXPRESSION].to_numpy()[known], predicted[known], known
    if LABEL not in frame or (metric in _ON_PROBABILITIES and not are_probabilities):
        return nothing, nothing, nowhere
    kept = ~nowhere
    if metric == "roc_auc_variable":
        kept = frame[VARIABLE].to_numpy() == 1 if VARIABLE in frame else nowhere
    return frame[LABEL].to_numpy()[kept] == 1, predicted[kept], kept


def _mean(replicates):
    """Return the mean of what is defined, replicate by replicate."""
    values = np.array(replicates)
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, values, 0).sum(axis=0) / defined.sum(axis=0)
