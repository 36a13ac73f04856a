"""Scores of several models within and across cell types."""

import csv

import pandas as pd

from ..metrics import SCORES, binary_scores
from ..model_selection import CellPairSplit, CrossCellSplit
from ..utils import atomic_path
from ._baselines import baselines
from ._checks import check_models, check_training_sets
from ._data import Division, StudyData, choose_genes
from ._fits import fits_from_splits, run_fits
from ._matrix import CONSENSUS, MAJORITY, CrossCellMatrix, mean_defined

# How a test cell relates to the training cells
REGIMES = ("same cell", "one other cell", "other cells")


class CellEvaluation:
    """Scores of models by training cells and test cell.

    Made by :func:`evaluate_cells` and :func:`cross_cell_matrix`.

    Parameters
    ----------
    records : list of dict
        One per model, training cells, test cell and gene fold, with the keys model,
        trained_on (one of ``REGIMES``), train_cells, test_cell, fold, n_train, n_test,
        fit_seconds and the scores.

    Attributes
    ----------
    records : list of dict
        The same.
    models : list of str
        Models and baselines in the order of their first record.
    cells : list of str
        Test cells, sorted.
    """

    def __init__(self, records):
        self.records = records
        self.models = list(dict.fromkeys(record["model"] for record in records))
        self.cells = sorted({record["test_cell"] for record in records})

    def summary(self):
        """Return scores averaged over gene folds (and single training cells).

        Returns
        -------
        list of dict
            One per test cell, model and kind of training cells, then the means over test
            cells with ``test_cell`` "mean".
        """
        gathered = {}
        for record in self.records:
            key = record["test_cell"], record["model"], record["trained_on"]
            gathered.setdefault(key, []).append(record)
        rows = []
        for model in self.models:
            for regime in REGIMES:
                parts = [gathered.get((cell, model, regime)) for cell in self.cells]
                if not any(parts):
                    continue
                means = [
                    _mean_row(cell, model, regime, part)
                    for cell, part in zip(self.cells, parts, strict=True)
                    if part
                ]
                rows += [*means, _mean_row("mean", model, regime, means)]
        order = {cell: number for number, cell in enumerate([*self.cells, "mean"])}
        return sorted(rows, key=lambda row: order[row["test_cell"]])

    def matrix(self, model=None):
        """Return the train-cell × test-cell matrix of a model.

        Parameters
        ----------
        model : str, optional
            Name of the model; default the first.

        Returns
        -------
        CrossCellMatrix
        """
        return CrossCellMatrix(self.records, self.models[0] if model is None else model)

    def to_csv(self, path):
        """Write all records as a table, atomically.

        Parameters
        ----------
        path : str or path-like
            The file.
        """
        with (
            atomic_path(path) as temporary,
            open(temporary, "w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.DictWriter(file, fieldnames=list(self.records[0]))
            writer.writeheader()
            for record in self.records:
                train = "+".join(record["train_cells"])
                writer.writerow(record | {"train_cells": train})

    def to_frame(self):
        """Return all records as a DataFrame."""
        return pd.DataFrame(self.records)


def evaluate_cells(
    models,
    dataset,
    *,
    genes="auto",
    n_splits=5,
    train_splits=("train",),
    random_state=0,
    exclusive=True,
    n_jobs=None,
    verbose=0,
):
    """Score models within and across cell types, on genes unseen in training.

    Every model is trained on each cell alone and, with ``exclusive``, on all cells but one;
    each fit is scored on the held-out genes of all the cells it serves. Beside the models
    stand two baselines: the majority class of the training genes, and the same-gene
    consensus, which gives a gene the mean label that *the same gene* has in the other
    cells. The consensus uses no signal, and most genes are expressed in all cells or in
    none: a cross-cell score says something about signals only beside it.

    Parameters
    ----------
    models : dict of str -> classifier
        Estimators by name; they are cloned.
    dataset : HistoneDataset
        With binary labels.
    genes : {"auto", "split", "kfold", "chromosome"}, default="auto"
        What the genes are divided by, see :class:`~histoexpr.CrossCellSplit`. ``"auto"``
        is "split" where the data set has training and test genes, else "kfold".
    n_splits : int, default=5
        Number of gene folds, unless ``genes`` is "split".
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on.
    random_state : int, default=0
        Seed of the gene folds.
    exclusive : bool, default=True
        Whether to train on all cells but one, too.
    n_jobs : int, optional
        Number of fits at a time, as in joblib.
    verbose : int, default=0
        1 shows a progress bar over fits.

    Returns
    -------
    CellEvaluation

    Raises
    ------
    ValueError
        If the labels are not binary, or the genes cannot be divided as asked.
    """
    check_models(models, dataset, (CONSENSUS, MAJORITY))
    data = StudyData(dataset, Division(genes, n_splits, random_state, train_splits))
    y, groups = data.y, dataset.groups
    settings = {
        "genes": choose_genes(dataset, genes, train_splits),
        "n_splits": n_splits,
        "random_state": random_state,
        "train_splits": train_splits,
    }
    splitters = [CellPairSplit(include_same=True, **settings)]
    # of two cells, all but one is one, which the pairs hold already
    if exclusive and len(dataset.cells) > 2:
        splitters.append(CrossCellSplit("exclusive", **settings))
    splits, labels, rows = [], [], {}
    for splitter in splitters:
        for (train, test), label in zip(
            splitter.split(groups=groups), splitter.split_labels(groups), strict=True
        ):
            # many splits share their rows: of 56 cells, 3,136 pairs have 56 training sets
            train = rows.setdefault((label["train_cells"], label["fold"], "train"), train)
            test = rows.setdefault((label["test_cell"], label["fold"], "test"), test)
            splits.append((train, test))
            labels.append(label)
    check_training_sets(y, splits, labels)
    records = []
    for name, model in models.items():
        fits = fits_from_splits(splits, range(len(splits)))
        results = run_fits(model, dataset, fits, n_jobs=n_jobs, verbose=verbose, desc=name)
        for number, (label, (_, test)) in enumerate(zip(labels, splits, strict=True)):
            scores, probabilities, n_train, seconds = results[number]
            costs = {"n_train": n_train, "n_test": len(test), "fit_seconds": seconds}
            record = {"model": name, "trained_on": _regime(label), **label, **costs}
            values = binary_scores(y[test], scores, probabilities=probabilities)
            records.append(record | values)
    return CellEvaluation(records + _baseline_records(data))


def cross_cell_matrix(estimator, dataset, **params):
    """Train on every cell and score on every cell: one fit per training cell and gene fold.

    Parameters
    ----------
    estimator : classifier
        Cloned for every fit.
    dataset : HistoneDataset
        With binary labels.
    **params
        As for :func:`evaluate_cells`: genes, n_splits, train_splits, random_state, n_jobs,
        verbose.

    Returns
    -------
    CrossCellMatrix
        ``score("roc_auc")`` is the matrix, ``consensus("roc_auc")`` the same-gene baseline.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, cross_cell_matrix
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=3, n_genes=300, random_state=0)
    >>> matrix = cross_cell_matrix(HistoneLinearClassifier(), data)
    >>> matrix.score("roc_auc").shape
    (3, 3)
    """
    name = type(estimator).__name__
    return evaluate_cells({name: estimator}, dataset, exclusive=False, **params).matrix(name)


def _regime(label):
    if label["train_cells"] == (label["test_cell"],):
        return "same cell"
    return "one other cell" if len(label["train_cells"]) == 1 else "other cells"


def _baseline_records(data):
    """Return the records of the baselines, one per test cell and gene fold."""
    records = []
    for found in baselines(data):
        trained_on = REGIMES[2 if found.model == CONSENSUS else 0]
        record = {"model": found.model, "trained_on": trained_on}
        record |= {name: getattr(found, name) for name in ("train_cells", "test_cell", "fold")}
        costs = {"n_train": found.n_train, "n_test": len(found.y), "fit_seconds": 0.0}
        records.append(record | costs | binary_scores(found.y, found.proba))
    return sorted(records, key=lambda record: (CONSENSUS, MAJORITY).index(record["model"]))


def _mean_row(cell, model, regime, records):
    row = {"test_cell": cell, "model": model, "trained_on": regime}
    return row | {name: mean_defined([r[name] for r in records]) for name in SCORES}
