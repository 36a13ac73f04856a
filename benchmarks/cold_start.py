"""From nothing to predictions of 20,000 genes: CPU time of the whole process, by kind of file.

A new Python process opens a model file, predicts genes that lie in an .npy file, and ends. The
alternatives open the same models with joblib, and what histoexpr itself needs at the least is its
import. Runs are interleaved; the table has the median and the range of the CPU time, user and
system, of the children, and whether torch was loaded.

    python benchmarks/cold_start.py [--genes 20000] [--repeats 5] [--models regions boosting]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import joblib
import numpy as np

from histoexpr import make_histone_cells, save_model
from histoexpr.experiments import make_model

N_TRAINED, SEED = 1000, 0
OURS, JOBLIB, IMPORT = "load_model", "joblib.load", "import of scikit-learn alone"
_USE = """
import sys, numpy as np
X = np.load(sys.argv[2], mmap_mode="r")
method = "predict_proba" if hasattr(model, "predict_proba") else "predict"
found = getattr(model, method)(X)
np.save(sys.argv[3], found)
"""
_END = "\nimport sys; print('torch' in sys.modules)"
CODE = {
    OURS: f"import sys; from histoexpr import load_model; model = load_model(sys.argv[1]){_USE}",
    JOBLIB: f"import sys, joblib; model = joblib.load(sys.argv[1]){_USE}",
    IMPORT: "import sklearn.base",
}


def cpu_of(code, *arguments):
    """Return the CPU seconds of a new process that runs some code, and what it printed."""
    command = [sys.executable, "-c", code + _END, *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, shown.strip()


def write_models(folder, names):
    """Fit a model of each kind, write it both ways, and return the files by way and kind."""
    train = make_histone_cells(n_cells=1, n_genes=N_TRAINED, random_state=SEED)
    files = {}
    for name in names:
        model = make_model(name, name).fit(train.X, train.y)
        files[OURS, name] = save_model(model, folder / f"{name}.histoexpr")
        files[JOBLIB, name] = folder / f"{name}.joblib"
        joblib.dump(model, files[JOBLIB, name])
    return files


def measure(names, n_genes, repeats):
    """Return (seconds, whether torch was loaded) by way and kind; predictions are compared."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {(IMPORT, ""): "", **write_models(folder, names)}
        genes = make_histone_cells(n_cells=1, n_genes=n_genes, random_state=SEED + 1)
        np.save(folder / "X.npy", genes.X)
        seconds, torch = {key: [] for key in files}, {}
        for repeat in range(repeats + 1):
            for way, kind in files:
                out = folder / f"{way}-{kind}.npy"
                used, shown = cpu_of(CODE[way], files[way, kind], folder / "X.npy", out)
                torch[way, kind] = shown == "True"
                if repeat:  # the first fills the cache of files
                    seconds[way, kind].append(used)
        for kind in names:
            ours, theirs = (np.load(folder / f"{way}-{kind}.npy") for way in (OURS, JOBLIB))
            if not np.array_equal(ours, theirs):
                raise SystemExit(f"{kind}: the two files predict differently.")
    return {key: (seconds[key], torch[key]) for key in seconds}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--genes", type=int, default=20_000, help="number of genes to predict")
    parser.add_argument("--repeats", type=int, default=5, help="processes of each kind")
    parser.add_argument(
        "--models",
        nargs="+",
        default=["regions", "boosting", "regions-regressor", "boosting-regressor", "cnn"],
        help="kinds of models, as studies name them",
    )
    options = parser.parse_args()
    found = measure(options.models, options.genes, options.repeats)
    print(
        f"CPU time of a whole process that predicts {options.genes:,} genes, "
        f"{options.repeats} processes each"
    )
    for (way, kind), (seconds, torch) in found.items():
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        loaded = "torch loaded" if torch else "no torch"
        print(f"{way:<30} {kind:<20} {statistics.median(seconds):6.2f} s ({spread})  {loaded}")


if __name__ == "__main__":
    main()
