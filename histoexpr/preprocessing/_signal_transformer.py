"""The base of transformers of signals: the third axis, names, output containers."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..utils import (
    check_feature_names_in,
    check_marks,
    check_signals,
    find_order,
    fit_context,
    output_config,
    parse_signal_columns,
    read_signals,
)

# Rows transformed at a time: bounds the memory beside the result
BATCH_SIZE = 1024


class SignalTransformer(TransformerMixin, BaseEstimator):
    """Base of transformers that take ``(n_samples, n_bins, n_marks)`` or one mark's bins.

    What has two axes going in has two going out. A data set becomes a data set, with its
    columns, where the result has bins and marks. A result of three axes becomes a frame with
    ``mark:bin`` columns where :meth:`set_output` asks for frames: all estimators of this package
    read such a frame as three axes again. A leaf overrides :meth:`_learn` if it
    learns more than the shape, and :meth:`_apply` if it does more than select.
    """

    # Which bins and marks are left; no bins where the marks are pooled over them
    _bins_out = slice(None)
    _marks_out = slice(None)

    # Studies give it data sets, which say how bins run
    _reads_data_sets = True

    _preserves_dtype = ("float64", "float32", "int64", "int32")

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Learn from signals.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; a DataFrame may have columns ``mark:bin``.
        y : None
            Ignored.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X is not numeric, finite and of two or three axes, or a parameter such as
            ``mark_names``, ``marks`` or ``window`` does not fit it.
        """
        self._learn(self._check_signals(read_signals(X), reset=True))
        return self

    def transform(self, X):
        """Transform signals.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals. Marks are matched by name with those of ``fit``, where both have names.

        Returns
        -------
        ndarray or HistoneDataset
            Of the shape and dtype that the description of the class states; of two axes if X
            has two. A data set with the columns of X, if X is one and the result has bins and
            marks.
        """
        source = read_signals(X)
        X = self._check_signals(source, reset=False)
        return self._as_given(source, self._apply(X))

    def _as_given(self, source, result, *, changed=True):
        """Return a result as X came: of two axes, as a data set, or for a frame.

        ``changed`` states whether bins and marks are those that ``transform`` leaves.
        """
        framed = output_config("transform", self)["dense"] != "default"
        if source.is_flat or (framed and changed):
            return result.reshape(len(result), -1)
        if source.dataset is None or result.ndim < 3:
            return result
        if not changed:
            return source.dataset.replace(X=result, marks=self._marks_known(source))
        first, size = source.window[0], source.bin_size
        start, stop, _ = self._bins_out.indices(self.n_bins_in_)
        marks = np.asarray(self._marks_known(source), dtype=object)[self._marks_out]
        window = first + start * size, first + stop * size
        return source.dataset.replace(X=result, marks=list(marks), window=window)

    def _marks_known(self, source):
        """Return the names of the marks of X in the order of ``fit``, as X spells them."""
        order = find_order(getattr(self, "mark_names_in_", None), source.marks)
        return [source.marks[mark] for mark in order]

    def _learn(self, X):
        """Learn from signals of three axes."""

    def _apply(self, X):
        """Return the transformed signals, from signals of three axes."""
        return X[:, self._bins_out, self._marks_out]

    def _check_signals(self, source, *, reset):
        """Return what :func:`read_signals` found as X with three axes."""
        if not reset:
            check_is_fitted(self)
        signals = check_signals(self, source, reset=reset)
        if reset:
            self._flat_in = source.is_flat
            self._name_marks()
        return signals

    def _name_marks(self):
        """Set ``mark_names_in_`` from the parameter ``mark_names`` or check it."""
        given = getattr(self, "mark_names", None)
        if given is None:
            return
        given = check_marks(given, self.n_marks_in_)
        seen = list(getattr(self, "mark_names_in_", given))
        # Default names come from an array without names: any others may replace them.
        if seen not in (given, check_marks(None, self.n_marks_in_)):
            raise ValueError(
                f"mark_names are {', '.join(given)}, but the columns of X are of "
                f"{', '.join(seen)}. Leave mark_names out: the columns name the marks."
            )
        self.mark_names_in_ = np.asarray(given, dtype=object)

    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns of the flattened result.

        Parameters
        ----------
        input_features : array-like of str, optional
            Names of the columns that came in, if X in ``fit`` was no DataFrame.

        Returns
        -------
        ndarray of str
            ``mark:bin``, bin by bin, or the marks if they are pooled over bins. If X has two
            axes and its mark no name, the names of the bins that came in.
        """
        bins, marks = self._names_in(input_features)
        if self._bins_out is None:
            return np.asarray(marks, dtype=object)
        if self._flat_in and not hasattr(self, "mark_names_in_"):
            return check_feature_names_in(self, input_features)[self._bins_out]
        marks = np.asarray(marks, dtype=object)[self._marks_out]
        names = [f"{mark}:{number}" for number in bins[self._bins_out] for mark in marks]
        return np.asarray(names, dtype=object)

    def _names_in(self, input_features):
        """Return the numbers of the bins and the names of the marks that came in."""
        check_is_fitted(self)
        bins = list(range(1, self.n_bins_in_ + 1))
        marks = getattr(self, "mark_names_in_", None)
        names = getattr(self, "feature_names_in_", None)
        if self._flat_in:
            check_feature_names_in(self, input_features)
        else:
            if input_features is not None:
                self._check_names_of_flattened(input_features, names)
                names = input_features
            layout = None if names is None else parse_signal_columns(list(names))
            if layout is not None:
                bins, marks = layout[1], layout[2] if marks is None else marks
        return bins, check_marks(marks, self.n_marks_in_)

    def _check_names_of_flattened(self, names, seen):
        # scikit-learn's own check would compare with the number of bins
        n_features = self.n_bins_in_ * self.n_marks_in_
        if seen is not None and not np.array_equal(seen, names):
            raise ValueError("input_features is not equal to feature_names_in_")
        if len(names) != n_features:
            raise ValueError(
                "input_features should have length equal to number of features "
                f"({n_features}), got {len(names)}"
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.two_d_array = True
        tags.transformer_tags.preserves_dtype = list(self._preserves_dtype)
        return tags


def float_dtype(dtype):
    """Return the floating type that signals of a type are transformed to."""
    return np.float64 if dtype.kind == "f" and dtype.itemsize >= 8 else np.float32
