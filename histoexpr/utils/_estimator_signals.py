"""Validation of signals for estimators: what scikit-learn checks, the third axis, names."""

import warnings

import numpy as np
from sklearn.utils.validation import check_array, check_X_y, validate_data

from ._mark_names import check_marks
from ._signals import check_bins_and_marks, read_signals, refuse_masked, warn_of_swapped_axes

# What is learned of names
_NAMES = ("mark_names_in_", "bin_size_in_", "window_in_")
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
    scikit-learn does, and where known ``mark_names_in_``, ``bin_size_in_`` and ``window_in_``;
    ``reset=False`` checks X against them. y defaults to that of a data set. ``check_params`` are
    those of :func:`sklearn.utils.validation.validate_data`. The dtype of X is kept (Boolean
    becomes uint8).
    """
    source = read_signals(X)
    with_y = not (isinstance(y, str) and y == "no_validation")
    y = _check_given(estimator, source, y) if with_y else y
    check_params = {"dtype": "numeric", "allow_nd": True, **check_params}
    if reset:
        for learned in (*_NAMES, "feature_names_in_"):
            vars(estimator).pop(learned, None)
    if source.n_axes == 3:
        X, y = _check_three_axes(estimator, source, y, with_y, reset, check_params)
    elif source.columns is not None and not reset:
        X, y = _check(estimator, source.values, y, with_y, check_params)  # by our names of columns
        X = source.arrange(X)
    else:
        X, y = _check_columns(estimator, source, y, with_y, reset, two_d, check_params)
    if X.dtype == bool:
        X = X.view(np.uint8)
    if reset:
        _learn(estimator, source, X, two_d)
    else:
        X = match_signals(estimator, X, source)
        _check_shape(estimator, X.shape[1:])
    return (X, y) if with_y else X


def _check_given(estimator, source, y):
    """Return the labels, those of a data set if none are given."""
    y = source.labels(y)
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    refuse_masked(y, "y")
    return y


def _learn(estimator, source, X, two_d):
    """Remember the shape of the samples and what X brings of names."""
    estimator.n_bins_in_, estimator.n_marks_in_ = X.shape[1:]
    if source.marks is not None:
        estimator.mark_names_in_ = np.asarray(source.marks, dtype=object)
    elif X.shape[1] == 1 and two_d == "marks":
        # (n, 1, n_marks) and (n, n_marks) are the same to such an estimator
        estimator.n_features_in_ = X.shape[2]
    for learned, value in (("bin_size_in_", source.bin_size), ("window_in_", source.window)):
        if value is not None:
            setattr(estimator, learned, value)


def match_signals(estimator, X, source, name="X"):
    """Return signals of three axes with the marks in the order of those of ``fit``.

    Where either side has no names, or only numbers (``mark1`` ...), the order is taken to be the
    same. Marks, a bin size or a
    window that cannot match raise a ValueError that names both sides.
    """
    owner = type(estimator).__name__
    for word, learned, found in (
        ("bins of {} bp", "bin_size_in_", source.bin_size),
        ("the window {} (bp relative to the TSS)", "window_in_", source.window),
    ):
        expected = getattr(estimator, learned, None)
        if None not in (expected, found) and expected != found:
            raise ValueError(
                f"{name} has {word.format(found)}, but {owner} was fitted with "
                f"{word.format(expected)}. Build {name} with the same window and bin size, or "
                "fit again."
            )
    expected, found = getattr(estimator, "mark_names_in_", None), source.marks
    for names in (expected, found):
        if names is None or list(names) == check_marks(None, len(names)):
            return X
    if list(expected) == list(found):
        return X
    order = find_order(list(expected), list(found))
    if order is None:
        raise ValueError(_explain_marks(owner, list(expected), list(found), name))
    return X[..., order]


def find_order(expected, found):
    """Return where each expected mark is found, None unless each is there once and no other.

    Names that differ in upper and lower case only are the same mark, if that is not ambiguous.
    """
    for form in (str, str.lower):
        wanted, there = [form(mark) for mark in expected], [form(mark) for mark in found]
        if sorted(wanted) == sorted(there) and len(set(there)) == len(there):
            return [there.index(mark) for mark in wanted]
    return None


def _explain_marks(owner, expected, found, name):
    known = {mark.lower() for mark in found}
    missing = [mark for mark in expected if mark.lower() not in known]
    sides = (
        f"{name} has the marks {', '.join(found)}, but {owner} was fitted with "
        f"{', '.join(expected)}."
    )
    if missing:
        return (
            f"{sides} Missing: {', '.join(missing)}. Fit again on the marks that both have, or, "
            "if only the names differ, rename them with data.replace(marks=[...])."
        )
    return f"{sides} Leave the others out: data.select(marks={expected!r})."


def _warn_of_flat_signals(estimator, n_columns, two_d):
    """Say what many columns without names are taken for: mostly, an axis has been lost."""
    if n_columns <= _MANY_COLUMNS:
        return
    meant = "bins of one mark" if two_d == "bins" else "marks, each pooled to one value"
    explicit = "X[:, :, None]" if two_d == "bins" else "X[:, None, :]"
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
            f"X has {source.n_axes} dimensions and shape {tuple(X.shape)}; expected "
            "(n_samples, n_bins, n_marks) or (n_samples, n_features)."
        )
    if not reset and flat:
        _refuse_lost_axis(estimator, X, two_d)
    check_params.pop("input_name", None)  # scikit-learn names it itself
    X = validate_data(estimator, X, y, reset=reset, **check_params)
    X, y = X if with_y else (X, y)
    if reset and flat:
        _warn_of_flat_signals(estimator, X.shape[1], two_d)
    X = source.arrange(X)
    if flat:
        X = X[:, :, None] if two_d == "bins" else X[:, None, :]
    return X, y


def _check_three_axes(estimator, source, y, with_y, reset, check_params):
    shape = source.values.shape[1:]
    check_bins_and_marks(shape)
    if reset:
        estimator.n_features_in_ = shape[0]
        if source.marks is None:
            warn_of_swapped_axes(*shape)
    elif source.marks is None:
        _check_shape(estimator, shape)
    return _check(estimator, source.values, y, with_y, check_params)


def _check(estimator, X, y, with_y, check_params):
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
