"""A small study, what is compared of two, and data with gaps."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from histoexpr.datasets import HistoneDataset
from histoexpr.experiments import StudySpec, run_study

SMALL_CNN = {"kind": "cnn", "params": {"n_filters": 2, "hidden_sizes": [4], "max_epochs": 1}}
SPEC = {
    "models": {"linear": "linear", "cnn": SMALL_CNN},
    "random_state": [0, 1],
    "experiments": [
        {"name": "own", "regime": "own"},
        {"name": "matrix", "regime": "each"},
        {"name": "others", "regime": "exclusive"},
    ],
}


def contents(out):
    """Bytes of all files but those that hold times."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and "times" not in str(p)]
    return {str(p.relative_to(out)): p.read_bytes() for p in files}


def without(dataset, left_out):
    """Leave samples out, so that cells differ in their genes."""
    keep = np.flatnonzero(~left_out)
    columns = ("y", "cell", "gene", "chrom", "split", "expression")
    return HistoneDataset(
        dataset.X[keep],
        **{name: getattr(dataset, name)[keep] for name in columns},
        marks=dataset.marks,
        bin_size=dataset.bin_size,
        window=dataset.window,
    )


def study_of(dataset, path, *experiments, **spec):
    dataset.save(path / "data")
    spec = {"models": {"linear": "linear"}, "experiments": experiments, **spec}
    return run_study(StudySpec(**spec), path / "data", path / "out")


class Interrupted(ClassifierMixin, BaseEstimator):
    """A model whose user presses Ctrl-C after some fits."""

    left = 100

    def fit(self, X, y):
        if Interrupted.left == 0:
            raise KeyboardInterrupt
        Interrupted.left -= 1
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        positive = 1 / (1 + X[:, :, 3].mean(axis=1))
        return np.column_stack([positive, 1 - positive])
