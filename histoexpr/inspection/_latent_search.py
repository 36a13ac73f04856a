"""Searches in the latent space of a generator that start from real genes.

Every gene is on its own: batches have one size, whatever is searched together, and where results
depend on the place in a batch genes are searched one by one.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch

from ..utils import progress_bar, region_edges
from ._latent_codes import LatentCodes, LogScale

# Genes that are optimised together; batches are filled up to it. One gene takes .5 of the time.
BATCH = 8
_LEARNING_RATE = 0.05
# Weight of the squared difference of log-odds between a gene and its reconstruction
_CONSISTENCY = 0.01
# Log-odds further from 0 are as certain
_CERTAIN = 6.0
# Weight of the probability sought in the first step, and its growth and shrinkage from step to
# step where it is not reached and where it is
_FIRST_WEIGHT, _GROWTH = 0.1, 1.08
# What log-odds exceed those sought by: predictions of another batch differ in the last digits
_MARGIN = 2e-3


class Reconstruction(NamedTuple):
    """Codes with noise (n_samples, ...) of real genes, and the signals that they give back."""

    codes: np.ndarray
    signals: np.ndarray


class Nearest(NamedTuple):
    """Signals that are sought and the genes with the same change, (n_samples, n_bins, n_marks)."""

    signals: np.ndarray
    applied: np.ndarray


class Costs:
    """What a change costs: the distance, how many regions have a part in it, and the codes'.

    ``prior`` and ``sparsity`` are weights, see :func:`counterfactuals`.
    """

    def __init__(self, generator, n_regions, prior, sparsity):
        module = generator.generator_
        self.scale, self.edges = LogScale(generator), region_edges(module.n_bins, n_regions)
        self.prior, self.sparsity = prior / module.latent_dim, sparsity

    def __call__(self, before, made, away):
        """Return the cost of each change; ``away`` is half the squared distance of the codes."""
        squares = (self.scale.logs(made) - self.scale.logs(before)).square()
        parts = [squares[:, a:b].mean(dim=1) for a, b in pairwise(self.edges)]
        regions = (torch.stack(parts, dim=1) + 1e-8).sqrt().mean(dim=(1, 2))
        return squares.mean(dim=(1, 2)) + self.sparsity * regions + self.prior * away


def invert(generator, X, score=None, *, n_steps, show=False):
    """Return the Reconstruction of signals X: the encoder's codes, improved by optimisation.

    Code and noise minimise the squared distance to the gene on the scale of :class:`LogScale`;
    with ``score``, a function from signals (Tensor) to log-odds, 0.01 times the squared
    difference of log-odds is added. The noise starts at 0, so that nothing is drawn.
    """
    scale = LogScale(generator)
    encoded = generator.transform(X)
    noise = np.zeros((len(X), generator.generator_.noise_size), dtype=np.float32)
    start = np.concatenate([encoded, noise], axis=1)

    def search(start, X):
        codes = LatentCodes(generator, start, with_noise=True)
        X = torch.as_tensor(X, dtype=torch.float32, device=generator.device_)
        gene, own = scale.logs(X), None if score is None else _bounded(score(X)).detach()

        def cost(made):
            loss = (scale.logs(made) - gene).square().mean(dim=(1, 2))
            return loss if own is None else loss + _CONSISTENCY * _off(score(made), own)

        best = _Best(codes.values(), codes.signals())
        optimizer = torch.optim.Adam(codes.variables, _LEARNING_RATE)
        for _ in range(n_steps):
            made = codes.signals()
            loss = cost(made)
            best.keep(loss, codes.values(), made)
            codes.step(optimizer, loss.sum())
        return best.found

    size = batch_size(generator, score)
    return Reconstruction(*in_batches(search, (start, X), size, "reconstruct", show))


def nearest_by_gradient(generator, X, start, score, signs, sought, costs, *, n_steps, show=False):
    """Return the Nearest signals of a class to reconstructions, along gradients.

    ``start`` is the Reconstruction of X, ``signs`` (n_samples,) are 1 where the log-odds that
    ``score`` gives have to reach ``sought``, -1 where their negative has to: both those of the
    signals and those of the genes with the same change.
    """

    def search(code, before, X, signs):
        codes = LatentCodes(generator, code, mix=False)
        made = {"dtype": torch.float32, "device": generator.device_}
        before, X, signs = (torch.as_tensor(value, **made) for value in (before, X, signs))
        weight = torch.full((len(X),), _FIRST_WEIGHT, device=generator.device_)
        optimizer = torch.optim.Adam(codes.variables, _LEARNING_RATE)
        best = _Best(before, X)
        for _ in range(n_steps + 1):
            signals = codes.signals()
            applied = costs.scale.transplant(X, before, signals)
            odds = torch.stack([signs * score(signals), signs * score(applied)])
            missing = (sought + _MARGIN - odds).clamp(min=0).sum(dim=0)
            cost = costs(before, signals, codes.away())
            valid = missing.detach() == 0
            # of those that do not reach it, the one that comes nearest
            rank = torch.where(valid, cost.detach() - 1e6, missing.detach())
            best.keep(rank, signals, applied)
            codes.step(optimizer, (cost + weight * missing).sum())
            weight = weight * torch.where(valid, 1 / _GROWTH, _GROWTH)
        return best.found

    arrays, size = (start.codes, start.signals, X, signs), batch_size(generator, score)
    return Nearest(*in_batches(search, arrays, size, "counterfactuals", show))


class _Best:
    """The best of several Tensors that was seen, sample by sample."""

    def __init__(self, *first):
        self.found = tuple(value.detach() for value in first)
        self._lowest = torch.full((len(first[0]),), torch.inf, device=first[0].device)

    def keep(self, rank, *values):
        better = rank.detach() < self._lowest
        self._lowest = torch.where(better, rank.detach(), self._lowest)
        pairs = zip(values, self.found, strict=True)
        self.found = tuple(
            torch.where(better.view(-1, *[1] * (new.ndim - 1)), new.detach(), old)
            for new, old in pairs
        )


def batch_size(generator, score):
    """Return how many genes to search together: one if results depend on the place in a batch.

    Narrow matrix products round by the place of a row, and steps of an optimisation multiply it.
    """
    codes = generator.sample_codes(BATCH, random_state=0)
    codes = generator.generator_.with_noise(codes, np.random.RandomState(0))

    def slopes(codes):
        codes = torch.as_tensor(codes, device=generator.device_).requires_grad_()
        made = generator.generator_(codes)
        total = torch.log1p(made).square().sum() + (0 if score is None else score(made).sum())
        return made.detach(), *torch.autograd.grad(total, [codes])

    pairs = zip(slopes(codes), slopes(codes[::-1].copy()), strict=True)
    return BATCH if all(torch.equal(one, other.flip(0)) for one, other in pairs) else 1


def in_batches(search, arrays, batch, desc, show):
    """Return what a search of batches of one size gives, as one array each."""
    found, n_samples = [], len(arrays[0])
    starts = range(0, n_samples, batch)
    for first in progress_bar(starts, desc=desc, unit="batch", show=show):
        rows = np.minimum(np.arange(first, first + batch), n_samples - 1)
        parts = search(*(np.asarray(array)[rows] for array in arrays))
        size = min(batch, n_samples - first)
        found.append([part[:size].cpu().numpy() for part in parts])
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def _bounded(odds):
    return odds.clamp(-_CERTAIN, _CERTAIN)


def _off(odds, own):
    """Return squared differences of log-odds, without a loss where both are as certain."""
    same_end = (odds.abs() > _CERTAIN) & (own.abs() == _CERTAIN) & (odds * own > 0)
    return torch.where(same_end, 0.0, odds - own).square()
