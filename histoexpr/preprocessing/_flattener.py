"""Flattening: bins and marks side by side, as a table."""

from ._signal_transformer import SignalTransformer


class Flattener(SignalTransformer):
    """Lay bins and marks side by side, for estimators that take a table.

    The result is (n_samples, n_bins * n_marks), bin by bin, of the dtype of X; a view where the
    memory layout allows.

    Parameters
    ----------
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
    >>> from histoexpr import Flattener
    >>> X = np.arange(12).reshape(2, 3, 2)
    >>> flattener = Flattener(mark_names=["H3K4me3", "H3K27me3"]).fit(X)
    >>> flattener.transform(X)
    array([[ 0,  1,  2,  3,  4,  5],
           [ 6,  7,  8,  9, 10, 11]])
    >>> flattener.get_feature_names_out()[:3].tolist()
    ['H3K4me3:1', 'H3K27me3:1', 'H3K4me3:2']
    """

    _parameter_constraints = {"mark_names": ["array-like", None]}

    def __init__(self, *, mark_names=None):
        self.mark_names = mark_names

    def _apply(self, X):
        return X.reshape(len(X), -1)
