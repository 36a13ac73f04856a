"""A study as data: experiments, models, seeds and how genes are divided."""

import json
from dataclasses import MISSING, asdict, dataclass, fields
from numbers import Integral
from pathlib import Path

from ..exceptions import DataFormatError
from ._checks import as_tuple, check_choice, check_positive, check_sizes, is_integer, is_number
from ._data import Division
from ._matrix import CONSENSUS, MAJORITY
from ._models import build_model, describe_model

CELL_REGIMES = ("own", "each", "inclusive", "exclusive")
CHOICES = ("all", "random", "similar", "nearest")
SIMILARITIES = ("expression", "expression-legacy-shift", "signals")
# What results call the baselines
BASELINE = "baseline"
VALIDATIONS = ("training-genes", "leaking-test-cell")
GENE_DIVISIONS = ("auto", "split", "kfold", "chromosome")


@dataclass
class Experiment:
    """One question of a study: which cells are trained on for each test cell.

    Parameters
    ----------
    name : str
        What results and figures call it.
    regime : {"own", "each", "inclusive", "exclusive"}
        Train on the test cell; on every cell singly (the matrix, one fit per training cell);
        on several cells with the test cell; or on several without it. Test genes are
        unseen in all training cells in every regime.
    cells : {"all", "random", "similar", "nearest"}, default="all"
        Which cells the last two regimes take: all; ``n_cells`` at random; those whose
        similarity is above ``threshold`` (where there are none, "exclusive" leaves the test
        cell out, and "inclusive" trains on it alone, as published); or the ``n_cells`` most
        similar. The last two look at the test cell's own signals or expression of the
        training genes, of "exclusive", too.
    n_cells : int, "all" or list of these, optional
        For "random" and "nearest". With "inclusive" the test cell counts. The cells of a
        list are nested: the larger numbers contain the smaller ones. Numbers beyond what a
        data set has are left out with a warning, of ``n_genes``, too.
    threshold : float, optional
        For "similar". The paper's "high" is 0.75, "somewhat" 0.50.
    n_genes : int, "all" or list of these, optional
        Number of training genes, drawn at random and nested. Default all.
    train_size : int or "one cell", optional
        Number of training samples, drawn from those of all training cells; "one cell" is
        as many as the training genes of one cell. Default all.
    steps : int, optional
        Number of optimiser steps, the same in every fit. For models that take steps
        (``max_epochs`` and ``batch_size``, of the last step of a pipeline, too); others do
        not change. Early stopping is off.
    validation : {"training-genes", "leaking-test-cell"}, default="training-genes"
        What the epoch is chosen on, in models that stop early: whole genes held out of the
        training cells, or, as published, the validation genes of the **test cell**, whose
        labels thus leak into training. Models (or last steps of pipelines) whose
        ``fit`` takes no ``X_val`` do not change.
    models : list of str, optional
        Models to use; default all of the study.
    test_cells : list of str, optional
        Cells to test on; default all.
    """

    name: str
    regime: str
    cells: str = "all"
    n_cells: tuple = ()
    threshold: float | None = None
    n_genes: tuple = ()
    train_size: int | str | None = None
    steps: int | None = None
    validation: str = "training-genes"
    models: tuple | None = None
    test_cells: tuple | None = None

    def __post_init__(self):
        label = f"Experiment {self.name!r}"
        if not isinstance(self.name, str) or self.name in ("", BASELINE):
            raise ValueError(f"An experiment needs a name of its own, got {self.name!r}.")
        check_choice(label, "regime", self.regime, CELL_REGIMES)
        check_choice(label, "cells", self.cells, CHOICES)
        check_choice(label, "validation", self.validation, VALIDATIONS)
        for name in ("n_cells", "n_genes"):
            setattr(self, name, check_sizes(label, name, getattr(self, name)))
        for name in ("models", "test_cells"):
            value = getattr(self, name)
            if isinstance(value, str):
                value = [value]
            if value is not None and not value:
                raise ValueError(f"{label}: {name} is empty; leave it out for all.")
            setattr(self, name, None if value is None else tuple(map(str, value)))
        counted = self.cells in ("random", "nearest")
        if self.regime in ("own", "each") and self.cells != "all":
            raise ValueError(f"{label}: cells={self.cells!r} has no meaning with {self.regime!r}.")
        if counted != bool(self.n_cells):
            raise ValueError(
                f"{label}: n_cells belongs to cells='random' and 'nearest', and is needed there."
            )
        if (self.cells == "similar") != is_number(self.threshold):
            raise ValueError(
                f"{label}: threshold belongs to cells='similar', and a number is needed there."
            )
        if self.train_size != "one cell" and self.train_size is not None:
            check_positive(label, "train_size", self.train_size)
        if self.steps is not None:
            check_positive(label, "steps", self.steps)
            if self.validation != "training-genes":
                raise ValueError(f"{label}: with steps no epoch is chosen; leave out validation.")


@dataclass
class StudySpec:
    """What a study does; read from JSON by :meth:`load`.

    Parameters
    ----------
    experiments : sequence of Experiment or dict
        The questions.
    models : dict of str -> estimator, str or dict
        Estimators by name. As data: ``linear``, ``logistic``, ``cnn``, ``mlp``,
        ``gradient-boosting`` or ``"package.module:name"``, or a dict of ``kind`` and
        ``params``. Every ``random_state`` is set to the seed.
    genes : {"auto", "split", "kfold", "chromosome"}, default="auto"
        What genes are divided by, see :class:`~histoexpr.CrossCellSplit`.
    n_splits : int, default=5
        Number of gene folds, unless genes are divided by the predefined split.
    fold_seed : int, default=0
        Seed of the gene folds, the same for all seeds of the study.
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on.
    seeds : sequence of int, default=(0,)
        Everything is done once per seed.
    similarity : {"expression", "expression-legacy-shift", "signals"}, default="expression"
        What the similarity of cells is computed from, over training genes; see
        :func:`cell_similarity`. "expression-legacy-shift" is for the 56 published cells only.
    margin : float, default=0.01
        Models are called equivalent where the difference of their AUROC is shown to be
        smaller than this, see :func:`equivalence_test`.

    Examples
    --------
    >>> from histoexpr.experiments import StudySpec
    >>> spec = StudySpec(
    ...     [{"name": "own cell", "regime": "own"}], {"linear": "linear"}, seeds=[0, 1]
    ... )
    >>> spec.experiments[0].regime
    'own'
    """

    experiments: tuple
    models: dict
    genes: str = "auto"
    n_splits: int = 5
    fold_seed: int = 0
    train_splits: tuple = ("train",)
    seeds: tuple = (0,)
    similarity: str = "expression"
    margin: float = 0.01

    def __post_init__(self):
        if not isinstance(self.models, dict) or not self.models:
            raise ValueError(f"models must be a dict of name -> model, got {self.models!r}.")
        for name in self.models:
            if not isinstance(name, str) or not name or name in (CONSENSUS, MAJORITY):
                raise ValueError(f"A model needs a name of its own, got {name!r}.")
        if not isinstance(self.experiments, list | tuple):
            raise ValueError(f"experiments must be a list, got {self.experiments!r}.")
        self.experiments = tuple(map(_experiment, self.experiments))
        names = [experiment.name for experiment in self.experiments]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"experiments must have names of their own, got {names}.")
        for experiment in self.experiments:
            unknown = sorted(set(experiment.models or ()) - set(self.models))
            if unknown:
                raise ValueError(
                    f"Experiment {experiment.name!r}: no model {unknown[0]!r}; there are "
                    f"{', '.join(self.models)}."
                )
        self._check_values()
        self.estimators()

    def _check_values(self):
        check_choice("The study", "genes", self.genes, GENE_DIVISIONS)
        check_choice("The study", "similarity", self.similarity, SIMILARITIES)
        if not is_number(self.margin) or not 0 < self.margin < 1:
            raise ValueError(f"margin must be between 0 and 1, got {self.margin!r}.")
        check_positive("The study", "n_splits", self.n_splits)
        if self.n_splits < 2 or not is_integer(self.fold_seed) or self.fold_seed < 0:
            raise ValueError(
                f"n_splits must be at least 2 and fold_seed an integer of at least 0, got "
                f"{self.n_splits!r} and {self.fold_seed!r}."
            )
        splits = as_tuple(self.train_splits, str)
        if not splits or "test" in splits:
            raise ValueError(
                f"train_splits must name splits to train on, and not 'test', got "
                f"{self.train_splits!r}."
            )
        self.train_splits = splits
        seeds = as_tuple(self.seeds, Integral)
        if not seeds or not all(is_integer(seed) and seed >= 0 for seed in seeds):
            raise ValueError(f"seeds must be integers of at least 0, got {self.seeds!r}.")
        if len(set(seeds)) < len(seeds):
            raise ValueError(f"seeds repeat: {self.seeds!r}.")
        self.seeds = tuple(int(seed) for seed in seeds)

    def estimators(self):
        """Return new estimators by name."""
        return {name: build_model(name, model) for name, model in self.models.items()}

    @property
    def division(self):
        """How genes are divided."""
        return Division(self.genes, self.n_splits, self.fold_seed, self.train_splits)

    def to_dict(self):
        """Return the study as JSON can hold it.

        Returns
        -------
        dict
            For :meth:`from_dict`. Models that were given as estimators are described by their
            class and parameters, for people: they are to be given as estimators again.
        """
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        data["experiments"] = [asdict(experiment) for experiment in self.experiments]
        data["models"] = {
            name: model if isinstance(model, str | dict) else describe_model(model)
            for name, model in self.models.items()
        }
        return json.loads(json.dumps(data))

    @classmethod
    def from_dict(cls, data):
        """Make a study from its parameters by name; ValueError for an unknown one.

        Parameters
        ----------
        data : dict

        Returns
        -------
        StudySpec
        """
        return cls(**_known(cls, "The study", data))

    @classmethod
    def load(cls, path):
        """Read a study from a JSON file.

        Parameters
        ----------
        path : str or path-like
            An object with the parameters of this class as keys.

        Returns
        -------
        StudySpec

        Raises
        ------
        DataFormatError
            If the file is not JSON or holds an unknown key.
        ValueError
            If a value is out of range, or keys do not go together.
        """
        path = Path(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            line = getattr(error, "lineno", None)
            raise DataFormatError(f"not a JSON file ({error}).", path, line) from error
        try:
            return cls.from_dict(data)
        except (TypeError, ValueError) as error:
            raise DataFormatError(f"not a study: {error}", path) from error


def _experiment(value):
    if isinstance(value, Experiment):
        return value
    return Experiment(**_known(Experiment, "An experiment", value))


def _known(cls, what, data):
    names = [f.name for f in fields(cls)]
    if not isinstance(data, dict):
        raise ValueError(f"{what} must be an object of names and values, got {data!r}.")
    unknown = sorted(set(data) - set(names))
    if unknown:
        raise ValueError(f"{what} has the unknown key {unknown[0]!r}; known: {', '.join(names)}.")
    for f in fields(cls):
        if f.default is MISSING and f.name not in data:
            raise ValueError(f"{what} lacks {f.name!r}.")
    return data
