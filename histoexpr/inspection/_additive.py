"""Models that are sums of functions of groups of bins, and which groups these are."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import (
    ElasticNet,
    ElasticNetCV,
    Lasso,
    LassoCV,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Ridge,
    RidgeCV,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)

from ..classification import HistoneLinearClassifier
from ..preprocessing import BinPooler, Flattener, MarkSelector, SignalScaler, WindowSelector
from ..regression import HistoneLinearRegressor
from ..utils import region_edges, signed_log1p

_LINEAR = (
    *(LogisticRegression, LogisticRegressionCV, LinearRegression, Ridge, RidgeCV),
    *(Lasso, LassoCV, ElasticNet, ElasticNetCV),
)
_OURS = (HistoneLinearClassifier, HistoneLinearRegressor)
_AFFINE = (StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler)
_ELEMENTWISE = (signed_log1p, np.log1p, np.sqrt, np.arcsinh)
_SUMS = ("sum", "mean")


class Groups(NamedTuple):
    """Which bins of which marks make one term of a sum.

    ``labels`` (n_bins, n_marks) numbers the terms from 0; -1 is where signals have no effect.
    ``sums`` says whether a term depends on the sum of its signals alone.
    """

    labels: np.ndarray
    sums: bool


def additive_groups(estimator, numbers):
    """Return the Groups of an estimator whose output is a sum of terms, None of others.

    ``numbers`` counts the bins and marks, from 0, in the order of marks that the estimator takes;
    labels are in the order of the numbers.
    """
    if len(getattr(estimator, "classes_", (0, 1))) != 2:
        return None
    found = _terms(estimator, numbers)
    if found is None:
        return None
    terms, sums = found
    labels = np.full(numbers.size, -1)
    for number, members in enumerate(terms):
        labels[members] = number
    return Groups(labels.reshape(numbers.shape), sums)


def _terms(estimator, numbers):
    """Return a list of arrays of numbers, one for each term, and whether terms are of sums."""
    steps = [step for _, step in estimator.steps] if type(estimator) is Pipeline else [estimator]
    terms, apart, sums = None, True, True
    for step in steps[:-1]:
        kind = type(step)
        if step is None or (isinstance(step, str) and step == "passthrough"):
            continue
        if terms is not None:
            if kind is FunctionTransformer and step.func in _ELEMENTWISE:
                apart = False  # a logarithm of a sum cannot be split among what is summed
            elif kind not in _AFFINE or getattr(step, "clip", False):
                return None
        elif kind in (MarkSelector, WindowSelector):
            numbers = step.transform(numbers[None])[0]
        elif kind is SignalScaler:
            sums = False
        elif kind is Flattener:
            terms = list(numbers.reshape(-1, 1))
        elif kind is BinPooler:
            terms = _regions(numbers, step.n_regions)
            apart, sums = step.pooling in _SUMS, sums and step.pooling in _SUMS
        else:
            return None
    last = steps[-1]
    if hasattr(last, "best_estimator_") and terms is None:
        return _terms(last.best_estimator_, numbers)
    if type(last) in _OURS:
        found = _terms_of_ours(last, numbers, terms)
        if found is None:
            return None
        terms, own_apart, own_sums = found
        apart, sums = apart and own_apart, sums and own_sums
    elif type(last) not in _LINEAR or terms is None:
        return None
    if apart:
        terms = [np.array([number]) for term in terms for number in term]
    return terms, sums


def _terms_of_ours(model, numbers, terms):
    """Return the terms of one of our linear models, and whether they can be split, are of sums."""
    fitted = model._fitted_arguments
    pooling, mirror, n_regions = (fitted[name] for name in ("pooling", "mirror", "n_regions"))
    apart, sums = pooling in _SUMS and not fitted["log1p"] and not mirror, pooling in _SUMS
    if terms is not None:  # pooled before, each feature is a mark of one bin
        return (terms, not fitted["log1p"], True) if n_regions == 1 and not mirror else None
    terms = _regions(numbers, n_regions)
    if mirror:
        edges = region_edges(len(numbers), n_regions)
        if [len(numbers) - edge for edge in reversed(edges)] != list(edges):
            return None
        n_marks = numbers.shape[1]
        pairs = [terms[k * n_marks : (k + 1) * n_marks] for k in range(n_regions)]
        half = n_regions // 2
        terms = [
            np.concatenate(pair)
            for k in range(half)
            for pair in zip(pairs[k], pairs[-1 - k], strict=True)
        ]
        terms += pairs[half] if n_regions % 2 else []
        sums = False
    return terms, apart, sums


def _regions(numbers, n_regions):
    edges = region_edges(len(numbers), n_regions)
    return [
        numbers[first:last, mark]
        for first, last in pairwise(edges)
        for mark in range(numbers.shape[1])
    ]
