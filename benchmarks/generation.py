"""Time, fidelity and class maps of the generator on real cells.

    python benchmarks/generation.py FILE.npz [FILE.npz ...] [--seeds 1] [--steps 1500]

Each file is one cell type with the arrays X (n_genes, n_bins, n_marks) and y. For every seed
the generator and the classifiers are trained on 70 % of the genes; everything is measured on
the others. Printed are the seconds per 1,000 generator steps, the fidelity table, and how
near maps at a class probability of 0.9 lie to real genes of that class.
"""

import argparse
import time

import numpy as np
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import pairwise_distances, roc_auc_score
from sklearn.model_selection import cross_val_predict

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, SignalGenerator, class_maps
from histoexpr.generation import generation_report


def flat_logs(X):
    return np.log1p(np.asarray(X, dtype=np.float64)).reshape(len(X), -1)


def interval(values):
    """Return the mean and half the width of its 95 % interval."""
    return f"{np.mean(values):6.2f} ± {1.96 * np.std(values, ddof=1) / np.sqrt(len(values)):.2f}"


def told_apart(maps, real):
    """Return the cross-validated AUROC of a forest that tells maps from real genes."""
    X = np.concatenate([flat_logs(maps), flat_logs(real)])
    y = np.repeat([0, 1], [len(maps), len(real)])
    forest = RandomForestClassifier(200, random_state=0)
    return roc_auc_score(y, cross_val_predict(forest, X, y, cv=5, method="predict_proba")[:, 1])


def compare_maps(classifiers, generator, X_train, y_train, X_test, y_test):
    print("\nmaps at probability 0.9: nearest held-out gene, of any class and of the target")
    for target in (1, 0):
        rows = y_test == target
        real = X_train[y_train == target]
        sources = {"real training genes": real}
        for name, classifier in classifiers.items():
            for method in ("gan", "gradient"):
                maps = class_maps(
                    classifier,
                    target,
                    method=method,
                    generator=generator,
                    X=X_train,
                    probability=0.9,
                    random_state=0,
                )
                sources[f"{name}, {method}"] = np.rint(maps.signals)
        for name, signals in sources.items():
            distances = pairwise_distances(flat_logs(signals), flat_logs(X_test))
            print(
                f"  class {target}  {name:<22} {interval(distances.min(axis=1))}"
                f"   {interval(distances[:, rows].min(axis=1))}"
                f"   told from real genes {told_apart(signals, X_test[rows]):.3f}"
            )


def measure(path, seed, steps):
    with np.load(path, allow_pickle=False) as file:
        X, y = file["X"], file["y"].astype(int)
    order = np.random.RandomState(seed).permutation(len(X))
    train, test = np.split(order, [int(0.7 * len(X))])
    start = time.perf_counter()
    generator = SignalGenerator(n_steps=steps, random_state=seed).fit(X[train], y[train])
    seconds = time.perf_counter() - start
    trained = sum(row["seconds"] for row in generator.history_)
    print(f"\n{path}, seed {seed}: fitted in {seconds:.0f} s on {generator.device_}, ", end="")
    print(f"{1000 * trained / generator.n_iter_:.0f} s per 1,000 steps, ", end="")
    print(f"step {generator.best_step_} kept")
    print(
        generation_report(
            generator, X[test], y[test], X_train=X[train], y_train=y[train], random_state=seed
        )
    )
    classifiers = {
        "CNN": HistoneCNNClassifier(max_epochs=15, random_state=seed),
        "12 parameters": HistoneLinearClassifier(random_state=seed),
    }
    for classifier in classifiers.values():
        classifier.fit(X[train], y[train])
    compare_maps(classifiers, generator, X[train], y[train], X[test], y[test])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1500)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for path in args.files:
        for seed in range(args.seeds):
            measure(path, seed, args.steps)


if __name__ == "__main__":
    main()
