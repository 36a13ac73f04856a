"""Validation of signal arrays: what scikit-learn checks, and the third axis."""

import re

import numpy as np
from sklearn.utils.validation import (
    _check_feature_names,
    check_array,
    check_X_y,
    validate_data,
)

_COLUMN = re.compile(r"^(?P<mark>.+):(?P<bin>-?\d+)$")


def is_signals_frame(X):
    """Whether X is a DataFrame whose columns are all called ``mark:bin``."""
    columns = getattr(X, "columns", None)
    if columns is None or not hasattr(X, "iloc") or len(columns) == 0:
        return False
    return all(isinstance(name, str) and _COLUMN.match(name) for name in columns)


def flatten_signals_frame(X):
    """Turn a DataFrame with ``mark:bin`` columns into a three-dimensional array.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_bins * n_marks)
        One column per mark and bin, in any order.

    Returns
    -------
    signals : ndarray of shape (n_samples, n_bins, n_marks)
        Bins in increasing order, marks in order of first appearance.
    marks : list of str
        The mark names.

    Raises
    ------
    ValueError
        If a mark lacks a bin that another one has, or a column is repeated.
    """
    names = [_COLUMN.match(name).group("mark", "bin") for name in X.columns]
    marks = list(dict.fromkeys(mark for mark, _ in names))
    bins = sorted({int(number) for _, number in names})
    position = {}
    for column, (mark, number) in enumerate(names):
        if (mark, int(number)) in position:
            raise ValueError(f"Column {mark}:{number} appears twice in X.")
        position[mark, int(number)] = column
    missing = [f"{m}:{b}" for b in bins for m in marks if (m, b) not in position]
    if missing:
        raise ValueError(
            f"X has columns for {len(marks)} marks and {len(bins)} bins, but lacks "
            f"{', '.join(missing[:5])}{' ...' if len(missing) > 5 else ''}. "
            "Every mark needs every bin."
        )
    order = [position[m, b] for b in bins for m in marks]
    values = np.asarray(X)[:, order]
    return values.reshape(len(values), len(bins), len(marks)), marks


def _describe(shape):
    return f"(n_bins, n_marks) = ({shape[0]}, {shape[1]})"


def check_signals(estimator, X, y="no_validation", *, reset, two_d="bins", **check_params):
    """Validate X for an estimator and give it three axes, without copying it.

    On ``reset=True`` sets ``n_features_in_`` and, for DataFrames, ``feature_names_in_``
    as scikit-learn does, and ``n_bins_in_`` and ``n_marks_in_``; on ``reset=False``
    checks X against them.

    Parameters
    ----------
    estimator : estimator
        The estimator that X is for.
    X : array-like of shape (n_samples, n_bins, n_marks) or (n_samples, n_features)
        Signals. A DataFrame with ``mark:bin`` columns is arranged by its column names.
    y : array-like of shape (n_samples,), optional
        Target, validated together with X if given.
    reset : bool
        True in ``fit``, False afterwards.
    two_d : {"bins", "marks"}, default="bins"
        What the columns of a two-dimensional X are: the bins of one mark, or marks that
        are already pooled over bins.
    **check_params
        Passed on to :func:`sklearn.utils.validation.validate_data`.

    Returns
    -------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Of the dtype that came in (Boolean becomes uint8).
    y : ndarray of shape (n_samples,)
        Only if y was given.

    Raises
    ------
    ValueError
        If X has more than three axes, is not numeric or finite, is empty, or differs in
        shape or feature names from what the estimator was fitted with.
    """
    check_params = {"dtype": "numeric", "allow_nd": True, **check_params}
    framed = is_signals_frame(X)
    if framed:
        _check_feature_names(estimator, X, reset=reset)
        X, marks = flatten_signals_frame(X)
    elif not hasattr(X, "shape"):
        X = _as_array_if_deep(X)
    ndim = len(getattr(X, "shape", (0, 0)))
    if ndim > 3:
        raise ValueError(
            f"X has {ndim} dimensions and shape {X.shape}; expected "
            "(n_samples, n_bins, n_marks) or (n_samples, n_features)."
        )
    if reset:
        _forget(estimator, "mark_names_in_", *([] if framed else ["feature_names_in_"]))
    if ndim == 3:
        X, y = _check_three_d(estimator, X, y, reset, check_params)
    else:
        X = validate_data(estimator, X, y, reset=reset, **check_params)
        X, y = (X, y) if _is_absent(y) else X
        X = X[:, :, None] if two_d == "bins" else X[:, None, :]
    if X.dtype == bool:
        X = X.view(np.uint8)
    if reset:
        estimator.n_bins_in_, estimator.n_marks_in_ = X.shape[1:]
        if framed:
            estimator.mark_names_in_ = np.asarray(marks, dtype=object)
    else:
        _check_shape(estimator, X.shape[1:])
    return X if _is_absent(y) else (X, y)


def _is_absent(y):
    return isinstance(y, str) and y == "no_validation"


def _forget(estimator, *attributes):
    for name in attributes:
        if hasattr(estimator, name):
            delattr(estimator, name)


def _check_three_d(estimator, X, y, reset, check_params):
    if 0 in X.shape[1:]:
        raise ValueError(f"X has {_describe(X.shape[1:])}; both must be at least 1.")
    if reset:
        estimator.n_features_in_ = X.shape[1]
    else:
        _check_shape(estimator, X.shape[1:])
    check_params = {"input_name": "X", "estimator": estimator, **check_params}
    if _is_absent(y):
        return check_array(X, **check_params), y
    check_params.pop("input_name")
    return check_X_y(X, y, **check_params)


def _check_shape(estimator, shape):
    expected = estimator.n_bins_in_, estimator.n_marks_in_
    if tuple(shape) != expected:
        raise ValueError(
            f"X has {_describe(shape)}, but {type(estimator).__name__} was fitted with "
            f"({expected[0]}, {expected[1]})."
        )


def _as_array_if_deep(X):
    """Nested lists of three levels as an array; anything else as it is."""
    try:
        deep = isinstance(X[0][0], (list, tuple, np.ndarray)) and np.ndim(X[0][0]) > 0
    except (TypeError, IndexError, KeyError):
        return X
    return np.asarray(X) if deep else X


def split_batches(n_samples, batch_size):
    """Yield the slices that cut ``range(n_samples)`` into batches."""
    for start in range(0, n_samples, batch_size):
        yield slice(start, min(start + batch_size, n_samples))
