"""A study as data: experiments, models, random states and how genes are divided."""

from dataclasses import MISSING, asdict, dataclass, fields
from numbers import Integral, Real
from pathlib import Path

from ..exceptions import DataFormatError
from ..utils import Interval, StrOptions, check_constraints, describe_model, read_json, to_json
from ._data import Division
from ._models import make_model
from ._words import (
    BASELINE,
    BASELINES,
    CHOICES,
    GENE_DIVISIONS,
    NORMALIZATIONS,
    REGIMES,
    SIMILARITIES,
    VALIDATIONS,
)

_COUNT = [Interval(Integral, 1, None, closed="left")]
_STATE = [Interval(Integral, 0, None, closed="left"), None]


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
    n_cells : int, "all" or list of these, default=()
        For "random" and "nearest". With "inclusive" the test cell counts. The cells of a
        list are nested: the larger numbers contain the smaller ones. Numbers beyond what a
        data set has are left out with a warning, of ``n_genes``, too.
    threshold : float, optional
        For "similar". The paper's "high" is 0.75, "somewhat" 0.50.
    n_genes : int, "all" or list of these, default=()
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
        labels thus leak into training; needs ``genes="split"``. Models (or last steps of
        pipelines) whose ``fit`` takes no ``X_val`` do not change.
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
        _check(self, _EXPERIMENT, label)
        for name in ("n_cells", "n_genes"):
            setattr(self, name, _sizes(label, name, getattr(self, name)))
        for name in ("models", "test_cells"):
            value = getattr(self, name)
            if value is not None:
                value = tuple(map(str, [value] if isinstance(value, str) else value))
                if not value:
                    raise ValueError(f"{label}: {name} is empty; leave it out for all.")
                setattr(self, name, value)
        if self.regime in ("own", "each") and self.cells != "all":
            raise ValueError(f"{label}: cells={self.cells!r} has no meaning with {self.regime!r}.")
        if (self.cells in ("random", "nearest")) != bool(self.n_cells):
            raise ValueError(
                f"{label}: n_cells belongs to cells='random' and 'nearest', and is needed there."
            )
        if (self.cells == "similar") != (self.threshold is not None):
            raise ValueError(
                f"{label}: threshold belongs to cells='similar', and a number is needed there."
            )
        if self.steps is not None and self.validation != VALIDATIONS[0]:
            raise ValueError(f"{label}: with steps no epoch is chosen; leave out validation.")


@dataclass
class StudySpec:
    """What a study does; read from JSON by :meth:`load`.

    Parameters
    ----------
    experiments : sequence of Experiment or dict
        The questions.
    models : dict of str -> estimator, str or dict
        Estimators by name. As data: ``linear``, ``logistic``, ``cnn``, ``mlp``, ``boosting``,
        ``gradient-boosting``, the regressors ``ridge`` and ``boosting-regressor``, or
        ``"package.module:name"``, or a dict of ``kind`` and ``params``. Every ``random_state``
        of theirs is set, see below. Classifiers are trained on labels, regressors (what
        :func:`sklearn.base.is_regressor` says is one) on log2(expression + 1).
    genes : {"auto", "split", "kfold", "chromosome"}, default="auto"
        What genes are divided by, see :class:`~histoexpr.CrossCellSplit`; "auto" as in
        :func:`evaluate_cells`: chromosomes where they are known, else a predefined split.
    n_splits : int, default=5
        Number of gene folds, unless genes are divided by the predefined split.
    folds_random_state : int, default=0
        Random state of the gene folds, the same for all fits of the study.
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on with "split", which "auto" is where others are named.
    random_state : int or sequence of int, default=(0,)
        Everything is done once per random state, which models and random choices of cells,
        genes and samples get. None leaves the models as they are.
    similarity : {"expression", "expression-legacy-shift", "signals"}, default="expression"
        What the similarity of cells is computed from, over training genes; see
        :func:`cell_similarity`. "expression-legacy-shift" is for the 56 published cells only.
    margin : float, default=0.01
        Models are called equivalent where the difference of their scores (AUROC, Pearson's
        correlation, R²) is shown to be smaller than this, see :func:`equivalence_test`.
    normalize : {"predictions", "quantile", "depth", "power"}, default=None
        How cells are made comparable, without their labels: predictions of a cell that was not
        trained on are given the distribution of those for the training samples; or signals are
        normalised by :class:`~histoexpr.CellNormalizer`.
    allow_imports : bool, default=False
        Whether models may be named as ``"package.module:name"``, which runs code. Say so only
        of a study that you trust; a file cannot say it of itself.

    Examples
    --------
    >>> from histoexpr.experiments import StudySpec
    >>> spec = StudySpec(
    ...     [{"name": "own cell", "regime": "own"}], {"linear": "linear"}, random_state=[0, 1]
    ... )
    >>> spec.experiments[0].regime
    'own'
    """

    experiments: tuple
    models: dict
    genes: str = "auto"
    n_splits: int = 5
    folds_random_state: int = 0
    train_splits: tuple = ("train",)
    random_state: tuple = (0,)
    similarity: str = "expression"
    margin: float = 0.01
    normalize: str | None = None
    allow_imports: bool = False

    def __post_init__(self):
        if not isinstance(self.models, dict) or not self.models:
            raise ValueError(f"models must be a dict of name -> model, got {self.models!r}.")
        for name in self.models:
            if not isinstance(name, str) or not name:
                raise ValueError(f"A model needs a name of its own, got {name!r}.")
            if name in BASELINES:
                raise ValueError(f"A model cannot be called {name!r}: that is a baseline.")
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
        _check(self, _STUDY, "The study")
        self.train_splits = _as_tuple(self.train_splits)
        if not self.train_splits or "test" in self.train_splits:
            raise ValueError(
                f"train_splits must name splits to train on, and not 'test', got "
                f"{self.train_splits!r}."
            )
        self._check_random_state()
        self.estimators()

    def _check_random_state(self):
        given, values = self.random_state, _as_tuple(self.random_state)
        for value in values:
            _check_one("The study", "random_state", value, _STATE)
        if not values or len(set(values)) < len(values):
            what = "has a value twice" if values else "is empty"
            raise ValueError(f"random_state {what}: {given!r}.")
        self.random_state = tuple(None if value is None else int(value) for value in values)

    def estimators(self):
        """Return new estimators by name."""
        return {
            name: make_model(name, model, allow_imports=self.allow_imports)
            for name, model in self.models.items()
        }

    @property
    def division(self):
        """How genes are divided, and cells made comparable."""
        genes = self.genes, self.n_splits, self.folds_random_state, self.train_splits
        return Division(*genes, self.normalize)

    def to_dict(self):
        """Return the study as JSON can hold it.

        Returns
        -------
        dict
            For :meth:`from_dict`. Models that were given as estimators are described by their
            class and parameters, for people: they are to be given as estimators again.
        """
        data = {name: getattr(self, name) for name in _names(StudySpec)}
        data["experiments"] = [asdict(experiment) for experiment in self.experiments]
        data["models"] = {
            name: model if isinstance(model, str | dict) else describe_model(model)
            for name, model in self.models.items()
        }
        return to_json(data)

    @classmethod
    def from_dict(cls, data, *, allow_imports=False):
        """Make a study from its parameters by name; ValueError for an unknown one.

        Parameters
        ----------
        data : dict
        allow_imports : bool, default=False
            See the class.

        Returns
        -------
        StudySpec
        """
        return cls(**_known(cls, "The study", data), allow_imports=allow_imports)

    @classmethod
    def load(cls, path, *, allow_imports=False):
        """Read a study from a JSON file.

        Parameters
        ----------
        path : str or path-like
            An object with the parameters of this class as keys.
        allow_imports : bool, default=False
            See the class.

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
        data = read_json(path, remedy="Give a JSON file that declares a study.")
        try:
            return cls.from_dict(data, allow_imports=allow_imports)
        except (TypeError, ValueError) as error:
            raise DataFormatError(f"not a study: {error}", Path(path)) from error


def _experiment(value):
    if isinstance(value, Experiment):
        return value
    return Experiment(**_known(Experiment, "An experiment", value))


def _names(cls):
    """Return the parameters that a file may hold."""
    return [field.name for field in fields(cls) if field.name != "allow_imports"]


def _known(cls, what, data):
    names = _names(cls)
    if not isinstance(data, dict):
        raise ValueError(f"{what} must be an object of names and values, got {data!r}.")
    unknown = sorted(set(data) - set(names))
    if unknown:
        raise ValueError(f"{what} has the unknown key {unknown[0]!r}; known: {', '.join(names)}.")
    for f in fields(cls):
        if f.default is MISSING and f.name not in data:
            raise ValueError(f"{what} lacks {f.name!r}.")
    return data


_EXPERIMENT = {
    "regime": [StrOptions(set(REGIMES))],
    "cells": [StrOptions(set(CHOICES))],
    "threshold": [Interval(Real, -1, 1, closed="both"), None],
    "train_size": [*_COUNT, StrOptions({"one cell"}), None],
    "steps": [*_COUNT, None],
    "validation": [StrOptions(set(VALIDATIONS))],
    "models": ["array-like", str, None],
    "test_cells": ["array-like", str, None],
}
_STUDY = {
    "genes": [StrOptions(set(GENE_DIVISIONS))],
    "n_splits": [Interval(Integral, 2, None, closed="left")],
    "folds_random_state": [Interval(Integral, 0, None, closed="left")],
    "train_splits": ["array-like", str],
    "similarity": [StrOptions(set(SIMILARITIES))],
    "margin": [Interval(Real, 0, 1, closed="neither")],
    "normalize": [StrOptions(set(NORMALIZATIONS)), None],
}


def _check(declared, constraints, label):
    check_constraints(constraints, {name: getattr(declared, name) for name in constraints}, label)


def _check_one(label, name, value, constraint):
    check_constraints({name: constraint}, {name: value}, label)


def _sizes(label, name, value):
    """Return one size or several, "all" among them, as a tuple."""
    values = () if value is None else _as_tuple(value)
    for size in values:
        if size != "all":
            _check_one(label, name, size, _COUNT)
    return values


def _as_tuple(value):
    return tuple(value) if isinstance(value, list | tuple | range) else (value,)
