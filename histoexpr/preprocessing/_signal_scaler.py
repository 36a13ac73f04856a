"""Logarithm and standardisation of signals."""

import numpy as np

from ..utils import StrOptions, read_signals, signal_moments, signed_log1p, split_batches
from ._signal_transformer import BATCH_SIZE, SignalTransformer, float_dtype


class SignalScaler(SignalTransformer):
    """Take the logarithm of signals and standardise them per mark or per bin.

    Read counts are overdispersed and differ in scale between marks; after ``log1p`` and
    standardisation every mark has mean 0 and variance 1 over the training samples. Mean and
    scale are learned in ``fit``, batch by batch: a memory map of integer counts is never copied
    as a whole. The result has the shape of X, and is float64 if X is, otherwise float32.

    To remove differences in sequencing depth between cells, see
    :func:`histoexpr.preprocessing.normalize_depth`.

    Parameters
    ----------
    log1p : bool, default=True
        Whether to take log(1 + x), natural, first; for signals that can be negative
        sign(x) log(1 + abs(x)).
    standardize : {"mark", "bin", None}, default="mark"
        Subtract the mean and divide by the standard deviation of each mark (over samples
        and bins), of each bin of each mark (over samples), or do neither. With
        ``"mark"`` the shape of the profile over the bins is kept.

    Attributes
    ----------
    mean_ : ndarray of shape (n_marks,) or (n_bins, n_marks), or None
        Mean of the (log) signals; None without ``standardize``.
    scale_ : ndarray of shape (n_marks,) or (n_bins, n_marks), or None
        Their standard deviation; 1 where that is 0.
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only of ``mark:bin`` columns.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import SignalScaler
    >>> counts = np.random.default_rng(0).poisson([2, 20], size=(30, 100, 2))
    >>> Z = SignalScaler().fit_transform(counts.astype(np.uint16))
    >>> Z.shape, Z.dtype
    ((30, 100, 2), dtype('float32'))
    >>> bool(np.allclose(Z.std(axis=(0, 1)), 1))
    True
    """

    _parameter_constraints = {
        "log1p": ["boolean"],
        "standardize": [StrOptions({"mark", "bin"}), None],
    }

    _preserves_dtype = ("float64", "float32")

    def __init__(self, *, log1p=True, standardize="mark"):
        self.log1p = log1p
        self.standardize = standardize

    def _learn(self, X):
        self.mean_ = self.scale_ = None
        if self.standardize is not None:
            self.mean_, self.scale_ = signal_moments(X, log1p=self.log1p, per=self.standardize)

    def _apply(self, X):
        dtype = float_dtype(X.dtype)
        out = np.empty((len(X), X.shape[1] * X.shape[2]), dtype=dtype)
        mean, scale = self._per_feature(dtype)
        for batch in split_batches(len(X), BATCH_SIZE):
            values = X[batch].astype(dtype, copy=False)
            values = signed_log1p(values) if self.log1p else values
            np.subtract(values.reshape(len(values), -1), mean, out=out[batch])
            out[batch] /= scale
        return out.reshape(X.shape)

    def _per_feature(self, dtype):
        """Return mean and scale for flattened samples."""
        if self.scale_ is None:
            return dtype(0), dtype(1)
        shape = self.n_bins_in_, self.n_marks_in_
        return [
            np.broadcast_to(values, shape).ravel().astype(dtype)
            for values in (self.mean_, self.scale_)
        ]

    def inverse_transform(self, X):
        """Turn transformed signals back.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Transformed signals; also the DataFrame that :meth:`set_output` made of them.

        Returns
        -------
        ndarray of the shape of X, or HistoneDataset
            float64 if X is, otherwise float32; a data set if X is one.
        """
        source = read_signals(X)
        X = self._check_signals(source, reset=False)
        dtype = float_dtype(X.dtype)
        mean, scale = self._per_feature(dtype)
        values = X.reshape(len(X), -1).astype(dtype) * scale + mean
        if self.log1p:
            values = np.copysign(np.expm1(np.abs(values)), values)
        return self._as_given(source, values.reshape(X.shape), changed=False)
