"""Single values: missing, positive, and shortened for messages."""

from numbers import Integral
from pathlib import Path

import pandas as pd


def is_missing(value):
    """Whether a value stands for nothing: None, NaN, NA or empty text."""
    if isinstance(value, str):
        return value == ""
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def check_positive_int(name, value):
    """Return a positive integer; raise ValueError naming the parameter that is none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value!r}.")
    return int(value)


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
