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
    found = _Terms(numbers)
    if not found.follow(estimator):
        return None
    labels = np.full(numbers.size, -1)
    for number, members in enumerate(found.of_output()):
        labels[members] = number
    return Groups(labels.reshape(numbers.shape), found.sums)


class _Terms:
    """What becomes of bins and marks on their way to an output; methods say whether it is known.

    ``terms`` are arrays of the numbers that features are made of, None while there are bins.
    ``apart`` is whether they are sums of functions of one bin each, ``sums`` whether they are
    functions of the sum of signals.
    """

    def __init__(self, numbers):
        self.numbers, self.terms, self.apart, self.sums = numbers, None, True, True

    def of_output(self):
        """Return the terms of the output."""
        if not self.apart:
            return self.terms
        return [np.array([number]) for term in self.terms for number in term]

    def follow(self, estimator):
        """Go through all steps of an estimator."""
        steps = [estimator]
        if type(estimator) is Pipeline:
            steps = [s for _, s in estimator.steps if not (s is None or isinstance(s, str))]
        known = all(self._transform(step) for step in steps[:-1])
        return known and self._predict(steps[-1])

    def _transform(self, step):
        kind = type(step)
        if self.terms is not None:
            if kind is FunctionTransformer and step.func in _ELEMENTWISE:
                self.apart = False  # a logarithm of a sum cannot be split among what is summed
                return True
            return kind in _AFFINE and not getattr(step, "clip", False)
        if kind in (MarkSelector, WindowSelector):
            self.numbers = step.transform(self.numbers[None])[0]
        elif kind is SignalScaler:
            self.sums = False
        elif kind is Flattener:
            self.terms = list(self.numbers.reshape(-1, 1))
        elif kind is BinPooler:
            self._pool(step.n_regions, step.pooling in _SUMS)
        return kind in (MarkSelector, WindowSelector, SignalScaler, Flattener, BinPooler)

    def _pool(self, n_regions, sums):
        self.terms = _regions(self.numbers, n_regions)
        self.apart, self.sums = sums, self.sums and sums

    def _predict(self, model):
        if hasattr(model, "best_estimator_"):
            return self.terms is None and self.follow(model.best_estimator_)
        if type(model) not in _OURS:
            return type(model) in _LINEAR and self.terms is not None
        fitted = model._fitted_arguments
        pooled, several = self.terms is not None, fitted["mirror"] or fitted["n_regions"] > 1
        if pooled and several:
            return False
        if not pooled:
            self._pool(fitted["n_regions"], fitted["pooling"] in _SUMS)
        self.apart = self.apart and not fitted["log1p"] and not fitted["mirror"]
        return not fitted["mirror"] or self._join_sides(fitted["n_regions"])

    def _join_sides(self, n_regions):
        """Make one term of two regions at the same distance from the middle."""
        n_bins, n_marks = self.numbers.shape
        edges = region_edges(n_bins, n_regions)
        if [n_bins - edge for edge in reversed(edges)] != list(edges):
            return False  # a region of the mirror image is no region
        rows = [self.terms[k * n_marks : (k + 1) * n_marks] for k in range(n_regions)]
        half = n_regions // 2
        joined = [
            np.concatenate(pair)
            for k in range(half)
            for pair in zip(rows[k], rows[-1 - k], strict=True)
        ]
        self.terms = joined + (rows[half] if n_regions % 2 else [])
        self.sums = False
        return True


def _regions(numbers, n_regions):
    edges = region_edges(len(numbers), n_regions)
    return [
        numbers[first:last, mark]
        for first, last in pairwise(edges)
        for mark in range(numbers.shape[1])
    ]
