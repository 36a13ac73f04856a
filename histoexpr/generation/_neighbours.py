"""Measures from nearest neighbours: precision and recall, density and coverage, copies.

``between`` (n_made, n_real) has the distances from generated to real samples, ``among`` those
within one set (n, n). Distances are Euclidean, between the logarithms of whole samples. Results
have a value for each generated or real sample, of which the measure is the mean. A distance that
equals the radius counts as within: genes without a read are at distance 0 from each other.
"""

import numpy as np
from sklearn.metrics import pairwise_distances

from ..utils import split_batches
from ._units import log_signals

_BATCH = 2048  # training samples at a time: sets of many cells do not fit memory as logarithms


def flat(L):
    """Return signals as one row per sample."""
    return L.reshape(len(L), -1)


def distances(A, B, *, reversed_too=False):
    """Return the distances between logarithms of samples of A and of B.

    With ``reversed_too``, to the sample or to it with its bins reversed, whichever is shorter.
    """
    found = pairwise_distances(flat(A), flat(B))
    return np.minimum(found, distances(A[:, ::-1], B)) if reversed_too else found


def radius(among, n_neighbors):
    """Return the distance of every sample to its k-th neighbour, itself not counted."""
    place = min(n_neighbors, len(among) - 1)
    return np.partition(among, place, axis=1)[:, place]


def precision(between, among_real, n_neighbors=3):
    """Return which generated samples lie within the third neighbour's distance of a real one.

    Kynkäänniemi et al. (2019), Improved precision and recall metric for assessing generative
    models, NeurIPS 32, with their k = 3.
    """
    return (between <= radius(among_real, n_neighbors)).any(axis=1)


def recall(between, among_made, n_neighbors=3):
    """Return which real samples lie within the third neighbour's distance of a generated one.

    As :func:`precision`, with the sets exchanged.
    """
    return (between <= radius(among_made, n_neighbors)[:, None]).any(axis=0)


def density(between, among_real, n_neighbors=5):
    """Return in how many real samples' fifth neighbour's distances a generated one lies, per 5.

    Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models, ICML
    (PMLR 119:7176-7185), with their k = 5. Of real samples 1 is expected.
    """
    return (between <= radius(among_real, n_neighbors)).sum(axis=1) / n_neighbors


def coverage(between, among_real, n_neighbors=5):
    """Return which real samples have a generated one within their fifth neighbour's distance.

    Naeem et al. (2020), see :func:`density`.
    """
    return between.min(axis=0) <= radius(among_real, n_neighbors)


def authenticity(to_training, training_to_others):
    """Return which samples are no nearer to training samples than these are to each other.

    ``to_training`` is the distance to the nearest training sample, ``training_to_others`` that
    training sample's distance to the nearest other one; a smaller first is a copy. Alaa et al.
    (2022), How faithful is your synthetic data? Sample-level metrics for evaluating and auditing
    generative models, ICML (PMLR 162:290-306).
    """
    return to_training >= training_to_others


def nearest(A, training, unit, *, reversed_too=False, others=None):
    """Return the distance from logarithms A to the nearest training sample, and its number.

    ``training`` are signals, possibly a memory map, whose logarithms are taken batch by batch.
    ``others`` (n,) has for each of A the number of a training sample that does not count.
    """
    best, which = np.full(len(A), np.inf), np.zeros(len(A), dtype=int)
    for rows in split_batches(len(training), _BATCH):
        found = distances(A, log_signals(training[rows], unit), reversed_too=reversed_too)
        if others is not None:
            mine = np.flatnonzero((others >= rows.start) & (others < rows.stop))
            found[mine, others[mine] - rows.start] = np.inf
        place = found.argmin(axis=1)
        nearer = found[np.arange(len(A)), place]
        which = np.where(nearer < best, place + rows.start, which)
        best = np.minimum(best, nearer)
    return best, which


def to_training(A, training, unit, *, reversed_too=False):
    """Return the distances that :func:`authenticity` compares, for logarithms A."""
    settings = {"unit": unit, "reversed_too": reversed_too}
    first, which = nearest(A, training, **settings)
    distinct, place = np.unique(which, return_inverse=True)
    copied = log_signals(training[distinct], unit)
    second, _ = nearest(copied, training, others=distinct, **settings)
    return first, second[place]


def copy_ratios(to_training, to_held_out):
    """Return how much nearer samples are to training than to held-out ones, see memorisation.

    The measure memorisation is the probability that the ratio ``min_t d(a, t) / min_h d(a, h)`` of
    a generated sample ``a`` is below ``min_t d(h', t) / min_h d(h', h)`` of a held-out sample ``h'
    ≠ h`` (ties count half), over training samples ``t`` and held-out samples ``h``: 0.5 means that
    nothing was memorised, 1 that all are copies. A variant of the test of Meehan, Chaudhuri and
    Dasgupta (2020), A non-parametric test to detect data-copying in generative models, AISTATS;
    the division keeps samples that are near to everything from counting as copies.
    """
    return to_training / np.maximum(to_held_out, 1e-12)
