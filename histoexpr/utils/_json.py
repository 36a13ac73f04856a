"""JSON files without NaN, written whole or not at all."""

import json
import math
from pathlib import Path

import numpy as np

from ..exceptions import DataFormatError
from ._atomic_files import atomic_path


def to_json(value):
    """Return nested dicts, sequences, NumPy values and paths as JSON can hold them.

    Numbers that are not finite become None: JSON has none of them.
    """
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return to_json(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value


def json_text(value):
    """Return JSON text, the same for the same value, with a line end."""
    return json.dumps(to_json(value), indent=1, allow_nan=False) + "\n"


def write_json(path, value):
    """Write a JSON file, whole or not at all; see :func:`to_json`."""
    with atomic_path(path) as temporary:
        temporary.write_text(json_text(value), encoding="utf-8")


def read_json(path, keys=(), *, remedy="Make it again."):
    """Return the value in a JSON file; raise DataFormatError if it is missing or damaged.

    ``keys`` are those that an object must have; without any, every value is accepted. ``remedy``
    states in messages what to do about a damaged file.
    """
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataFormatError(f"is missing. {remedy}", path) from error
    except (OSError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise DataFormatError(f"cannot be read as JSON ({error}). {remedy}", path, line) from error
    if keys and not (isinstance(value, dict) and set(keys) <= set(value)):
        raise DataFormatError(f"lacks some of {', '.join(keys)}. {remedy}", path)
    return value
