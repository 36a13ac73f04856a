"""Validation of signal arrays: what scikit-learn checks, and the third axis."""

import re

import numpy as np
from sklearn.utils.validation import check_array, check_X_y, validate_data

_COLUMN = re.compile(r"(?P<mark>.+):(?P<bin>-?\d+)")


def parse_signal_columns(names):
    """Read feature names of the form ``mark:bin``.

    Parameters
    ----------
    names : sequence
        Column names, in any order.

    Returns
    -------
    layout : tuple of (list of int, list of int, list of str) or None
        The positions of the columns in the order bin by bin and mark by mark, the bins in
        increasing order, and the marks in order of first appearance. None if no name has
        the form.

    Raises
    ------
    ValueError
        If only some names have the form, a name is repeated, or a mark lacks a bin that
        another one has.
    """
    found = [_COLUMN.fullmatch(name) if isinstance(name, str) else None for name in names]
    if not any(found):
        return None
    if not all(found):
        others = [str(name) for name, match in zip(names, found, strict=True) if not match]
        raise ValueError(
            f"Some columns are called mark:bin, but {_list(others)} "
            f"{'is' if len(others) == 1 else 'are'} not. Leave out the columns that hold no "
            "signal, such as gene names and labels."
        )
    position = {}
    for column, match in enumerate(found):
        key = match["mark"], int(match["bin"])
        if key in position:
            raise ValueError(f"Column {key[0]}:{key[1]} appears twice in X.")
        position[key] = column
    marks = list(dict.fromkeys(mark for mark, _ in position))
    bins = sorted({number for _, number in position})
    missing = [f"{m}:{b}" for b in bins for m in marks if (m, b) not in position]
    if missing:
        raise ValueError(
            f"X has columns for {len(marks)} marks and {len(bins)} bins, but lacks "
            f"{_list(missing)}. Every mark needs every bin."
        )
    return [position[m, b] for b in bins for m in marks], bins, marks


def is_signals_frame(X):
    """Whether X is a DataFrame (pandas, polars) whose columns are called ``mark:bin``."""
    return _frame_layout(X) is not None


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
    layout = _frame_layout(X)
    return _arrange(np.asarray(X), layout), layout[2]


def check_signals(estimator, X, y="no_validation", *, reset, two_d="bins", **check_params):
    """Validate X for an estimator and give it three axes, without copying it.

    On ``reset=True`` sets ``n_features_in_``, ``n_bins_in_``, ``n_marks_in_`` and, for
    DataFrames, ``feature_names_in_`` as scikit-learn does and, if the columns are called
    ``mark:bin``, ``mark_names_in_``; on ``reset=False`` checks X against them.

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
    name = type(estimator).__name__
    if y is None:
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    check_params = {"dtype": "numeric", "allow_nd": True, **check_params}
    layout = _frame_layout(X)
    X = _as_array_if_deep(X)
    ndim = _count_axes(X)
    if reset:
        _forget(estimator, "mark_names_in_", "feature_names_in_")
    if ndim == 3:
        X, y = _check_three_d(estimator, X, y, reset, check_params)
    else:
        if not reset and ndim == 2 and layout is None:
            _refuse_lost_axis(estimator, X, two_d)
        named = {k: v for k, v in check_params.items() if k != "input_name"}  # it names X
        X = validate_data(estimator, X, y, reset=reset, **named)
        X, y = (X, y) if _is_absent(y) else X
        if layout is not None:
            X = _arrange(X, layout)
        else:
            X = X[:, :, None] if two_d == "bins" else X[:, None, :]
    if X.dtype == bool:
        X = X.view(np.uint8)
    if reset:
        estimator.n_bins_in_, estimator.n_marks_in_ = X.shape[1:]
        if layout is not None:
            estimator.mark_names_in_ = np.asarray(layout[2], dtype=object)
        elif X.shape[1] == 1 and two_d == "marks":
            # (n, 1, n_marks) and (n, n_marks) are the same to such an estimator
            estimator.n_features_in_ = X.shape[2]
    else:
        _check_shape(estimator, X.shape[1:])
    return X if _is_absent(y) else (X, y)


def _count_axes(X):
    """Return the number of axes of X, two if only scikit-learn can tell."""
    if hasattr(X, "return_X_y"):
        raise ValueError(
            f"X is a {type(X).__name__}; pass its arrays: X, y = dataset.return_X_y()."
        )
    ndim = len(getattr(X, "shape", (0, 0)))
    if ndim > 3:
        raise ValueError(
            f"X has {ndim} dimensions and shape {tuple(X.shape)}; expected "
            "(n_samples, n_bins, n_marks) or (n_samples, n_features)."
        )
    return ndim


def _frame_layout(X):
    """Apply ``parse_signal_columns`` to the columns of X; None if X is no frame."""
    columns = getattr(X, "columns", None)
    if columns is None or len(getattr(X, "shape", ())) != 2:
        return None
    return parse_signal_columns(list(columns))


def _arrange(values, layout):
    order, bins, marks = layout
    if order != list(range(len(order))):
        values = values[:, order]
    return values.reshape(len(values), len(bins), len(marks))


def _list(names, limit=5):
    return ", ".join(names[:limit]) + (" ..." if len(names) > limit else "")


def _describe(shape):
    return f"(n_bins, n_marks) = ({shape[0]}, {shape[1]})"


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
    check_params = {"estimator": estimator, **check_params}
    if _is_absent(y):
        return check_array(X, **{"input_name": "X", **check_params}), y
    check_params.pop("input_name", None)
    return check_X_y(X, y, **check_params)


def _check_shape(estimator, shape):
    expected = estimator.n_bins_in_, estimator.n_marks_in_
    if tuple(shape) != expected:
        raise ValueError(
            f"X has {_describe(shape)}, but {type(estimator).__name__} was fitted with "
            f"({expected[0]}, {expected[1]})."
        )


def _refuse_lost_axis(estimator, X, two_d):
    """Explain a two-dimensional X where only a three-dimensional one can be meant."""
    expected = estimator.n_bins_in_, estimator.n_marks_in_
    if expected[1 if two_d == "bins" else 0] == 1:
        return
    if tuple(X.shape) == expected:
        hint = " For a single sample pass X[None]."
    elif X.shape[1] == expected[0] * expected[1]:
        hint = f" Flattened signals can be passed as X.reshape(-1, {expected[0]}, {expected[1]})."
    else:
        hint = ""
    raise ValueError(
        f"X has shape {tuple(X.shape)}, but {type(estimator).__name__} was fitted with three "
        f"axes, (n_samples, {expected[0]}, {expected[1]}).{hint}"
    )


def _as_array_if_deep(X):
    """Return nested lists of three levels as an array; anything else as it is."""
    if hasattr(X, "shape"):
        return X
    try:
        deep = isinstance(X[0][0], (list, tuple, np.ndarray)) and np.ndim(X[0][0]) > 0
    except (TypeError, IndexError, KeyError):
        return X
    if not deep:
        return X
    try:
        return np.asarray(X)
    except ValueError as error:
        raise ValueError(
            "The samples in X differ in shape; every sample must be (n_bins, n_marks)."
        ) from error


def split_batches(n_samples, batch_size):
    """Yield the slices that cut ``range(n_samples)`` into batches."""
    for start in range(0, n_samples, batch_size):
        yield slice(start, min(start + batch_size, n_samples))
