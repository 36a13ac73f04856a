"""Pooling over the bins: one value per mark, or one per mark and region of the window."""

from itertools import pairwise
from numbers import Integral

import numpy as np

from ..utils import Interval, StrOptions, region_edges, split_batches
from ._signal_transformer import BATCH_SIZE, SignalTransformer, float_dtype

_POOLERS = {
    "mean": lambda X: X.mean(axis=1, dtype=np.float64),
    "sum": lambda X: X.sum(axis=1, dtype=np.float64),
    "max": lambda X: X.max(axis=1),
    "min": lambda X: X.min(axis=1),
    "median": lambda X: np.median(X, axis=1),
}


def pool_bins(X, pooling, dtype):
    """Pool an array of shape (n_samples, n_bins, n_marks) over the bins."""
    out = np.empty((X.shape[0], X.shape[2]), dtype=dtype)
    with np.errstate(over="ignore"):
        for batch in split_batches(len(X), BATCH_SIZE):
            out[batch] = _POOLERS[pooling](X[batch])
    if not np.isfinite(out).all():
        row = np.flatnonzero(~np.isfinite(out).all(axis=1))[0]
        raise ValueError(
            f"The {pooling} over the bins of sample {row} is too large for {np.dtype(dtype)}: its "
            f"signals reach {np.max(X[row]):.3g}. Scale them down, or pass X as float64."
        )
    return out


class BinPooler(SignalTransformer):
    """Pool each mark over the bins: one feature per mark, or per mark and region.

    Followed by a scaler and a logistic regression this is the classical form of the linear
    model of gene expression, with one weight per mark. The result is (n_samples, n_regions *
    n_marks), float64 if X is, otherwise float32.

    Parameters
    ----------
    pooling : {"mean", "max", "sum", "median", "min"}, default="mean"
        What is taken over the bins.
    n_regions : int, default=1
        Number of regions that the window is divided into, each pooled by itself. Where the
        bins do not divide evenly the first regions have one more, as in
        :func:`numpy.array_split`. Features run region by region, and within each by mark.
    mark_names : array-like of str of shape (n_marks,), default=None
        Names of the marks, for :meth:`get_feature_names_out`. By default those of the
        DataFrame or ``mark1`` ...

    Attributes
    ----------
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only if known.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from histoexpr import BinPooler
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(200) % 2
    >>> X = rng.poisson(2 + 3 * y[:, None, None] * [1, 0, -0.5], size=(200, 100, 3))
    >>> pooler = BinPooler(mark_names=["H3K4me3", "H3K9me3", "H3K27me3"])
    >>> model = make_pipeline(pooler, StandardScaler(), LogisticRegression())
    >>> model.fit(X, y).score(X, y)
    1.0
    >>> weights = model[-1].coef_[0].round(1)
    >>> names = model[:-1].get_feature_names_out()
    >>> [str(name) for name, weight in zip(names, weights) if weight > 1]
    ['H3K4me3']
    """

    _parameter_constraints = {
        "pooling": [StrOptions(set(_POOLERS))],
        "n_regions": [Interval(Integral, 1, None, closed="left")],
        "mark_names": ["array-like", None],
    }

    _bins_out = None
    _preserves_dtype = ("float64", "float32")

    def __init__(self, pooling="mean", *, n_regions=1, mark_names=None):
        self.pooling = pooling
        self.n_regions = n_regions
        self.mark_names = mark_names

    def _learn(self, X):
        if self.n_regions > X.shape[1]:
            raise ValueError(
                f"n_regions={self.n_regions}, but X has {X.shape[1]} bin(s). Ask for as many "
                "regions as bins at the most."
            )

    def _apply(self, X):
        edges = region_edges(X.shape[1], self.n_regions)
        dtype = float_dtype(X.dtype)
        if self.n_regions == 1:
            return pool_bins(X, self.pooling, dtype)
        parts = [
            pool_bins(X[:, start:stop], self.pooling, dtype) for start, stop in pairwise(edges)
        ]
        return np.concatenate(parts, axis=1)

    def get_feature_names_out(self, input_features=None):
        """Return the names of the features.

        Parameters
        ----------
        input_features : array-like of str, optional
            Names of the columns that came in, if X in ``fit`` was no DataFrame.

        Returns
        -------
        ndarray of str
            The marks; with several regions ``mark:region``, region by region, counted from 1.
        """
        marks = super().get_feature_names_out(input_features)
        if self.n_regions == 1:
            return marks
        numbers = range(1, self.n_regions + 1)
        return np.asarray([f"{mark}:{n}" for n in numbers for mark in marks], dtype=object)
