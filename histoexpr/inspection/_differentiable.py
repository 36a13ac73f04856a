"""The score of a class as a function that gradients pass through, where there is one."""

import numpy as np
import torch
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from ..preprocessing import SignalScaler


def class_number(classifier, target):
    """Return the position of a class in ``classes_``, or say which there are."""
    matches = np.flatnonzero(np.asarray(classifier.classes_) == target)
    if len(matches) != 1:
        raise ValueError(
            f"target {target!r} is not a class of the classifier, which knows "
            f"{np.asarray(classifier.classes_).tolist()}."
        )
    return int(matches[0])


def log_odds(classifier, target):
    """Return a function from signals (tensor) to the log-odds of a class, or None.

    Parameters
    ----------
    classifier : estimator
        A fitted classifier of this package, a Pipeline of SignalScaler and one, or a fitted
        ensemble that averages probabilities of such (``estimators_``).
    target : label
        The class.

    Returns
    -------
    callable or None
        From a tensor ``(n, n_bins, n_marks)`` on the scale of counts to ``(n,)``. None if
        gradients do not pass through the classifier.
    """
    proba = _probability(classifier, class_number(classifier, target))
    if proba is None:
        return None

    def score(signals):
        p = proba(signals).clamp(1e-7, 1 - 1e-7)
        return torch.log(p) - torch.log1p(-p)

    return score


def _probability(classifier, number):
    check_is_fitted(classifier)
    if isinstance(classifier, Pipeline):
        steps = [_scaling(step) for step in list(classifier.named_steps.values())[:-1]]
        last = _probability(classifier[-1], number)
        if last is None or None in steps:
            return None
        return lambda signals: last(_in_turn(steps, signals))
    if hasattr(classifier, "net_"):
        module = classifier.net_.module_
        return lambda signals: module(signals).softmax(dim=1)[:, number]
    if getattr(classifier, "voting", "soft") == "soft" and hasattr(classifier, "estimators_"):
        return _average(classifier, number)
    return None


def _average(ensemble, number):
    members = ensemble.estimators_
    if not isinstance(members, list) or not all(hasattr(m, "classes_") for m in members):
        return None
    parts = [_probability(member, number) for member in members]
    if None in parts:
        return None
    weights = getattr(ensemble, "weights", None)
    weights = np.ones(len(parts)) if weights is None else np.asarray(weights, dtype=float)
    shares = (weights / weights.sum()).tolist()
    return lambda x: sum(w * part(x) for w, part in zip(shares, parts, strict=True))


def _in_turn(steps, signals):
    for step in steps:
        signals = step(signals)
    return signals


def _scaling(step):
    """Return a step of a Pipeline as a function of tensors, or None."""
    if step is None or step == "passthrough":
        return lambda signals: signals
    if type(step) is not SignalScaler:
        return None

    def scale(signals):
        if step.log1p:
            signals = torch.sign(signals) * torch.log1p(signals.abs())
        if step.scale_ is None:
            return signals
        mean, deviation = (
            torch.as_tensor(values, dtype=signals.dtype, device=signals.device)
            for values in (step.mean_, step.scale_)
        )
        return (signals - mean) / deviation

    return scale
