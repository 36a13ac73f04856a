"""Models of a group of results against each other: differences, equivalence and ranks."""

import numpy as np
import pandas as pd

from ..metrics import equivalence_test, friedman_ranks, holm_known, paired_tests
from ._gene_bootstrap import p_equivalence
from ._score_means import is_small, scores_by_model, seed_noise

_ALPHA = 0.05


def compare_models(results, group, names, resampled, margin, metric):
    """Return the rows of Statistics.models of a group and score.

    ``resampled`` has ``genes``, a bootstrap, and ``cells``, CellClusters. Tests over cells are
    over the means of clusters of similar cells.
    """
    scores = scores_by_model(results, group, names, metric)
    if scores.shape[1] < 2 or scores.empty:
        return []
    parts = {name: results.of_group(group, name) for name in scores}
    means, found = resampled.cells.means(scores), []
    for test in paired_tests(dict(means.items())):
        first, second = test["first"], test["second"]
        difference = float((scores[first] - scores[second]).mean())
        row = {"group": group["name"], "metric": metric, **test, "n_cells": len(scores)}
        row |= {"n_clusters": len(means)}
        row["seed_noise"] = seed_noise(parts[first], metric, parts[second])
        row |= dict.fromkeys(("low_90", "high_90", "p_equivalence"))
        row |= dict.fromkeys(("low_by_genes", "high_by_genes", "p_equivalence_by_genes"))
        if len(means) >= 2:
            equal = equivalence_test(means[first], means[second], margin)
            row |= {"low_90": equal["low"], "high_90": equal["high"]}
            row["p_equivalence"] = equal["p_value"]
        if is_small(results, group):
            over = resampled.genes.compare(parts[first], parts[second], metric)
            row |= {"low_by_genes": over["low"], "high_by_genes": over["high"]}
            p_value = p_equivalence(difference, over["error"], over["n_units"], margin)
            row["p_equivalence_by_genes"] = p_value
        found.append(row)
    for name, said in (("p_equivalence", "equivalent"),
                       ("p_equivalence_by_genes", "equivalent_by_genes")):  # fmt: skip
        for row, p_value in zip(found, adjust([r[name] for r in found]), strict=True):
            row[f"{name}_holm"] = p_value
            row[said] = None if np.isnan(p_value) else bool(p_value < _ALPHA)
    return found


def adjust(p_values):
    """Return p values adjusted by Holm's method, those that are not defined left out."""
    return holm_known(p_values).tolist()


def rank_models(results, group, names, cells, metric):
    """Return the rows of Statistics.ranks of a group and score; ranks are over clusters."""
    scores = scores_by_model(results, group, names, metric)
    means = cells.means(scores) if len(scores) else pd.DataFrame()
    if len(means) < 2 or scores.shape[1] < 3:
        return []
    found = friedman_ranks(dict(means.items()))
    shared = {name: value for name, value in found.items() if name != "mean_ranks"}
    shared |= {"n_cells": len(scores), "n_clusters": len(means)}
    return [
        {"group": group["name"], "metric": metric, "model": model, "mean_rank": rank, **shared}
        for model, rank in found["mean_ranks"].items()
    ]
