"""Results made from predictions that a test has drawn itself."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from histoexpr.experiments import CrossCellResults
from histoexpr.experiments._collect import as_table
from histoexpr.metrics import auroc

SPREAD = 1.5  # of the effect that the expressed genes of a chromosome share
SHIFT = 1.5
# AUROC of scores that are drawn so: of two independent genes, one expressed and one not
TRUE_AUROC = float(norm.cdf(SHIFT / np.sqrt(2 + SPREAD**2)))


def results_of(predictions, known):
    """Return CrossCellResults of predictions, by model, of the genes of one cell "A".

    ``known`` is a DataFrame of the genes. "same-gene consensus" is a baseline; the other models
    have the experiment "others".
    """
    rows, frames = [], {}
    for model, predicted in predictions.items():
        frames[model] = known.assign(cell="A", prediction=np.asarray(predicted, dtype=float))
        place = ["others", "exclusive all"]
        if model == "same-gene consensus":
            place = ["baseline", "baseline"]
        row = {"model": model, "fold": "1", "test_cell": "A", "train_cells": ("B",)}
        row |= dict(zip(("experiment", "regime"), place, strict=True))
        score = auroc(known["label"].to_numpy(), frames[model]["prediction"].to_numpy())
        rows.append(row | {"n_cells": 1, "roc_auc": score, "fit": model, "n_genes": "all"})
    manifest = {"spec": {"margin": 0.01, "experiments": []}}
    return CrossCellResults(as_table(rows), manifest, pd.DataFrame(), frames.__getitem__)


def draw_genes_of_chromosomes(rng, n_chromosomes=20, n_genes=30):
    """Return genes with labels and chromosomes, as a DataFrame."""
    n = n_chromosomes * n_genes
    return pd.DataFrame(
        {
            "gene": [f"G{number:04d}" for number in range(n)],
            "chrom": np.repeat([f"chr{c}" for c in range(n_chromosomes)], n_genes),
            "label": rng.permutation(np.arange(n) % 2),
        }
    )


def draw_scores(rng, known):
    """Return scores whose errors the expressed genes of a chromosome share; see TRUE_AUROC."""
    codes = pd.factorize(known["chrom"])[0]
    shared = rng.normal(0, SPREAD, codes.max() + 1)[codes]
    return known["label"] * (SHIFT + shared) + rng.standard_normal(len(known))
