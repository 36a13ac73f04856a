"""Signals to be explained, and what is known of their marks, bins and genes."""

import copy
from numbers import Integral

import numpy as np
from sklearn.utils import check_array

from ..metrics import resampling_blocks
from ..utils import (
    are_numbers,
    bins_between,
    check_window,
    name_marks,
    read_signals,
)
from ._signals import (
    common_marks,
    common_orientation,
    common_window,
    fitted_bins,
    fitted_marks,
    marks_for,
)

_COLUMNS = ("gene", "symbol", "cell", "chrom", "tss", "y", "expression")


class Samples:
    """Signals of samples, in the order of marks that they came in, with what is known of them.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks), float64
    marks : list of str
    window, bin_size, oriented
        As of data sets; ``window`` is never None.
    gene, symbol, cell, chrom, tss, y, expression : ndarray of shape (n_samples,) or None
    dataset : HistoneDataset or None
        What X came as, if it was one.
    """

    def __init__(self, X, estimators=(), *, marks=None, window=None, bin_size=None, name="X"):
        """Read X; ``estimators`` are fitted, of one order of marks, window and direction."""
        source = read_signals(X, name)
        values = check_array(
            source.values, dtype=np.float64, allow_nd=True, ensure_2d=False, input_name=name,
            ensure_min_samples=0, ensure_min_features=0,
        )  # fmt: skip
        values = source.arrange(values)
        if values.ndim != 3 or 0 in values.shape:
            raise ValueError(
                f"{name} must have shape (n_samples, n_bins, n_marks) with at least 1 sample, "
                f"got {values.shape}."
            )
        for one in estimators:
            n_bins = fitted_bins(one)
            if n_bins is not None and n_bins > 1 and n_bins != values.shape[1]:
                raise ValueError(
                    f"{name} has {values.shape[1]} bins, but {type(one).__name__} was fitted with "
                    f"{n_bins}. Give signals of the same window and bin size."
                )
        self.X, self.dataset, self.name = values, source.dataset, name
        for column in _COLUMNS:
            setattr(self, column, getattr(self.dataset, column, None))
        known = [self.dataset, *estimators] if self.dataset is not None else list(estimators)
        self.oriented = common_orientation(known)
        window, self.bin_size = common_window(known, window, bin_size)
        self.window = check_window(window, values.shape[1], self.bin_size)
        names = source.marks
        if names is None or are_numbers(names):
            fitted = {f"estimator {n}": fitted_marks(one) for n, one in enumerate(estimators)}
            self._named, names = marks, marks or common_marks(fitted) or names
        else:
            self._named = names
        self.marks = name_marks(marks, names, values.shape[2], "marks")

    def __len__(self):
        return len(self.X)

    def take(self, rows):
        """Return the Samples of some rows."""
        other = copy.copy(self)
        other.X = self.X[rows]
        other.dataset = None if self.dataset is None else self.dataset.take(rows)
        for column in _COLUMNS:
            values = getattr(self, column)
            setattr(other, column, None if values is None else values[rows])
        return other

    def given(self, signals, estimator):
        """Return what an estimator takes: these samples with other signals.

        Data sets stay data sets, so that models that look up genes or cells work; arrays get
        the order of marks that the estimator was fitted with.
        """
        if self.dataset is not None:
            return self.dataset.replace(X=signals)
        return marks_for(estimator, self._named, self.name)(signals)

    def blocks(self):
        """Return which samples are resampled together, see ``metrics.resampling_blocks``."""
        return resampling_blocks(len(self), chrom=self.chrom, tss=self.tss, gene=self.gene)

    def bins(self, region, name="region"):
        """Return a region, (first, exclusive last) in bp relative to the TSS, as a slice.

        None is everywhere.
        """
        if region is None:
            return slice(None)
        fit = {"window": self.window, "bin_size": self.bin_size, "name": name}
        return bins_between(region, self.X.shape[1], **fit)

    def mark_number(self, mark, name="mark"):
        """Return the number of a mark that is given by name or number."""
        if isinstance(mark, str):
            found = [m for m in self.marks if m.casefold() == mark.casefold()]
            found = [mark] if mark in self.marks else found
            if len(found) == 1:
                return self.marks.index(found[0])
        elif (
            isinstance(mark, Integral)
            and not isinstance(mark, bool)
            and mark in range(len(self.marks))
        ):
            return int(mark)
        raise ValueError(
            f"{name} is {mark!r}; the marks of the signals are {', '.join(self.marks)}."
        )
