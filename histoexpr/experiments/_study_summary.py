"""What a study says: means with confidence intervals, tests, and regimes set side by side."""

import math

import numpy as np

from ._bootstrap import bootstrap_auroc, bootstrap_mean, percentile_interval
from ._statistics import equivalence_test, friedman_ranks, paired_tests
from ._study_results import BASELINE, STUDY_SCORES, mean_defined

# Resamples of genes; each costs a pass over all predictions
_GENE_RESAMPLES = 200
# Pairs of training and test cell that get an interval each, at the most
_PAIRS = 144
_CONFIDENCE = 0.95


def summarise(study):
    """Summarise a study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict
        ``means``: one record per group of results and model, with the mean over cells of
        every score, intervals of the AUROC by resampling cells and genes, and the noise
        between seeds (standard deviation of the mean over cells). ``models``: per group,
        paired tests, equivalence and ranks of the models by AUROC. ``regimes``: per model,
        every other group against training on the test cell itself, ranking (AUROC) apart
        from calibration (log loss, accuracy at 0.5 and at a transferred threshold).
        ``pairs``: AUROC with interval by training and test cell, where there are few.
    """
    margin = study.manifest["spec"]["margin"]
    genes = _GeneBootstrap(study)
    means, models = [], []
    for group in study.groups:
        names = [name for name in study.models if _records(study, group, name)]
        means += [_mean_record(study, group, name, genes) for name in names]
        models.append(_compare_models(study, group, names, genes, margin))
    for name in study.models:
        if study.select(BASELINE, name):
            group = {"name": BASELINE, "experiment": BASELINE, "regime": BASELINE}
            means.append(_mean_record(study, group, name, None))
    return {
        "margin": margin,
        "confidence": _CONFIDENCE,
        "means": means,
        "models": models,
        "regimes": _compare_regimes(study),
        "pairs": _pairs(study, genes),
    }


class _GeneBootstrap:
    """AUROC over resamples of genes, drawn alike for all that is compared."""

    def __init__(self, study):
        self._study = study
        self._parts = {}

    def replicates(self, records):
        """Return replicates of the mean AUROC over cells, folds and seeds of some records."""
        gathered = {}
        for record in records:
            gathered.setdefault((record["fold"], record["seed"]), []).append(record)
        folds = sorted({fold for fold, _ in gathered})
        parts = [self._fold(folds.index(fold), part) for (fold, _), part in gathered.items()]
        return np.mean(parts, axis=0)

    def _fold(self, number, records):
        columns = {"y": [], "score": [], "gene": [], "cell": []}
        for place, record in enumerate(records):
            gene, y = self._test_genes(record)
            columns["y"].append(y)
            columns["gene"].append(gene)
            columns["score"].append(self._study.predictions(record))
            columns["cell"].append(np.full(len(y), place))
        columns = {name: np.concatenate(parts) for name, parts in columns.items()}
        parts = bootstrap_auroc(**columns, n_resamples=_GENE_RESAMPLES, random_state=number)
        return np.nanmean(parts, axis=1)

    def _test_genes(self, record):
        key = record["fold"], record["test_cell"]
        if key not in self._parts:
            self._parts[key] = self._study.test_genes(*key)
        return self._parts[key]


def _records(study, group, model):
    values = {key: group[key] for key in ("n_cells", "n_genes") if key in group}
    records = study.select(group["experiment"], model, **values)
    if group["regime"] == "each":
        # the diagonal of the matrix is the test cell's own
        records = [r for r in records if r["train_cells"] != (r["test_cell"],)]
    return records


def by_cell(study, group, model, metric="auroc"):
    """Return a score of a model by test cell in a group of results.

    Parameters
    ----------
    study : Study
    group : dict
        One of ``study.groups``. With regime "each" the test cell's own fit is left out.
    model : str
    metric : str, default="auroc"

    Returns
    -------
    dict of str -> float
    """
    gathered = {}
    for record in _records(study, group, model):
        gathered.setdefault(record["test_cell"], []).append(record[metric])
    return {cell: mean_defined(gathered[cell]) for cell in sorted(gathered)}


def _mean_record(study, group, model, genes):
    records = _records(study, group, model)
    values = {metric: by_cell(study, group, model, metric) for metric in STUDY_SCORES}
    defined = [v for v in values["auroc"].values() if not math.isnan(v)]
    record = {
        "group": group["name"],
        "regime": group["regime"],
        "model": model,
        "n_test_cells": len(values["auroc"]),
        "n_train": mean_defined([r["n_train"] for r in records]),
        **{metric: mean_defined(by.values()) for metric, by in values.items()},
        "auroc_by_cells": bootstrap_mean(defined, confidence=_CONFIDENCE),
        "auroc_by_genes": None,
        "seed_noise": _seed_noise(records),
    }
    if genes is not None and group["regime"] != "each":
        replicates = genes.replicates(records)
        record["auroc_by_genes"] = percentile_interval(replicates, _CONFIDENCE)
    return record


def _seed_noise(records):
    """Return the standard deviation over seeds of the mean over cells."""
    seeds = {}
    for record in records:
        seeds.setdefault(record["seed"], []).append(record["auroc"])
    if len(seeds) < 2:
        return None
    return float(np.std([mean_defined(values) for values in seeds.values()], ddof=1))


def _compare_models(study, group, names, genes, margin):
    columns = {name: by_cell(study, group, name) for name in names}
    cells = [
        cell
        for cell in columns[names[0]]
        if all(not math.isnan(column.get(cell, math.nan)) for column in columns.values())
    ]
    scores = {name: [column[cell] for cell in cells] for name, column in columns.items()}
    result = {"group": group["name"], "n_cells": len(cells), "tests": [], "ranks": None}
    if len(names) < 2 or not cells:
        return result
    result["tests"] = paired_tests(scores)
    if len(cells) >= 2:
        if len(names) >= 3:
            result["ranks"] = friedman_ranks(scores)
        for test in result["tests"]:
            test["equivalence"] = equivalence_test(
                scores[test["first"]], scores[test["second"]], margin
            )
    if group["regime"] != "each":
        replicates = {name: genes.replicates(_records(study, group, name)) for name in names}
        for test in result["tests"]:
            difference = replicates[test["first"]] - replicates[test["second"]]
            test["by_genes"] = percentile_interval(difference, _CONFIDENCE)
            # two one-sided tests at 5 %: the central 90 % lie within the margin
            low, high = percentile_interval(difference, 0.9)
            test["equivalent_by_genes"] = bool(-margin < low and high < margin)
    return result


def _compare_regimes(study):
    own = [group for group in study.groups if group["regime"] == "own"]
    if not own:
        return []
    rows = []
    for model in study.models:
        for group in study.groups:
            if group["name"] == own[0]["name"] or not _records(study, group, model):
                continue
            if not _records(study, own[0], model):
                continue
            row = {"model": model, "group": group["name"]}
            metrics = ("auroc", "log_loss", "accuracy", "transferred_accuracy")
            row |= {metric: _difference(study, group, own[0], model, metric) for metric in metrics}
            rows.append(row)
    return rows


def _difference(study, group, own, model, metric):
    """Return the mean difference from the own cell, with interval and test."""
    ours = by_cell(study, group, model, metric)
    base = by_cell(study, own, model, metric)
    cells = [
        cell
        for cell in ours
        if not math.isnan(ours[cell]) and not math.isnan(base.get(cell, math.nan))
    ]
    if not cells:
        return None
    scores = {"other": [ours[c] for c in cells], "own": [base[c] for c in cells]}
    test = paired_tests(scores)[0]
    low, high = bootstrap_mean(np.subtract(scores["other"], scores["own"]))
    return {
        "mean_difference": test["mean_difference"],
        "low": low,
        "high": high,
        "p_value": test["p_value"],
        "n_cells": len(cells),
    }


def _pairs(study, genes):
    """Return the AUROC of each training and test cell with its interval, if they are few."""
    rows = []
    for group in study.groups:
        if group["regime"] != "each" or len(study.cells) ** 2 > _PAIRS:
            continue
        for model in study.models:
            gathered = {}
            for record in study.select(group["experiment"], model, n_genes=group["n_genes"]):
                key = record["train_cells"][0], record["test_cell"]
                gathered.setdefault(key, []).append(record)
            for (train, test), records in sorted(gathered.items()):
                low, high = percentile_interval(genes.replicates(records), _CONFIDENCE)
                row = {"group": group["name"], "model": model, "train_cell": train}
                row |= {"test_cell": test, "auroc": mean_defined([r["auroc"] for r in records])}
                rows.append(row | {"low": low, "high": high})
    return rows
