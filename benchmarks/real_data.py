"""Models on full-size cells, and how the defaults of the CNN were chosen.

    python benchmarks/real_data.py table FILE.npz FILE.npz ... [--seeds 1]
    python benchmarks/real_data.py recipe FILE.npz [--sizes 100 400 2000 12000]
    python benchmarks/real_data.py regions FILE.npz
    python benchmarks/real_data.py cells FILE.npz FILE.npz ... [--jobs 2]

Each file is one cell type with the arrays X (n_genes, n_bins, n_marks), y, rpkm, gene_id, chrom
and, if known, marks and bin_size; bins run along transcription, and those of 50 bp are joined in
pairs. Without files the signals are simulated. All folds are of whole chromosomes.

``table``: model × parameters × CPU seconds × scores on the cell itself and on another one, with
intervals by chromosome. Fits run one at a time on one thread. ``recipe``: batch size, learning
rate and epochs of the CNN at several numbers of training genes. ``regions``: regions and penalty
of the linear model, with bins along transcription and with those of every second gene reversed.
``cells``: own cell, one other and all others, for many cells of the same marks.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.base import clone, is_regressor
from sklearn.metrics import log_loss, roc_auc_score

from histoexpr import (
    CrossCellSplit,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    evaluate_cells,
    make_histone_cells,
)
from histoexpr.experiments import MODELS
from histoexpr.utils import format_table

N_FOLDS = 5
OF_TABLE = ("linear", "regions", "cnn", "boosting", "regions-regressor", "cnn-regressor",
            "boosting-regressor")  # fmt: skip
OF_CELLS = ("linear", "regions", "boosting")
SCORES = ("roc_auc", "log_loss", "pearson", "r2")
RECIPES = [
    {"batch_size": batch, "lr": rate, "max_epochs": epochs}
    for batch, rate in ((32, 1e-3), (64, 1e-3), (64, 2e-3))
    for epochs in (3, 4, 6)
]


def load(path):
    """Read one cell; joined bins of 50 bp give bins of 100 bp."""
    with np.load(path, allow_pickle=False) as file:
        X, size = file["X"], int(file["bin_size"]) if "bin_size" in file else 100
        if size == 50:
            X, size = X[:, ::2].astype(np.uint32) + X[:, 1::2], 100
        marks = file["marks"].tolist() if "marks" in file else None
        return HistoneDataset(
            X,
            file["y"].astype(int),
            cell=[Path(path).stem] * len(X),
            gene=file["gene_id"],
            chrom=file["chrom"],
            expression=file["rpkm"],
            marks=marks,
            bin_size=size,
            oriented=True,
        )


def read_cells(paths, n_cells=2):
    """Return the data, and one data set of those cells that have the same marks for each."""
    if not paths:
        print("No files are given: these cells are simulated.")
        return [make_histone_cells(n_cells, 12_000, random_state=0)]
    sets = {}
    for path in paths:
        cell = load(path)
        sets.setdefault((tuple(cell.marks), cell.window), []).append(cell)
    return [HistoneDataset.concat(cells) for cells in sets.values()]


def run_table(args):
    for dataset in read_cells(args.files):
        print(f"\n{dataset}\n")
        models = {MODELS[name].label: MODELS[name].factory() for name in OF_TABLE}
        seeded = {}
        for name, model in models.items():
            known = [key for key in model.get_params() if key.endswith("random_state")]
            seeded[name] = model.set_params(**dict.fromkeys(known, 0))
        start = time.process_time()
        results = evaluate_cells(seeded, dataset, genes="chromosome", n_splits=N_FOLDS,
                                 exclusive=False, verbose=args.verbose)  # fmt: skip
        print(f"{time.process_time() - start:.0f} CPU s in all")
        found = results.intervals(SCORES, by="chrom")
        head = ["trained on", "model", "parameters", "fit, CPU s"]
        lines = [[*head, "test cell", "AUROC", "log loss", "Pearson", "R2", "AUROC, clear genes"]]
        for experiment in results.experiments:
            lines.append(None)
            for name, model in seeded.items():
                lines += rows_of(results, found, experiment, name, model, dataset)
        print(format_table(lines, 2))


def rows_of(results, found, experiment, name, model, dataset):
    rows = found[(found["experiment"] == experiment) & (found["model"] == name)]
    size, seconds = measure(model, dataset) if experiment == "same cell" else ("", "")
    for cell in [*results.cells, "mean"]:
        part = rows[rows["test_cell"] == cell].set_index("metric")
        shown = [in_words(part, metric) for metric in SCORES]
        clear = results.by_cell(experiment, name, "roc_auc_clear")
        clear = clear.mean() if cell == "mean" else clear[cell]
        yield [experiment, name, size, seconds, cell, *shown, f"{clear:.3f}"]


def in_words(part, metric):
    if metric not in part.index or np.isnan(part.loc[metric, "score"]):
        return ""
    row = part.loc[metric]
    return f"{row['score']:.4f} ({row['low']:.3f} to {row['high']:.3f})"


def measure(model, dataset):
    """Return the number of parameters of a model and the CPU seconds of a fit on one cell."""
    cell = dataset.select(cells=dataset.cells[0])
    expression = cell.return_X_y(target="log2_expression")[1]
    y = expression if is_regressor(model) else cell.y
    seconds = []
    for _ in range(3):
        start = time.process_time()
        fitted = clone(model).fit(cell, y)
        seconds.append(time.process_time() - start)
    net = getattr(fitted, "net_", None)
    size = "" if net is None else f"{sum(p.numel() for p in net.module_.parameters()):,}"
    return size, f"{np.median(seconds):.2f}"


def folds_of(dataset):
    """Return training and test rows of folds of whole chromosomes."""
    splitter = CrossCellSplit("inclusive", genes="chromosome", n_splits=N_FOLDS, random_state=0)
    return list(splitter.split(dataset, dataset.y))


def run_recipe(args):
    dataset = read_cells(args.files, 1)[0]
    cell = dataset.select(cells=dataset.cells[0])
    print(cell, "\n")
    lines = [["genes", "batch", "lr", "epochs", "AUROC", "log loss", "CPU s"]]
    for size in args.sizes:
        lines.append(None)
        for recipe in RECIPES:
            model = HistoneCNNClassifier(**recipe, early_stopping=False)
            score, loss, seconds = score_at(model, cell, size, args.seeds)
            cells = recipe["batch_size"], f"{recipe['lr']:g}", recipe["max_epochs"]
            lines.append([f"{size:,}", *map(str, cells), f"{score:.4f}", f"{loss:.4f}"])
            lines[-1].append(f"{seconds:.2f}")
        best = HistoneLinearClassifier(n_regions=10)
        score, loss, seconds = score_at(best, cell, size, args.seeds)
        lines.append([f"{size:,}", "ten", "regions", "", f"{score:.4f}", f"{loss:.4f}"])
        lines[-1].append(f"{seconds:.2f}")
        print(format_table(lines[-len(RECIPES) - 1 :], 1), flush=True)
    print("\n" + format_table(lines, 1))


def score_at(model, cell, size, seeds):
    """Return mean AUROC, log loss and CPU seconds of fits on some genes of each training fold."""
    found = []
    for seed in range(seeds):
        for train, test in folds_of(cell):
            rows = np.random.default_rng(seed).permutation(train)[:size]
            start = time.process_time()
            fitted = clone(model).set_params(random_state=seed).fit(cell[np.sort(rows)])
            seconds = time.process_time() - start
            proba, y = fitted.predict_proba(cell[test])[:, 1], cell.y[test]
            found.append((roc_auc_score(y, proba), log_loss(y, proba), seconds))
    return np.mean(found, axis=0)


def run_regions(args):
    dataset = read_cells(args.files, 1)[0]
    cell = dataset.select(cells=dataset.cells[0])
    X = np.array(cell.X)
    X[::2] = X[::2, ::-1]
    lines = [["bins", "regions", "mirrored", "alpha", "AUROC", "log loss", "CPU s"]]
    for name, data in {
        "along transcription": cell,
        "half of them reversed": cell.replace(X=X, oriented=False),
    }.items():
        lines.append(None)
        settings = [(n, False, "auto") for n in (1, 2, 5, 10, 20)]
        settings += [(10, False, alpha) for alpha in (1e-4, 1e-3, 1e-2, 1e-1)]
        settings += [(n, True, "auto") for n in (2, 5, 10, 20)]
        for n_regions, mirror, alpha in settings:
            model = HistoneLinearClassifier(n_regions=n_regions, mirror=mirror, alpha=alpha)
            score, loss, seconds = score_at(model, data, len(data), 1)
            lines.append([name, str(n_regions), "yes" if mirror else "no", str(alpha)])
            lines[-1] += [f"{score:.4f}", f"{loss:.4f}", f"{seconds:.2f}"]
    print(format_table(lines, 1))


def run_cells(args):
    for dataset in read_cells(args.files, 4):
        models = {MODELS[name].label: MODELS[name].factory() for name in OF_CELLS}
        results = evaluate_cells(
            models, dataset, genes="chromosome", n_splits=3, n_jobs=args.jobs, verbose=args.verbose
        )
        print(f"{dataset}\n\n{results.format_summary(only_mean=True)}\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("table", "recipe", "regions", "cells"))
    parser.add_argument("files", nargs="*")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 400, 2000, 12_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    {"table": run_table, "recipe": run_recipe, "regions": run_regions, "cells": run_cells}[
        args.what
    ](args)


if __name__ == "__main__":
    main()
