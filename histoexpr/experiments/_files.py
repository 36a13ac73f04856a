"""Files of a study: JSON that any reader takes, and damage that is told."""

import json
import math

import numpy as np

from ..exceptions import DataFormatError
from ..utils import atomic_path

REMEDY = "Remove the file and run the study again."


def write_json(path, value):
    """Write JSON, whole or not at all, the same bytes for the same value."""
    with atomic_path(path) as temporary:
        text = json.dumps(without_nan(value), indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def without_nan(value):
    """Return a value with None for what is not finite: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: without_nan(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def read_json(path, keys, remedy=REMEDY):
    """Read a JSON file of a study, or say which file is damaged.

    Parameters
    ----------
    path : pathlib.Path
    keys : tuple of str
        What must be there.
    remedy : str
        What to do about a damaged file.

    Returns
    -------
    dict
    """
    value = parse_json(path, remedy)
    if not isinstance(value, dict) or not set(keys) <= set(value):
        raise DataFormatError(f"lacks some of {', '.join(keys)}. {remedy}", path)
    return value


def parse_json(path, remedy=REMEDY):
    """Read any JSON, or say which file is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(path, error, remedy) from error


def read_array(path):
    """Map an array of a study into memory, or say which file is damaged."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise _damaged(path, error, REMEDY) from error


def _damaged(path, error, remedy):
    if isinstance(error, FileNotFoundError):
        return DataFormatError("is missing. Run the study again.", path)
    return DataFormatError(f"cannot be read ({error}). {remedy}", path)
