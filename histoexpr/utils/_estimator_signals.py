"""Validation of signals for estimators: what scikit-learn checks, the third axis, names."""

import warnings

import numpy as np
from sklearn.utils.validation import check_array, check_X_y, validate_data

from ._match_signals import match_signals
from ._signals import check_bins_and_marks, read_signals, refuse_masked, warn_of_swapped_axes

# What is learned of names
_NAMES = ("mark_names_in_", "bin_size_in_", "window_in_", "oriented_in_")
# Up to as many columns without names may be bins of one mark, or marks: scikit-learn's checks
# have 30
_MANY_COLUMNS = 30


def check_signals(estimator, X, y="no_validation", *, reset, two_d="bins", **check_params):
    """Validate X, and y if given, for an estimator; give X three axes without copying it.

    X is (n_samples, n_bins, n_marks) or (n_samples, n_features), a data set, or what
    :func:`read_signals` returned; marks are put in the order of ``fit`` by their names, where
    both sides have names. ``two_d`` states what the columns of any other X with two axes are: the
    "bins" of one mark, or "marks" that are pooled over bins. ``reset=True``, in ``fit``, sets
    ``n_features_in_``, ``n_bins_in_``, ``n_marks_in_``, for frames ``feature_names_in_`` as
    scikit-learn does, and where known ``mark_names_in_``, ``bin_size_in_``, ``window_in_`` and
    ``oriented_in_`` (whether bins run along transcription); ``reset=False`` checks X against
    them. y defaults to that of a data set. ``check_params`` are those of
    :func:`sklearn.utils.validation.validate_data`. The dtype of X is kept (Boolean becomes uint8).
    """
    source = read_signals(X)
    with_y = not (isinstance(y, str) and y == "no_validation")
    y = find_labels(estimator, source, y) if with_y else y
    check_params = {"dtype": "numeric", "allow_nd": True, **check_params}
    if "input_name" in check_params:
        source = source._replace(name=check_params.pop("input_name"))
    if reset:
        for learned in (*_NAMES, "feature_names_in_"):
            vars(estimator).pop(learned, None)
    if source.n_axes == 3:
        X, y = _check_three_axes(estimator, source, y, with_y, reset, check_params)
    elif source.columns is not None and not reset:
        X, y = _check(estimator, source, y, with_y, check_params)  # by our names of columns
        X = source.arrange(X)
    else:
        X, y = _check_columns(estimator, source, y, with_y, reset, two_d, check_params)
    if X.dtype == bool:
        X = X.view(np.uint8)
    if reset:
        _learn(estimator, source, X, two_d)
    else:
        X = match_signals(estimator, X, source)
        _check_shape(estimator, X.shape[1:], source.name)
    return (X, y) if with_y else X


def find_labels(estimator, source, y):
    """Return the labels that are given, else those of the data set that X is; one is needed."""
    y = source.labels(y)
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    refuse_masked(y, source.name.replace("X", "y"))
    return y


def _learn(estimator, source, X, two_d):
    """Remember the shape of the samples and what X brings of names."""
    estimator.n_bins_in_, estimator.n_marks_in_ = X.shape[1:]
    if source.marks is not None:
        estimator.mark_names_in_ = np.asarray(source.marks, dtype=object)
    elif X.shape[1] == 1 and two_d == "marks":
        # (n, 1, n_marks) and (n, n_marks) are the same to such an estimator
        estimator.n_features_in_ = X.shape[2]
    for name in ("bin_size", "window", "oriented"):
        if (value := getattr(source, name)) is not None:
            setattr(estimator, f"{name}_in_", value)


def _warn_of_flat_signals(estimator, source, n_columns, two_d):
    """Say what many columns without names are taken for: mostly, an axis has been lost."""
    if n_columns <= _MANY_COLUMNS:
        return
    meant = "bins of one mark" if two_d == "bins" else "marks, each pooled to one value"
    array = "X" if isinstance(source.values, np.ndarray) else "np.asarray(X)"
    explicit = f"{array}[:, :, None]" if two_d == "bins" else f"{array}[:, None, :]"
    warnings.warn(
        f"X has two axes: {type(estimator).__name__} takes its {n_columns} columns for "
        f"{n_columns} {meant}. If they are bins and marks side by side (a meta-estimator may have "
        "dropped the column names mark:bin), give three axes: (n_samples, n_bins, n_marks), for "
        "example through Flattener.inverse_transform. If they are not, pass "
        f"{explicit} to end this warning.",
        UserWarning,
        stacklevel=4,
    )


def _check_columns(estimator, source, y, with_y, reset, two_d, check_params):
    """Check X of two axes as scikit-learn does."""
    X, flat = source.values, source.is_flat
    if source.n_axes > 3:
        raise ValueError(
            f"{source.name} has {source.n_axes} dimensions and shape {tuple(X.shape)}; expected "
            "(n_samples, n_bins, n_marks) or (n_samples, n_features)."
        )
    if not reset and flat:
        _refuse_lost_axis(estimator, X, two_d, source.name)
    # scikit-learn names X itself
    X = validate_data(estimator, X, y, reset=reset, **check_params)
    X, y = X if with_y else (X, y)
    if reset and flat:
        _warn_of_flat_signals(estimator, source, X.shape[1], two_d)
    X = source.arrange(X)
    if flat:
        X = X[:, :, None] if two_d == "bins" else X[:, None, :]
    return X, y


def _check_three_axes(estimator, source, y, with_y, reset, check_params):
    shape = source.values.shape[1:]
    check_bins_and_marks(shape, source.name)
    if reset:
        estimator.n_features_in_ = shape[0]
        if not source.names_axes and getattr(estimator, "mark_names", None) is None:
            warn_of_swapped_axes(*shape)
    elif source.marks is None:
        _check_shape(estimator, shape, source.name)
    return _check(estimator, source, y, with_y, check_params)


def _check(estimator, source, y, with_y, check_params):
    try:
        if with_y:
            return check_X_y(source.values, y, estimator=estimator, **check_params)
        check_params = {**check_params, "input_name": source.name}
        return check_array(source.values, estimator=estimator, **check_params), y
    except ValueError as error:
        if missing := _find_missing_mark(source):
            raise ValueError(f"Input {source.name} contains NaN: {missing}") from error
        raise


def _find_missing_mark(source):
    """Return what to do about a mark that a cell of a data set lacks, that is NaN; else None."""
    values = source.values
    if source.dataset is None or values.dtype.kind != "f":
        return None
    rows, marks = np.nonzero(np.isnan(values).all(axis=1))
    if not len(rows):
        return None
    mark, cell = source.marks[marks[0]], source.dataset.cell[rows[0]]
    return (
        f"{mark} is missing in cell {cell}. Leave it out with data.select(marks=[...]), or take "
        "MarkSubsetClassifier or MarkSubsetRegressor, which serve cells with different marks."
    )


def _check_shape(estimator, shape, name):
    expected, shape = (estimator.n_bins_in_, estimator.n_marks_in_), tuple(shape)
    if shape != expected:
        swapped = f" Are its axes swapped? Pass {name}.transpose(0, 2, 1)."
        raise ValueError(
            f"{name} has (n_bins, n_marks) = {shape}, but {type(estimator).__name__} was "
            f"fitted with {expected}.{swapped if shape == expected[::-1] else ''}"
        )


def _refuse_lost_axis(estimator, X, two_d, name):
    """Explain a two-dimensional X where only a three-dimensional one can be meant."""
    expected, shape = (estimator.n_bins_in_, estimator.n_marks_in_), np.asarray(X).shape
    if expected[1 if two_d == "bins" else 0] == 1:
        return
    if shape == expected:
        hint = f" For a single sample pass {name}[None]."
    elif len(shape) == 2 and shape[1] == expected[0] * expected[1]:
        hint = (
            f" Flattened signals can be passed as {name}.reshape(-1, {expected[0]}, "
            f"{expected[1]}), if they are laid out bin by bin."
        )
    else:
        hint = ""
    raise ValueError(
        f"{name} has shape {shape}, but {type(estimator).__name__} was fitted with three "
        f"axes, (n_samples, {expected[0]}, {expected[1]}).{hint}"
    )
