"""Reading DeepChrome CSV files: load_deepchrome beside csv.DictReader, np.loadtxt and read().

Run with ``python benchmarks/ingest.py [n_genes] [n_repeats]``. All ways take turns in one
process, so that a busy machine slows all of them; the table holds medians.
"""

import csv
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
N_BINS = 100


def write_counts(file, n_genes, rng):
    """Write overdispersed counts: about half of them zero and one in twenty above nine."""
    means = rng.gamma(0.6, 1 / 0.6, size=(n_genes, 1, 5)) * [1.5, 2, 2, 2.5, 1]
    distance = np.abs(np.arange(N_BINS) - N_BINS / 2) / (N_BINS / 2)
    shape = np.ones((N_BINS, 5))
    shape[:, 3] += 8 * np.exp(-((6 * distance) ** 2))
    X = rng.poisson(means * shape * rng.gamma(1.2, 1 / 1.2, size=(n_genes, N_BINS, 5)))
    y = rng.integers(0, 2, n_genes)
    with file.open("w") as handle:
        for gene, (counts, label) in enumerate(zip(X.tolist(), y.tolist(), strict=True)):
            handle.writelines(
                f"{gene:06d},{number},{','.join(map(str, values))},{label}\n"
                for number, values in enumerate(counts, start=1)
            )
    return X


def read_dicts(file):
    """Read a dict per row and convert count by count, as the original programs do."""
    with file.open() as handle:
        rows = list(csv.DictReader(handle, fieldnames=["gene", "bin", *MARKS, "label"]))
    X = np.zeros((len(rows) // N_BINS, N_BINS, len(MARKS)))
    for index, row in enumerate(rows):
        gene, number = divmod(index, N_BINS)
        for column, mark in enumerate(MARKS):
            X[gene, number, column] = int(row[mark])
    return X


def read_loadtxt(file):
    table = np.loadtxt(file, delimiter=",", dtype=np.int64)
    return table[:, 2:-1].reshape(-1, N_BINS, len(MARKS))


def main(n_genes=6600, n_repeats=5):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HISTOEXPR_CACHE"] = str(Path(folder, "cache"))
        from histoexpr.datasets import load_deepchrome

        file = Path(folder, "E003", "classification", "train.csv")
        file.parent.mkdir(parents=True)
        X = write_counts(file, n_genes, np.random.default_rng(0))
        load_deepchrome(file)
        ways = {
            "csv.DictReader": lambda: read_dicts(file),
            "np.loadtxt": lambda: read_loadtxt(file),
            "load_deepchrome, no cache": lambda: load_deepchrome(file, cache=False).X,
            "load_deepchrome, cached": lambda: load_deepchrome(file).X,
            "load_deepchrome, cached, X summed": lambda: load_deepchrome(file).X.sum(),
            "the bytes alone": file.read_bytes,
        }
        seconds = {name: [] for name in ways}
        for _ in range(n_repeats):
            for name, way in ways.items():
                start = time.perf_counter()
                result = way()
                seconds[name].append(time.perf_counter() - start)
                if isinstance(result, np.ndarray):
                    np.testing.assert_array_equal(result, X)
                del result
        size = file.stat().st_size / 1e6
    medians = {name: np.median(values) for name, values in seconds.items()}
    print(f"{n_genes} genes, {n_genes * N_BINS} lines, {size:.1f} MB, {n_repeats} repeats")
    print(f"{'':36}{'seconds':>10}{'MB/s':>10}{'x DictReader':>14}{'x bytes alone':>15}")
    for name, median in medians.items():
        faster = medians["csv.DictReader"] / median
        slower = median / medians["the bytes alone"]
        print(f"{name:36}{median:10.4f}{size / median:10.0f}{faster:14.1f}{slower:15.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
