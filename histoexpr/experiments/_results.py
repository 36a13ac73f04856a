"""The results of a study: collected from the files of its fits, as tables and arrays."""

import csv
import functools
import math
from pathlib import Path

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..metrics import SCORES
from ._files import REMEDY, parse_json, read_array, read_json
from ._matrix import CONSENSUS, CrossCellMatrix, mean_defined
from ._spec import BASELINE

STUDY_SCORES = (*SCORES, "accuracy", "transferred_accuracy")


class Study:
    """The results of a study.

    Made by :func:`run_study` and :func:`load_study`.

    Parameters
    ----------
    records : list of dict
        One per experiment, model, seed, gene fold, training cells and test cell: what was
        asked, the sizes, the scores, and the key of the fit.
    manifest : dict
        Study, hash and source of the data, versions and seeds.
    times : dict of str -> dict
        Seconds by key of the fit.
    out : pathlib.Path
        The folder.

    Attributes
    ----------
    experiments, models, cells, folds : list of str
        Names; the models include the baselines, the cells are those tested on.
    """

    def __init__(self, records, manifest, times, out):
        self.records, self.manifest, self.times, self.out = records, manifest, times, out
        names = [record["experiment"] for record in records]
        self.experiments = [n for n in dict.fromkeys(names) if n != BASELINE]
        self.models = list(dict.fromkeys(record["model"] for record in records))
        self.cells = sorted({record["test_cell"] for record in records})
        # a study of 56 cells has 70,000 records, and asks for a few of them thousands of times
        self._index = {}
        for record in records:
            key = record["experiment"], record["model"]
            self._index.setdefault(key, []).append(record)
        # experiments may leave folds out, baselines have all
        baselines = [record for record in records if record["experiment"] == BASELINE]
        self.folds = list(dict.fromkeys(record["fold"] for record in baselines))

    @functools.cached_property
    def summary(self):
        """What the study says, see summary.json."""
        keys = ("means", "models", "regimes", "pairs")
        return read_json(self.out / "summary.json", keys)

    @functools.cached_property
    def groups(self):
        """What scores are averaged within: name, experiment and sizes, as a list of dict.

        An experiment with several sizes makes one group of each.
        """
        found = {}
        for record in self.records:
            if record["experiment"] == BASELINE:
                continue
            sized = record["regime"].endswith((" random", " nearest"))
            values = {"experiment": record["experiment"], "n_genes": record["n_genes"]}
            values |= {"n_cells": record["n_cells"]} if sized else {}
            found[tuple(values.items())] = values | {"regime": record["regime"]}
        for values in found.values():
            same = [v for v in found.values() if v["experiment"] == values["experiment"]]
            parts = [values["experiment"]]
            parts += [
                f"{values[key]} {what if values[key] == 1 else what + 's'}"
                for key, what in (("n_cells", "cell"), ("n_genes", "gene"))
                if len({v.get(key) for v in same}) > 1
            ]
            values |= {"name": ", ".join(parts), "sized": len(same) > 1}
        return list(found.values())

    @property
    def plain_groups(self):
        """Those of ``groups`` that are no point of a size curve."""
        return [group for group in self.groups if not group["sized"]]

    def __repr__(self):
        return (
            f"Study: {len(self.experiments)} experiments, models {', '.join(self.models)}, "
            f"{len(self.cells)} test cells, {len(self.times)} fits"
        )

    def select(self, experiment=None, model=None, **values):
        """Return the records with the given values, such as ``seed=0`` or ``n_cells=4``."""
        wanted = {"experiment": experiment, "model": model, **values}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        unknown = sorted(set(wanted) - set(self.records[0]))
        if unknown:
            raise ValueError(f"No column {unknown[0]!r}; there are {', '.join(self.records[0])}.")
        records = self.records
        if experiment is not None and model is not None:
            records = self._index.get((experiment, model), [])
        return [r for r in records if all(r[n] == v for n, v in wanted.items())]

    def by_cell(self, experiment, model=None, metric="roc_auc", **values):
        """Return a score by test cell, averaged over seeds, folds and single training cells.

        Parameters
        ----------
        experiment : str
            Name of the experiment; "baseline" for the baselines.
        model : str, optional
            Default the first of the experiment.
        metric : str, default="roc_auc"
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
        model = model or records[0]["model"]
        return mean_by_cell([r for r in records if r["model"] == model], metric)

    def scores(self, experiment, model=None, metric="roc_auc", **values):
        """Return :meth:`by_cell` as an array over the test cells, sorted."""
        return np.array(list(self.by_cell(experiment, model, metric, **values).values()))

    def matrix(self, experiment, model=None, **values):
        """Return the train-cell × test-cell matrix of an experiment with regime "each".

        Parameters
        ----------
        experiment : str
            Name of the experiment.
        model : str, optional
            Default the first of the experiment.
        **values
            Other columns to select by.

        Returns
        -------
        CrossCellMatrix
        """
        records = self.select(experiment, model, **values)
        records = [record for record in records if len(record["train_cells"]) == 1]
        if not records:
            raise ValueError(f"Experiment {experiment!r} trained no model on single cells.")
        baseline = self.select(BASELINE, CONSENSUS)
        return CrossCellMatrix(records + baseline, model or records[0]["model"])

    def predictions(self, record):
        """Return the predicted scores of the test genes behind a record.

        Returns
        -------
        ndarray of float32 of shape (n_test,)
            In the order of the rows of the data set.
        """
        path = self.out / "predictions" / f"{record['fit']}.npy"
        values, (start, stop) = read_array(path), record["rows"]
        if values.ndim != 1 or len(values) < stop:
            raise DataFormatError(f"holds {len(values)} predictions of {stop}. {REMEDY}", path)
        return np.asarray(values[start:stop])

    def test_genes(self, fold, cell):
        """Return numbers of the test genes of a fold and cell, and their labels.

        Returns
        -------
        gene, y : ndarray of shape (n_test,)
            In the order of :meth:`predictions`. A gene has the same number in all cells.
        """
        table = read_array(self.out / "test_genes.npy")
        number = self.folds.index(fold), self.cells.index(cell)
        rows = (table["fold"] == number[0]) & (table["cell"] == number[1])
        return np.asarray(table["gene"][rows]), np.asarray(table["y"][rows])

    def to_frame(self):
        """Return all records as a DataFrame."""
        frame = pd.DataFrame(self.records)
        return frame.drop(columns="rows")


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
    records = parse_json(out / "results.json")
    if not isinstance(records, list) or not records:
        raise DataFormatError(f"holds no records. {REMEDY}", out / "results.json")
    for record in records:
        record["train_cells"] = tuple(record["train_cells"])
        for name in STUDY_SCORES:
            record[name] = math.nan if record[name] is None else record[name]
    keys = ("spec", "versions", "data_sha256", "data_source")
    manifest = read_json(out / "manifest.json", keys, "Run the study in another folder.")
    try:
        with open(out / "times.csv", newline="", encoding="utf-8") as file:
            times = {
                row["fit"]: {name: float(row[name]) for name in ("fit_seconds", "seconds")}
                for row in csv.DictReader(file)
            }
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataFormatError(f"cannot be read ({error}). {REMEDY}", out / "times.csv") from error
    return Study(records, manifest, times, out)


def mean_by_cell(records, metric):
    """Return the mean of a score of records by test cell, cells sorted."""
    gathered = {}
    for record in records:
        gathered.setdefault(record["test_cell"], []).append(record[metric])
    return {cell: mean_defined(gathered[cell]) for cell in sorted(gathered)}
