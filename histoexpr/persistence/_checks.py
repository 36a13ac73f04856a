"""What an attribute of a fitted estimator may be: checks of values that came from a file."""

import math
from numbers import Integral, Real

import numpy as np

# Names of sizes, and the attribute that has them
_SIZES = {"features": "n_features_in_", "bins": "n_bins_in_", "marks": "n_marks_in_"}
# Larger ones are no numbers of bins, marks, steps or samples
_LARGEST = 1 << 40


def sizes_of(state):
    """Return the sizes that shapes may refer to, from the attributes of an estimator."""
    sizes = {}
    for name, attribute in _SIZES.items():
        value = state.get(attribute)
        if isinstance(value, Integral) and not isinstance(value, bool | np.bool):
            sizes[name] = int(value)
    classes = state.get("classes_")
    if isinstance(classes, np.ndarray) and classes.ndim == 1:
        sizes["classes"] = len(classes)
        sizes["decisions"] = 1 if len(classes) <= 2 else len(classes)
    return sizes


def array(kinds, *shape, nan=False, infinite=False, low=None):
    """Check for an array of some kinds of dtype ("f", "iu", "b") and a shape.

    A dimension is a number, the name of a size, or None for any. Numbers are finite, or NaN with
    ``nan``, infinite with ``infinite``, and at least ``low``.
    """

    def check(value, sizes):
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
            raise ValueError(f"is {_what(value)}; expected an array of kind {'/'.join(kinds)}")
        _check_shape(value, shape, sizes)
        if value.dtype.kind == "f":
            bad = np.isnan(value) & (not nan) | np.isinf(value) & (not infinite)
            if bad.any():
                raise ValueError("has values that are not finite")
        if low is not None and value.size and (value < low).any():
            raise ValueError(f"has values below {low}")

    return check


def texts(*shape, mixed=False):
    """Check for an array of str; with ``mixed``, of labels: also numbers and booleans."""

    def check(value, sizes):
        kinds = "UOiubf" if mixed else "UO"
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
            raise ValueError(f"is {_what(value)}; expected an array of names")
        _check_shape(value, shape, sizes)
        known = (str, bool, int, float) if mixed else (str,)
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise ValueError("has labels that are not finite")
        if value.dtype == object and not all(isinstance(v, known) for v in value.flat):
            raise ValueError("has entries that are no names")

    return check


def classes(value, sizes):
    """Check for classes: labels that are sorted, each once."""
    texts(None, mixed=True)(value, sizes)
    try:
        distinct = np.unique(value)
    except TypeError as error:
        raise ValueError("mixes names and numbers") from error
    if not len(value) or not np.array_equal(distinct, value):
        raise ValueError("is not sorted, or repeats a class")


def integer(low=0, high=_LARGEST):
    """Check for a whole number of at least ``low``, and less than ``high``."""

    def check(value, sizes):
        whole = isinstance(value, Integral) and not isinstance(value, bool | np.bool)
        if not whole or not low <= value < high:
            raise ValueError(f"is {_what(value)}; expected a whole number of at least {low}")

    return check


def index(size):
    """Check for a place among as many as a size, by its name, says; any place if it is unknown."""

    def check(value, sizes):
        integer()(value, sizes)
        if value >= sizes.get(size, value + 1):
            raise ValueError(f"is {value}, beyond the {sizes[size]} {size}")

    return check


def places(size):
    """Check for an array of such places."""

    def check(value, sizes):
        array("iu", None, low=0)(value, sizes)
        if len(value) and value.max() >= sizes.get(size, _LARGEST):
            raise ValueError(f"has places beyond the {sizes.get(size)} {size}")

    return check


def number(value, sizes):
    """Check for a finite number."""
    real = isinstance(value, Real) and not isinstance(value, bool | np.bool)
    if not real or not math.isfinite(value):
        raise ValueError(f"is {_what(value)}; expected a finite number")


def any_number(value, sizes):
    """Check for a number, which may be NaN."""
    if not isinstance(value, Real) or isinstance(value, bool | np.bool):
        raise ValueError(f"is {_what(value)}; expected a number")


def boolean(value, sizes):
    """Check for a truth value."""
    if not isinstance(value, bool | np.bool):
        raise ValueError(f"is {_what(value)}; expected true or false")


def text(value, sizes):
    """Check for a str."""
    if not isinstance(value, str):
        raise ValueError(f"is {_what(value)}; expected text")


def nothing(value, sizes):
    """Check for None."""
    if value is not None:
        raise ValueError(f"is {_what(value)}; expected nothing")


def each(check_one, *, n=None, kinds=(list, tuple)):
    """Check every item of a list or tuple, of ``n`` items where that is given."""

    def check(value, sizes):
        if not isinstance(value, kinds):
            raise ValueError(f"is {_what(value)}; expected a list")
        expected = sizes.get(n) if isinstance(n, str) else n
        if expected is not None and len(value) != expected:
            raise ValueError(f"has {len(value)} items; expected {expected}")
        for item in value:
            check_one(item, sizes)

    return check


def by_name(check_one):
    """Check every value of a dict with names as keys."""

    def check(value, sizes):
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise ValueError(f"is {_what(value)}; expected values by name")
        for item in value.values():
            check_one(item, sizes)

    return check


def one_of(*checks):
    """Check that one of several checks holds."""

    def check(value, sizes):
        faults = []
        for attempt in checks:
            try:
                return attempt(value, sizes)
            except ValueError as error:
                faults.append(str(error))
        raise ValueError("; ".join(dict.fromkeys(faults)))

    return check


def instance(*names):
    """Check for an object of one of some classes, named, or of any class that can be kept."""

    def check(value, sizes):
        if names and type(value).__name__ not in names:
            raise ValueError(f"is {_what(value)}; expected {' or '.join(names)}")
        if not names and not hasattr(value, "get_params"):
            raise ValueError(f"is {_what(value)}; expected an estimator")

    return check


def part(value, sizes):
    """Check for a slice of whole numbers."""
    ends = (value.start, value.stop, value.step) if isinstance(value, slice) else (0.5,)
    whole = all(isinstance(end, Integral) for end in ends[:2])
    whole = whole and (ends[-1] is None or isinstance(ends[-1], Integral))
    if not whole or any(end is not None and abs(int(end)) > _LARGEST for end in ends):
        raise ValueError(f"is {_what(value)}; expected a range of bins or marks")


def _check_shape(value, shape, sizes):
    expected = tuple(sizes.get(size) if isinstance(size, str) else size for size in shape)
    fits = len(expected) == value.ndim and all(
        size is None or size == found for size, found in zip(expected, value.shape, strict=True)
    )
    if not fits:
        shown = ", ".join("any" if size is None else str(size) for size in expected)
        raise ValueError(f"has shape {value.shape}; expected ({shown})")


def _what(value):
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    return "None" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"
