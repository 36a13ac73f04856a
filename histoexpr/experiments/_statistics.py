"""Statistics of results: means with intervals, tests, and regimes set side by side."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from ..metrics import (
    bootstrap_mean,
    equivalence_test,
    friedman_ranks,
    holm,
    paired_tests,
    percentile_interval,
)
from ..utils import to_json
from ._gene_bootstrap import GeneBootstrap
from ._words import BASELINE, BASELINES, MAIN_SCORES, RESULT_SCORES

# Pairs of training and test cell that get an interval each, at the most
_PAIRS = 144
_CONFIDENCE = 0.95
# Settings in which "own" must equal what it is compared with, where it can
_SETTINGS = ("n_genes", "steps", "validation")
_OF_PROBABILITIES = ("log_loss", "accuracy", "transferred_accuracy")
_INTERVALS = ("low_by_cells", "high_by_cells", "low_by_genes", "high_by_genes", "seed_noise")


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
        test with Holm's adjustment, two one-sided t tests of equivalence (``low_90``,
        ``high_90``), and the same over genes. The scores are AUROC and, where models of
        expression are among them, Pearson's correlation and R².
    ranks : DataFrame
        Per group and score, mean rank of each model over cells with Nemenyi's critical
        difference.
    regimes : DataFrame
        Per model and score, every other group against training on the test cell itself
        (``own``) with the same settings; p values adjusted over models and groups.
    pairs : DataFrame
        AUROC, or Pearson's correlation of models of expression (``metric``), with interval over
        genes by training and test cell, where they are few.
    intervals : DataFrame
        Per group, model and score that is compared: its mean over cells (``score``), and the
        intervals and seed noise that ``means`` has of the AUROC.
    between : DataFrame
        Scores of what changes between cells, see :attr:`CrossCellResults.between_cells`.
    margin : float
        Differences of a score below this count as none.
    confidence : float
        Confidence of the intervals.
    """

    means: pd.DataFrame
    models: pd.DataFrame
    ranks: pd.DataFrame
    regimes: pd.DataFrame
    pairs: pd.DataFrame
    intervals: pd.DataFrame
    between: pd.DataFrame
    margin: float
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
    margin = results.manifest["spec"]["margin"]
    genes = GeneBootstrap(results)
    placed, models, ranks = [], [], []
    for group in results.groups:
        names = [name for name in results.models if not results.of_group(group, name).empty]
        placed += [(group, name) for name in names]
        for metric in results.compared:
            models += _compare_models(results, group, names, genes, margin, metric)
            ranks += _rank_models(results, group, names, metric)
    baseline = {"name": BASELINE, "experiment": BASELINE, "regime": BASELINE}
    placed += [(baseline, name) for name in results.models if name in BASELINES]
    intervals = [
        {"group": group["name"], "model": name, "metric": metric}
        | _interval(results, group, name, genes, metric)
        for group, name in placed
        for metric in results.compared
    ]
    of_auroc = {(r["group"], r["model"]): r for r in intervals if r["metric"] == "roc_auc"}
    means = [
        _means(results, group, name, of_auroc.get((group["name"], name), {}))
        for group, name in placed
    ]
    regimes, pairs = _compare_regimes(results, genes), _pairs(results, genes)
    tables = (means, models, ranks, regimes, pairs, intervals)
    return Statistics(*map(_frame, tables), results.between_cells, margin)


def _frame(rows):
    """Return rows as a DataFrame with NaN for what is not defined."""
    rows = [{name: np.nan if v is None else v for name, v in row.items()} for row in rows]
    return pd.DataFrame(rows)


def mean_by_cell(rows, metric):
    """Return the mean of a score by test cell, cells sorted; NaN where nothing is defined."""
    return rows.groupby("test_cell")[metric].mean()


def is_small(results, group):
    """Whether resampling genes does not take too long: a matrix has many pairs."""
    return group["regime"] != "each" or len(results.cells) ** 2 <= _PAIRS


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


def _interval(results, group, model, genes, metric):
    """Return the mean over cells of a score, with its intervals and its seed noise."""
    rows = results.of_group(group, model)
    scores = mean_by_cell(rows, metric).dropna()
    low, high = bootstrap_mean(scores, confidence=_CONFIDENCE)
    found = {"score": scores.mean(), **dict.fromkeys(_INTERVALS)}
    found |= {"low_by_cells": low, "high_by_cells": high, "seed_noise": _seed_noise(rows, metric)}
    if is_small(results, group):
        low, high = genes.interval(rows, _CONFIDENCE, metric)
        found |= {"low_by_genes": low, "high_by_genes": high}
    return found


def _seed_noise(rows, metric, base=None):
    """Return the standard deviation over random states of the mean, or of a difference."""
    means = rows.groupby("random_state", dropna=False)[metric].mean()
    if base is not None:
        means = means - base.groupby("random_state", dropna=False)[metric].mean()
    means = means.dropna()
    return float(np.std(means, ddof=1)) if len(means) > 1 else None


def _scores_of(results, group, names, metric):
    """Return a score by cell (rows) and model (columns), cells where all are defined.

    Models of which it is defined in no cell are left out: R² of classifiers.
    """
    columns = {name: mean_by_cell(results.of_group(group, name), metric) for name in names}
    return pd.DataFrame(columns).dropna(axis=1, how="all").dropna()


def _compare_models(results, group, names, genes, margin, metric):
    scores = _scores_of(results, group, names, metric)
    if scores.shape[1] < 2 or scores.empty:
        return []
    parts = {name: results.of_group(group, name) for name in scores}
    found = []
    for test in paired_tests(dict(scores.items())):
        first, second = test["first"], test["second"]
        row = {"group": group["name"], "metric": metric, **test}
        row["seed_noise"] = _seed_noise(parts[first], metric, parts[second])
        row |= dict.fromkeys(("low_90", "high_90", "p_equivalence", "equivalent"))
        row |= dict.fromkeys(("low_by_genes", "high_by_genes", "equivalent_by_genes"))
        if len(scores) >= 2:
            equal = equivalence_test(scores[first], scores[second], margin)
            row |= {"low_90": equal["low"], "high_90": equal["high"]}
            row |= {"p_equivalence": equal["p_value"], "equivalent": equal["equivalent"]}
        if is_small(results, group):
            ours, theirs = (genes.replicates(parts[name], metric) for name in (first, second))
            difference = ours - theirs
            low, high = percentile_interval(difference, _CONFIDENCE)
            row |= {"low_by_genes": low, "high_by_genes": high}
            # two one-sided tests at 5 %: the central 90 % lie within the margin
            low, high = percentile_interval(difference, 0.9)
            row["equivalent_by_genes"] = bool(-margin < low and high < margin)
        found.append(row)
    return found


def _rank_models(results, group, names, metric):
    scores = _scores_of(results, group, names, metric)
    if len(scores) < 2 or scores.shape[1] < 3:
        return []
    found = friedman_ranks(dict(scores.items()))
    shared = {name: value for name, value in found.items() if name != "mean_ranks"}
    return [
        {"group": group["name"], "metric": metric, "model": model, "mean_rank": rank, **shared}
        for model, rank in found["mean_ranks"].items()
    ]


def _compare_regimes(results, genes):
    experiments = {e["name"]: e for e in results.manifest["spec"]["experiments"]}
    groups = [
        group | {n: experiments[group["experiment"]][n] for n in _SETTINGS if n not in group}
        for group in results.groups
    ]
    found, metrics = [], (*results.compared, *_OF_PROBABILITIES)
    for model in results.models:
        there = [group for group in groups if not results.of_group(group, model).empty]
        own = [group for group in there if group["regime"] == "own"]
        for group in there if own else ():
            if group["regime"] == "own":
                continue
            base = min(own, key=lambda o: sum(o[name] != group[name] for name in _SETTINGS))
            rows = [results.of_group(g, model) for g in (group, base)]
            place = {"model": model, "group": group["name"], "own": base["name"]}
            place["sized"] = group["sized"]
            for metric in metrics:
                row = _difference(*rows, metric)
                if row and metric in results.compared and is_small(results, group):
                    same = _same_cells(*rows)
                    ours, theirs = (genes.replicates(part, metric) for part in same)
                    row["low_by_genes"], row["high_by_genes"] = percentile_interval(
                        ours - theirs, _CONFIDENCE
                    )
                if row:
                    found.append({**place, "metric": metric, **row})
    # points of size curves are no part of the family of the experiments
    for sized in (True, False):
        for metric in metrics:
            tests = [r for r in found if r["sized"] == sized and r["metric"] == metric]
            adjusted = holm([test["p_value"] for test in tests])
            for test, p_value in zip(tests, adjusted, strict=True):
                test["p_holm"] = float(p_value)
    return [{k: v for k, v in row.items() if k != "sized"} for row in found]


def _difference(rows, own, metric):
    """Return the mean difference from the own cell, with interval and test; None without any."""
    both = {"other": mean_by_cell(rows, metric), "own": mean_by_cell(own, metric)}
    scores = pd.DataFrame(both).loc[both["other"].index].dropna()
    if scores.empty:
        return None
    test = paired_tests(dict(scores.items()))[0]
    low, high = bootstrap_mean(scores["other"] - scores["own"])
    rows, own = _same_cells(rows, own)
    return {
        "mean_difference": test["mean_difference"],
        "low": low,
        "high": high,
        **dict.fromkeys(("low_by_genes", "high_by_genes")),
        "seed_noise": _seed_noise(rows, metric, own),
        "p_value": test["p_value"],
        "n_cells": len(scores),
    }


def _same_cells(first, second):
    """Return the rows of two groups for the cells that both are tested on."""
    cells = set(first["test_cell"]) & set(second["test_cell"])
    return [rows[rows["test_cell"].isin(cells)] for rows in (first, second)]


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
