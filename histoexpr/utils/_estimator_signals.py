"""Validation of signals for estimators: what scikit-learn checks, and the third axis."""

import numpy as np
from sklearn.utils.validation import check_array, check_X_y, validate_data

from ._signals import check_bins_and_marks, read_signals


def check_signals(estimator, X, y="no_validation", *, reset, two_d="bins", **check_params):
    """Validate X, and y if given, for an estimator; give X three axes without copying it.

    X is (n_samples, n_bins, n_marks) or (n_samples, n_features), or what :func:`read_signals`
    returned; columns called ``mark:bin`` are arranged by their names. ``two_d`` states what the
    columns of any other X with two axes are: the "bins" of one mark, or "marks" that are pooled
    over bins. ``reset=True``, in ``fit``, sets ``n_features_in_``, ``n_bins_in_``,
    ``n_marks_in_``, for frames ``feature_names_in_`` as scikit-learn does, and for ``mark:bin``
    columns ``mark_names_in_``; ``reset=False`` checks X against them. ``check_params`` are those
    of :func:`sklearn.utils.validation.validate_data`. The dtype of X is kept (Boolean becomes
    uint8).
    """
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    with_y = not (isinstance(y, str) and y == "no_validation")
    check_params = {"dtype": "numeric", "allow_nd": True, **check_params}
    source = read_signals(X)
    X, flat = source.values, source.is_flat
    if source.n_axes > 3:
        raise ValueError(
            f"X has {source.n_axes} dimensions and shape {tuple(X.shape)}; expected "
            "(n_samples, n_bins, n_marks) or (n_samples, n_features)."
        )
    if reset:
        for learned in ("mark_names_in_", "feature_names_in_"):
            vars(estimator).pop(learned, None)
    if source.n_axes == 3:
        X, y = _check_three_axes(estimator, X, y, with_y, reset, check_params)
    else:
        if not reset and flat:
            _refuse_lost_axis(estimator, X, two_d)
        check_params.pop("input_name", None)  # scikit-learn names it itself
        X = validate_data(estimator, X, y, reset=reset, **check_params)
        X, y = X if with_y else (X, y)
        X = source.arrange(X)
        if flat:
            X = X[:, :, None] if two_d == "bins" else X[:, None, :]
    if X.dtype == bool:
        X = X.view(np.uint8)
    if reset:
        estimator.n_bins_in_, estimator.n_marks_in_ = X.shape[1:]
        if source.marks is not None:
            estimator.mark_names_in_ = np.asarray(source.marks, dtype=object)
        elif X.shape[1] == 1 and two_d == "marks":
            # (n, 1, n_marks) and (n, n_marks) are the same to such an estimator
            estimator.n_features_in_ = X.shape[2]
    else:
        _check_shape(estimator, X.shape[1:])
    return (X, y) if with_y else X


def _check_three_axes(estimator, X, y, with_y, reset, check_params):
    check_bins_and_marks(X.shape[1:])
    if reset:
        estimator.n_features_in_ = X.shape[1]
    else:
        _check_shape(estimator, X.shape[1:])
    name = check_params.pop("input_name", "X")
    if with_y:
        return check_X_y(X, y, estimator=estimator, **check_params)
    return check_array(X, input_name=name, estimator=estimator, **check_params), y


def _check_shape(estimator, shape):
    expected = estimator.n_bins_in_, estimator.n_marks_in_
    if tuple(shape) != expected:
        raise ValueError(
            f"X has (n_bins, n_marks) = {tuple(shape)}, but {type(estimator).__name__} was "
            f"fitted with {expected}."
        )


def _refuse_lost_axis(estimator, X, two_d):
    """Explain a two-dimensional X where only a three-dimensional one can be meant."""
    expected, shape = (estimator.n_bins_in_, estimator.n_marks_in_), np.asarray(X).shape
    if expected[1 if two_d == "bins" else 0] == 1:
        return
    if shape == expected:
        hint = " For a single sample pass X[None]."
    elif shape[1] == expected[0] * expected[1]:
        hint = f" Flattened signals can be passed as X.reshape(-1, {expected[0]}, {expected[1]})."
    else:
        hint = ""
    raise ValueError(
        f"X has shape {shape}, but {type(estimator).__name__} was fitted with three "
        f"axes, (n_samples, {expected[0]}, {expected[1]}).{hint}"
    )
