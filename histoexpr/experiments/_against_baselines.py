"""Models against what is known of the same genes in other cells, without any signal."""

import numpy as np

from ._gene_bootstrap import BOOTSTRAPPED, p_difference
from ._model_tests import adjust
from ._score_means import is_small, mean_by_cell
from ._words import BASELINE, CONSENSUS, GENE_MEAN, RANK

# Score -> the baselines that know the same gene and that it is held against
SAME_GENE_BASELINES = {
    "roc_auc": (CONSENSUS, RANK),
    "roc_auc_variable": (CONSENSUS, RANK),
    "pearson": (GENE_MEAN,),
    "r2": (GENE_MEAN,),
}
COLUMNS = (
    *("group", "model", "metric", "baseline", "score", "baseline_score", "difference"),
    *("low", "high", "p_value", "p_holm", "n_cells", "n_units", "resampled"),
)


def compare_with_baselines(results, genes):
    """Return the rows of Statistics.against_baselines; ``genes`` is a bootstrap over genes."""
    found = []
    metrics = [name for name in SAME_GENE_BASELINES if name.removesuffix("_variable")
               in results.compared]  # fmt: skip
    for group in results.groups:
        models = [name for name in results.models if not results.of_group(group, name).empty]
        for metric in metrics:
            tests = [
                _compare(results, group, model, baseline, metric, genes)
                for model in models
                for baseline in SAME_GENE_BASELINES[metric]
            ]
            tests = [test for test in tests if test is not None]
            adjusted = adjust([test["p_value"] for test in tests])
            found += [test | {"p_holm": p} for test, p in zip(tests, adjusted, strict=True)]
    return [{name: row[name] for name in COLUMNS} for row in found]


def _compare(results, group, model, baseline, metric, genes):
    """Return a row of the table, or None where not both are scored in any cell.

    Both are scored in the same cells, on the test genes of the same folds.
    """
    rows = results.of_group(group, model).dropna(subset=[metric])
    base = results.select(BASELINE, baseline).dropna(subset=[metric])
    place = ["fold", "test_cell"]
    both = rows[place].drop_duplicates().merge(base[place].drop_duplicates())
    rows, base = (part.merge(both, on=place) for part in (rows, base))
    if rows.empty:
        return None
    scores = [mean_by_cell(part, metric).mean() for part in (rows, base)]
    difference = float(scores[0] - scores[1])
    over = {"low": np.nan, "high": np.nan, "error": np.nan, "n_units": np.nan}
    if is_small(results, group) and metric in BOOTSTRAPPED:
        over = genes.compare(rows, base, metric)
    return {
        "group": group["name"],
        "model": model,
        "metric": metric,
        "baseline": baseline,
        "score": float(scores[0]),
        "baseline_score": float(scores[1]),
        "difference": difference,
        **{name: over[name] for name in ("low", "high", "n_units")},
        "p_value": p_difference(difference, over["error"], over["n_units"]),
        "n_cells": both["test_cell"].nunique(),
        "resampled": genes.unit,
    }
