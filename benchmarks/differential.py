"""What changes between two cells: models of pairs of cells on new genes and on unseen cells.

    python benchmarks/differential.py pairs FILE.npz FILE.npz ... [--models default cnn]
    python benchmarks/differential.py cells FILE.npz FILE.npz ... [--held-out 2] [--train 60000]

Each file is one cell type, as in ``real_data.py``; without files the signals are simulated. All
folds are of whole chromosomes, and what is predicted for a gene comes from models that saw neither
the gene nor its neighbours.

``pairs``: every two files, with the marks that both have. Models are trained on the pair itself.
Intervals are those of 95 % over chromosomes. Swapping the two cells changes the sign of target and
prediction, and no score.

``cells``: cells are held out, two at a time, and models are trained on a random part of all pairs
of the others, on training chromosomes. Tested are, on the other chromosomes, pairs of two cells
never trained on, pairs of one and a trained one, and pairs of trained cells.

Order right: share of the genes whose label differs between the cells of which the sign of the
change is right; AUROC: of the direction, over the same genes. Pearson and Spearman: with the log2
fold change of RPKM + 1, over all genes.
"""

import argparse
import itertools
import time

import numpy as np
import torch
from real_data import N_FOLDS, load
from scipy.stats import spearmanr
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    CrossCellSplit,
    HistoneCNNRegressor,
    HistoneDataset,
    HistoneLinearRegressor,
    PairPooler,
    PairRegressor,
    make_histone_cells,
    pair_cells,
)
from histoexpr.utils import format_table

MODELS = {
    "default": PairRegressor(),
    "boosting": PairRegressor(
        make_pipeline(PairPooler(), HistGradientBoostingRegressor(early_stopping=False))
    ),
    "linear": PairRegressor(HistoneLinearRegressor(n_regions=10)),
    "cnn": PairRegressor(HistoneCNNRegressor(random_state=0)),
}
SCORES = ("order right", "AUROC", "Pearson", "Spearman")
N_DRAWS = 500


def read_cells(paths, n_cells):
    """Return the data set of each file, with the marks that all of them have."""
    if not paths:
        print("No files are given: these cells are simulated.")
        data = make_histone_cells(n_cells, 4000, random_state=0)
        return [data.select(cells=cell) for cell in data.cells]
    return [load(path) for path in paths]


def join(cells):
    """Return cells as one data set of the marks that all of them have."""
    marks = [mark for mark in cells[0].marks if all(mark in cell.marks for cell in cells)]
    return HistoneDataset.concat([cell.select(marks=marks) for cell in cells])


def labels_differ(data, pairs):
    """Return whether the label of each gene differs between the two cells of its pair."""
    label = dict(zip(zip(data.cell, data.gene, strict=True), data.y, strict=True))
    parts = [name.split(" vs ") for name in pairs.cell.tolist()]
    return np.array(
        [
            label[first, gene] != label[second, gene]
            for (first, second), gene in zip(parts, pairs.gene, strict=True)
        ]
    )


def score(change, found, differs):
    """Return the scores of predicted changes."""
    up, switched = change[differs] > 0, found[differs]
    return (
        np.mean((switched > 0) == up),
        roc_auc_score(up, switched) if 0 < up.mean() < 1 else np.nan,
        np.corrcoef(change, found)[0, 1],
        spearmanr(change, found).statistic,
    )


def intervals(change, found, differs, chrom):
    """Return the 2.5 % and the 97.5 % quantile of the scores over draws of chromosomes."""
    rows = [np.flatnonzero(chrom == name) for name in np.unique(chrom)]
    rng, drawn = np.random.default_rng(0), []
    for _ in range(N_DRAWS):
        some = np.concatenate([rows[n] for n in rng.integers(len(rows), size=len(rows))])
        drawn.append(score(change[some], found[some], differs[some]))
    return np.nanquantile(drawn, [0.025, 0.975], axis=0)


def run_pairs(args):
    cells = read_cells(args.files, 3)
    lines = [["pair", "marks", "model", "CPU s", "genes", "switched", *SCORES]]
    for first, second in itertools.combinations(cells, 2):
        data = join([first, second])
        pairs = pair_cells(data, change=False)
        differs = labels_differ(data, pairs)
        splitter = CrossCellSplit("inclusive", genes="chromosome", n_splits=N_FOLDS)
        lines.append(None)
        for name in args.models:
            found, seconds = np.empty(len(pairs)), []
            for train, test in splitter.split(pairs):
                start = time.process_time()
                model = clone(MODELS[name]).fit(pairs[train])
                seconds.append(time.process_time() - start)
                found[test] = model.predict(pairs[test])
            scores = score(pairs.log2_fold_change, found, differs)
            low, high = intervals(pairs.log2_fold_change, found, differs, pairs.chrom)
            shown = [
                f"{value:.3f} ({a:.3f} to {b:.3f})"
                for value, a, b in zip(scores, low, high, strict=True)
            ]
            counts = [f"{np.median(seconds):.1f}", f"{len(pairs):,}", f"{differs.sum():,}"]
            lines.append([pairs.cells[0], str(data.n_marks), name, *counts, *shown])
            print(format_table([lines[0], lines[-1]], 3), "\n", flush=True)
    print(format_table(lines, 3))


def run_cells(args):
    data = join(read_cells(args.files, 6))
    cells = data.cells
    order = np.random.default_rng(args.seed).permutation(cells)
    held_out = [sorted(order[n : n + 2].tolist()) for n in range(0, len(order) - 1, 2)]
    splitter = CrossCellSplit("inclusive", genes="chromosome", n_splits=N_FOLDS)
    folds = list(splitter.split(data.select(cells=cells[0])))[: args.folds]
    genes = data.select(cells=cells[0]).gene
    found = {}
    for unseen in held_out[: args.held_out]:
        known = [cell for cell in cells.tolist() if cell not in unseen]
        tested = {
            "two unseen cells": [tuple(unseen)],
            "one unseen cell": list(itertools.product(unseen, known)),
            "trained cells": list(itertools.combinations(known, 2)),
        }
        for _, test in folds:
            new = np.isin(data.gene, genes[test])
            train = pair_cells(data[np.isin(data.cell, known) & ~new], change=False)
            rows = np.random.default_rng(args.seed).permutation(len(train))[: args.train]
            train = train[np.sort(rows)]
            models = {n: clone(MODELS[n]).fit(train) for n in args.models}
            for what, pairs in tested.items():
                for pair in pairs:
                    part = pair_cells(data[new], [pair], change=False)
                    differs = labels_differ(data[new], part)
                    for name, model in models.items():
                        scores = score(part.log2_fold_change, model.predict(part), differs)
                        found.setdefault((what, name), []).append(scores)
    lines = [["test pairs", "model", "pairs x folds", *SCORES]]
    for (what, name), scores in sorted(found.items()):
        mean, spread = np.mean(scores, axis=0), np.std(scores, axis=0)
        shown = [f"{m:.3f} ± {s:.3f}" for m, s in zip(mean, spread, strict=True)]
        lines.append([what, name, str(len(scores)), *shown])
    print(f"Mean and standard deviation over test pairs and folds.\n\n{format_table(lines, 2)}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("pairs", "cells"))
    parser.add_argument("files", nargs="*")
    parser.add_argument("--models", nargs="+", default=["linear", "boosting", "default"],
                        choices=list(MODELS))  # fmt: skip
    parser.add_argument("--held-out", type=int, default=3, help="groups of two cells to hold out")
    parser.add_argument("--folds", type=int, default=N_FOLDS)
    parser.add_argument("--train", type=int, default=60_000, help="training samples at the most")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    {"pairs": run_pairs, "cells": run_cells}[args.what](args)


if __name__ == "__main__":
    main()
