"""Log-odds of a class, or a prediction, as a differentiable function of the signals."""

from functools import reduce
from itertools import pairwise

import numpy as np
import torch
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from ..nn import pool_bins
from ..preprocessing import BinPooler, MarkSelector, SignalScaler, WindowSelector
from ..utils import region_edges


def class_number(classifier, target):
    """Return the position of a class in ``classes_``; the error lists those there are."""
    matches = np.flatnonzero(np.asarray(classifier.classes_) == target)
    if len(matches) != 1:
        raise ValueError(
            f"target {target!r} is not a class of the classifier, which knows "
            f"{np.asarray(classifier.classes_).tolist()}."
        )
    return int(matches[0])


def log_odds(classifier, target):
    """Return a function from signals to the log-odds of a class, or None.

    It takes a tensor (n, n_bins, n_marks) on the scale of counts to (n,). None if gradients
    do not pass through the classifier: they do for the classifiers of this package, a Pipeline
    of this package's transformers and one, a soft VotingClassifier of such, and a search whose
    best estimator is one.
    """
    number, log_proba = class_number(classifier, target), _log_probability(classifier)
    if log_proba is None:
        return None

    def score(signals):
        found = log_proba(signals)
        others = torch.cat([found[:, :number], found[:, number + 1 :]], dim=1)
        return found[:, number] - others.logsumexp(dim=1)

    return score


def prediction(regressor):
    """Return a function from signals to the prediction of a regressor, or None.

    As :func:`log_odds`, of the regressors of this package and VotingRegressor.
    """
    check_is_fitted(regressor)
    if isinstance(regressor, Pipeline):
        return _chain(regressor, prediction)
    if hasattr(regressor, "best_estimator_"):
        return prediction(regressor.best_estimator_)
    if hasattr(regressor, "net_"):
        scale, mean = regressor.target_scale_, regressor.target_mean_
        return _network(regressor, lambda outputs: outputs[:, 0] * scale + mean)
    if isinstance(regressor, VotingRegressor):
        parts = [prediction(member) for member in regressor.estimators_]
        if None in parts:
            return None
        shares = _shares(regressor)
        return lambda signals: sum(
            share * part(signals) for share, part in zip(shares, parts, strict=True)
        )
    return None


def _log_probability(classifier):
    """Return a function from signals to the logarithms of all probabilities, or None."""
    check_is_fitted(classifier)
    if isinstance(classifier, Pipeline):
        return _chain(classifier, _log_probability)
    if hasattr(classifier, "best_estimator_"):
        return _log_probability(classifier.best_estimator_)
    if hasattr(classifier, "net_"):
        return _network(classifier, lambda outputs: outputs.log_softmax(dim=1))
    if isinstance(classifier, VotingClassifier) and classifier.voting == "soft":
        return _average(classifier, _shares(classifier))
    return None


def _chain(pipeline, last):
    """Return the steps of a pipeline as one function, or None; ``last`` makes that of the last."""
    steps = [_on_tensors(step) for _, step in pipeline.steps[:-1]]
    steps.append(last(pipeline[-1]))
    return None if None in steps else lambda signals: reduce(_apply, steps, signals)


def _shares(ensemble):
    """Return the weights of the members that vote, which sum to 1."""
    used = [member != "drop" for _, member in ensemble.estimators]
    weights = np.ones(len(used)) if ensemble.weights is None else ensemble.weights
    weights = np.asarray(weights, dtype=float)[used]
    return weights / weights.sum()


def _network(estimator, finish):
    """Return what ``finish`` makes of the outputs of a network, as a function of signals."""
    module = estimator.net_.module_
    device, n_marks = next(module.parameters()).device, estimator.n_marks_in_

    def compute(signals):
        was_training = module.training
        module.eval()
        if signals.shape[2] == 1 < n_marks:
            signals = signals.transpose(1, 2)  # its columns are marks, elsewhere they are bins
        try:
            return finish(module(signals.to(device))).to(signals.device)
        finally:
            module.train(was_training)

    return compute


def _average(ensemble, shares):
    parts = [_log_probability(member) for member in ensemble.estimators_]
    if None in parts:
        return None
    shares = torch.log(torch.as_tensor(shares, dtype=torch.float32))

    def log_proba(signals):
        found = torch.stack([part(signals) for part in parts])
        return (found + shares.to(found.device)[:, None, None]).logsumexp(dim=0)

    return log_proba


def _apply(signals, step):
    return step(signals)


def _on_tensors(step):
    """Return a step of a Pipeline as a function of tensors, or None."""
    if step is None or step == "passthrough":
        return lambda signals: signals
    if type(step) in (MarkSelector, WindowSelector):
        return _selecting(step)
    if type(step) is BinPooler:
        return _pooling(step)
    return _scaling(step) if type(step) is SignalScaler else None


def _pooling(pooler):
    edges = region_edges(pooler.n_bins_in_, pooler.n_regions)

    def pool(signals):
        parts = [signals[:, start:stop] for start, stop in pairwise(edges)]
        pooled = [pool_bins(part, pooler.pooling) for part in parts]
        # one bin is left, with a feature for each region and mark
        return torch.cat(pooled, dim=1).unsqueeze(1)

    return pool


def _selecting(selector):
    shape = 1, selector.n_bins_in_, selector.n_marks_in_
    chosen = torch.as_tensor(selector.transform(np.arange(np.prod(shape)).reshape(shape))[0])
    return lambda signals: signals.flatten(1)[:, chosen.to(signals.device)]


def _scaling(scaler):
    def scale(signals):
        if scaler.log1p:
            signals = torch.sign(signals) * torch.log1p(signals.abs())
        if scaler.scale_ is None:
            return signals
        kind = {"dtype": signals.dtype, "device": signals.device}
        mean = torch.as_tensor(scaler.mean_, **kind)
        return (signals - mean) / torch.as_tensor(scaler.scale_, **kind)

    return scale
