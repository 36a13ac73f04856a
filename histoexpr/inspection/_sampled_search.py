"""Search for counterfactuals without gradients: candidates between codes, then random steps."""

import numpy as np
import torch

from ..utils import progress_bar
from ._latent_codes import decode_codes
from ._latent_search import Nearest

# Places on the way to the code of each real gene of the class
_PLACES = 8
# Random steps around the best: rounds, and proposals of each
_ROUNDS, _PROPOSALS = 24, 32
# Size of the steps, as a deviation of latent numbers, and how it shrinks after a round in vain
_STEP, _SHRINKAGE = 0.3, 0.8
# Share of the proposals that only go back towards the gene
_BACK = 0.25
# Genes that are searched together: memory
_CHUNK = 32


def nearest_by_samples(generator, X, start, anchors, odds_of, sought, costs, rng, *, show=False):
    """Return the Nearest signals of a class to reconstructions, by trial.

    ``start`` is the Reconstruction of X, ``anchors`` (n_samples, n_anchors, n_codes) are codes of
    real genes of the class, for each gene. ``odds_of(signals, rows)`` gives the log-odds of
    signals that take the place of those of genes; those of the signals, and of the genes with the
    same change, have to reach ``sought``. The same random steps are tried for every gene.
    """
    latent = generator.generator_.latent_dim
    steps = rng.standard_normal((_ROUNDS, _PROPOSALS, latent))
    steps[:, : int(_BACK * _PROPOSALS)] = 0
    back = rng.uniform(0, 0.5, size=(_ROUNDS, _PROPOSALS, 1))
    found, chunks = [], range(0, len(X), _CHUNK)
    for first in progress_bar(chunks, desc="counterfactuals", unit="chunk", show=show):
        rows = np.arange(first, min(first + _CHUNK, len(X)))
        trial = _Trial(generator, X, start, rows, odds_of, sought, costs)
        trial.towards(anchors[rows])
        size = np.full((len(rows), 1, 1), _STEP)
        for number in range(_ROUNDS):
            better = trial.around(size * steps[number], back[number])
            size[~better] *= _SHRINKAGE
        found.append((trial.signals, trial.applied))
    return Nearest(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


class _Trial:
    """The best that was tried for each of some genes."""

    def __init__(self, generator, X, start, rows, odds_of, sought, costs):
        self.generator, self.odds_of, self.sought, self.costs = generator, odds_of, sought, costs
        size, self.latent = generator.generator_.code_size, generator.generator_.latent_dim
        self.rows, self.X, self.before = rows, X[rows], start.signals[rows]
        self.codes, self.noise = start.codes[rows, :size], start.codes[rows, size:]
        norms = np.linalg.norm(self.codes[:, : self.latent], axis=1)
        self.farthest = np.maximum(norms, self.latent**0.5)[:, None, None]
        self.rank, self.at = np.full(len(rows), np.inf), self.codes.copy()
        self.signals, self.applied = self.before.copy(), self.X.astype(np.float32)
        self._try(self.codes[:, None])

    def towards(self, anchors):
        """Try places on the way to the codes of real genes of the class."""
        share = np.linspace(0, 1, _PLACES + 1)[1:, None]
        start = self.codes[:, None, None]
        codes = start + share * (anchors[:, :, None] - start)
        self._try(codes.reshape(len(codes), -1, codes.shape[-1]))

    def around(self, steps, back):
        """Try random steps from the best, and ways back to the genes; return what got better."""
        codes = self.at[:, None] + back * (self.codes - self.at)[:, None]
        codes[:, :, : self.latent] += steps
        return self._try(codes)

    def _try(self, codes):
        latent = codes[:, :, : self.latent]
        norms = np.maximum(np.linalg.norm(latent, axis=2, keepdims=True), 1e-9)
        latent = latent * np.minimum(self.farthest / norms, 1)
        codes = np.concatenate([latent, codes[:, :, self.latent :]], axis=2)
        n_genes, n_codes = codes.shape[:2]
        gene = np.repeat(np.arange(n_genes), n_codes)
        flat = np.concatenate([codes.reshape(len(gene), -1), self.noise[gene]], axis=1)
        made = torch.from_numpy(decode_codes(self.generator, flat))
        before, X = (torch.as_tensor(np.float32(value[gene])) for value in (self.before, self.X))
        applied = self.costs.scale.transplant(X, before, made)
        rows = self.rows[gene]
        odds = np.stack([self.odds_of(signals.numpy(), rows) for signals in (made, applied)])
        missing = np.maximum(self.sought - odds, 0).sum(axis=0)
        away = np.square(latent - self.codes[:, None, : self.latent]).sum(axis=2) / 2
        cost = self.costs(before, made, torch.as_tensor(away.ravel())).numpy()
        # those that reach the class come first, by what they cost
        rank = np.where(missing == 0, cost - 1e6, missing).reshape(n_genes, n_codes)
        best = rank.argmin(axis=1)
        better = rank[np.arange(n_genes), best] < self.rank
        which = np.flatnonzero(better)
        place = which * n_codes + best[which]
        self.rank[which], self.at[which] = rank.ravel()[place], codes[which, best[which]]
        self.signals[which], self.applied[which] = made[place].numpy(), applied[place].numpy()
        return better
