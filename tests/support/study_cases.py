"""A small study, what is compared of two, and data with gaps."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from histoexpr.datasets import HistoneDataset
from histoexpr.experiments import StudySpec, run_study

SMALL_CNN = {"kind": "cnn", "params": {"n_filters": 2, "hidden_sizes": [4], "max_epochs": 1}}
SPEC = {
    "models": {"linear": "linear", "cnn": SMALL_CNN},
    "random_state": [0, 1],
    "genes": "split",
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
    declared = {"models": {"linear": "linear"}, "experiments": experiments, "genes": "split"}
    spec = declared | spec
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


# Here, since workers can import this module and not those of the tests
class Fragile(LogisticRegression):
    """Kills its worker the first time."""

    def __init__(self, marker=None, parent=None):
        super().__init__()
        self.marker, self.parent = marker, parent

    def fit(self, X, y):
        marker = Path(self.marker)
        if not marker.exists() and os.getpid() != self.parent:
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit(X.reshape(len(X), -1), y)

    def predict_proba(self, X):
        return super().predict_proba(X.reshape(len(X), -1))


class Slow(LogisticRegression):
    """Takes its time, and records in which process it runs."""

    def __init__(self, folder=None):
        super().__init__(max_iter=200)
        self.folder = folder

    def fit(self, X, y):
        if self.folder is not None:
            Path(self.folder, f"{os.getpid()}-{time.monotonic_ns()}").touch()
            time.sleep(0.15)
        return super().fit(X.reshape(len(X), -1) > 2, y)

    def predict_proba(self, X):
        return super().predict_proba(X.reshape(len(X), -1) > 2)
