"""Single values: missing, positive, paths, and shortened for messages."""

from numbers import Integral, Real
from pathlib import Path

from ._sklearn import InvalidParameterError


def is_missing(value):
    """Whether a value stands for nothing: None, NaN, NA or empty text."""
    if isinstance(value, str):
        return value == ""
    import pandas as pd  # half of what importing this room would take

    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def check_positive_int(name, value):
    """Return a positive integer; raise ValueError naming the parameter that is none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value!r}.")
    return int(value)


def check_path(path, remedy="", *, name="path"):
    """Return a Path; raise InvalidParameterError naming the parameter that is no path.

    ``remedy`` states what to pass instead.
    """
    try:
        return Path(path)
    except TypeError as error:
        fault = f"{name} must be a str or path-like, got {describe(path)}. {remedy}"
        raise InvalidParameterError(fault.rstrip()) from error


def describe(value):
    """Return a value for a message: small ones themselves, others by their type."""
    small = value is None or (isinstance(value, str | bytes | Real) and len(repr(value)) <= 40)
    return repr(value) if small else f"a value of type {type(value).__name__}"


def check_type(name, value, kind, remedy):
    """Refuse a value that is no instance of a class; the message adds the remedy."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        came = repr(str(value)) if isinstance(value, (str, Path)) else type(value).__name__
        raise TypeError(f"{name} must be {article} {kind.__name__}, got {came}. {remedy}")


def shorten(values, limit=6):
    """Return values as text for a message, the first few if there are many."""
    values = [str(value) for value in values]
    if len(values) <= limit:
        return ", ".join(values)
    return f"{', '.join(values[:limit])} ... ({len(values)} in all)"
