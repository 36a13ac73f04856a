"""From a specification to a plan: fits, and the rows of the results that each answers."""

import functools
import hashlib
import json
import warnings
import zlib
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import shorten
from ._data import training_rows, validation_rows
from ._fitting import fit_parameter
from ._models import takes_steps
from ._similarity import dataset_similarity
from ._targets import check_targets, target_of
from ._words import LABEL, VALIDATIONS


@dataclass(frozen=True)
class Fit:
    """One training set of one model, and the cells it is tested on."""

    model: str
    random_state: int | None
    fold: int
    fold_name: str
    train_cells: tuple
    n_genes: int | str
    train_size: int | str | None
    steps: int | None
    validation: str
    test_cells: tuple = ()

    @functools.cached_property
    def key(self):
        """Name of the files of this fit: the same whenever it is planned again."""
        text = json.dumps(asdict(self), sort_keys=True)
        cells = self.train_cells
        parts = [self.model[:40], cells[0][:20] if len(cells) == 1 else f"{len(cells)}cells"]
        parts += [f"fold{self.fold + 1}", hashlib.sha256(text.encode()).hexdigest()[:16]]
        return "".join(c if c.isalnum() or c in "-_" else "_" for c in "-".join(parts))

    def rng(self, *purpose):
        """Return a random generator of this fit for one purpose, a number."""
        return np.random.default_rng([self.random_state or 0, self.fold, *purpose])


class Entry(NamedTuple):
    """One row of the results: an experiment on a test cell, and the fit that answers it."""

    experiment: str
    regime: str
    test_cell: str
    fit: int


class Plan(NamedTuple):
    """What is to be fitted, and which rows the results have."""

    fits: list
    entries: list

    def without_repeats(self):
        """Return the plan without rows that an earlier experiment has: the same fit and cell."""
        first = {(entry.fit, entry.test_cell): entry for entry in reversed(self.entries)}
        kept = [e for e in self.entries if first[e.fit, e.test_cell] is e]
        return Plan(self.fits, kept)


def make_plan(spec, data):
    """List the fits of a study, and what each row of its results takes from them.

    What the data set is too small for is left out with a warning, so that one study serves
    data sets of many sizes. The plan is the same for the same specification and data.
    """
    if "mean" in data.cells:
        raise ValueError("A cell type cannot be called 'mean': that names the mean over cells.")
    gathered, entries, estimators = {}, [], spec.estimators()
    check_targets(data, estimators)
    experiments, left_out = _without_sizes_beyond(spec.experiments, data)
    for fold, fold_name in enumerate(data.folds.names):
        similarity = _similarity(spec, data, fold)
        for random_state in spec.random_state:
            place = {"random_state": random_state, "fold": fold, "fold_name": str(fold_name)}
            for experiment in experiments:
                for choice in _choices(experiment, data, similarity, random_state or 0):
                    for model in experiment.models or spec.models:
                        settings = _settings(experiment, estimators[model])
                        identity = {"model": model, **place, **settings}
                        entries.append(_add(gathered, experiment, identity, *choice))
    answered = {entry.experiment for entry in entries}
    left_out += [
        f"{e.name!r}: no cell is similar enough" for e in experiments if e.name not in answered
    ]
    if not entries:
        raise ValueError(f"The study has nothing to do. {'; '.join(left_out)}.")
    if left_out:
        warnings.warn(f"Left out of the study: {'; '.join(left_out)}.", HistoexprWarning, 2)
    # sizes may come to the same: 3 and "all" where there are three
    entries = list(dict.fromkeys(entries))
    fits = [
        Fit(**identity, test_cells=tuple(sorted(tests)))
        for _, identity, tests in gathered.values()
    ]
    _check_fits(data, fits, {name: target_of(model) for name, model in estimators.items()})
    return Plan(fits, entries)


def _without_sizes_beyond(experiments, data):
    """Return the experiments with the sizes that there are, and words on the others."""
    n_genes = min(len(data.train_genes(fold)) for fold in range(len(data.folds.names)))
    kept, left_out = [], []
    for experiment in experiments:
        _check_cells(experiment, data.cells)
        n_cells = len(data.cells) - (experiment.regime == "exclusive")
        sizes = {}
        for name, present in (("n_cells", n_cells), ("n_genes", n_genes)):
            wanted = getattr(experiment, name)
            sizes[name] = tuple(n for n in wanted if n == "all" or n <= present)
            beyond = [str(n) for n in wanted if n not in sizes[name]]
            if beyond:
                asked = f"{experiment.name!r} with {name}={', '.join(beyond)}"
                left_out.append(f"{asked}, but there are only {present} to train on")
        if all(sizes[name] or not getattr(experiment, name) for name in sizes):
            kept.append(replace(experiment, **sizes))
    return kept, left_out


def _check_cells(experiment, cells):
    """Raise ValueError if an experiment needs cells that there are not."""
    if experiment.regime == "exclusive" and len(cells) == 1:
        raise ValueError(
            f"Experiment {experiment.name!r} trains on other cells than the test cell, but there "
            f"is only {cells[0]}."
        )
    unknown = sorted({*(experiment.test_cells or ())} - {*cells})
    if unknown:
        raise ValueError(
            f"Experiment {experiment.name!r}: no cell {unknown[0]}; there are {', '.join(cells)}."
        )


def _check_fits(data, fits, targets):
    """Raise ValueError if a fit lacks samples to be trained or tested on."""
    for fold, name in enumerate(data.folds.names):
        train, test = data.class_counts(fold)
        for fit in (fit for fit in fits if fit.fold == fold):
            where = f"in cell {shorten(fit.train_cells)} (gene fold {name})"
            counts = train[np.isin(data.cells, fit.train_cells)].sum(axis=0)
            lacks = counts.min() if targets[fit.model] == LABEL else counts.sum()
            if lacks == 0:
                what = "are all of one class" if counts.max() else "are missing"
                raise ValueError(
                    f"The training genes {where} {what}. Leave the cell out, or divide the genes "
                    "differently."
                )
            untested = [c for c in fit.test_cells if not test[data.cells.index(c)].any()]
            if untested:
                raise ValueError(
                    f"Cell {untested[0]} has no test genes (gene fold {name}). Name the cells to "
                    "test on as test_cells, or divide the genes differently."
                )
            if isinstance(fit.train_size, int):
                n_rows = len(training_rows(data, replace(fit, train_size=None)))
                if fit.train_size > n_rows:
                    raise ValueError(
                        f"train_size={fit.train_size}, but there are only {n_rows} to train on "
                        f"{where}. Use a smaller number, or leave it out for all."
                    )
            if fit.validation != VALIDATIONS[0]:
                validation_rows(data, fit.test_cells[0])


def _settings(experiment, estimator):
    """Return what an experiment sets, as far as a model takes it: other fits are shared."""
    leaks = experiment.validation != VALIDATIONS[0] and fit_parameter(estimator, "X_val")
    return {
        "train_size": experiment.train_size,
        "steps": experiment.steps if takes_steps(estimator) else None,
        "validation": experiment.validation if leaks else VALIDATIONS[0],
    }


def _add(gathered, experiment, settings, test_cell, train_cells, n_genes):
    identity = {**settings, "train_cells": tuple(sorted(train_cells)), "n_genes": n_genes}
    leaks = identity["validation"] != VALIDATIONS[0]
    key = (*identity.values(), test_cell if leaks else None)
    number, _, tests = gathered.setdefault(key, (len(gathered), identity, set()))
    tests.add(test_cell)
    regime = experiment.regime
    regime += "" if regime in ("own", "each") else f" {experiment.cells}"
    return Entry(experiment.name, regime, test_cell, number)


def _similarity(spec, data, fold):
    if all(e.cells not in ("similar", "nearest") for e in spec.experiments):
        return None
    rows = data.train_rows(fold, data.cells)
    return dataset_similarity(data.dataset, rows, spec.similarity, data.cells)


def _choices(experiment, data, similarity, seed):
    """Yield test cell, training cells, and the number of genes asked for."""
    for test_cell in experiment.test_cells or data.cells:
        for n_genes in experiment.n_genes or ("all",):
            if experiment.regime == "each":
                for cell in data.cells:
                    yield test_cell, [cell], n_genes
                continue
            for n_cells in experiment.n_cells or (None,):
                chosen = _training_cells(
                    experiment, test_cell, data.cells, similarity, n_cells, seed
                )
                if chosen:
                    yield test_cell, chosen, n_genes


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
