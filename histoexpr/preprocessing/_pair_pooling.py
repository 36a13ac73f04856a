"""Signals of pairs of cells pooled over regions: how they change, and their mean."""

from itertools import pairwise
from numbers import Integral, Real

import numpy as np

from ..utils import (
    FIRST,
    SECOND,
    Interval,
    StrOptions,
    check_feature_names_in,
    region_edges,
    signed_log1p,
    swapped_marks,
)
from ._bin_pooling import pool_bins
from ._signal_transformer import SignalTransformer, float_dtype

# Of the mean sum of a mark, as in our networks
_PSEUDOCOUNT = 0.2


class PairPooler(SignalTransformer):
    """Pool pairs of cells over regions: change and mean of the logarithms of both cells' signals.

    What a tree or a linear model needs to learn changes from pairs that
    :func:`histoexpr.pair_cells` made. Swapping the cells flips the signs of the changes and leaves
    the means. The result is (n_samples, 2 * n_regions * n_marks), float64 if X is, otherwise
    float32: all changes, region by region, and then all means.

    Parameters
    ----------
    n_regions : int, default=5
        Number of regions that the window is divided into, as in :class:`BinPooler`.
    pseudocount : float or "auto", default="auto"
        Signal below which logarithms level out, in the unit of the pooled signals. ``"auto"``
        is 0.2 times the mean of each mark in both cells in ``fit``.
    mark_names : array-like of str of shape (n_marks,), default=None
        Names of the marks, for an array of pairs, such as ``pairs.marks``.

    Attributes
    ----------
    pseudocount_ : ndarray
        The pseudocount of each mark of a cell, or of each mark of X.
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only if known.

    See Also
    --------
    histoexpr.transfer.PairRegressor : Uses this, followed by boosting, by default.

    Notes
    -----
    With sums a and b of a mark in the first and the second cell and its pseudocount c, the change
    is ``log(1 + b / c) - log(1 + a / c)``, and the mean is half the sum of both logarithms. Marks
    called ``change:...`` are not used. An X without names of marks holds changes, of which
    ``sign(x) log(1 + |x| / c)`` is taken; the columns of two axes are not pooled.

    Examples
    --------
    >>> from histoexpr import make_histone_cells, pair_cells
    >>> from histoexpr.preprocessing import PairPooler
    >>> pairs = pair_cells(make_histone_cells(n_cells=2, n_genes=50, random_state=0))
    >>> PairPooler().fit(pairs).get_feature_names_out()[[0, 25]].tolist()
    ['change:H3K27me3:1', 'mean:H3K27me3:1']
    """

    _parameter_constraints = {
        "n_regions": [Interval(Integral, 1, None, closed="left")],
        "pseudocount": [StrOptions({"auto"}), Interval(Real, 0, None, closed="neither")],
        "mark_names": ["array-like", None],
    }

    _bins_out = None
    _preserves_dtype = ("float64", "float32")

    def __init__(self, n_regions=5, *, pseudocount="auto", mark_names=None):
        self.n_regions = n_regions
        self.pseudocount = pseudocount
        self.mark_names = mark_names

    def _learn(self, X):
        if self.n_regions > X.shape[1] and not self._flat_in:
            raise ValueError(
                f"n_regions={self.n_regions}, but X has {X.shape[1]} bin(s). Ask for as many "
                "regions as bins at the most."
            )
        self._find_sides()
        mean = np.mean([np.abs(part).mean(axis=(0, 1)) for part in self._pool(X)], axis=0)
        auto = self.pseudocount == "auto"
        given = np.full(mean.shape, 1.0 if auto else float(self.pseudocount))
        self.pseudocount_ = np.where(mean > 0, _PSEUDOCOUNT * mean, 1.0) if auto else given

    def _find_sides(self):
        """Find the places of each mark in the first and in the second cell."""
        names = getattr(self, "mark_names_in_", None)
        self._sides = None
        if names is None or self._flat_in:
            return
        names = [str(name) for name in names]
        if swapped_marks(names) is None:
            raise ValueError(
                f"The marks {', '.join(names)} are not those of pairs of cells. Make pairs with "
                "histoexpr.pair_cells."
            )
        self._marks = [n.removeprefix(FIRST) for n in names if n.startswith(FIRST)]
        self._sides = [[names.index(side + m) for m in self._marks] for side in (FIRST, SECOND)]
        if not self._marks:
            raise ValueError(
                f"X has the marks {', '.join(names)}, but not the signals of both cells. Keep the "
                f"marks {FIRST}... and {SECOND}... of pair_cells."
            )

    def _pool(self, X):
        """Return sums by sample, region and mark, of both cells or of all that X has."""
        if self._flat_in:
            return [X.astype(float_dtype(X.dtype), copy=False)]
        edges = region_edges(X.shape[1], self.n_regions)
        dtype = float_dtype(X.dtype)
        pooled = [pool_bins(X[:, start:stop], "sum", dtype) for start, stop in pairwise(edges)]
        pooled = np.stack(pooled, axis=1)
        return [pooled] if self._sides is None else [pooled[:, :, s] for s in self._sides]

    def _apply(self, X):
        logs = [
            signed_log1p(part / self.pseudocount_.astype(part.dtype)) for part in self._pool(X)
        ]
        if len(logs) == 2:
            first, second = logs
            logs = [second - first, (first + second) / 2]
        return np.concatenate([part.reshape(len(X), -1) for part in logs], axis=1)

    def get_feature_names_out(self, input_features=None):
        """Return the names of the features.

        Parameters
        ----------
        input_features : array-like of str, optional
            Names of the columns that came in, if X in ``fit`` was no DataFrame.

        Returns
        -------
        ndarray of str
            ``change:mark:region`` and ``mean:mark:region``, regions counted from 1; of an X
            without names ``mark:region``, or the names of its columns.
        """
        marks = self._names_in(input_features)[1]
        if self._flat_in:
            return check_feature_names_in(self, input_features)
        if self._sides is not None:
            marks = self._marks
        numbers = range(1, self.n_regions + 1)
        names = [f"{mark}:{number}" for number in numbers for mark in marks]
        parts = ("",) if self._sides is None else ("change:", "mean:")
        return np.asarray([part + name for part in parts for name in names], dtype=object)
