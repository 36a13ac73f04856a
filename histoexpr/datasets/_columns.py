"""Checks of the sample columns: one value per sample, of one kind, missing only where allowed."""

import numpy as np

from ..utils import is_missing

# Kind of value of each column, in the order of the sample table
COLUMNS = {
    "cell": "text",
    "gene": "text",
    "y": "label",
    "chrom": "text",
    "tss": "integer",
    "strand": "text",
    "expression": "real",
    "log2_fold_change": "real",
    "split": "text",
    "symbol": "text",
}
# What a missing value becomes in columns that may lack some
_BLANK = {"chrom": "", "strand": ".", "split": "", "symbol": ""}


def check_column(name, values, n_samples):
    """Return a column as a read-only array of its kind, aligned with the samples, or None."""
    if values is None:
        if name in ("cell", "gene"):
            raise ValueError(f"{name} is required: give one value per sample.")
        return None
    kind = COLUMNS[name]
    if np.ma.is_masked(values):
        row = np.flatnonzero(np.ma.getmaskarray(values))[0]
        raise ValueError(
            f"{name} is masked, that is missing, in row {row}. Leave these samples out, or fill "
            f"the values in with {name}.filled(...)."
        )
    if isinstance(values, list | tuple) and kind in ("text", "label"):
        values = np.array(values, dtype=object)  # else NaN among text becomes "nan"
    try:
        values = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must hold one value per sample, not lists ({error}).") from error
    if values.shape != (n_samples,):
        raise ValueError(
            f"{name} has shape {values.shape}, but X has {n_samples} samples: give one value each."
        )
    if kind == "integer" and values.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {values.dtype}; expected integers (bp).")
    if kind == "text":
        values = _as_text(name, values)
    elif kind == "label":
        values = _as_labels(values)
    elif kind == "integer":
        values = values.astype(np.int64, copy=False)
    else:
        values = _as_real(name, values)
    values = values.view()
    values.flags.writeable = False
    return values


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
    text = np.char.decode(values) if values.dtype.kind == "S" else values
    if text.dtype.kind != "U":
        text = text.astype(str)
        text[missing] = _BLANK.get(name)
    if name == "strand":
        wrong = np.flatnonzero(~np.isin(text, ["+", "-", "."]))
        if len(wrong):
            raise ValueError(
                f"strand is {str(text[wrong[0]])!r} in row {wrong[0]}; expected '+', '-' or, if "
                "unknown, '.'."
            )
    return text


def _as_real(name, values):
    try:
        return values.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        row, value = next(pair for pair in enumerate(values.tolist()) if not _is_real(pair[1]))
        raise ValueError(
            f"{name} is {value!r} in row {row}; expected numbers. Convert it, or give NaN where "
            "it is unknown."
        ) from error


def _is_real(value):
    try:
        np.asarray(value, dtype=object).astype(np.float64)
    except (TypeError, ValueError):
        return False
    return True


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
    if values.dtype.kind not in "biufcSU":
        raise ValueError(f"y has dtype {values.dtype}; expected one number or text per sample.")
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError("y holds NaN. Leave samples without a label out.")
    return values.astype(values.dtype.newbyteorder("="), copy=False)
