"""Within- and cross-cell AUROC of all classifiers on real cells: how defaults were chosen.

    python benchmarks/real_data.py FILE.npz FILE.npz [--seeds 2] [--jobs 2]

Each file is one cell type with the arrays X (n_genes, n_bins, n_marks), y, gene_id and cell.
Genes are divided into five folds, the same in all cells, and the models are scored on genes
unseen in training. Two classical models stand beside ours: logistic regression on the
mean of log counts, and on the log of mean counts.
"""

import argparse

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from histoexpr import (
    BinPooler,
    HistoneDataset,
    SignalScaler,
    evaluate_cells,
)
from histoexpr.classification import CLASSIFIERS
from histoexpr.experiments import REGIMES


def load(path):
    with np.load(path, allow_pickle=False) as file:
        n_genes = len(file["y"])
        marks = next((file[key].tolist() for key in ("marks", "mark_names") if key in file), None)
        cell = [str(file["cell"])] * n_genes
        return HistoneDataset(file["X"], file["y"], cell=cell, gene=file["gene_id"], marks=marks)


def make_models(seed):
    log_of_mean = [BinPooler("mean"), FunctionTransformer(np.log1p)]
    mean_of_log = [SignalScaler(standardize=None), BinPooler("mean")]
    return {
        "logistic, mean of log": make_pipeline(
            *mean_of_log, StandardScaler(), LogisticRegression()
        ),
        "logistic, log of mean": make_pipeline(
            *log_of_mean, StandardScaler(), LogisticRegression()
        ),
        **{cls.__name__: cls(random_state=seed) for cls in CLASSIFIERS.values()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(1)
    dataset = HistoneDataset.concat([load(path) for path in args.files])
    print(dataset)
    values = {}
    for seed in range(args.seeds):
        evaluation = evaluate_cells(
            make_models(seed),
            dataset,
            genes="kfold",
            random_state=seed,
            exclusive=False,
            n_jobs=args.jobs,
            verbose=1,
        )
        for row in evaluation.summary():
            if row["test_cell"] == "mean":
                key = row["model"], row["trained_on"]
                values.setdefault(key, []).append(row["roc_auc"])
    print(f"\nAUROC, mean over cells, folds and {args.seeds} seed(s) (range over seeds)")
    for regime in REGIMES:
        for (model, trained_on), aurocs in values.items():
            if trained_on == regime:
                print(
                    f"  {trained_on:<15} {model:<25} {np.mean(aurocs):.4f}"
                    f"  ({min(aurocs):.4f} to {max(aurocs):.4f})"
                )


if __name__ == "__main__":
    main()
