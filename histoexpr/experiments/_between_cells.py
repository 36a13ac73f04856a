"""What predictions say of the differences between cells: scores of the same genes in several."""

import functools

import numpy as np
import pandas as pd

from ..metrics import (
    draw_genes,
    expanded_interval,
    gene_tables,
    score_changes,
    score_direction,
    score_order,
    score_within_genes,
    unit_auroc,
    vary,
)
from ._statistics import is_small, mean_by_cell
from ._targets import as_log_odds
from ._words import (
    BASELINE,
    BASELINES,
    BETWEEN_SCORES,
    EXPRESSION,
    LABEL,
    LEAST_SD,
    OTHERS,
    VARIABLE,
)

_CONFIDENCE, _RESAMPLES = 0.95, 1000
# Correlations within a gene are over so many cells at least
_LEAST_CELLS = 3
# What a score by test cell is over: all test genes, and the variable ones
_BY_CELL = ("roc_auc", "roc_auc_variable")
COLUMNS = ("group", "model", "metric", "score", "low", "high", "n_genes", "n_pairs", "resampled")


def compare_between_cells(results):
    """Return scores of what changes between cells, by group and model, with intervals.

    Large matrices of training and test cells are left out. See CrossCellResults.between_cells.
    """
    groups = [group for group in results.groups if is_small(results, group)]
    placed = [(group, model) for group in groups for model in results.models]
    baseline = {"name": BASELINE, "experiment": BASELINE, "regime": BASELINE}
    placed += [(baseline, model) for model in results.models if model in BASELINES]
    genes, found = None, []
    for group, model in placed:
        rows = results.of_group(group, model)
        if rows.empty or (group["name"] == BASELINE) != (model in BASELINES):
            continue
        genes = genes or TestedGenes(results)
        scores = genes.score_by_cell(rows)
        # a mean that leaves the cell out falls as the gene's own value rises: of a gene that is
        # on in one of two cells it is always higher in the other
        if BASELINES.get(model) != OTHERS:
            scores |= genes.score_between(rows, group["regime"] == "each")
        place = {"group": group["name"], "model": model}
        found += [{**place, "metric": metric, **score} for metric, score in scores.items()]
    return pd.DataFrame(found, columns=COLUMNS)


class TestedGenes:
    """The test genes of results in all cells, measured, and resamples of their chromosomes.

    The same resamples serve all that is compared. Of several samples of a gene in a cell the
    first one counts.
    """

    __test__ = False  # no test of pytest's

    def __init__(self, results):
        self._results = results
        rows = results.table.drop_duplicates(["fold", "test_cell"])
        frames = [self._frame(results.predictions(row)) for row in rows.itertuples()]
        frame = pd.concat(frames, ignore_index=True)
        columns = frame["gene"], frame["cell"], frame.get("chrom")
        columns = [c if c is None else c.to_numpy(dtype=str) for c in columns]
        # there may be no expression, and a gene may have none in some cells
        self._all = gene_tables(np.zeros(len(frame)), np.zeros(len(frame)), *columns)
        self._genes, self._cells = pd.Index(self._all.genes), pd.Index(np.unique(columns[1]))
        self._measured = {
            name: self._spread(frame, frame[name].to_numpy(dtype=np.float64))
            for name in (LABEL, EXPRESSION)
            if name in frame
        }
        self._weights = draw_genes(self._all.n_units, _RESAMPLES, 0).astype(np.float64)

    @functools.cached_property
    def _varying(self):
        """Which genes have a standard deviation of log2 expression above LEAST_SD."""
        return vary(self._measured[EXPRESSION], "sd", LEAST_SD)

    def score_by_cell(self, rows):
        """Return AUROC over all and over variable genes, as means over test cells, by name."""
        found = {}
        for name in _BY_CELL:
            cells, units, sizes = {}, [], {}
            for row in rows.itertuples():
                frame = self._frame(self._results.predictions(row))
                if LABEL not in frame or (name == "roc_auc_variable" and VARIABLE not in frame):
                    continue
                if name == "roc_auc_variable":
                    frame = frame[frame[VARIABLE] == 1]
                gene = self._genes.get_indexer(frame["gene"])
                unit, positive = self._all.unit[gene], frame[LABEL].to_numpy() == 1
                sizes.setdefault((row.test_cell, row.fold), len(frame))
                score = unit_auroc(
                    positive, frame["prediction"].to_numpy(), unit, self._all.n_units
                )
                cells.setdefault(row.test_cell, []).append(score(self._weights))
                units.append(np.unique(unit))
            if not cells:
                continue
            # over folds, random states and training cells, and then over cells
            replicates = _mean([_mean(parts) for parts in cells.values()])
            n_genes = pd.Series(sizes).groupby(level=0).sum().max()
            score = mean_by_cell(rows, name).mean()
            counts = {"n_genes": int(n_genes), "n_pairs": np.nan}
            n_units = len(np.unique(np.concatenate(units)))
            found[name] = self._with_interval(score, replicates, n_units) | counts
        return found

    def score_between(self, rows, by_training_cell):
        """Return BETWEEN_SCORES, as means over sets of predictions that are compared, by name."""
        parts = {name: [] for name in BETWEEN_SCORES}
        for frame in self._sets(rows, by_training_cell):
            for name, score in self._score_set(frame).items():
                parts[name].append(score)
        ones, found = np.ones((self._all.n_units, 1)), {}
        for name, scores in parts.items():
            scores = [score for score in scores if score.n_genes]
            if not scores:
                continue
            value = np.mean([score.evaluate(ones)[0] for score in scores])
            replicates = _mean([score.evaluate(self._weights) for score in scores])
            n_units = max(score.n_units for score in scores)
            counts = {n: max(getattr(s, n) for s in scores) for n in ("n_genes", "n_pairs")}
            found[name] = self._with_interval(value, replicates, n_units) | counts
        return found

    def _sets(self, rows, by_training_cell):
        """Yield predictions of the test genes in all cells, such as can be compared.

        What is trained on single cells is compared over the cells that one such model predicts,
        its own among them; of other experiments each cell has the model that was made for it.
        """
        columns = ["random_state", "train_cells"] if by_training_cell else ["random_state"]
        for _, part in rows.groupby(columns, dropna=False, sort=False):
            if by_training_cell:
                frames = [self._results.predictions_of_fit(key) for key in part["fit"].unique()]
            else:
                frames = [self._results.predictions(row) for row in part.itertuples()]
            frame = pd.concat(map(self._frame, frames), ignore_index=True)
            are_probabilities = part["log_loss"].notna().any()
            yield frame.assign(scale="probability" if are_probabilities else "")

    def _score_set(self, frame):
        """Return the UnitScores of one set of predictions by name."""
        predicted = frame["prediction"].to_numpy(dtype=np.float64)
        table = self._spread(frame, predicted)
        # differences of probabilities say little of genes that are on or off for sure
        changes = table
        if (frame["scale"] == "probability").all():
            changes = self._spread(frame, as_log_odds(predicted))
        scores = {}
        if LABEL in self._measured and self._tables(LABEL, table).measured.shape[1] > 1:
            scores["switching_accuracy"] = score_order(self._tables(LABEL, table))
            scores["switching_roc_auc"] = score_direction(self._tables(LABEL, changes))
        if EXPRESSION in self._measured:
            varying = np.where(self._varying[:, None], table, np.nan)
            tables = self._tables(EXPRESSION, varying)
            scores["within_gene_spearman"] = score_within_genes(tables, _LEAST_CELLS)
            found = score_changes(self._tables(EXPRESSION, changes))
            names = ("fold_change_pearson", "fold_change_spearman")
            scores |= dict(zip(names, found, strict=True))
        return scores

    def _tables(self, name, predicted):
        """Return GeneTables of what was measured, known where there is a prediction."""
        measured = np.where(np.isnan(predicted), np.nan, self._measured[name])
        predicted = np.where(np.isnan(measured), np.nan, predicted)
        return self._all._replace(measured=measured, predicted=predicted)

    def _spread(self, frame, values):
        table = np.full((len(self._genes), len(self._cells)), np.nan)
        rows = self._genes.get_indexer(frame["gene"]), self._cells.get_indexer(frame["cell"])
        table[rows] = values
        return table

    def _with_interval(self, score, replicates, n_units):
        low, high = expanded_interval(replicates, n_units, _CONFIDENCE)
        return {"score": score, "low": low, "high": high, "resampled": self._all.resampled}

    @staticmethod
    def _frame(frame):
        return frame.drop_duplicates(["cell", "gene"])


def _mean(replicates):
    """Return the mean of what is defined, replicate by replicate."""
    values = np.array(replicates)
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, values, 0).sum(axis=0) / defined.sum(axis=0)
