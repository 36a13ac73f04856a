"""Scores of fits over resamples of the test genes, singly or by whole blocks of them."""

import numpy as np
from scipy import stats

from ..metrics import (
    WEIGHTED_SCORES,
    draw_genes,
    expanded_interval,
    percentile_interval,
    unit_auroc,
    weighted_score,
)
from ._gene_blocks import chromosome_blocks, gene_blocks, known_genes
from ._targets import as_log_odds
from ._words import BASELINE, CORRELATIONS, EXPRESSION, LABEL, VARIABLE

# The ends of 95 % intervals then vary by less than a tenth of the standard error
_RESAMPLES = 1000
# Scores against log2 expression; the others are against labels
_ON_EXPRESSION = ("r2", "pearson", "spearman", "root_mean_squared_error")
# Scores of labels that need probabilities
_ON_PROBABILITIES = ("log_loss", "brier_score_loss")
# What is needed of a row of results: rows are many, and most of their columns are not
_COLUMNS = ("fit", "fold", "test_cell", "target", *_ON_PROBABILITIES)
# Scores of which a resample can be scored
BOOTSTRAPPED = (*WEIGHTED_SCORES, "roc_auc_variable")


class GeneBootstrap:
    """Scores over resamples of genes, drawn alike for all that is compared."""

    unit = "gene"

    def __init__(self, results):
        self._results = results
        self._draws, self._found, self._units = {}, {}, {}

    def replicates(self, rows, metric="roc_auc"):
        """Return (n_resamples,) means over cells of a score over folds and random states."""
        cells = {}
        for row in rows[list(_COLUMNS)].itertuples():
            cells.setdefault(row.test_cell, []).append(self._of_row(row, metric))
        return _mean([_mean(parts) for parts in cells.values()])

    def interval(self, rows, confidence, metric="roc_auc"):
        """Return the interval of what :meth:`replicates` returns."""
        return self._ends(self.replicates(rows, metric), self._count_units(rows), confidence)

    def compare(self, first, second, metric, confidence=0.95):
        """Return the interval ``low``, ``high`` of first less second, ``error`` and ``n_units``.

        Both are scored on the same resamples. ``error`` is the standard error of the difference.
        """
        difference = self.replicates(first, metric) - self.replicates(second, metric)
        n_units = self._count_units(first)
        low, high = self._ends(difference, n_units, confidence)
        defined, error = difference[~np.isnan(difference)], np.nan
        if len(defined) > 1 and n_units > 1:
            error = float(np.std(defined, ddof=1) * np.sqrt(n_units / (n_units - 1)))
        return {"low": low, "high": high, "error": error, "n_units": n_units}

    def _ends(self, replicates, n_units, confidence):
        return percentile_interval(replicates, confidence)

    def _count_units(self, rows):
        """Return how many units the genes of some rows are of."""
        found = []
        tested = rows[["fold", "test_cell", "fit"]].drop_duplicates(["fold", "test_cell"])
        for place in tested.itertuples():
            key = place.fold, place.test_cell
            if key not in self._units:
                self._units[key] = self._units_of(self._results.predictions(place)["gene"])
            found.append(self._units[key])
        return len(np.unique(np.concatenate(found)))

    def _units_of(self, genes):
        """Return what names the units of genes."""
        return genes.to_numpy(dtype=str)

    def _of_row(self, row, metric):
        key = row.fit, row.test_cell, metric
        if key not in self._found:
            frame = self._results.predictions(row)
            y, predicted, kept = _scored(frame, row, metric)
            genes = frame["gene"].to_numpy(dtype=str)[kept]
            name = metric.removesuffix("_variable")
            self._found[key] = self._score(row.fold, genes, name, y, predicted)
        return self._found[key]

    def _score(self, fold, genes, name, y, predicted):
        """Return a score of some genes of a fold over the resamples."""
        units, drawn = self._drawn(fold)
        weights = drawn[np.searchsorted(units, genes.astype(units.dtype))]
        return weighted_score(name, y, predicted, weights)

    def _drawn(self, fold):
        """Return the genes that are tested in a fold, and how often each is drawn."""
        if fold not in self._draws:
            baselines = self._results.select(BASELINE, fold=fold).drop_duplicates("test_cell")
            parts = [self._results.predictions(row)["gene"] for row in baselines.itertuples()]
            genes = np.unique(np.concatenate([part.to_numpy(dtype=str) for part in parts]))
            number = self._results.folds.index(fold)
            self._draws[fold] = genes, draw_genes(len(genes), _RESAMPLES, number)
        return self._draws[fold]


class BlockBootstrap(GeneBootstrap):
    """Scores over resamples of whole blocks of genes, for all folds together.

    Neighbouring genes share their surroundings and what a fit makes of them: taken as
    independent, they give intervals that are too narrow. Folds of which no block is drawn
    do not count in a resample.
    """

    def __init__(self, results, blocks):
        super().__init__(results)
        self._blocks, self.unit = blocks, blocks.unit
        self._weights = draw_genes(blocks.n_blocks, _RESAMPLES, 0).astype(np.float64)

    def _ends(self, replicates, n_units, confidence):
        """Return the expanded percentile interval, NaN of too few blocks."""
        return expanded_interval(replicates, n_units, confidence)

    def _units_of(self, genes):
        """Return the numbers of the blocks of genes."""
        return self._blocks.codes.to_numpy()[self._blocks.codes.index.get_indexer(genes)]

    def _score(self, fold, genes, name, y, predicted):
        block = self._units_of(genes)
        if name == "roc_auc" and len(y):
            # from pairs of blocks: a tenth of the time of weights of genes
            return unit_auroc(y, predicted, block, self._blocks.n_blocks)(self._weights)
        return weighted_score(name, y, predicted, self._weights[block])


class ChromosomeBootstrap(BlockBootstrap):
    """Scores over resamples of whole chromosomes, however few there are."""

    def __init__(self, results):
        super().__init__(results, chromosome_blocks(known_genes(results)))


def best_bootstrap(results, frame):
    """Return the bootstrap over the blocks of a :func:`known_genes` of the results."""
    blocks = gene_blocks(frame)
    return GeneBootstrap(results) if blocks.codes is None else BlockBootstrap(results, blocks)


def p_difference(difference, error, n_units):
    """Return the two-sided p value of a difference by Student's t distribution; NaN without one.

    With n units there are n - 1 degrees of freedom.
    """
    if np.isnan(error) or np.isnan(difference) or n_units < 2:
        return np.nan
    if error == 0:
        return float(difference == 0)
    return float(2 * stats.t.sf(abs(difference) / error, n_units - 1))


def p_equivalence(difference, error, n_units, margin):
    """Return the p value of two one-sided tests of a difference of ``margin`` or more."""
    if np.isnan(error) or np.isnan(difference) or n_units < 2:
        return np.nan
    inside = margin - abs(difference)
    return float(stats.t.sf(inside / error, n_units - 1)) if error > 0 else float(inside <= 0)


def _scored(frame, row, metric):
    """Return what a score is of: measured and predicted values, and which rows they are of."""
    predicted, nothing = frame["prediction"].to_numpy(dtype=np.float64), np.empty(0)
    nowhere = np.zeros(len(frame), dtype=bool)
    are_probabilities = row.brier_score_loss == row.brier_score_loss  # not NaN
    if metric in _ON_EXPRESSION:
        if EXPRESSION not in frame or (metric not in CORRELATIONS and row.target == LABEL):
            return nothing, nothing, nowhere
        known = frame[EXPRESSION].notna().to_numpy()
        predicted = as_log_odds(predicted) if are_probabilities else predicted
        return frame[EXPRESSION].to_numpy()[known], predicted[known], known
    # the log loss of a hard 0/1 is not defined, though its Brier score is
    undefined = metric in _ON_PROBABILITIES and np.isnan(getattr(row, metric))
    if LABEL not in frame or undefined:
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
