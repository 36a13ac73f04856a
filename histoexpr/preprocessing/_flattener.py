"""Flattening: bins and marks side by side, as a table."""

from sklearn.utils.validation import check_array, check_is_fitted

from ..utils import check_signals, read_signals
from ._signal_transformer import SignalTransformer


class Flattener(SignalTransformer):
    """Lay bins and marks side by side, for estimators that take a table.

    The result is (n_samples, n_bins * n_marks), bin by bin, of the dtype of X; a view where the
    memory layout allows. :meth:`inverse_transform` gives the bins and marks back, for tools that
    take tables only around classifiers that take signals.

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

    Bagging passes tables on. A pipeline that undoes the flattening gives a classifier the
    signals again:

    >>> from sklearn.ensemble import BaggingClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> from histoexpr import HistoneLinearClassifier
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(60) % 2
    >>> X = rng.poisson(2 + 3 * y[:, None, None], size=(60, 20, 3))
    >>> flattener = Flattener().fit(X)
    >>> unflatten = FunctionTransformer(flattener.inverse_transform)
    >>> bagging = BaggingClassifier(
    ...     make_pipeline(unflatten, HistoneLinearClassifier()), n_estimators=3, random_state=0
    ... ).fit(flattener.transform(X), y)
    >>> bagging.estimators_[0][-1].n_bins_in_, bagging.estimators_[0][-1].n_marks_in_
    (20, 3)
    """

    _parameter_constraints = {"mark_names": ["array-like", None]}

    def __init__(self, *, mark_names=None):
        self.mark_names = mark_names

    def _apply(self, X):
        return X.reshape(len(X), -1)

    def inverse_transform(self, X):
        """Turn a table back into signals.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_bins * n_marks)
            What :meth:`transform` returned, or a table with the same columns.

        Returns
        -------
        ndarray of shape (n_samples, n_bins, n_marks)
            Of the dtype of X; a view where the memory layout allows. If :meth:`fit` saw two axes,
            they are returned.

        Raises
        ------
        ValueError
            If X has another number of columns.
        """
        check_is_fitted(self)
        source = read_signals(X)
        if source.n_axes == 3 or source.columns is not None:
            values = check_signals(self, source, reset=False)
        else:
            values = check_array(source.values, dtype="numeric")
            expected = self.n_bins_in_ * self.n_marks_in_
            if values.shape[1] != expected:
                raise ValueError(
                    f"X has {values.shape[1]} columns, but {type(self).__name__} laid "
                    f"{self.n_bins_in_} bins of {self.n_marks_in_} marks side by side: {expected}."
                )
        shape = self.n_bins_in_, self.n_marks_in_
        return values if self._flat_in else values.reshape(len(values), *shape)
