"""Collecting the files of the fits of a study, and writing its tables."""

import csv
import json
import math

import numpy as np

from ..metrics import binary_scores, majority_baseline
from ..utils import atomic_path
from ._evaluation import CONSENSUS, MAJORITY
from ._study_fit import result_path, times_path
from ._study_results import BASELINE, STUDY_SCORES, read_json

_COLUMNS = (
    *("experiment", "regime", "model", "seed", "fold", "test_cell", "train_cells"),
    *("n_cells", "n_genes", "n_train", "n_test", "steps", "epochs", "threshold"),
    *STUDY_SCORES,
    "fit",
)


def collect(out, data, tasks, entries):
    """Return the records of a study whose fits are all done."""
    results = [read_json(result_path(out, task)) for task in tasks]
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
    return records + _baselines(data)


def _baselines(data):
    """Return the records of the same-gene consensus and the majority, by cell and fold."""
    records = []
    for fold, name in enumerate(data.folds.names):
        test = np.flatnonzero(data.folds.masks(fold)[1])
        n_genes = data.gene.max() + 1
        total = np.bincount(data.gene[test], data.y[test], n_genes)
        count = np.bincount(data.gene[test], minlength=n_genes)
        for cell in data.cells:
            rows = data.test_rows(fold, cell)
            genes, y = data.gene[rows], data.y[rows]
            # what the other cells say: all cells but this one, without counting anew
            others = count[genes] - np.bincount(genes, minlength=n_genes)[genes]
            positive = total[genes] - np.bincount(genes, y, n_genes)[genes]
            majority = majority_baseline(data.y[data.train_rows(fold, [cell])], len(rows))
            predicted = {MAJORITY: majority}
            if len(data.cells) > 1:
                mean = positive.sum() / max(others.sum(), 1)
                share = np.where(others > 0, positive / np.maximum(others, 1), mean)
                predicted = {CONSENSUS: share, **predicted}
            for model, proba in predicted.items():
                records.append(_baseline(model, name, cell, data.cells, y, proba))
    return records


def _baseline(model, fold, cell, cells, y, proba):
    trained = tuple(c for c in cells if c != cell) if model == CONSENSUS else (cell,)
    accuracy = float(np.mean((proba > 0.5) == (y == 1)))
    return {
        **dict.fromkeys(_COLUMNS),
        "experiment": BASELINE,
        "regime": BASELINE,
        "model": model,
        "fold": str(fold),
        "test_cell": cell,
        "train_cells": trained,
        "n_cells": len(trained),
        "n_test": len(y),
        **binary_scores(y, proba),
        "accuracy": accuracy,
        "transferred_accuracy": math.nan,
        "rows": None,
    }


def write_tables(out, records):
    """Write results.csv, and the same records as results.json, atomically."""
    with (
        atomic_path(out / "results.csv") as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for record in records:
            writer.writerow(record | {"train_cells": "+".join(record["train_cells"])})
    with atomic_path(out / "results.json") as temporary:
        lines = ",\n".join(json.dumps(record) for record in records)
        temporary.write_text(f"[{lines}]\n", encoding="utf-8")


def write_test_genes(out, data):
    """Write the labels of the test genes, in the order of the predictions."""
    parts = []
    for fold in range(len(data.folds.names)):
        for number, cell in enumerate(data.cells):
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
    times = {task.key: read_json(times_path(out, task)) for task in tasks}
    with (
        atomic_path(out / "times.csv") as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["fit", "model", "fit_seconds", "seconds"])
        for task in tasks:
            row = times[task.key]
            writer.writerow([task.key, task.model, row["fit_seconds"], row["seconds"]])
    return times
