"""What may be passed as X: its values, its axes and the names that it brings.

Every room reads X here: :func:`read_signals` decides what X is, :func:`check_X` is for
containers, :func:`check_signal_array` for functions, and :func:`check_signals` for estimators.
"""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import check_array, check_non_negative

from ._arrays import shrink_counts
from ._data_sets import is_dataset
from ._mark_names import SignalColumns, parse_signal_columns
from ._named_axes import has_named_axes, read_named_axes

# As many are pooled to one bin at times, but hardly more
_MANY_MARKS = 12


class SignalSource(NamedTuple):
    """What was passed as X, before its values are checked.

    ``values`` is the array, or the table as it came; ``n_axes`` the number of its axes, two
    if only scikit-learn can count them; ``columns`` the layout of ``mark:bin`` columns. Names of
    the marks, bin size, window and whether bins run along transcription (``oriented``) are None
    where X does not bring them; ``dataset`` is the data set that X is; ``name`` is what messages
    call X; ``named_axes`` whether X names its axes.
    """

    values: object
    n_axes: int
    columns: SignalColumns | None = None
    marks: list | None = None
    bin_size: int | None = None
    window: tuple | None = None
    dataset: object = None
    name: str = "X"
    named_axes: bool = False
    oriented: bool | None = None

    @property
    def names_axes(self):
        """Whether X itself says which axis is which."""
        return self.named_axes or self.marks is not None

    @property
    def is_flat(self):
        """Whether X has two axes that are no ``mark:bin`` columns."""
        return self.n_axes == 2 and self.columns is None

    def arrange(self, values):
        """Return checked values of a ``mark:bin`` frame with three axes; others as they are."""
        if self.columns is None:
            return values
        order, bins, marks = self.columns
        if order != list(range(len(order))):
            values = values[:, order]
        return values.reshape(len(values), len(bins), len(marks))

    def labels(self, y, target="label"):
        """Return the target: what is given, else that of the data set that X is."""
        if y is None and self.dataset is not None:
            return self.dataset.return_X_y(target=target)[1]
        return y


def read_signals(X, name="X"):
    """Find out what X is, without checking or copying its values.

    X is an array, nested lists, a data set, a DataFrame (pandas, polars), whose columns may be
    called ``mark:bin``, or an array with named axes (xarray). Masked values, samples that differ
    in shape, and columns of which only a part is called so are refused; ``name`` is what messages
    call X.
    """
    if isinstance(X, SignalSource):
        return X
    if is_dataset(X):
        named = {"marks": list(X.marks), "bin_size": X.bin_size, "window": tuple(X.window)}
        named["oriented"] = getattr(X, "oriented", None)
        return SignalSource(X.X, 3, **named, dataset=X, name=name)
    if has_named_axes(X):
        values, marks, named = read_named_axes(X, name)
        return SignalSource(values, values.ndim, marks=marks, name=name, named_axes=named)
    X = refuse_masked(X, name)
    X = _as_array_if_deep(X, name)
    shape, names, columns = getattr(X, "shape", (0, 0)), getattr(X, "columns", None), None
    if names is not None and len(shape) == 2:
        columns = parse_signal_columns(list(names))
    marks = None if columns is None else columns.marks
    return SignalSource(X, len(shape), columns, marks, name=name)


def refuse_masked(values, name):
    """Return values as they are, or as a plain array if they were a masked one.

    Raise ValueError if some are masked, that is missing.
    """
    parts = values if isinstance(values, list | tuple) else [values]
    for sample, part in enumerate(parts):
        if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part):
            masked = np.argwhere(np.ma.getmaskarray(part))
            sample = sample if part is not values else masked[0][0]
            raise ValueError(
                f"{name} is a masked array with {len(masked)} masked, that is missing, values, "
                f"the first in sample {sample}. There is no model of missing values: fill them "
                f"in with {name}.filled(...) or leave these samples out."
            )
    return np.asarray(values) if isinstance(values, np.ma.MaskedArray) else values


def _as_array_if_deep(X, name):
    """Return nested lists of three levels as an array; anything else as it is."""
    if hasattr(X, "shape"):
        return X
    try:
        deep = isinstance(X[0][0], list | tuple | np.ndarray) and np.ndim(X[0][0]) > 0
    except (TypeError, IndexError, KeyError):
        return X
    except ValueError:  # the first sample itself is ragged
        deep = True
    try:
        return np.asarray(X) if deep else X
    except ValueError as error:
        raise ValueError(
            f"The samples in {name} differ in shape; every sample must be (n_bins, n_marks)."
        ) from error


def check_bins_and_marks(shape, name="X"):
    """Raise ValueError unless there is a bin and a mark."""
    if 0 in shape:
        raise ValueError(
            f"{name} has (n_bins, n_marks) = {tuple(shape)}; it needs at least one bin and one "
            "mark."
        )


def warn_of_swapped_axes(n_bins, n_marks):
    """Warn of more marks than bins, as in the order of axes of other packages."""
    if n_marks > n_bins and (n_bins > 1 or n_marks > _MANY_MARKS):
        warnings.warn(
            f"X has {n_bins} bin{'s' * (n_bins > 1)} of {n_marks} marks. The order of the axes is "
            "(n_samples, n_bins, n_marks): if yours is (n_samples, n_marks, n_bins), pass "
            "X.transpose(0, 2, 1). Marks given by name (a data set, mark:bin columns) end this "
            "warning.",
            UserWarning,
            stacklevel=3,
        )


def check_X(X):
    """Return signals for a container: three axes, counts in the smallest unsigned type.

    Counts must not be negative, floats may have any value. A memory map keeps its type and stays
    on disk.
    """
    source = read_signals(X)
    X = source.values if isinstance(source.values, np.ndarray) else np.asarray(source.values)
    X = source.arrange(X)
    if X.ndim != 3:
        raise ValueError(
            f"X has shape {X.shape}; expected three axes (n_samples, n_bins, n_marks)."
        )
    check_bins_and_marks(X.shape[1:])
    if X.dtype.kind not in "biuf":
        raise ValueError(f"X has dtype {X.dtype}; expected integer counts or floats.")
    if X.dtype == bool:
        return X.view(np.uint8)
    return X if X.dtype.kind == "f" else shrink_counts(X)


def check_signal_array(X, name="X", *, dtype="numeric", min_samples=1, n_axes=(3,)):
    """Return signals for a function, finite and not negative, and the names of their marks.

    X is (n_samples, n_bins, n_marks), a DataFrame with ``mark:bin`` columns, or what else
    ``n_axes`` allows; it is not copied if it has the right type. ``dtype`` is that of
    :func:`sklearn.utils.check_array`, where Boolean becomes uint8; ``min_samples`` the smallest
    number of samples, ``name`` what messages call X. The names are None if X brings none.
    """
    source = read_signals(X, name)
    values = check_array(
        source.values,
        dtype=dtype,
        allow_nd=True,
        ensure_2d=False,
        ensure_min_samples=0,
        ensure_min_features=0,
        input_name=name,
    )
    values = source.arrange(values)
    if values.ndim not in n_axes or len(values) < min_samples:
        raise ValueError(
            f"{name} must have shape (n_samples, n_bins, n_marks) with at least {min_samples} "
            f"sample{'s' * (min_samples > 1)}, got {values.shape}."
        )
    check_bins_and_marks(values.shape[1:], name)
    check_non_negative(values, name)
    return values.view(np.uint8) if values.dtype == bool else values, source.marks
