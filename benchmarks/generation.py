"""Time, fidelity and class maps of the generator on real cells, over several seeds.

    python benchmarks/generation.py FILE.npz [FILE.npz ...] [--seeds 3] [--out FOLDER]

Each file is one cell type with the arrays X (n_genes, n_bins, n_marks) and y. For every seed
the generator and the classifiers are trained on 70 % of the genes; everything is measured on
the others. Every seed writes its generator and one JSON file to FOLDER (default:
generation_results); what is there already is not run again. Printed are, per file, means with
95 % intervals over the seeds (Student's t): the seconds per 1,000 generator steps, the fidelity
table, and, for maps at a class probability of 0.9, the probability reached, the distance of the
log signals to the nearest held-out gene of the class, bin by bin and summed over windows of ten
bins, and the AUROC of a forest that distinguishes the maps from held-out genes of the class. Bin
by bin any smooth signal lies nearer to noisy ones than they lie to each other; of sums this is
hardly so. The rows "training genes" state what real genes of the class reach.
"""

import argparse
import json
import time
import zlib
from pathlib import Path

import joblib
import numpy as np
import torch
from scipy.stats import t
from sklearn.metrics import pairwise_distances

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, SignalGenerator, class_maps
from histoexpr.generation import generation_report, two_sample_auroc
from histoexpr.utils import atomic_path, format_table, read_json, write_json

PROBABILITY = 0.9


def flat_logs(X):
    return np.log1p(np.asarray(X, dtype=np.float64)).reshape(len(X), -1)


def mean_and_interval(values):
    """Return "mean ± half width", without a width for a single value."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return f"{values.mean():.3f}"
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.3f} ± {half:.3f}"


def nearest_gene(maps, genes):
    """Return the mean distance of the log signals of maps to the nearest gene."""
    distances = pairwise_distances(flat_logs(maps), flat_logs(genes))
    return float(distances.min(axis=1).mean())


def summed(X):
    """Return signals summed over windows of ten bins."""
    n_samples, n_bins, n_marks = X.shape
    return np.asarray(X, dtype=float).reshape(n_samples, n_bins // 10, 10, n_marks).sum(axis=2)


def describe_maps(signals, scores, X_test, same):
    """Return how probable maps are and how far from held-out genes, on average."""
    return {
        "probability": float(np.mean(scores)),
        "nearest gene": nearest_gene(signals, X_test[same]),
        "nearest gene, summed bins": nearest_gene(summed(signals), summed(X_test[same])),
        # whole counts: a forest would distinguish decimals from counts
        "AUROC against genes": two_sample_auroc(np.rint(signals), X_test[same], "tree"),
    }


def compare_maps(classifiers, generator, training, test):
    """Return by class, and by classifier and method, how near maps come to real genes."""
    (X, y), (X_test, y_test) = training, test
    found = {}
    for target in (1, 0):
        same = y_test == target
        rows = np.flatnonzero(y == target)[:64]
        scores = classifiers["CNN"].predict_proba(X[rows])[:, target]
        found[f"class {target}, training genes"] = describe_maps(X[rows], scores, X_test, same)
        for name, classifier in classifiers.items():
            for method in ("gan", "gradient"):
                maps = class_maps(
                    classifier,
                    target,
                    method=method,
                    generator=generator,
                    X=X,
                    probability=PROBABILITY,
                    random_state=0,
                )
                key = f"class {target}, {name}, {method}"
                found[key] = describe_maps(maps.signals, maps.scores, X_test, same)
    return found


def load(path, seed):
    """Return training and test genes."""
    with np.load(path, allow_pickle=False) as file:
        X, y = file["X"], file["y"].astype(int)
    order = np.random.RandomState(seed).permutation(len(X))
    train, test = np.split(order, [int(0.7 * len(X))])
    return (X[train], y[train]), (X[test], y[test])


def trained_generator(path, seed, steps, out):
    """Return a generator and the seconds of its fit, from an earlier run if there was one."""
    kept = out / f"{name_of(path, seed, steps)}.joblib"
    if not kept.exists():
        training, _ = load(path, seed)
        start = time.perf_counter()
        generator = SignalGenerator(n_steps=steps, random_state=seed).fit(*training)
        seconds = time.perf_counter() - start
        with atomic_path(kept) as temporary:
            joblib.dump((generator, seconds), temporary)
    return joblib.load(kept)


def name_of(path, seed, steps):
    # files of one name may lie in several folders
    path = Path(path).resolve()
    return f"{path.stem}-{zlib.crc32(str(path).encode()):08x}-seed{seed}-steps{steps}"


def measure(path, seed, steps, out):
    """Return everything that is measured for one cell and seed."""
    generator, seconds = trained_generator(path, seed, steps, out)
    (X, y), (X_test, y_test) = load(path, seed)
    trained = sum(row["seconds"] for row in generator.history_)
    report = generation_report(generator, X_test, y_test, X_train=X, y_train=y, random_state=seed)
    classifiers = {
        "CNN": HistoneCNNClassifier(max_epochs=15, random_state=seed),
        "12 parameters": HistoneLinearClassifier(random_state=seed),
    }
    for classifier in classifiers.values():
        classifier.fit(X, y)
    return {
        "device": generator.device_,
        "seconds of fit": seconds,
        "seconds per 1,000 steps": 1000 * trained / generator.n_iter_,
        "best step": generator.best_step_,
        "reconstruction error": float(generator.reconstruction_error(X_test).mean()),
        "history": generator.history_,
        "report": json.loads(report.to_json()),
        "maps": compare_maps(classifiers, generator, (X, y), (X_test, y_test)),
    }


def print_table(values, columns):
    """Print the mean and interval of every cell of a table of lists of values."""
    lines = [["", *columns]]
    for name, row in values.items():
        # a profile that is flat in a sample has no correlation
        known = [[value for value in row[column] if value is not None] for column in columns]
        lines.append([name, *(mean_and_interval(cell) if cell else "-" for cell in known)])
    print("\n" + format_table(lines, 1))


def collect(tables):
    """Turn one table of values for each run into one table of lists of values."""
    return {
        name: {column: [table[name][column] for table in tables] for column in row}
        for name, row in tables[0].items()
    }


def summarise(path, runs):
    """Print means and intervals over the seeds."""
    print(f"\n## {path}, {len(runs)} seeds on {runs[0]['device']}")
    for name in ("seconds of fit", "seconds per 1,000 steps", "reconstruction error"):
        print(f"{name}: {mean_and_interval([run[name] for run in runs])}")
    rows = [{row["measure"]: row for row in run["report"]["rows"]} for run in runs]
    sources = [s for s in rows[0]["coverage"] if s not in ("measure", "best") and " sd" not in s]
    print_table(collect(rows), sources)
    transfer = [r["transfer_auroc"]["generator"] / r["transfer_auroc"]["real"] for r in rows]
    print(f"train on synthetic / train on real: {mean_and_interval(transfer)} (aim 0.95)")
    print(f"\nmaps sought at probability {PROBABILITY}")
    maps = collect([run["maps"] for run in runs])
    print_table(maps, list(next(iter(maps.values()))))
    print("\ngan less gradient (below 0: gan maps lie nearer)")
    gaps = {}
    for key, row in maps.items():
        if key.endswith("gan"):
            other = maps[key.removesuffix("gan") + "gradient"]
            gaps[key] = {name: np.subtract(row[name], other[name]) for name in row}
    print_table(gaps, ["nearest gene", "nearest gene, summed bins"])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--out", type=Path, default=Path("generation_results"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.files:
        runs = []
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            kept = args.out / f"{name_of(path, seed, args.steps)}.json"
            if not kept.exists():
                write_json(kept, measure(path, seed, args.steps, args.out))
            runs.append(read_json(kept))
        summarise(path, runs)


if __name__ == "__main__":
    main()
