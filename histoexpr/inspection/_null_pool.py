"""Samples whose marks do not belong together, with the scores of class maps."""

import warnings

import numpy as np
from scipy.special import logit

from ..exceptions import HistoexprWarning
from ._map_search import decode
from ._model_output import ModelOutput
from ._samples import Samples
from ._signals import fitted_marks
from ._strata import find_strata

# Log-odds, as a part of their spread in the pool, that null and maps may differ by
_TOLERANCE = 0.1
_CERTAIN = 1e-6  # as for ModelOutput


class NullPool:
    """Samples that null maps are drawn from, their strata, and the scores of a classifier."""

    def __init__(self, classifier, samples, strata, name):
        self.classifier, self.samples, self.strata, self.name = classifier, samples, strata, name
        self.distances, self.spread = [], []

    def draw(self, maps, n_pool, rng):
        """Return signals with the scores of maps, of which each mark is of another sample."""
        rows = rng.permutation(len(self.samples))[:n_pool]
        part = self.samples.take(rows)
        signals = shuffle_marks(part.X, self.strata[rows], rng)
        output = ModelOutput(self.classifier, maps.target)
        end = logit(_CERTAIN)
        odds = np.clip(output(part.given(signals, self.classifier)), end, -end)
        wanted = logit(np.clip(maps.scores, _CERTAIN, 1 - _CERTAIN))
        chosen = match(odds, wanted, rng)
        self.distances.append(np.median(np.abs(odds[chosen] - wanted)))
        self.spread.append(odds.std())
        return signals[chosen]

    def warn_if_missed(self, name):
        away, spread = np.mean(self.distances), np.mean(self.spread)
        if away > _TOLERANCE * spread:
            warnings.warn(
                f"Samples of the null differ from {name} by {away:.1f} in their log-odds, in the "
                "median: too few have such scores, so that the null is of other scores. Raise "
                "n_pool, or seek maps of a less extreme probability.",
                HistoexprWarning,
                stacklevel=5,
            )


def shuffle_marks(signals, strata, rng):
    """Return signals, (n_samples, n_bins, n_marks), of which each mark is of another sample.

    Whole tracks move, within strata; ``strata`` are their numbers.
    """
    order = np.argsort(strata, kind="stable")
    shuffled = np.empty_like(signals)
    for mark in range(signals.shape[2]):
        source = np.lexsort((rng.random_sample(len(signals)), strata))
        shuffled[order, :, mark] = signals[source, :, mark]
    return shuffled


def match(scores, wanted, rng):
    """Return rows of ``scores``, each once, nearest to each of the scores that are wanted."""
    free, rows = np.ones(len(scores), dtype=bool), np.empty(len(wanted), dtype=np.intp)
    for place in rng.permutation(len(wanted)):
        distance = np.where(free, np.abs(scores - wanted[place]), np.inf)
        rows[place] = np.argmin(distance)
        free[rows[place]] = False
    return rows


def pool_of_genes(classifier, reference, strata, n_strata):
    """Return the NullPool of real genes, whose marks share strata."""
    samples = Samples(reference, [classifier], name="reference")
    found = find_strata(strata, reference, len(samples), n_strata)
    return NullPool(classifier, samples, found.codes, found.name)


def pool_of_generator(classifier, generator, n_pool, rng):
    """Return the NullPool of generated signals, whose marks share class and cell type."""
    codes = generator.sample_codes(n_pool, random_state=rng)
    signals = decode(generator, codes, rng)
    samples = Samples(
        signals, [classifier, generator], marks=fitted_marks(generator), name="generator"
    )
    shared = codes[:, generator.generator_.latent_dim :]
    known = {"classes_": "class", "cells_": "cell type"}
    names = [name for key, name in known.items() if len(getattr(generator, key, ())) > 0]
    strata = np.unique(shared, axis=0, return_inverse=True)[1].reshape(-1)
    return NullPool(classifier, samples, strata, " and ".join(names) or None)
