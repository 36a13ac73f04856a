"""Single values: missing, positive, and shortened for messages."""

from numbers import Integral

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


def shorten(values, limit=6):
    """Return values as text for a message, the first few if there are many."""
    values = [str(value) for value in values]
    if len(values) <= limit:
        return ", ".join(values)
    return f"{', '.join(values[:limit])} ... ({len(values)} in all)"
