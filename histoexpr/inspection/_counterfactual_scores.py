"""How far counterfactuals are from real genes: distances, neighbours and two-sample tests."""

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.neighbors import NearestNeighbors

from ..generation import two_sample_auroc

# Fewest samples for a two-sample test, and the most
_FEWEST, _MOST = 50, 500
_NEIGHBOURS = 5


def root_mean_square(A, B):
    """Return the root mean square difference of the samples of A and B, both on a log scale."""
    return np.sqrt(np.square(A - B).mean(axis=(-2, -1)))


class RealGenes:
    """Real genes that a classifier puts into one class, on a log scale.

    ``rows`` are their numbers in the reference.
    """

    def __init__(self, logs, rows):
        self.rows, self._logs = rows, logs[rows]
        flat = self._logs.reshape(len(rows), -1)
        self._search = NearestNeighbors(algorithm="brute").fit(flat)
        n_neighbors = min(_NEIGHBOURS, len(rows) - 1)
        own = self._search.kneighbors(n_neighbors=n_neighbors)[0] if n_neighbors else [[0.0]]
        self._own = np.sort(np.asarray(own)[:, -1])

    def nearest(self, logs, n_neighbors=1):
        """Return the rows of the nearest of these genes, (n_samples, n_neighbors)."""
        return self.rows[self._find(logs, n_neighbors)[1]]

    def share_nearer(self, logs, distance):
        """Return for each sample the share of these genes that are nearer than a distance."""
        return np.array([(root_mean_square(self._logs, one) < limit).mean()
                         for one, limit in zip(logs, distance, strict=True)])  # fmt: skip

    def plausibility(self, logs):
        """Return the share of these genes that are as far from their own fifth neighbour, or more.

        Of the same class: near 0 a sample is far from all real genes of it.
        """
        distance = self._find(logs, _NEIGHBOURS)[0][:, -1]
        return 1 - np.searchsorted(self._own, distance, side="left") / len(self._own)

    def _find(self, logs, n_neighbors):
        flat = logs.reshape(len(logs), -1)
        return self._search.kneighbors(flat, min(n_neighbors, len(self.rows)))


def realism(made, odds, reference, reference_odds, random_state):
    """Return the AUROC of a judge between made signals and real genes, and between real genes.

    Real genes are those with the log-odds nearest to those of the made ones, each once, so that
    the judge cannot tell them by how sure the classifier is; the second figure is that of two such
    sets of real genes. NaN where there are fewer than 50 samples or fewer real genes than are
    needed; of more than 500 samples the first 500 count.
    """
    made, odds = made[:_MOST], odds[:_MOST]
    n_made = len(made)
    if n_made < _FEWEST or len(reference) < n_made:
        return np.nan, np.nan
    first = _matched(odds, reference_odds)
    found = two_sample_auroc(made, reference[first], "tree", random_state)
    others = np.setdiff1d(np.arange(len(reference)), first)
    if len(others) < n_made:
        return found, np.nan
    second = others[_matched(odds, reference_odds[others])]
    return found, two_sample_auroc(reference[second], reference[first], "tree", random_state)


def _matched(odds, others):
    """Return which of the others is the partner of each, so that log-odds differ least in all."""
    return linear_sum_assignment(np.abs(odds[:, None] - others[None]))[1]


def agreement(changes):
    """Return the mean correlation of each change with those of the other generators.

    ``changes`` is (n_generators, n_samples, ...), the result (n_generators, n_samples); NaN for a
    single generator, and where a change is none at all.
    """
    n_generators, n_samples = changes.shape[:2]
    flat = changes.reshape(n_generators, n_samples, -1)
    flat = flat - flat.mean(axis=2, keepdims=True)
    norm = np.sqrt(np.square(flat).sum(axis=2))
    with np.errstate(invalid="ignore", divide="ignore"):
        flat = flat / norm[:, :, None]
        found = np.einsum("gns,hns->ghn", flat, flat)
    if n_generators == 1:
        return np.full((1, n_samples), np.nan)
    others = ~np.eye(n_generators, dtype=bool)
    return np.stack([found[g][others[g]].mean(axis=0) for g in range(n_generators)])
