"""Flattening: bins and marks side by side, as a table."""

from ._signal_transformer import SignalTransformer


class Flattener(SignalTransformer):
    """Lay bins and marks side by side, for estimators that take a table.

    Parameters
    ----------
    mark_names : array-like of str of shape (n_marks,), default=None
        Names of the marks, for :meth:`get_feature_names_out`. By default those of the
        DataFrame or ``mark1`` ...

    Attributes
    ----------
    n_bins_in_, n_marks_in_ : int
        Shape of a sample seen in ``fit``.
    n_features_in_ : int
        Number of bins, or number of columns of a DataFrame.
    feature_names_in_ : ndarray of str
        Only if X was a DataFrame.
    mark_names_in_ : ndarray of str
        Only if the names are known.

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

    _preserves_dtype = ("float64", "float32", "int64", "int32")

    _parameter_constraints = {"mark_names": ["array-like", None]}

    def __init__(self, *, mark_names=None):
        self.mark_names = mark_names

    def transform(self, X):
        """Flatten signals.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_bins, n_marks) or (n_samples, n_bins)
            Signals.

        Returns
        -------
        ndarray of shape (n_samples, n_bins * n_marks)
            Bin by bin, of the dtype of X; a view where the memory layout allows.
        """
        X, _ = self._check_signals(X, reset=False)
        return X.reshape(len(X), -1)
