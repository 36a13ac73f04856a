"""Predicted changes held against measured ones."""

import numpy as np
import pandas as pd

from ..metrics import fold_change_scores, switching_accuracy, switching_roc_auc

# Fewer genes have no correlation
_LEAST_GENES = 3


def score_changes(change, cells, measured):
    """Return how predicted changes agree with measured ones, one row per score that is defined.

    ``change`` is (n_genes,), ``measured`` what :func:`measured_changes` returns of the compared
    cells. Intervals are over whole chromosomes where there are several, else over genes.
    """
    n_genes, found = len(change), {}
    chrom = cells.first.chrom
    several = chrom is not None and len(np.unique(chrom)) > 1 and not (chrom == "").any()
    columns = {
        "gene": np.tile(cells.first.gene, 2),
        "cell": np.repeat(["1", "2"], n_genes),
        "chrom": np.tile(chrom, 2) if several else None,
    }
    predicted = np.concatenate([np.zeros(n_genes), change])
    if "log2_fold_change" in measured:
        known = np.isfinite(measured["log2_fold_change"])
        expression = np.log2(measured["expression"] + 1)
        if known.sum() >= _LEAST_GENES and np.ptp(measured["log2_fold_change"][known]) > 0:
            scores = fold_change_scores(expression.ravel(), predicted, **columns)
            found |= scores._asdict()
    if "switches" in measured and measured["switches"].any():
        labels = measured["label"].ravel()
        found["order_right"] = switching_accuracy(labels, predicted, **columns)
        found["direction_roc_auc"] = switching_roc_auc(labels, predicted, **columns)
    rows = [
        (name, score.value, score.low, score.high, score.n_genes, score.resampled)
        for name, score in found.items()
        if not np.isnan(score.value)
    ]
    return pd.DataFrame(rows, columns=["score", "value", "low", "high", "n_genes", "resampled"])
