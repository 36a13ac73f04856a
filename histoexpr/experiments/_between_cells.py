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
from ._gene_blocks import gene_blocks, known_genes
from ._score_means import is_small, mean_by_cell
from ._targets import as_log_odds
from ._words import (
    BASELINE,
    BASELINES,
    BETWEEN_SCORES,
    EXPRESSION,
    LABEL,
    LEAST_SD,
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
        # A mean that leaves the cell out falls as the gene's own value rises: of a gene that is
        # on in one of two cells it is always higher in the other. What says the same of all genes
        # of a fold is lower where more of the test genes are on, as fewer of the others are.
        if model not in BASELINES:
            scores |= genes.score_between(rows, group["regime"] == "each")
        place = {"group": group["name"], "model": model}
        found += [{**place, "metric": metric, **score} for metric, score in scores.items()]
    return pd.DataFrame(found, columns=COLUMNS)


class TestedGenes:
    """The test genes of results in all cells, measured, and resamples of their blocks.

    The same resamples serve all that is compared. Of several samples of a gene in a cell the
    first one counts.
    """

    __test__ = False  # no test of pytest's

    def __init__(self, results):
        self._results, self._places = results, {}
        self._fit = functools.lru_cache(maxsize=128)(self._read)
        frame = known_genes(results)
        columns = [frame[name].to_numpy(dtype=str) for name in ("gene", "cell")]
        # there may be no expression, and a gene may have none in some cells
        nothing = np.zeros(len(frame))
        self._all = gene_tables(nothing, nothing, *columns, None)
        blocks = gene_blocks(frame)
        if blocks.codes is not None:
            unit = blocks.codes[self._all.genes].to_numpy()
            shared = {"n_units": blocks.n_blocks, "resampled": blocks.unit}
            self._all = self._all._replace(unit=unit, **shared)
        self._genes, self._cells = pd.Index(self._all.genes), pd.Index(np.unique(columns[1]))
        place = self._genes.get_indexer(columns[0]), self._cells.get_indexer(columns[1])
        self._measured = {}
        for name in {LABEL, EXPRESSION, VARIABLE} & {*frame}:
            self._measured[name] = np.full((len(self._genes), len(self._cells)), np.nan)
            self._measured[name][place] = frame[name].to_numpy(dtype=np.float64)
        self._weights = draw_genes(self._all.n_units, _RESAMPLES, 0).astype(np.float64)

    @functools.cached_property
    def _varying(self):
        """Which genes have a standard deviation of log2 expression above LEAST_SD."""
        return vary(self._measured[EXPRESSION], "sd", LEAST_SD)

    def score_by_cell(self, rows):
        """Return AUROC over all and over variable genes, as means over test cells, by name."""
        found, labels = {}, self._measured.get(LABEL)
        variable = self._measured.get(VARIABLE)
        for name in _BY_CELL if labels is not None else ():
            cells, units, sizes = {}, [], {}
            for row in rows.itertuples():
                if name == "roc_auc_variable" and variable is None:
                    continue
                cell = self._cells.get_loc(row.test_cell)
                gene, predicted = self._predicted(row.fit, row.fold, row.test_cell)
                if name == "roc_auc_variable":
                    kept = variable[gene, cell] == 1
                    gene, predicted = gene[kept], predicted[kept]
                unit = self._all.unit[gene]
                sizes[row.test_cell, row.fold] = len(gene)
                score = unit_auroc(labels[gene, cell] == 1, predicted, unit, self._all.n_units)
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
        for table, are_probabilities in self._sets(rows, by_training_cell):
            for name, score in self._score_set(table, are_probabilities).items():
                parts[name].append(score)
        ones, found = np.ones((self._all.n_units, 1)), {}
        for name, scores in parts.items():
            scores = [score for score in scores if score.n_genes]
            if not scores:
                continue
            [value] = _mean([score.evaluate(ones) for score in scores])
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
            table = np.full((len(self._genes), len(self._cells)), np.nan)
            for row in part.itertuples():
                for cell in self._fit(row.fit) if by_training_cell else [row.test_cell]:
                    gene, predicted = self._predicted(row.fit, row.fold, cell)
                    table[gene, self._cells.get_loc(cell)] = predicted
            yield table, part["brier_score_loss"].notna().any()

    def _read(self, key):
        """Return the predictions of a fit by test cell."""
        frame = self._results.predictions_of_fit(key)
        values = frame["prediction"].to_numpy(dtype=np.float64)
        return {
            cell: (values[rows], rows, frame)
            for cell, rows in frame.groupby("cell").indices.items()
        }

    def _predicted(self, key, fold, cell):
        """Return the numbers of the genes of a fold in a cell, and what a fit predicts of them."""
        values, rows, frame = self._fit(key)[cell]
        if (fold, cell) not in self._places:
            # predictions are in the order of the data set: the same for all fits
            names = frame["gene"].iloc[rows]
            first = np.flatnonzero(~names.duplicated())
            self._places[fold, cell] = self._genes.get_indexer(names.iloc[first]), first
        gene, first = self._places[fold, cell]
        return gene, values[first]

    def _score_set(self, table, are_probabilities):
        """Return the UnitScores of one set of predictions, genes × cells, by name."""
        # differences of probabilities say little of genes that are on or off for sure
        changes = as_log_odds(table) if are_probabilities else table
        scores = {}
        if LABEL in self._measured:
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

    def _with_interval(self, score, replicates, n_units):
        low, high = expanded_interval(replicates, n_units, _CONFIDENCE)
        return {"score": score, "low": low, "high": high, "resampled": self._all.resampled}


def _mean(replicates):
    """Return the mean of what is defined, replicate by replicate."""
    values = np.array(replicates)
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, values, 0).sum(axis=0) / defined.sum(axis=0)
