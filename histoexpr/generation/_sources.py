"""What a report compares: draws of test samples, and what each source makes for them."""

from collections import defaultdict

import numpy as np

from ._baselines import by_class, gaussian, jittered, resampled_bins
from ._comparison import Draw, Set
from ._draws import feasible, matched_rows, matching, stratified
from ._grain_of import grain_of
from ._judges import JUDGES
from ._measures import MEASURES
from ._units import pseudocounts

BASELINES = {"resampled bins": resampled_bins, "gaussian": gaussian, "jittered": jittered}
# Test samples that classifiers are tested on, at the most
_ASKED = 3000
_LEAST = 10


class Sources:
    """Real samples, a generator and baselines, compared with draws of test samples.

    ``test`` and ``training`` are Samples. ``found`` has by source and measure the values of each
    draw, (n_sets, ...). ``n`` and ``n_transfer`` are as many as there are samples for.
    """

    def __init__(self, generator, test, training, n, n_transfer, rng):
        self.generator, self.test, self.training, self._rng = generator, test, training, rng
        self.found = defaultdict(lambda: defaultdict(list))
        self._strata = matching(test, training)
        self._check_classes()
        self.n = feasible(n, *self._strata, limit=len(test.X))
        if self.n < _LEAST:
            raise ValueError(
                f"Only {self.n} test samples have as many training samples of their class to "
                f"compare with; {_LEAST} are needed. Pass more training samples of each class."
            )
        self.n_transfer = feasible(n_transfer, *self._strata)
        self._classes = np.unique(test.y)
        made_by = {"unit": pseudocounts(training.X), "steps": grain_of(training.X, None)[0]}
        self._unit, self._made_by = made_by["unit"], made_by
        rows = np.arange(len(test.X))
        if len(rows) > _ASKED:
            rows = np.sort(rng.choice(rows, size=_ASKED, replace=False))
        self._asked = self._set(test, rows)

    def _check_classes(self):
        missing = np.setdiff1d(*self._strata)
        if len(missing):
            label = self.test.y[self._strata[0] == missing[0]][0]
            raise ValueError(
                f"There are test samples of class {label}, but no training samples to compare "
                "them with. Pass training samples of every class."
            )

    def add_draw(self, done, *, with_baselines):
        """Compare the sources in one more draw; ``done`` is called after each."""
        wanted, there = self._strata
        rng = self._rng
        rows = stratified(wanted, self.n, rng)
        test = self._set(self.test, rows)
        flip = bool(getattr(self.generator, "random_flip_", False))
        draw = Draw(test, self._asked, self.training.X, unit=self._unit, flip=flip, rng=rng)
        # classes in the shares of the test samples, however many are wanted
        many = np.resize(rng.permutation(len(wanted)), self.n_transfer)
        y_many = self._numbers(self.test.y[many])
        matched, matched_many = (matched_rows(wanted[part], there, rng) for part in (rows, many))
        real = self._set(self.training, matched)
        known = hasattr(self.generator, "classes_")
        self._add("real", draw.judged(real) | draw.compared(real) | draw.copies_among_real())
        self._add("real", draw.transferred(self._signals(matched_many), y_many))
        done()
        made = test.made(self._sampled(rows))
        self._add("generator", draw.judged(made) | draw.compared(made) | draw.copies(made))
        self._add("generator", draw.transferred(self._sampled(many) if known else None, y_many))
        done()
        for name, make in BASELINES.items() if with_baselines else ():
            X, X_many = (
                by_class(make, self.training.X, there, wanted[part], rng, **self._made_by)
                for part in (rows, many)
            )
            made = test.made(X)
            self._add(name, draw.judged(made) | draw.compared(made) | draw.copies(made))
            self._add(name, draw.transferred(X_many, y_many))
            done()

    def _set(self, samples, rows):
        X = np.asarray(samples.X[rows], dtype=np.float64)
        return Set(X, self._numbers(samples.y[rows]), samples.genes[rows], samples.weights(rows))

    def _signals(self, rows):
        return np.asarray(self.training.X[rows], dtype=np.float64)

    def _numbers(self, y):
        return np.searchsorted(self._classes, y)

    def _sampled(self, rows):
        """Return generated signals of the classes and cell types of test samples."""
        labels = {}
        for name, attribute in (("y", "classes_"), ("cell", "cells_")):
            values = getattr(self.test, name)
            if hasattr(self.generator, attribute) and values is not None:
                labels[name] = values[rows]
        made = self.generator.sample(len(rows), **labels, random_state=self._rng)
        return np.asarray(made, dtype=np.float64).reshape(len(rows), *self.test.X.shape[1:])

    def _add(self, source, values):
        for name, value in values.items():
            self.found[source][name].append(value)

    def finish(self):
        """Add what follows from other measures; return the stronger judge of each source."""
        judges = {}
        for source, found in self.found.items():
            trained = zip(found["transfer_cnn"], self.found["real"]["transfer_cnn"], strict=False)
            found["transfer_ratio"] = [own / real for own, real in trained]
            judges[source] = max(JUDGES, key=lambda judge, of=found: _mean_of(of, judge))
        judges["real"] = judges["generator"]
        for source, found in self.found.items():
            found["two_sample"] = found[f"two_sample_{judges[source]}"]
            self.found[source] = {name: np.array(found[name]) for name in MEASURES}
        return judges


def _mean_of(found, judge):
    return np.mean([values[0] for values in found[f"two_sample_{judge}"]])
