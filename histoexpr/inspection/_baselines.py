"""Signals that a gene is compared with: the average gene, silent genes, no signal, or any."""

import numpy as np

from ..utils import find_order, read_signals
from ._model_output import ModelOutput
from ._path_gradients import signed_exp, signed_log
from ._samples import Samples

BASELINES = ("mean", "silent", "zero")
# An average of fewer samples is no average gene
_LEAST = 20
# Of regressors without labels, this share with the lowest predictions is silent
_LOWEST = 0.25
# What genes that are not expressed may be labelled
_SILENT = {"0", "0.0", "false", "off", "silent", "not expressed", "unexpressed", "inactive", "low"}


def read_reference(reference, samples, estimator, baseline):
    """Return the Samples that baselines are taken from, or None: X itself where it is enough."""
    named = isinstance(baseline, str)
    if reference is None:
        if named and baseline != "zero" and len(samples) < _LEAST:
            raise ValueError(
                f"baseline={baseline!r} is an average over genes, and X has {len(samples)} "
                f"sample(s), fewer than {_LEAST}. Give reference=, such as the data set that X is "
                "from, or baseline='zero'."
            )
        return samples if named and baseline != "zero" else None
    shape = np.shape(getattr(reference, "X", reference))
    if len(shape) == 3 and shape[1:] != samples.X.shape[1:]:
        raise ValueError(
            f"reference has (n_bins, n_marks) = {shape[1:]}, but X has {samples.X.shape[1:]}. "
            "Give signals of the same bins and marks."
        )
    # signals without names have the marks of X, in its order
    named = read_signals(reference, "reference").marks is not None
    found = Samples(
        reference, [estimator], marks=None if named else samples.marks, name="reference"
    )
    order = find_order(samples.marks, found.marks)
    if order is None:
        raise ValueError(
            f"reference has the marks {', '.join(found.marks)}, but X has "
            f"{', '.join(samples.marks)}. Give both the same marks."
        )
    return found


def make_baseline(baseline, samples, reference, output):
    """Return (n_bins, n_marks) and a text that says what it is."""
    shape = samples.X.shape[1:]
    if not isinstance(baseline, str):
        return _given(baseline, shape), "given signals"
    if baseline == "zero":
        return np.zeros(shape), "no signal"
    genes = reference.gene
    what = "samples" if genes is None or len(set(genes)) < len(genes) else "genes"
    X = reference.X
    if baseline == "silent":
        silent, said = _silent(reference, output)
        if not silent.any():
            raise ValueError(f"No sample of the reference is {said}: baseline='silent' has none.")
        X, what = X[silent], f"{what} that are {said}"
    order = find_order(samples.marks, reference.marks)
    mean = signed_exp(signed_log(X).mean(axis=0))
    return mean[:, order], f"average of {len(X):,} {what}"


def _given(baseline, shape):
    try:
        values = np.array(baseline, dtype=np.float64)
    except (TypeError, ValueError):
        values = np.array(np.nan)
    if values.shape != shape or not np.isfinite(values).all():
        raise ValueError(
            f"baseline must be one of {', '.join(map(repr, BASELINES))}, or finite signals of "
            f"shape (n_bins, n_marks) = {shape}, got an array of shape {values.shape}."
        )
    return values


def _silent(reference, output):
    """Return which samples are not expressed, by label where there are any, and how that is."""
    lowest = 0 if output.column is None else _silent_class(output)
    if reference.y is not None:
        return reference.y == lowest, f"labelled {lowest}"
    signals = reference.given(reference.X, output.estimator)
    if output.column is None:
        found = output(signals)
        return found <= np.quantile(found, _LOWEST), "in the lowest quarter of predictions"
    return ModelOutput(output.estimator, lowest)(signals) > 0, f"predicted {lowest}"


def _silent_class(output):
    """Return the class of genes that are not expressed; labels in other words are refused."""
    classes = np.asarray(output.estimator.classes_).tolist()
    found = [name for name in classes if str(name).casefold() in _SILENT]
    if len(found) != 1:
        raise ValueError(
            f"baseline='silent' is of genes that are not expressed, and which of the classes "
            f"{classes} that is is not known: 0 would be. Give their mean signals as baseline."
        )
    return found[0]
