"""What a study says: means with confidence intervals, tests, and regimes set side by side."""

import math

import numpy as np

from ..metrics import (
    bootstrap_mean,
    equivalence_test,
    friedman_ranks,
    holm,
    paired_tests,
    percentile_interval,
)
from ._gene_bootstrap import GeneBootstrap
from ._matrix import mean_defined
from ._results import BASELINE, STUDY_SCORES, mean_by_cell

# Pairs of training and test cell that get an interval each, at the most
_PAIRS = 144
_CONFIDENCE = 0.95
# Settings in which "own" must equal what it is compared with, where it can
_SETTINGS = ("n_genes", "steps", "validation")


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
        every other group against training on the test cell itself with the same settings
        (``own``), ranking (AUROC) apart from calibration (log loss, accuracy at 0.5 and at a
        transferred threshold), p values adjusted over models and groups. ``pairs``: AUROC
        with interval by training and test cell, where there are few. Every difference comes
        with the noise between seeds.
    """
    margin = study.manifest["spec"]["margin"]
    genes = GeneBootstrap(study)
    means, models = [], []
    for group in study.groups:
        names = [name for name in study.models if _records(study, group, name)]
        means += [_mean_record(study, group, name, genes) for name in names]
        models.append(_compare_models(study, group, names, genes, margin))
    for name in study.models:
        if study.select(BASELINE, name):
            group = {"name": BASELINE, "experiment": BASELINE, "regime": BASELINE}
            means.append(_mean_record(study, group, name, genes))
    return {
        "margin": margin,
        "confidence": _CONFIDENCE,
        "means": means,
        "models": models,
        "regimes": _compare_regimes(study, genes),
        "pairs": _pairs(study, genes),
    }


def _is_small(study, group):
    """Whether resampling genes does not take too long: a matrix has many pairs."""
    return group["regime"] != "each" or len(study.cells) ** 2 <= _PAIRS


def _records(study, group, model):
    values = {key: group[key] for key in ("n_cells", "n_genes") if key in group}
    records = study.select(group["experiment"], model, **values)
    if group["regime"] == "each":
        # the diagonal of the matrix is the test cell's own
        records = [r for r in records if r["train_cells"] != (r["test_cell"],)]
    return records


def by_cell(study, group, model, metric="roc_auc"):
    """Return a score of a model by test cell in a group of results.

    Parameters
    ----------
    study : Study
    group : dict
        One of ``study.groups``. With regime "each" the test cell's own fit is left out.
    model : str
    metric : str, default="roc_auc"

    Returns
    -------
    dict of str -> float
    """
    return mean_by_cell(_records(study, group, model), metric)


def _mean_record(study, group, model, genes):
    records = _records(study, group, model)
    values = {metric: by_cell(study, group, model, metric) for metric in STUDY_SCORES}
    defined = [v for v in values["roc_auc"].values() if not math.isnan(v)]
    record = {
        "group": group["name"],
        "regime": group["regime"],
        "model": model,
        "n_test_cells": len(values["roc_auc"]),
        "n_train": mean_defined([r["n_train"] for r in records]),
        **{metric: mean_defined(by.values()) for metric, by in values.items()},
        "roc_auc_by_cells": bootstrap_mean(defined, confidence=_CONFIDENCE),
        "roc_auc_by_genes": None,
        "seed_noise": _seed_noise(records),
    }
    if _is_small(study, group):
        record["roc_auc_by_genes"] = genes.interval(records, _CONFIDENCE)
    return record


def _seed_noise(records, base=(), metric="roc_auc"):
    """Return the standard deviation over seeds of the mean, or of the difference from a base."""
    means, others = _by_seed(records, metric), _by_seed(base, metric)
    values = [means[seed] - (others.get(seed, math.nan) if base else 0) for seed in means]
    values = [value for value in values if not math.isnan(value)]
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def _by_seed(records, metric):
    seeds = {}
    for record in records:
        seeds.setdefault(record["seed"], []).append(record[metric])
    return {seed: mean_defined(values) for seed, values in seeds.items()}


def _compare_models(study, group, names, genes, margin):
    columns = {name: by_cell(study, group, name) for name in names}
    cells = [
        cell
        for cell in next(iter(columns.values()), ())
        if all(not math.isnan(column.get(cell, math.nan)) for column in columns.values())
    ]
    scores = {name: [column[cell] for cell in cells] for name, column in columns.items()}
    result = {"group": group["name"], "n_cells": len(cells), "tests": [], "ranks": None}
    if len(names) < 2 or not cells:
        return result
    result["tests"] = paired_tests(scores)
    records = {name: _records(study, group, name) for name in names}
    for test in result["tests"]:
        first, second = test["first"], test["second"]
        test["seed_noise"] = _seed_noise(records[first], records[second])
        if len(cells) >= 2:
            test["equivalence"] = equivalence_test(scores[first], scores[second], margin)
        if _is_small(study, group):
            difference = genes.replicates(records[first]) - genes.replicates(records[second])
            test["by_genes"] = percentile_interval(difference, _CONFIDENCE)
            # two one-sided tests at 5 %: the central 90 % lie within the margin
            low, high = percentile_interval(difference, 0.9)
            test["equivalent_by_genes"] = bool(-margin < low and high < margin)
    if len(cells) >= 2 and len(names) >= 3:
        result["ranks"] = friedman_ranks(scores)
    return result


def _compare_regimes(study, genes):
    experiments = {e["name"]: e for e in study.manifest["spec"]["experiments"]}
    groups = [group | _settings(experiments, group) for group in study.groups]
    rows = []
    for model in study.models:
        own = [g for g in groups if g["regime"] == "own" and _records(study, g, model)]
        for group in groups if own else ():
            if group["regime"] == "own" or not _records(study, group, model):
                continue
            base = min(own, key=lambda o: sum(o[name] != group[name] for name in _SETTINGS))
            row = {"model": model, "group": group["name"], "own": base["name"]}
            for metric in ("roc_auc", "log_loss", "accuracy", "transferred_accuracy"):
                row[metric] = _difference(study, group, base, model, metric)
            if row["roc_auc"] is not None and _is_small(study, group):
                row["roc_auc"]["by_genes"] = _gene_interval(study, group, base, model, genes)
            rows.append(row)
    sized = {group["name"] for group in groups if group["sized"]}
    # points of size curves are no part of the family of the experiments
    for family in ([r for r in rows if (r["group"] in sized) == side] for side in (True, False)):
        for metric in ("roc_auc", "log_loss", "accuracy", "transferred_accuracy"):
            tests = [row[metric] for row in family if row[metric] is not None]
            adjusted = holm([test["p_value"] for test in tests])
            for test, p_value in zip(tests, adjusted, strict=True):
                test["p_holm"] = float(p_value)
    return rows


def _settings(experiments, group):
    experiment = experiments[group["experiment"]]
    return {name: experiment[name] for name in _SETTINGS if name not in group}


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
    records, others = _shared(study, group, own, model)
    return {
        "mean_difference": test["mean_difference"],
        "low": low,
        "high": high,
        "seed_noise": _seed_noise(records, others, metric),
        "p_value": test["p_value"],
        "n_cells": len(cells),
    }


def _shared(study, group, own, model):
    """Return the records of two groups for the cells that both are tested on."""
    both = [_records(study, g, model) for g in (group, own)]
    first, second = ({record["test_cell"] for record in records} for records in both)
    return [[r for r in records if r["test_cell"] in first & second] for records in both]


def _gene_interval(study, group, own, model, genes):
    first, second = map(genes.replicates, _shared(study, group, own, model))
    return percentile_interval(first - second, _CONFIDENCE)


def _pairs(study, genes):
    """Return the AUROC of each training and test cell with its interval, if they are few."""
    rows = []
    for group in study.groups:
        if group["regime"] != "each" or not _is_small(study, group):
            continue
        for model in study.models:
            gathered = {}
            for record in study.select(group["experiment"], model, n_genes=group["n_genes"]):
                key = record["train_cells"][0], record["test_cell"]
                gathered.setdefault(key, []).append(record)
            for (train, test), records in sorted(gathered.items()):
                low, high = genes.interval(records, _CONFIDENCE)
                row = {"group": group["name"], "model": model, "train_cell": train}
                score = mean_defined([r["roc_auc"] for r in records])
                row |= {"test_cell": test, "roc_auc": score}
                rows.append(row | {"low": low, "high": high})
    return rows
