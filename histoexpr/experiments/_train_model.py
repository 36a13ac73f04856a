"""One model trained on all that is given, with scores of models like it on genes left out."""

from numbers import Integral

import numpy as np
from sklearn.base import is_classifier, is_regressor

from ..datasets import HistoneDataset
from ..transfer import (
    MarkSubsetClassifier,
    MarkSubsetRegressor,
    ReferenceClassifier,
    ReferenceRegressor,
)
from ..utils import (
    HasMethods,
    Interval,
    Result,
    StrOptions,
    check_type,
    describe,
    read_signals,
    shorten,
    validate_params,
)
from ._fitting import fit_estimator
from ._held_out import COLUMNS, format_scores, held_out_table, scores_legend, weak_points
from ._models import MODELS, make_model, seed_model
from ._targets import target_of
from ._validate_model import validate_model
from ._words import EXPRESSION, LABEL

# What the model with reference cells is called, which needs more than a name
REFERENCE = "reference"
_TARGETS = {"labels": LABEL, "expression": EXPRESSION}
_REMEDY = "Make one with HistoneDataset(X, cell=..., gene=...), or read one with load_data(path)."


class TrainedModel(Result):
    """Result of :func:`train_model`: a fitted model, and what models like it score.

    Attributes
    ----------
    estimator : estimator
        Fitted on all samples of ``data``.
    data : HistoneDataset
        What it was fitted on, for :func:`save_model`.
    table : DataFrame
        Held-out scores, one row per model (``model``, this one and its baselines), cells that
        were trained on (``trained_on``: "same cell"; of several cells "all cells", the tested one
        among them, and "other cells"), ``test_cell`` ("mean" of all) and score (``metric``):
        ``score`` with the ends ``low`` and ``high`` of its 95 % interval, ``n``, the number of
        tested samples, ``n_positive``, those of the second class, and what was ``resampled``,
        "chrom" or "gene". Genes are always unseen in training. Empty if nothing was scored.
    name : str
        What the table calls the model.
    target : {"label", "log2_expression"}
        What it predicts.
    notes : list of str
        What was left out of the data, how genes were divided, and what is too small to judge by.
    """

    def __init__(self, estimator, data, table, *, name, target, notes):
        self.estimator, self.data, self.table = estimator, data, table
        self.name, self.target, self.notes = name, target, list(notes)

    def _title(self):
        what = "labels" if self.target == LABEL else "log2(expression + 1)"
        return (
            f"{self.name}, trained on the {what} of {len(self.data):,} samples: "
            f"{len(self.data.genes):,} genes in {shorten(self.data.cells)}"
        )

    def describe(self):
        """Return what was trained, the held-out scores and the notes as text.

        Returns
        -------
        str
        """
        parts = [self._title()]
        if len(self.table):
            parts += ["", format_scores(self.table), ""]
            parts += scores_legend(self.table)
        return "\n".join([*parts, *self.notes])


@validate_params(
    {
        "data": "no_validation",
        "model": [str, HasMethods(["fit", "get_params"])],
        "cells": ["array-like", str, None],
        "target": [StrOptions(set(_TARGETS)), None],
        "genes": [StrOptions({"auto", "chromosome", "kfold", "split"})],
        "n_splits": [Interval(Integral, 2, None, closed="left")],
        "validate": [StrOptions({"auto", "genes", "cells", "none"})],
        "reference": "no_validation",
        "mark_subsets": ["boolean"],
        "random_state": [Interval(Integral, 0, None, closed="left")],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=False,
)
def train_model(
    data,
    model="regions",
    *,
    cells=None,
    target=None,
    genes="auto",
    n_splits=5,
    validate="auto",
    reference=None,
    mark_subsets=False,
    random_state=0,
    n_jobs=None,
    verbose=0,
):
    """Train a model on all samples, and score models like it on genes left out of training.

    Parameters
    ----------
    data : HistoneDataset
        Signals with labels or expression. Samples whose expression is unknown are left out where
        it is learned.
    model : str or estimator, default="regions"
        A name in the registry of models (``regions``, ``linear``, ``cnn``, ``mlp``, ``boosting``,
        ``logistic``, ``ridge``, ...; each of the first five also names its regressor),
        ``"reference"`` for :class:`ReferenceClassifier` or :class:`ReferenceRegressor`, or an
        estimator.
    cells : str or sequence of str, optional
        Cells to train on; default all.
    target : {"labels", "expression"}, default=None
        What is learned, expression as log2(x + 1). By default what the model is for: labels, or
        of a regressor expression.
    genes : {"auto", "chromosome", "kfold", "split"}, default="auto"
        Which genes are held out together: whole chromosomes, random ones, or the test genes of a
        predefined split. "auto" takes chromosomes where those of all samples are known and there
        are two at least, else random genes.
    n_splits : int, default=5
        Number of folds of genes, at the most that of chromosomes or genes.
    validate : {"auto", "genes", "cells", "none"}, default="auto"
        What is held out for the scores: "genes" in all cells, or whole "cells", too: each cell in
        turn, which takes a fit a cell and fold. "auto" does so for up to 12 cells. "none" is for
        no scores.
    reference : DataFrame, ExpressionTable or path, optional
        For the model ``"reference"``: expression of genes × other cells.
    mark_subsets : bool, default=False
        Whether to fit a model for every subset of the marks (:class:`MarkSubsetClassifier`,
        :class:`MarkSubsetRegressor`), so that it serves cells that lack some.
    random_state : int, default=0
        Random state of the model and of random folds.
    n_jobs : int, optional
        Number of fits at a time, as in joblib.
    verbose : int, default=0
        1 shows a progress bar over the fits that are scored.

    Returns
    -------
    TrainedModel

    Raises
    ------
    TypeError
        If ``data`` is no data set.
    ValueError
        If the model is unknown or does not go with the target or reference, a cell is not in the
        data, the data lack what is learned, or the model cannot be fitted.

    Notes
    -----
    The scores are those of models that are fitted alike, on fewer genes and cells; the model that
    is returned has seen all. "all cells" tells of other genes of the cells trained on,
    "other cells" of cells that were not, which is what counts for a new one. Beside them stand
    baselines that see no signal, see :func:`evaluate_cells`: the same gene in the other cells, and
    of models with reference cells the references alone. Too few samples to be scored are no
    error: ``notes`` say so.

    Examples
    --------
    >>> from histoexpr import make_histone_cells
    >>> from histoexpr.experiments import train_model
    >>> data = make_histone_cells(n_cells=2, n_genes=300, random_state=0)
    >>> found = train_model(data)
    >>> sorted(set(found.table["trained_on"]))
    ['all cells', 'other cells', 'same cell']
    >>> found.estimator.predict(data).shape
    (600,)
    """
    check_type("data", data, HistoneDataset, _REMEDY)
    name, estimator = _choose(model, target, reference, mark_subsets)
    estimator = seed_model(estimator, random_state)
    target = target_of(estimator)
    data, notes = _samples(data, cells, target)
    fitted = _fit(estimator, data, target)
    table, said = None, ["Not scored, as asked for."]
    if validate != "none":
        how = {"genes": genes, "n_splits": n_splits, "random_state": random_state}
        about = {"validate": validate, "n_jobs": n_jobs, "verbose": verbose}
        table, said = validate_model(name, estimator, data, target, how, **about)
    table = held_out_table(table) if table is not None else _nothing()
    notes += [*said, *weak_points(_own(table, name), target)]
    return TrainedModel(fitted, data, table, name=name, target=target, notes=notes)


def _nothing():
    import pandas as pd

    return pd.DataFrame(columns=COLUMNS)


def _own(table, name):
    """Return the rows of the model itself, those for new cells last."""
    return table[table["model"] == name]


def _choose(model, target, reference, mark_subsets):
    """Return the name and the unfitted estimator that are asked for."""
    on_expression = target == "expression"
    if model == REFERENCE:
        if reference is None:
            raise ValueError(
                "model='reference' needs reference: the expression of genes × other cells, a "
                "table or its path (--reference), such as fetch_roadmap_expression()."
            )
        kind = ReferenceRegressor if on_expression else ReferenceClassifier
        name, estimator = REFERENCE, kind(reference=reference)
    elif reference is not None:
        raise ValueError(
            f"reference is for model='reference', but model is {describe(model)}. Leave one of "
            "them out."
        )
    elif isinstance(model, str):
        kind = f"{model}-regressor" if on_expression else model
        kind = kind if kind in MODELS else model
        if kind not in MODELS:
            raise ValueError(
                f"Unknown model {model!r}; choose among {', '.join([*MODELS, REFERENCE])}."
            )
        name, estimator = MODELS[kind].label, make_model(kind, kind)
    else:
        name, estimator = type(model).__name__, model
    if not (is_classifier(estimator) or is_regressor(estimator)):
        raise ValueError(f"model is a {name}; expected a classifier or a regressor.")
    if target is not None and target_of(estimator) != _TARGETS[target]:
        wanted = "a regressor" if on_expression else "a classifier"
        raise ValueError(
            f"target={target!r} is for {wanted}, but {describe(model)} is none. Choose another "
            "model, or leave the target out."
        )
    if mark_subsets:
        kind = MarkSubsetClassifier if is_classifier(estimator) else MarkSubsetRegressor
        estimator = kind(estimator)
    return name, estimator


def _samples(data, cells, target):
    """Return the samples to train on, and what is to be said of those left out."""
    if cells is not None:
        data = data.select(cells=cells)
    if target == LABEL:
        if data.y is None:
            raise ValueError(
                "The data set has no labels to learn. Make them with histoexpr.relabel, or learn "
                "expression, where it is known: target='expression' (--target expression)."
            )
        if len(classes := np.unique(data.y)) < 2:
            raise ValueError(
                f"The labels of {len(data)} samples are all {classes[0] if len(classes) else ''}; "
                "a classifier needs two classes. Give more genes or cells, or other labels "
                "(histoexpr.relabel)."
            )
        return data, []
    if data.expression is None:
        raise ValueError(
            "The data set has no expression to learn. Give it with histoexpr.relabel, or learn "
            "labels, where they are known: target='labels' (--target labels)."
        )
    known = data.expression >= 0  # NaN is not
    if not known.any():
        raise ValueError("The expression of no sample is known (0 or more). Give RPKM or TPM.")
    if known.all():
        return data, []
    left = f"{(~known).sum():,} of {len(data):,} samples without known expression are left out."
    return data.take(known), [left]


def _fit(estimator, data, target):
    y = data.y if target == LABEL else data.return_X_y(target="log2_expression")[1]
    # the data set itself, so that the model knows the names of the marks
    source = read_signals(data).dataset
    return fit_estimator(estimator, source, y, data.gene, np.arange(len(data)))
