"""Gradient ascent to signals of a class: on codes of a generator, or on the signals."""

import numpy as np
import torch
from scipy.special import logit

from .._training import predict_logits
from ._latent_codes import LatentCodes
from ._latent_search import BATCH, batch_size, in_batches, invert

_STEPS = 150
_LEARNING_RATE = 0.05
# Starts for each map wanted
_STARTS = 2
# Weight of the probability sought against the prior in the last step
_LAST_WEIGHT = 100.0
_INPUT_STEPS = 300
_INPUT_LEARNING_RATE = 0.01
# Of DeepChrome's maps
_PUBLISHED_PENALTY = 0.009
# Generated candidates for each map wanted, for classifiers without gradients
_CANDIDATES = 20
_MIN_CANDIDATES = 2000


def nearest(scores, probability, n_maps):
    """Return the samples with the highest score, or those nearest to the probability sought."""
    distance = -scores if probability is None else np.abs(scores - probability)
    return np.argsort(distance, kind="stable")[:n_maps]


def ascend_latent(score, generator, probability, n_maps, prior, rng):
    """Return signals of optimised codes; the objective is under Notes of :func:`class_maps`.

    ``score`` is a function from signals (tensor) to the log-odds of the class, ``prior`` the
    weight of half the squared distance between codes and their starts. The result is
    (n_maps, n_bins, n_marks).
    """
    module, n_starts = generator.generator_, _STARTS * n_maps
    # each map keeps its noise: without, signals are smoother than real ones
    drawn = module.with_noise(generator.sample_codes(n_starts, random_state=rng), rng)
    best, lowest = _ascend(score, LatentCodes(generator, drawn), probability, prior)
    # some starts end in a poor local minimum
    return best[lowest.argsort()[:n_maps].sort().values].cpu().numpy()


def ascend_from(score, generator, start, probability, prior):
    """Return the reconstructions of real signals, and the maps that start from their codes.

    Both are (n_samples, n_bins, n_marks), like ``start``; see :func:`ascend_latent`.
    """
    found = invert(generator, start, score, n_steps=_STEPS)

    def search(codes):
        return _ascend(score, LatentCodes(generator, codes), probability, prior)[:1]

    size = batch_size(generator, score)
    return found.signals, in_batches(search, (found.codes,), size, "maps", False)[0]


def _ascend(score, codes, probability, prior):
    """Return the best signals that are found from LatentCodes, and their objectives."""
    optimizer = torch.optim.Adam(codes.variables, _LEARNING_RATE)
    # steps across whole counts may raise or lower the objective: the best is kept
    best = codes.signals().detach()
    lowest = torch.full((len(best),), torch.inf, device=best.device)
    for weight in np.geomspace(1, _LAST_WEIGHT, _STEPS).tolist():
        made = codes.signals()
        odds, away = score(made), prior * codes.away()
        final = (_objective(odds, probability, _LAST_WEIGHT) + away).detach()
        best = torch.where((final < lowest)[:, None, None], made.detach(), best)
        lowest = torch.minimum(lowest, final)
        codes.step(optimizer, (_objective(odds, probability, weight) + away).sum())
    return best, lowest


def decode(generator, codes, rng):
    """Return signals of codes, with random noise from bin to bin."""
    module = generator.generator_
    return predict_logits(module, module.with_noise(codes, rng))


def pick(predict, generator, probability, n_maps, rng):
    """Generate many signals and return those with the highest or the nearest scores."""
    n_candidates = max(_MIN_CANDIDATES, _CANDIDATES * n_maps)
    codes = generator.sample_codes(n_candidates, random_state=rng)
    if probability is not None:
        # signals between two classes come from mixtures of them
        share = rng.random_sample((n_candidates, 1))
        conditions = codes[:, generator.generator_.latent_dim :]
        conditions[:] = share * conditions + (1 - share) * rng.permutation(conditions)
    signals = decode(generator, codes, rng)
    return signals[nearest(predict(signals), probability, n_maps)]


def ascend_input(score, X, probability, n_maps, rng):
    """Return signals between 0 and the highest of each mark in X, optimised as DeepChrome did.

    X is (n_samples, n_bins, n_marks), the result (n_maps, n_bins, n_marks). The objective is
    under Notes of :func:`class_maps`; see :func:`ascend_latent`.
    """
    start = rng.uniform(0, 0.01, size=(n_maps, *X.shape[1:]))
    return _ascend_input(score, _top(X), start, np.zeros_like(start), probability).numpy()


def ascend_input_from(score, X, start, probability):
    """Return signals like :func:`ascend_input`, from real ones: the penalty is for changes."""
    top = _top(X)

    def search(signals):
        return (_ascend_input(score, top, signals, signals, probability),)

    start = np.clip(start / top.numpy(), 0, 1)
    return in_batches(search, (start,), BATCH, "maps", False)[0]


def _top(X):
    return torch.as_tensor(np.maximum(X.max(axis=(0, 1)), 1e-9), dtype=torch.float32)


def _ascend_input(score, top, start, free, probability):
    """Return signals that start from ``start``, in units of ``top``; ``free`` costs nothing."""
    signals = torch.as_tensor(start, dtype=torch.float32).clone().requires_grad_()
    free = torch.as_tensor(free, dtype=torch.float32)
    optimizer = torch.optim.Adam([signals], _INPUT_LEARNING_RATE)
    for step in range(_INPUT_STEPS):
        optimizer.param_groups[0]["lr"] = _INPUT_LEARNING_RATE * (1 - step / _INPUT_STEPS)
        loss = _objective(score(signals * top), probability)
        penalty = (signals - free).square().sum(dim=(1, 2))
        loss = (loss + _PUBLISHED_PENALTY * penalty).sum()
        (signals.grad,) = torch.autograd.grad(loss, [signals])
        optimizer.step()
        with torch.no_grad():
            signals.clamp_(0, 1)
    return signals.detach() * top


def _objective(odds, probability, weight=1.0):
    """Return the term to minimise: -odds, or the squared distance from the odds sought."""
    if probability is None:
        return -odds
    return weight * (odds - float(logit(probability))).square()
