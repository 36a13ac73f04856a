"""What identifies an estimator, as JSON can hold it."""

import hashlib
import math
import re

import numpy as np
from sklearn.base import BaseEstimator


def describe_model(estimator):
    """Return what identifies an estimator, as JSON can hold it."""
    params = {
        key: _describe_value(value)
        for key, value in sorted(estimator.get_params(deep=True).items())
        if key != "steps"  # come one by one, too
    }
    return {"class": _qualified_name(type(estimator)), "params": params}


def _describe_value(value):
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, BaseEstimator):
        return _qualified_name(type(value))  # its parameters are listed beside it
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if hasattr(value, "__qualname__"):
        name = _qualified_name(value)
        # of these, others may bear the same name
        several = "<" in name or value.__module__ == "__main__"
        return f"{name} {_code_hash(value)}" if several and hasattr(value, "__code__") else name
    # an object is at another address in every process
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def _code_hash(function):
    """Return what identifies the code of a function, with its defaults and enclosed values."""

    def parts(code):
        consts = [parts(c) if hasattr(c, "co_code") else repr(c) for c in code.co_consts]
        return [code.co_code.hex(), code.co_names, consts]

    enclosed = [_describe_value(cell.cell_contents) for cell in function.__closure__ or ()]
    text = repr([parts(function.__code__), function.__defaults__, enclosed])
    return hashlib.sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", text).encode()).hexdigest()[:16]


def _qualified_name(value):
    return f"{value.__module__}.{value.__qualname__}"
