"""From a study to the fits it takes: one fit for all test cells that share it."""

import hashlib
import json
import zlib
from dataclasses import asdict, dataclass

import numpy as np

from ._similarity import dataset_similarity


@dataclass(frozen=True)
class Task:
    """One fit and the cells it is tested on."""

    model: str
    seed: int
    fold: int
    fold_name: str
    train_cells: tuple
    n_genes: int | str
    train_size: int | str | None
    steps: int | None
    validation: str
    test_cells: tuple = ()

    @property
    def key(self):
        """Name of the files of this fit: the same whenever it is planned again."""
        text = json.dumps(asdict(self), sort_keys=True)
        model = "".join(c if c.isalnum() or c in "-_" else "_" for c in self.model)
        return f"{model}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


@dataclass(frozen=True)
class Entry:
    """One row of the results: an experiment on a test cell, and the fit that answers it."""

    experiment: str
    regime: str
    n_cells: int | str | None
    test_cell: str
    task: int


def plan_study(spec, data):
    """List the fits of a study, and what each row of its results takes from them.

    Parameters
    ----------
    spec : StudySpec
    data : StudyData

    Returns
    -------
    tasks : list of Task
        The same for the same study and data, in the order in which they were asked for.
    entries : list of Entry

    Raises
    ------
    ValueError
        If an experiment cannot be done on the cells there are.
    """
    gathered, entries = {}, []
    for fold, fold_name in enumerate(data.folds.names):
        similarity = _similarity(spec, data, fold)
        for seed in spec.seeds:
            place = {"seed": seed, "fold": fold, "fold_name": str(fold_name)}
            for experiment in spec.experiments:
                for choice in _choices(experiment, data, similarity, seed):
                    for model in experiment.models or spec.models:
                        entry = _add(gathered, experiment, {"model": model, **place}, *choice)
                        entries.append(entry)
    if not entries:
        raise ValueError("The study has nothing to do: no cell is similar enough to another.")
    tasks = [
        Task(**identity, test_cells=tuple(sorted(tests)))
        for _, identity, tests in gathered.values()
    ]
    return tasks, entries


def _add(gathered, experiment, place, test_cell, train_cells, n_cells, n_genes):
    identity = {
        **place,
        "train_cells": tuple(sorted(train_cells)),
        "n_genes": n_genes,
        "train_size": experiment.train_size,
        "steps": experiment.steps,
        "validation": experiment.validation,
    }
    leaks = experiment.validation == "leaking-test-cell"
    key = (*identity.values(), test_cell if leaks else None)
    number, _, tests = gathered.setdefault(key, (len(gathered), identity, set()))
    tests.add(test_cell)
    regime = experiment.regime
    regime += "" if regime in ("own", "each") else f" {experiment.cells}"
    return Entry(experiment.name, regime, n_cells, test_cell, number)


def _similarity(spec, data, fold):
    if all(e.cells not in ("similar", "nearest") for e in spec.experiments):
        return None
    rows = data.train_rows(fold, data.cells)
    return dataset_similarity(data.dataset, rows, spec.similarity)


def _choices(experiment, data, similarity, seed):
    """Yield test cell, training cells, and the numbers of cells and genes asked for."""
    test_cells = experiment.test_cells or data.cells
    unknown = sorted({*test_cells} - {*data.cells})
    if unknown:
        raise ValueError(
            f"Experiment {experiment.name!r}: no cell {unknown[0]}; there are "
            f"{', '.join(data.cells)}."
        )
    for test_cell in test_cells:
        for n_genes in experiment.n_genes or ("all",):
            if experiment.regime == "each":
                for cell in data.cells:
                    yield test_cell, [cell], None, n_genes
                continue
            for n_cells in experiment.n_cells or (None,):
                chosen = _training_cells(
                    experiment, test_cell, data.cells, similarity, n_cells, seed
                )
                if chosen:
                    yield test_cell, chosen, n_cells, n_genes


def _training_cells(experiment, test_cell, cells, similarity, n_cells, seed):
    if experiment.regime == "own":
        return [test_cell]
    others = [cell for cell in cells if cell != test_cell]
    if experiment.cells == "random":
        # one order for each test cell: whether other cells are in the study does not matter
        rng = np.random.default_rng([seed, zlib.crc32(test_cell.encode())])
        others = [others[number] for number in rng.permutation(len(others))]
    elif experiment.cells in ("similar", "nearest"):
        row = dict(zip(cells, similarity[cells.index(test_cell)], strict=True))
        if experiment.cells == "similar":
            others = [cell for cell in others if row[cell] > experiment.threshold]
        else:
            others = sorted(
                (cell for cell in others if row[cell] == row[cell]), key=lambda c: -row[c]
            )
    own = [test_cell] if experiment.regime == "inclusive" else []
    chosen = own + others
    if n_cells in (None, "all"):
        return chosen
    if n_cells > len(chosen):
        raise ValueError(
            f"Experiment {experiment.name!r} asks for {n_cells} training cells, but there are "
            f"{len(chosen)} for test cell {test_cell}. Use smaller numbers, or 'all'."
        )
    return chosen[:n_cells]
