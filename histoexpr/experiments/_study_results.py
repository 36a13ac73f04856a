"""The results of a study: collected from the files of its fits, as tables and arrays."""

import csv
import json
import math
from pathlib import Path

import numpy as np

from ..exceptions import DataFormatError
from ..metrics import SCORES, binary_scores, majority_baseline
from ..utils import atomic_path, require
from ._evaluation import CONSENSUS, MAJORITY, CrossCellMatrix
from ._study_fit import result_path, times_path

STUDY_SCORES = (*SCORES, "accuracy", "transferred_accuracy")
BASELINE = "baseline"
_COLUMNS = (
    *("experiment", "regime", "model", "seed", "fold", "test_cell", "train_cells"),
    *("n_cells", "n_genes", "n_train", "n_test", "steps", "epochs", "threshold"),
    *STUDY_SCORES,
    "fit",
)


class Study:
    """The results of a study.

    Made by :func:`run_study` and :func:`load_study`.

    Parameters
    ----------
    records : list of dict
        One per experiment, model, seed, gene fold, training cells and test cell: what was
        asked, the sizes, the scores, and the key of the fit.
    manifest : dict
        Study, data hash, versions and seeds.
    times : dict of str -> dict
        Seconds by key of the fit.
    out : pathlib.Path
        The folder.

    Attributes
    ----------
    experiments, models, cells : list of str
        Names; the models include the baselines, the cells are those tested on.
    """

    def __init__(self, records, manifest, times, out):
        self.records, self.manifest, self.times, self.out = records, manifest, times, out
        names = [record["experiment"] for record in records]
        self.experiments = [n for n in dict.fromkeys(names) if n != BASELINE]
        self.models = list(dict.fromkeys(record["model"] for record in records))
        self.cells = sorted({record["test_cell"] for record in records})

    def __repr__(self):
        return (
            f"Study: {len(self.experiments)} experiments, models {', '.join(self.models)}, "
            f"{len(self.cells)} test cells, {len(self.times)} fits"
        )

    def select(self, experiment=None, model=None, **values):
        """Return the records with the given values, such as ``seed=0`` or ``n_cells=4``."""
        wanted = {"experiment": experiment, "model": model, **values}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        return [r for r in self.records if all(r[n] == v for n, v in wanted.items())]

    def by_cell(self, experiment, model=None, metric="auroc", **values):
        """Return a score by test cell, averaged over seeds, folds and single training cells.

        Parameters
        ----------
        experiment : str
            Name of the experiment; "baseline" for the baselines.
        model : str, optional
            Default the first of the experiment.
        metric : str, default="auroc"
            One of ``STUDY_SCORES``.
        **values
            Other columns to select by.

        Returns
        -------
        dict of str -> float
            NaN where the score is not defined.

        Raises
        ------
        ValueError
            If there is no such record.
        """
        if metric not in STUDY_SCORES:
            raise ValueError(f"metric must be one of {', '.join(STUDY_SCORES)}, got {metric!r}.")
        records = self.select(experiment, model, **values)
        if not records:
            raise ValueError(
                f"No record of experiment {experiment!r}, model {model!r}; experiments are "
                f"{', '.join(self.experiments)}, models {', '.join(self.models)}."
            )
        gathered = {}
        for record in records:
            if record["model"] == (model or records[0]["model"]):
                gathered.setdefault(record["test_cell"], []).append(record[metric])
        return {cell: _mean(gathered[cell]) for cell in sorted(gathered)}

    def scores(self, experiment, model=None, metric="auroc", **values):
        """Return :meth:`by_cell` as an array over the test cells, sorted."""
        return np.array(list(self.by_cell(experiment, model, metric, **values).values()))

    def matrix(self, experiment, model=None):
        """Return the train-cell × test-cell matrix of an experiment with regime "each".

        Returns
        -------
        CrossCellMatrix
        """
        records = [r for r in self.select(experiment, model) if len(r["train_cells"]) == 1]
        if not records:
            raise ValueError(f"Experiment {experiment!r} trained no model on single cells.")
        baseline = self.select(BASELINE, CONSENSUS)
        return CrossCellMatrix(records + baseline, model or records[0]["model"])

    def predictions(self, record):
        """Return the predicted scores of the test genes behind a record.

        Returns
        -------
        ndarray of float32 of shape (n_test,)
            In the order of the rows of the data set; None for baselines.
        """
        if record["fit"] is None:
            return None
        values = np.load(self.out / "predictions" / f"{record['fit']}.npy", mmap_mode="r")
        start, stop = record["rows"]
        return np.asarray(values[start:stop])

    def to_frame(self):
        """Return all records as a DataFrame; needs pandas."""
        frame = require("pandas", "to_frame").DataFrame(self.records)
        return frame.drop(columns="rows")


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


def load_study(out):
    """Read the results of a finished study.

    Parameters
    ----------
    out : str or path-like
        The folder that :func:`run_study` wrote to.

    Returns
    -------
    Study

    Raises
    ------
    DataFormatError
        If the folder holds no finished study.
    """
    out = Path(out)
    if not (out / "results.json").is_file():
        raise DataFormatError(
            "no finished study: results.json is missing. Run the study, or let it go on.", out
        )
    records = read_json(out / "results.json")
    for record in records:
        record["train_cells"] = tuple(record["train_cells"])
    with open(out / "times.csv", newline="", encoding="utf-8") as file:
        times = {
            row["fit"]: {name: float(row[name]) for name in ("fit_seconds", "seconds")}
            for row in csv.DictReader(file)
        }
    return Study(records, read_json(out / "manifest.json"), times, out)


def read_json(path):
    """Read a JSON file of a study, or say which file is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataFormatError(
            f"cannot be read ({error}). Remove the file and run the study again.", path
        ) from error


def _mean(values):
    defined = [value for value in values if value == value and value is not None]
    return float(np.mean(defined)) if defined else math.nan
