"""Time, fidelity and class maps of the generator on real cells, over several seeds.

    python benchmarks/generation.py CELL [CELL ...] [--seeds 3] [--train-genes 4000|all]
        [--n 500] [--no-maps] [--out FOLDER]

Each cell is a saved data set of one cell type, or an .npz file with the arrays X (n_genes, n_bins,
n_marks) and y. Of a data set with chromosomes a third of these are held out for every seed, of
others 30 % of the genes; the generator and the classifiers are trained on the other genes, or as
many of them as --train-genes says, and everything is measured on those held out. Every seed
writes its generator and one JSON file to FOLDER (default: generation_results); what is there
already is not run again. Printed are, per cell, means with 95 % intervals over the seeds
(Student's t): the seconds per 1,000 generator steps, the verdicts, the table of the report at --n
real and as many generated samples, of the generator, real genes and every baseline, and, for maps
at a class probability of 0.9, the probability reached, the distance of the log signals to the
nearest held-out gene of the class, bin by bin and summed over windows of ten bins, and the AUROC
of boosted trees that distinguish the maps from held-out genes of the class. Bin by bin any smooth
signal lies nearer to noisy ones than they lie to each other; of sums this is hardly so. The rows
"training genes" state what real genes of the class reach.
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

from histoexpr import (
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    SignalGenerator,
    class_maps,
)
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
        # whole counts: a judge would distinguish decimals from counts
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


def load(path, seed, train_genes):
    """Return the data sets of training and of test genes."""
    if Path(path).is_dir():
        data = HistoneDataset.load(path)
    else:
        with np.load(path, allow_pickle=False) as file:
            X, y = file["X"], file["y"].astype(int)
        genes = np.array([f"G{row:06}" for row in range(len(X))])
        data = HistoneDataset(X, y, cell=np.repeat(Path(path).stem, len(X)), gene=genes)
    rng = np.random.RandomState(seed)
    if data.chrom is not None and "" not in data.chrom:
        chroms = rng.permutation(np.unique(data.chrom))
        held_out = np.isin(data.chrom, chroms[: max(1, len(chroms) // 3)])
    else:
        held_out = rng.permutation(len(data)) >= 0.7 * len(data)
    train = np.flatnonzero(~held_out)
    if train_genes != "all":
        train = np.sort(rng.permutation(train)[: int(train_genes)])
    return data.take(train), data.take(np.flatnonzero(held_out))


def trained_generator(path, seed, args):
    """Return a generator and the seconds of its fit, from an earlier run if there was one."""
    kept = args.out / f"{name_of(path, seed, args)}.joblib"
    if not kept.exists():
        training, _ = load(path, seed, args.train_genes)
        start = time.perf_counter()
        generator = SignalGenerator(n_steps=args.steps, random_state=seed).fit(training)
        seconds = time.perf_counter() - start
        with atomic_path(kept) as temporary:
            joblib.dump((generator, seconds), temporary)
    return joblib.load(kept)


def name_of(path, seed, args):
    # files of one name may lie in several folders
    path = Path(path).resolve()
    known = f"{path.stem}-{zlib.crc32(str(path).encode()):08x}"
    return f"{known}-{args.train_genes}genes-seed{seed}-steps{args.steps}"


def measure(path, seed, args):
    """Return everything that is measured for one cell and seed."""
    generator, seconds = trained_generator(path, seed, args)
    train, test = load(path, seed, args.train_genes)
    trained = sum(row["seconds"] for row in generator.history_)
    start = time.perf_counter()
    report = generation_report(generator, test, X_train=train, n=args.n, random_state=seed)
    spent = time.perf_counter() - start
    return {
        "device": generator.device_,
        "seconds of fit": seconds,
        "seconds per 1,000 steps": 1000 * trained / generator.n_iter_,
        "best step": generator.best_step_,
        "seconds of report": spent,
        "reconstruction error": float(generator.reconstruction_error(test).mean()),
        "history": generator.history_,
        "report": json.loads(report.to_json()),
        "maps": None if args.no_maps else measure_maps(generator, train, test, seed),
    }


def measure_maps(generator, train, test, seed):
    """Return what is measured of the maps of two classifiers."""
    classifiers = {
        "CNN": HistoneCNNClassifier(max_epochs=15, random_state=seed),
        "12 parameters": HistoneLinearClassifier(random_state=seed),
    }
    training, held_out = ((np.asarray(data.X, dtype=np.float32), data.y) for data in (train, test))
    for classifier in classifiers.values():
        classifier.fit(*training)
    return compare_maps(classifiers, generator, training, held_out)


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
    for name in ("seconds of fit", "seconds per 1,000 steps", "seconds of report",
                 "reconstruction error"):  # fmt: skip
        print(f"{name}: {mean_and_interval([run[name] for run in runs])}")
    for run in runs:
        print(f"verdict: {run['report']['verdict']}")
    rows = [{row["measure"]: row for row in run["report"]["rows"]} for run in runs]
    numbers = sorted({run["report"]["n"] for run in runs})
    print(f"n = {', '.join(map(str, numbers))} real and as many generated samples")
    print_table(collect(rows), list(runs[0]["report"]["judges"]))
    if any(run["maps"] is None for run in runs):
        return
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
    parser.add_argument("files", nargs="+", metavar="CELL")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--train-genes", default="all", help="how many, or all (default)")
    parser.add_argument("--n", type=int, default=500, help="samples of the report")
    parser.add_argument("--no-maps", action="store_true", help="leave class maps out")
    parser.add_argument("--out", type=Path, default=Path("generation_results"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.files:
        runs = []
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            maps = "-nomaps" if args.no_maps else ""
            kept = args.out / f"{name_of(path, seed, args)}-n{args.n}{maps}.json"
            if not kept.exists():
                write_json(kept, measure(path, seed, args))
            runs.append(read_json(kept))
        summarise(path, runs)


if __name__ == "__main__":
    main()
