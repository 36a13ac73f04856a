"""Parts of the signals: some marks, or a window around the TSS."""

from numbers import Integral

import numpy as np

from ..utils import Interval, bins_between, check_marks, check_window, one_value
from ._signal_transformer import SignalTransformer


class MarkSelector(SignalTransformer):
    """Select marks by name.

    Values, their dtype and the bins stay as they are; the result is a view where the selection
    is contiguous.

    Parameters
    ----------
    marks : str or sequence of str, default=None
        Names of the marks to keep, in the order given; None keeps all. Marks without a name
        are called ``mark1`` ...; their numbers from 0 are taken, too.
    mark_names : array-like of str of shape (n_marks,), default=None
        Names of all marks in X, in their order. Not needed for DataFrames with ``mark:bin``
        columns.

    Attributes
    ----------
    mark_indices_ : ndarray of int
        Indices of the selected marks.
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only if known.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import MarkSelector
    >>> X = np.arange(6).reshape(1, 2, 3)
    >>> marks = ["H3K27me3", "H3K36me3", "H3K4me3"]
    >>> MarkSelector(["H3K4me3", "H3K27me3"], mark_names=marks).fit_transform(X)
    array([[[2, 0],
            [5, 3]]])
    """

    _parameter_constraints = {
        "marks": [str, "array-like", None],
        "mark_names": ["array-like", None],
    }

    def __init__(self, marks=None, *, mark_names=None):
        self.marks = marks
        self.mark_names = mark_names

    def _learn(self, X):
        marks = [self.marks] if isinstance(self.marks, str) else self.marks
        if marks is None:
            marks = range(self.n_marks_in_)
        self.mark_indices_ = np.array([self._index_of(mark) for mark in marks], dtype=int)
        if len(self.mark_indices_) == 0:
            raise ValueError("marks is empty; give at least one mark, or None for all.")
        if len(np.unique(self.mark_indices_)) < len(self.mark_indices_):
            raise ValueError(f"marks names a mark twice: {', '.join(map(str, marks))}.")
        self._marks_out = self.mark_indices_
        if np.all(np.diff(self.mark_indices_) == 1):
            self._marks_out = slice(self.mark_indices_[0], self.mark_indices_[-1] + 1)

    def _index_of(self, mark):
        n_marks = self.n_marks_in_
        if isinstance(mark, Integral) and not isinstance(mark, bool):
            if not 0 <= mark < n_marks:
                raise ValueError(f"No mark with index {mark}; X has {n_marks} marks, from 0.")
            return int(mark)
        names = check_marks(getattr(self, "mark_names_in_", None), n_marks)
        if isinstance(mark, str) and mark in names:
            return names.index(mark)
        remedy = ""
        if not hasattr(self, "mark_names_in_"):
            remedy = " X has no mark names: give them as mark_names."
        raise ValueError(f"No mark {mark!r}; there are {', '.join(names)}.{remedy}")


class WindowSelector(SignalTransformer):
    """Select the bins in a window around the TSS.

    Values, their dtype and the marks stay as they are; the result is a view.

    Parameters
    ----------
    window : tuple of two int, default=None
        First and last (exclusive) position to keep, in bp relative to the TSS, such as
        ``(-2000, 2000)``. Both must be borders of bins. None keeps all.
    bin_size : int, default=None
        Width of a bin in bp, by default that of the data set, or 100.
    data_window : tuple of two int, default=None
        First and last (exclusive) position that X covers, in bp relative to the TSS, such
        as ``HistoneDataset.window``. By default that of the data set, or X is centred on the
        TSS.

    Attributes
    ----------
    window_ : tuple of two int
        The window in bp relative to the TSS.
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only of ``mark:bin`` columns.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import WindowSelector
    >>> X = np.zeros((10, 100, 5), dtype=np.uint8)
    >>> WindowSelector((-2000, 2000)).fit_transform(X).shape
    (10, 40, 5)
    """

    _parameter_constraints = {
        "window": [tuple, list, None],
        "bin_size": [Interval(Integral, 1, None, closed="left"), None],
        "data_window": [tuple, list, None],
    }

    def __init__(self, window=None, *, bin_size=None, data_window=None):
        self.window = window
        self.bin_size = bin_size
        self.data_window = data_window

    def _learn(self, X):
        for name in ("window", "data_window"):
            window = getattr(self, name)
            if window is None:
                continue
            if len(window) != 2 or not all(isinstance(end, Integral) for end in window):
                raise ValueError(f"{name} must be two positions in bp (integers), got {window!r}.")
        bin_size = one_value("bin_size", self.bin_size, getattr(self, "bin_size_in_", None), 100)
        known = getattr(self, "window_in_", None)
        data_window = one_value("data_window", self.data_window, known)
        first, last = check_window(data_window, self.n_bins_in_, bin_size)
        start, stop = (first, last) if self.window is None else self.window
        self._bins_out = bins_between(
            (start, stop),
            self.n_bins_in_,
            window=data_window,
            bin_size=bin_size,
            name="window",
        )
        self.window_ = int(start), int(stop)

    def _check_signals(self, source, *, reset):
        signals = super()._check_signals(source, reset=reset)
        if not reset and source.window is not None:
            start = source.window[0] + self._bins_out.start * source.bin_size
            stop = source.window[0] + self._bins_out.stop * source.bin_size
            if (start, stop) != self.window_:
                raise ValueError(
                    f"X covers {source.window} bp in bins of {source.bin_size} bp, so that its "
                    f"bins of the window {self.window_}, as learned in fit, are {(start, stop)}. "
                    "Fit on the data set, or give data_window and bin_size."
                )
        return signals
