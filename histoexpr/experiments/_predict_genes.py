"""Which genes a fitted model calls expressed, as a table."""

import warnings

import numpy as np
import pandas as pd
from sklearn.base import is_classifier, is_regressor

from ..datasets import HistoneDataset
from ..exceptions import HistoexprWarning
from ..transfer import (
    MarkSubsetClassifier,
    MarkSubsetRegressor,
    PairRegressor,
    replace_reference,
)
from ..utils import check_type
from ._fitting import predict_expression
from ._match_data import match_data

# What the classes 0 and 1 are called
CALLS = ("not expressed", "expressed")
_REMEDY = "Make one with HistoneDataset(X, cell=..., gene=...), or read one with load_data(path)."


def predict_genes(estimator, data, *, info=None, reference=None):
    """Predict which genes are expressed in the cells of a data set, or how strongly.

    Parameters
    ----------
    estimator : classifier or regressor
        Fitted, such as :func:`load_model` returns.
    data : HistoneDataset
        Signals, of whole cells; labels and expression are not needed.
    info : dict, optional
        What :func:`read_model_info` says of the model. The data are then made like those it was
        fitted with, where that is exact: marks by name, bins joined, the window cut, bins turned.
        Without it they have to be like them already.
    reference : DataFrame, ExpressionTable or path, optional
        For models with reference cells: another table of expression than the one they were fitted
        with.

    Returns
    -------
    DataFrame
        One row per sample, in the order of ``data``: ``gene``, ``symbol`` where known, ``cell``,
        ``chrom`` and ``tss`` (bp) where known. Of classifiers the ``probability`` of the second
        class (of more classes ``probability_CLASS`` of each; ``score``, a decision value, of those
        without probabilities) and the ``call``: "expressed" or "not expressed", at a probability
        of one half, for classes 0 and 1, else the class. Of regressors
        ``log2_expression``, predicted log2(x + 1), or of pairs of cells
        ``predicted_log2_fold_change``. Where known what is measured: ``label``, ``expression``
        and ``log2_fold_change``.

    Raises
    ------
    ValueError
        If the data lack a mark, or cannot be made like those of the model exactly; the model is
        no classifier or regressor, or has no use for a reference.

    Warns
    -----
    HistoexprWarning
        If the data were changed, or are unlike those that the model was fitted with: marks left
        out, bins joined or turned, reads counted by another rule, or a mark whose mean signal is
        less than a third of that of all training cells, or more than three times it.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells
    >>> from histoexpr.experiments import predict_genes
    >>> data = make_histone_cells(n_cells=2, n_genes=200, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=10).fit(data.select(cells="C01"))
    >>> table = predict_genes(model, data.select(cells="C02").replace(y=None, expression=None))
    >>> table.columns.tolist()
    ['gene', 'cell', 'chrom', 'tss', 'probability', 'call']
    """
    check_type("data", data, HistoneDataset, _REMEDY)
    if not (is_classifier(estimator) or is_regressor(estimator)):
        raise ValueError(
            f"The model is a {type(estimator).__name__}, which predicts neither labels nor "
            "expression. Give a classifier or a regressor."
        )
    if len(data) == 0:
        raise ValueError("The data have no samples to predict.")
    if reference is not None:
        estimator = replace_reference(estimator, reference)
    if info is not None:
        lacks = isinstance(estimator, MarkSubsetClassifier | MarkSubsetRegressor)
        data, notes = match_data(data, info, may_lack_marks=lacks)
        for note in notes:
            warnings.warn(note, HistoexprWarning, stacklevel=2)
    columns = {"gene": data.gene, "symbol": data.symbol, "cell": data.cell, "chrom": data.chrom}
    columns |= {"tss": data.tss}
    columns |= _classes(estimator, data) if is_classifier(estimator) else _values(estimator, data)
    columns |= {"label": data.y, "expression": data.expression}
    columns["log2_fold_change"] = data.log2_fold_change
    return pd.DataFrame({name: v for name, v in columns.items() if v is not None})


def _classes(estimator, data):
    """Return probabilities and calls, by column."""
    classes, found = estimator.classes_, {}
    if not hasattr(estimator, "predict_proba"):
        called = np.asarray(estimator.predict(data))
        score = np.asarray(estimator.decision_function(data), dtype=np.float64)
        found = {"score": score} if score.ndim == 1 else {}
    else:
        proba = np.asarray(estimator.predict_proba(data), dtype=np.float64)
        if len(classes) == 2:
            plain = are_expressed_or_not(classes)
            found["probability" if plain else f"probability_{classes[1]}"] = proba[:, 1]
            called = classes[(proba[:, 1] > 0.5).astype(int)]
        else:
            found |= {f"probability_{name}": proba[:, n] for n, name in enumerate(classes)}
            called = classes[proba.argmax(axis=1)]
    return found | {"call": name_calls(called, classes)}


def name_calls(called, classes):
    """Return classes as they are called: 0 and 1 as "not expressed" and "expressed"."""
    if are_expressed_or_not(classes):
        return np.where(np.asarray(called) == classes[1], *CALLS[::-1])
    return np.asarray(called)


def are_expressed_or_not(classes):
    """Whether classes are 0 and 1, which stand for not expressed and expressed."""
    return len(classes) == 2 and set(np.asarray(classes).tolist()) == {0, 1}


def _values(estimator, data):
    of_pairs = isinstance(estimator, PairRegressor)
    name = "predicted_log2_fold_change" if of_pairs else "log2_expression"
    return {name: predict_expression(estimator, data)}
