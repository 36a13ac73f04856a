"""The part of a data set that makes it an X of scikit-learn: shape, rows, arrays, frames."""

import numpy as np
import pandas as pd

from ..utils import check_marks, shorten
from ._rows import as_names, check_rows


class SignalArray:
    """What scikit-learn asks of an X: a shape, rows by index, and the values as an array."""

    @property
    def shape(self):
        """Shape of ``X``: (n_samples, n_bins, n_marks)."""
        return self.X.shape

    @property
    def ndim(self):
        """Number of axes of ``X``, three."""
        return self.X.ndim

    @property
    def dtype(self):
        """Type of the values of ``X``."""
        return self.X.dtype

    def __len__(self):
        return self.X.shape[0]

    def __array__(self, dtype=None, copy=None):
        return np.array(self.X, dtype=dtype, copy=copy)

    def __getitem__(self, rows):
        if isinstance(rows, tuple) and len(rows) == 2 and rows[1] is Ellipsis:
            rows = rows[0]  # as scikit-learn indexes what has a shape
        if isinstance(rows, str | tuple):
            raise TypeError(
                f"A data set is indexed by samples, got {rows!r}. Columns are attributes, such as "
                "data.gene; cells, genes and marks are chosen with data.select(cells=..., "
                "marks=...), bins of the array with data.X[:, bins]."
            )
        if isinstance(rows, slice):
            rows = np.arange(len(self))[rows]
        return self.take(check_rows(np.atleast_1d(rows), len(self)))

    def __iter__(self):
        return (self[row] for row in range(len(self)))

    def with_marks(self, marks):
        """Return the data set with the given marks; those that it lacks are NaN.

        So cells with different marks can be joined, and learned by
        :class:`~histoexpr.MarkSubsetClassifier`; other estimators refuse NaN.

        Parameters
        ----------
        marks : str or sequence of str
            The marks of the result, in their order.

        Returns
        -------
        HistoneDataset
            With ``X`` of floats if a mark is missing, else as of ``select(marks=marks)``.

        Raises
        ------
        ValueError
            If there is none of the marks, or one is named twice.

        Examples
        --------
        >>> from histoexpr import HistoneDataset, make_histone_cells
        >>> data = make_histone_cells(n_cells=2, n_genes=20, random_state=0)
        >>> cells = data.select(cells="C01"), data.select(cells="C02", marks=["H3K4me3"])
        >>> HistoneDataset.concat([cell.with_marks(data.marks) for cell in cells]).X.shape
        (40, 100, 5)
        """
        marks = as_names("marks", marks)
        check_marks(marks, len(marks))
        known = [mark for mark in marks if mark in self.marks]
        if not known:
            raise ValueError(
                f"The data set has none of the marks {shorten(marks)}; it has "
                f"{', '.join(self.marks)}."
            )
        if len(known) == len(marks):
            return self.select(marks=marks)
        dtype = np.promote_types(self.X.dtype, np.float32)
        X = np.full((*self.X.shape[:2], len(marks)), np.nan, dtype)
        for mark in known:
            X[:, :, marks.index(mark)] = self.X[:, :, self.marks.index(mark)]
        return self.replace(X=X, marks=marks)

    def as_frame(self):
        """Return ``X`` as a DataFrame with one column per bin and mark, called ``mark:bin``.

        Bins are numbered from 1, from the first to the last position of the window. Classifiers
        and transformers read such a frame as the signals that it holds, in any order of columns.

        Returns
        -------
        DataFrame of shape (n_samples, n_bins * n_marks)
            Bin by bin, and within each the marks: ``H3K4me3:1``, ``H3K27ac:1``, ...,
            ``H3K4me3:2``. The index counts the samples.
        """
        n_bins = self.X.shape[1]
        columns = [f"{mark}:{number}" for number in range(1, n_bins + 1) for mark in self.marks]
        return pd.DataFrame(np.reshape(self.X, (len(self), -1)), columns=columns)

    n_samples = property(lambda self: self.X.shape[0], doc="Number of samples.")
    n_bins = property(lambda self: self.X.shape[1], doc="Number of bins.")
    n_marks = property(lambda self: self.X.shape[2], doc="Number of marks.")

    @property
    def bin_positions(self):
        """Centre of each bin in bp relative to the TSS."""
        return self.window[0] + self.bin_size * (np.arange(self.n_bins) + 0.5)

    def return_X_y(self, *, target="label", as_frame=False):
        """Return signals and labels, or expression, as scikit-learn wants them.

        Parameters
        ----------
        target : {"label", "log2_expression", "log2_fold_change"}, default="label"
            What y is: the labels for classifiers, or for regressors ``log2(expression + 1)``, or
            the change of expression in a pair of cells, see :func:`pair_cells`.
        as_frame : bool, default=False
            Whether X is the DataFrame of :meth:`as_frame` instead of an array.

        Returns
        -------
        X : ndarray of shape (n_samples, n_bins, n_marks), or DataFrame
        y : ndarray of shape (n_samples,)

        Raises
        ------
        ValueError
            If the data set lacks what is asked for, or it is missing for a sample.
        """
        X = self.as_frame() if as_frame else self.X
        if target == "log2_expression":
            return X, self._log2_expression()
        if target == "log2_fold_change":
            return X, self._log2_fold_change()
        if target != "label":
            raise ValueError(
                f"target must be 'label', 'log2_expression' or 'log2_fold_change', got {target!r}."
            )
        if self.y is None:
            raise ValueError(
                "The data set has no labels. Make them with histoexpr.labels.binarize_expression."
            )
        return X, self.y

    def _log2_fold_change(self):
        if self.log2_fold_change is None:
            raise ValueError(
                "The data set has no log2_fold_change. Make pairs of cells with "
                "histoexpr.pair_cells, of a data set with expression."
            )
        missing = np.flatnonzero(~np.isfinite(self.log2_fold_change))
        if len(missing):
            raise ValueError(
                f"The log2_fold_change of {len(missing)} sample(s) is missing, the first being "
                f"gene {self.gene[missing[0]]} in {self.cell[missing[0]]}. Leave them out: "
                "data.take(np.isfinite(data.log2_fold_change))."
            )
        return self.log2_fold_change

    def _log2_expression(self):
        if self.expression is None:
            raise ValueError(
                "The data set has no expression, which regressors learn. Give the column with "
                "data.replace(expression=...), or build the data set with an expression table."
            )
        missing = np.flatnonzero(~(self.expression >= 0))
        if len(missing):
            first = missing[0]
            raise ValueError(
                f"The expression of {len(missing)} sample(s) is missing or negative, the first "
                f"being gene {self.gene[first]} in cell {self.cell[first]}. Leave them out: "
                "data.take(data.expression >= 0)."
            )
        return np.log2(self.expression + 1.0)
