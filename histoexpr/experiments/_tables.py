"""Collecting the files of the fits of a study, and writing its tables."""

import csv
import json
import math
import warnings
from itertools import pairwise

import numpy as np

from ..exceptions import HistoexprWarning
from ..metrics import binary_scores
from ..utils import atomic_path
from ._baselines import baselines
from ._files import read_json, without_nan
from ._fit import result_path, times_path
from ._results import BASELINE, STUDY_SCORES

_COLUMNS = (
    *("experiment", "regime", "model", "seed", "fold", "test_cell", "train_cells"),
    *("n_cells", "n_genes", "n_train", "n_test", "steps", "epochs", "threshold"),
    *STUDY_SCORES,
    "fit",
)
# What the file of a fit must hold
_RESULT = ("n_train", "steps", "epochs", "threshold", "scores")
_TIMES = ("fit_seconds", "seconds")


def collect(out, data, tasks, entries):
    """Return the records of a study whose fits are all done."""
    results = [read_json(result_path(out, task), _RESULT) for task in tasks]
    records = []
    for entry in entries:
        task, result = tasks[entry.task], results[entry.task]
        scores = result["scores"][entry.test_cell]
        lengths = [result["scores"][cell]["n_test"] for cell in task.test_cells]
        start = sum(lengths[: task.test_cells.index(entry.test_cell)])
        records.append(
            {
                "experiment": entry.experiment,
                "regime": entry.regime,
                "model": task.model,
                "seed": task.seed,
                "fold": task.fold_name,
                "test_cell": entry.test_cell,
                "train_cells": task.train_cells,
                "n_cells": len(task.train_cells),
                "n_genes": task.n_genes,
                "n_train": result["n_train"],
                "steps": result["steps"],
                "epochs": result["epochs"],
                "threshold": result["threshold"],
                **scores,
                "fit": task.key,
                "rows": (start, start + scores["n_test"]),
            }
        )
    return records + _baselines(out, data)


def _baselines(out, data):
    """Return the records of the baselines, and write what they predict beside the fits."""
    found = baselines(data)
    ends = np.cumsum([0, *(len(f.y) for f in found)]).tolist()
    with atomic_path(out / "predictions" / f"{BASELINE}.npy") as temporary:
        np.save(temporary, np.concatenate([f.proba for f in found]).astype(np.float32))
    return [_baseline(f, rows) for f, rows in zip(found, pairwise(ends), strict=True)]


def _baseline(found, rows):
    accuracy = float(np.mean((found.proba > 0.5) == (found.y == 1)))
    with warnings.catch_warnings():
        # a cell with one class gets NaN, which the table shows
        warnings.simplefilter("ignore", HistoexprWarning)
        scores = binary_scores(found.y, found.proba)
    return {
        **dict.fromkeys(_COLUMNS),
        "experiment": BASELINE,
        "regime": BASELINE,
        "model": found.model,
        "fold": str(found.fold),
        "test_cell": found.test_cell,
        "train_cells": found.train_cells,
        "n_cells": len(found.train_cells),
        "n_test": len(found.y),
        **scores,
        "accuracy": accuracy,
        "transferred_accuracy": math.nan,
        "fit": BASELINE,
        "rows": rows,
    }


def write_tables(out, records):
    """Write results.csv, and the same records as results.json, atomically."""
    records = [without_nan(record) for record in records]
    with (
        atomic_path(out / "results.csv") as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for record in records:
            writer.writerow(record | {"train_cells": "+".join(record["train_cells"])})
    with atomic_path(out / "results.json") as temporary:
        lines = ",\n".join(json.dumps(record, allow_nan=False) for record in records)
        temporary.write_text(f"[{lines}]\n", encoding="utf-8")


def write_test_genes(out, data):
    """Write the labels of the test genes, in the order of the predictions."""
    parts = []
    folds = range(len(data.folds.names))
    tested = [c for c in data.cells if any(len(data.test_rows(fold, c)) for fold in folds)]
    for fold in folds:
        for number, cell in enumerate(tested):
            rows = data.test_rows(fold, cell)
            part = np.empty(
                len(rows), [("fold", "i4"), ("cell", "i4"), ("gene", "i4"), ("y", "i1")]
            )
            part["fold"], part["cell"] = fold, number
            part["gene"], part["y"] = data.gene[rows], data.y[rows]
            parts.append(part)
    with atomic_path(out / "test_genes.npy") as temporary:
        np.save(temporary, np.concatenate(parts))


def write_times(out, tasks):
    """Write times.csv and return what each fit cost; apart, because times never repeat."""
    times = {task.key: read_json(times_path(out, task), _TIMES) for task in tasks}
    with (
        atomic_path(out / "times.csv") as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["fit", "model", *_TIMES])
        for task in tasks:
            row = times[task.key]
            writer.writerow([task.key, task.model, *(row[name] for name in _TIMES)])
    return times
