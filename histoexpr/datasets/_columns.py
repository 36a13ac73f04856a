"""What a data set accepts as signals, columns and names."""

import numpy as np

from ..utils import is_missing

# Optional per-sample columns: name -> kind of value
COLUMNS = {
    "y": "label",
    "cell": "text",
    "gene": "text",
    "chrom": "text",
    "tss": "integer",
    "strand": "text",
    "expression": "real",
    "split": "text",
}


# What a missing value becomes in columns that may lack some
_BLANK = {"chrom": "", "strand": ".", "split": ""}


def check_column(name, values, n_samples):
    """Return a column as an array of its kind, aligned with the samples."""
    if values is None:
        return None
    kind = COLUMNS[name]
    if isinstance(values, list | tuple) and kind in ("text", "label"):
        values = np.array(values, dtype=object)  # else NaN among text becomes "nan"
    values = np.asarray(values)
    if values.shape != (n_samples,):
        raise ValueError(
            f"{name} has shape {values.shape}, but X has {n_samples} samples: "
            "give one value per sample, in the same order."
        )
    if kind == "text":
        text = _as_text(name, values)
        return _check_strand(text) if name == "strand" else text
    if kind == "label":
        return _as_labels(values)
    if kind == "integer":
        if values.dtype.kind not in "iu":
            raise ValueError(f"{name} has dtype {values.dtype}; expected integers (bp).")
        return values.astype(np.int64, copy=False)
    return values.astype(np.float64, copy=False)


def _find_missing(values):
    if values.dtype.kind == "U":
        return np.flatnonzero(values == "")
    if values.dtype.kind in "iub":
        return np.empty(0, dtype=int)
    return np.flatnonzero([is_missing(value) for value in values.tolist()])


def _as_text(name, values):
    missing = _find_missing(values)
    if len(missing) and name not in _BLANK:
        raise ValueError(
            f"{name} is missing for {len(missing)} sample(s), the first in row {missing[0]}. "
            "Name it, or leave these samples out."
        )
    if values.dtype.kind == "S":
        return np.char.decode(values)
    if values.dtype.kind == "U":
        return values
    text = values.astype(str)
    if len(missing):
        text[missing] = _BLANK[name]
    return text


def _check_strand(strand):
    wrong = np.flatnonzero(~np.isin(strand, ["+", "-", "."]))
    if len(wrong):
        raise ValueError(
            f"strand is {str(strand[wrong[0]])!r} in row {wrong[0]}; expected '+', '-' or, where "
            "it is not known, '.'."
        )
    return strand


def _as_labels(values):
    if values.dtype.kind == "O":
        missing = _find_missing(values)
        if len(missing):
            raise ValueError(
                f"y is missing for {len(missing)} sample(s), the first in row {missing[0]}. "
                "Leave samples without a label out."
            )
        kinds = {isinstance(value, str) for value in values}
        if len(kinds) > 1:
            raise ValueError("y mixes text and numbers; expected labels of one kind.")
        values = np.array(values.tolist())
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError("y holds NaN. Leave samples without a label out.")
    return values


def as_slice(indices):
    """Return increasing contiguous indices as a slice, so that indexing gives a view."""
    if len(indices) and indices[0] >= 0 and np.all(np.diff(indices) == 1):
        return slice(int(indices[0]), int(indices[-1]) + 1)
    return indices


def as_names(parameter, values):
    """Return names to select as a list of text, from one name or several."""
    try:
        names = [values] if isinstance(values, str) else [str(value) for value in values]
    except TypeError as error:
        raise ValueError(
            f"{parameter} must be a name or a sequence of names, got {values!r}."
        ) from error
    if not names:
        raise ValueError(f"{parameter} is empty; pass None for all.")
    return names
