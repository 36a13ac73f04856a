"""All measures of one source of signals against test genes, in resamples of the genes."""

from dataclasses import dataclass

import numpy as np

from ..metrics import weighted_auroc
from . import _neighbours as neighbours
from . import _statistics as statistics
from ._judges import JUDGES, fold_auroc, judge_folds, judge_scores
from ._transfer import MODELS, transfer_auroc, transfer_scores
from ._units import log_signals

_PLAIN = {
    "profile_correlation": statistics.profile_correlation,
    "zero_fraction_error": statistics.zero_fraction_error,
    "autocorrelation_error": statistics.autocorrelation_error,
    "mark_correlation_error": statistics.mark_correlation_error,
}


@dataclass
class Set:
    """Signals of some samples, with what resampling needs.

    ``weights`` (n_samples, n_sets) says how often a sample is in each resample of the genes, in
    the first just once. ``genes`` name the samples' genes, ``y`` their classes, from 0.
    """

    X: np.ndarray
    y: np.ndarray
    genes: np.ndarray
    weights: np.ndarray

    def take(self, rows):
        """Return the set of some samples."""
        return Set(self.X[rows], self.y[rows], self.genes[rows], self.weights[rows])

    def made(self, X):
        """Return signals that were made to match these samples, one for each."""
        return Set(X, self.y, self.genes, self.weights)


class Draw:
    """One draw of test samples, with which every source is compared.

    ``test`` is the Set of the draw, ``asked`` that on which classifiers are tested, and
    ``training`` the signals that the generator was trained on. Results of all methods are dicts of
    measures with values (n_sets,) or (n_sets, n_marks).
    """

    def __init__(self, test, asked, training, *, unit, flip, rng):
        self.test, self.asked, self.training = test, asked, training
        self.unit, self.flip = unit, flip
        self.logs = log_signals(test.X, unit)
        self.among = neighbours.distances(self.logs, self.logs)
        self._seed = rng.randint(2**31 - 1)
        self._halves = np.array_split(rng.permutation(len(test.X)), 2)
        self._to_training = neighbours.to_training(self.logs, training, unit, reversed_too=flip)

    def judged(self, made):
        """Return the two-sample AUROC by each judge."""
        y = np.repeat([0, 1], [len(made.X), len(self.test.X)])
        genes = np.concatenate([made.genes, self.test.genes])
        strata = 2 * np.concatenate([made.y, self.test.y]) + y
        folds = judge_folds(genes, strata, np.random.RandomState(self._seed))
        weights = np.concatenate([made.weights, self.test.weights])
        settings = {"unit": self.unit, "seed": self._seed, "flip": self.flip}
        found = {}
        for judge in JUDGES:
            scores = judge_scores(judge, made.X, self.test.X, folds, **settings)
            found[f"two_sample_{judge}"] = fold_auroc(scores, y, folds, weights)
        return found

    def transferred(self, A, y):
        """Return the AUROC on test genes of each model trained on signals A of classes y."""
        found = {}
        for model in MODELS:
            name = f"transfer_{model}"
            if A is None or len(np.unique(y)) < 2 or len(np.unique(self.asked.y)) < 2:
                found[name] = np.full(self.asked.weights.shape[1], np.nan)
                continue
            settings = {"unit": self.unit, "seed": self._seed, "flip": self.flip}
            scores = transfer_scores(model, A, y, self.asked.X, **settings)
            found[name] = transfer_auroc(scores, self.asked.y, self.asked.weights)
        return found

    def compared(self, made):
        """Return the measures that train nothing, but for copies."""
        A, B, a, b = log_signals(made.X, self.unit), self.logs, made.weights, self.test.weights
        found = {name: measure(A, B, a, b) for name, measure in _PLAIN.items()}
        marginal = statistics.marginal_distance(A, B, a, b)
        found |= {
            "marginal_distance_by_mark": marginal,
            "marginal_distance": marginal.mean(axis=1),
        }
        between, among = neighbours.distances(A, B), neighbours.distances(A, A)
        shares = {
            "precision": (neighbours.precision(between, self.among), a),
            "recall": (neighbours.recall(between, among), b),
            "density": (neighbours.density(between, self.among), a),
            "coverage": (neighbours.coverage(between, self.among), b),
        }
        return found | {name: _mean(*pair) for name, pair in shares.items()}

    def copies(self, made):
        """Return the measures of copies of training samples among generated ones."""
        A, flip = log_signals(made.X, self.unit), self.flip
        first, second = neighbours.to_training(A, self.training, self.unit, reversed_too=flip)
        between = neighbours.distances(A, self.logs, reversed_too=flip).min(axis=1)
        every = np.arange(len(self.test.X))
        return {
            "authenticity": _mean(neighbours.authenticity(first, second), made.weights),
            "memorisation": self._memorised(first, between, made.weights, every),
        }

    def copies_among_real(self):
        """Return the same of test samples, which cannot be copies of training samples."""
        first, second = self._to_training
        made, held_out = self._halves
        between = self._among_test()[np.ix_(made, held_out)].min(axis=1)
        weights = self.test.weights
        return {
            "authenticity": _mean(neighbours.authenticity(first, second), weights),
            "memorisation": self._memorised(first[made], between, weights[made], held_out),
        }

    def _memorised(self, to_training, to_held_out, weights, held_out):
        """Return the probability that copy ratios are below those of held-out test samples."""
        among = self._among_test()[np.ix_(held_out, held_out)]
        np.fill_diagonal(among, np.inf)
        real = neighbours.copy_ratios(self._to_training[0][held_out], among.min(axis=1))
        ratios = np.concatenate([neighbours.copy_ratios(to_training, to_held_out), real])
        is_made = np.repeat([True, False], [len(to_training), len(held_out)])
        return weighted_auroc(
            is_made, -ratios, np.concatenate([weights, self.test.weights[held_out]])
        )

    def _among_test(self):
        if not self.flip:
            return self.among
        return neighbours.distances(self.logs, self.logs, reversed_too=True)


def _mean(values, weights):
    with np.errstate(invalid="ignore", divide="ignore"):
        return values.astype(np.float64) @ weights / weights.sum(axis=0)
