"""Statistics of results: means with intervals, tests, and regimes set side by side."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..utils import to_json
from ._against_baselines import compare_with_baselines
from ._cell_clusters import CellClusters, find_clusters
from ._gene_blocks import known_genes
from ._gene_bootstrap import GeneBootstrap, best_bootstrap
from ._model_tests import compare_models, rank_models
from ._regime_tests import compare_regimes
from ._score_means import is_small, mean_by_cell, seed_noise
from ._words import BASELINE, BASELINES, MAIN_SCORES, RESULT_SCORES

_CONFIDENCE = 0.95
_INTERVALS = ("low_by_cells", "high_by_cells", "low_by_genes", "high_by_genes", "seed_noise")


class Resampled(NamedTuple):
    """What is resampled of results: blocks of test genes, and clusters of cells."""

    genes: GeneBootstrap
    cells: CellClusters


@dataclass
class Statistics:
    """Statistics of cross-cell results, as one table each.

    Attributes
    ----------
    means : DataFrame
        Per group of results and model: the mean over cells of every score; intervals of the
        AUROC by resampling cells and genes (``low_by_cells`` ...); and ``seed_noise``, the
        standard deviation over random states of the mean over cells.
    models : DataFrame
        Per group and score (``metric``), pairs of models (``first`` less ``second``): Wilcoxon
        test (``p_value``, ``p_holm``), two one-sided t tests of equivalence (``low_90``,
        ``high_90``, ``p_equivalence``), and the same over genes (``p_equivalence_by_genes``).
        ``equivalent`` and ``equivalent_by_genes`` say whether the p value, adjusted for the pairs
        by Holm's method (``p_equivalence_holm``, ...), is below .05. The scores are AUROC and,
        where models of expression are among them, Pearson's correlation and R².
    ranks : DataFrame
        Per group and score, mean rank of each model over cells with Nemenyi's critical
        difference.
    regimes : DataFrame
        Per model and score, every other group against training on the test cell itself
        (``own``) with the same settings; p values adjusted over models and groups.
    against_baselines : DataFrame
        Per group, model and score (``metric``: AUROC over all and over variable genes; of models
        of expression Pearson's correlation and R²) the ``difference`` from each baseline that
        knows the same gene in the other cells, over the same cells and genes, with a paired 95 %
        interval over genes (``low``, ``high``) and p values, adjusted within group and score.
    pairs : DataFrame
        AUROC, or Pearson's correlation of models of expression (``metric``), with interval over
        genes by training and test cell, where they are few.
    intervals : DataFrame
        Per group, model and score that is compared: its mean over cells (``score``), the
        intervals and seed noise that ``means`` has of the AUROC, and how much alike the scores of
        similar cells are: ``morans_i`` with its p value, ``n_cells`` and ``n_clusters``.
    between : DataFrame
        Scores of what changes between cells, see :attr:`CrossCellResults.between_cells`.
    margin : float
        Differences of a score below this count as none.
    resampled : {"chrom", "5-Mb block", "gene"}
        What intervals "by genes" resample: ten chromosomes or more, pieces of fewer of them, or
        genes as if they were independent, where positions are not known.
    confidence : float
        Confidence of the intervals.

    Notes
    -----
    Neighbouring genes have similar errors: of twelve Roadmap cells the standard error of a mean
    AUROC was 1.6 to 1.8 times as large by chromosome as by gene, that of one cell 1.2 to 1.3
    times. The fitted models are held fixed.

    Cells are not independent either: similar ones have similar scores. Moran's I of the scores
    has as weights the positive part of the correlation of cells, of deviations of their log2
    expression (or labels) from the mean over cells; -1 / (n - 1) is expected without dependence,
    and the p value is one-sided over permutations of the cells (Moran 1950, Biometrika 37:17-23).
    Whatever is over cells has clusters of similar cells as its units (average linkage, cut at a
    correlation of .2): intervals resample whole clusters, NaN of fewer than six, and tests
    compare the means of clusters. Of scores as dependent as those of the 56 Roadmap cells
    intervals over single cells covered the mean in 58 % at a nominal 95 %, over clusters in 86 %.

    The mean of the same gene in other cells as what a model of cells has to exceed is that of
    Schreiber, Singh, Bilmes and Noble (2020, A pitfall for machine learning methods aiming to
    predict across cell types, Genome Biology 21:282).
    """

    means: pd.DataFrame
    models: pd.DataFrame
    ranks: pd.DataFrame
    regimes: pd.DataFrame
    against_baselines: pd.DataFrame
    pairs: pd.DataFrame
    intervals: pd.DataFrame
    between: pd.DataFrame
    margin: float
    resampled: str
    confidence: float = _CONFIDENCE

    def to_dict(self):
        """Return what JSON can hold: a list of rows for each table."""
        tables = {name: value for name, value in vars(self).items() if hasattr(value, "iloc")}
        values = {name: value for name, value in vars(self).items() if name not in tables}
        return to_json(values | {n: table.to_dict("records") for n, table in tables.items()})

    @classmethod
    def from_dict(cls, values):
        """Make it from :meth:`to_dict`."""
        given = {f.name: values[f.name] for f in fields(cls)}
        frames = {name: _frame(rows) for name, rows in given.items() if isinstance(rows, list)}
        return cls(**given | frames)


def compute_statistics(results):
    """Compute the statistics of results."""
    margin, resampled = results.manifest["spec"]["margin"], make_resampled(results)
    placed, models, ranks = [], [], []
    for group in results.groups:
        names = [name for name in results.models if not results.of_group(group, name).empty]
        placed += [(group, name) for name in names]
        for metric in results.compared:
            models += compare_models(results, group, names, resampled, margin, metric)
            ranks += rank_models(results, group, names, resampled.cells, metric)
    baseline = {"name": BASELINE, "experiment": BASELINE, "regime": BASELINE}
    placed += [(baseline, name) for name in results.models if name in BASELINES]
    intervals = [
        {"group": group["name"], "model": name, "metric": metric}
        | _interval(results, group, name, resampled, metric)
        for group, name in placed
        for metric in results.compared
    ]
    of_auroc = {(r["group"], r["model"]): r for r in intervals if r["metric"] == "roc_auc"}
    means = [
        _means(results, group, name, of_auroc.get((group["name"], name), {}))
        for group, name in placed
    ]
    tables = {
        "means": means,
        "models": models,
        "ranks": ranks,
        "regimes": compare_regimes(results, resampled),
        "against_baselines": compare_with_baselines(results, resampled.genes),
        "pairs": _pairs(results, resampled.genes),
        "intervals": intervals,
    }
    return Statistics(
        **{name: _frame(rows) for name, rows in tables.items()},
        between=results.between_cells,
        margin=margin,
        resampled=resampled.genes.unit,
    )


def make_resampled(results):
    """Return what is resampled of results."""
    frame = known_genes(results)
    return Resampled(best_bootstrap(results, frame), find_clusters(frame, results.cells))


def _frame(rows):
    """Return rows as a DataFrame with NaN for what is not defined."""
    rows = [{name: np.nan if v is None else v for name, v in row.items()} for row in rows]
    return pd.DataFrame(rows)


def _means(results, group, model, of_auroc):
    rows = results.of_group(group, model)
    scores = rows.groupby("test_cell")[list(RESULT_SCORES)].mean()
    return {
        "group": group["name"],
        "regime": group["regime"],
        "model": model,
        "n_test_cells": len(scores),
        "n_train": rows["n_train"].astype(float).mean(),
        **scores.mean().to_dict(),
        **{name: of_auroc.get(name) for name in _INTERVALS},
    }


def _interval(results, group, model, resampled, metric):
    """Return the mean over cells of a score, with its intervals, seed noise and Moran's I."""
    rows = results.of_group(group, model)
    scores = mean_by_cell(rows, metric).dropna()
    low, high = resampled.cells.interval(scores, _CONFIDENCE)
    found = {"score": scores.mean(), **dict.fromkeys(_INTERVALS)}
    found |= {"low_by_cells": low, "high_by_cells": high, "seed_noise": seed_noise(rows, metric)}
    if is_small(results, group):
        low, high = resampled.genes.interval(rows, _CONFIDENCE, metric)
        found |= {"low_by_genes": low, "high_by_genes": high}
    found |= {"n_cells": len(scores), "n_clusters": resampled.cells.count(scores.index)}
    found["morans_i"], found["p_morans_i"] = resampled.cells.morans_i(scores)
    return found


def _pairs(results, genes):
    """Return the main score of each training and test cell with its interval, if few."""
    found = []
    for group in results.groups:
        if group["regime"] != "each" or not is_small(results, group):
            continue
        for model in results.models:
            rows = results.select(group["experiment"], model, n_genes=group["n_genes"])
            metric = MAIN_SCORES[results.targets[model]]
            for (train, test), part in rows.groupby(["train_cells", "test_cell"]):
                low, high = genes.interval(part, _CONFIDENCE, metric)
                place = {"group": group["name"], "model": model, "train_cell": train[0]}
                place |= {"test_cell": test, "metric": metric, "score": part[metric].mean()}
                found.append(place | {"low": low, "high": high})
    return found
