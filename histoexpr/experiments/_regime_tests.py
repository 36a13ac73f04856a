"""Training on other cells against training on the test cell itself."""

import pandas as pd

from ..metrics import holm, paired_tests
from ._score_means import is_small, mean_by_cell, same_cells, seed_noise

# Settings in which "own" must equal what it is compared with, where it can
_SETTINGS = ("n_genes", "steps", "validation")
_OF_PROBABILITIES = ("log_loss", "accuracy", "transferred_accuracy")


def compare_regimes(results, resampled):
    """Return the rows of Statistics.regimes; ``resampled`` as in compare_models."""
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
                row = _difference(*rows, metric, resampled.cells)
                if row and metric in results.compared and is_small(results, group):
                    over = resampled.genes.compare(*same_cells(*rows), metric)
                    row |= {"low_by_genes": over["low"], "high_by_genes": over["high"]}
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


def _difference(rows, own, metric, cells):
    """Return the mean difference from the own cell, with interval and test; None without any."""
    both = {"other": mean_by_cell(rows, metric), "own": mean_by_cell(own, metric)}
    scores = pd.DataFrame(both).loc[both["other"].index].dropna()
    if scores.empty:
        return None
    difference = scores["other"] - scores["own"]
    [test] = paired_tests(dict(cells.means(scores).items()))
    low, high = cells.interval(difference)
    rows, own = same_cells(rows, own)
    return {
        "mean_difference": float(difference.mean()),
        "low": low,
        "high": high,
        **dict.fromkeys(("low_by_genes", "high_by_genes")),
        "seed_noise": seed_noise(rows, metric, own),
        "p_value": test["p_value"],
        "n_cells": len(scores),
        "n_clusters": cells.count(scores.index),
    }
