"""What marks that only add up would give: refits to labels drawn from an additive model."""

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import StandardScaler

from ..utils import progress_bar, read_signals, signed_log1p
from ._product_term import spline_features
from ._samples import Samples
from ._signals import common_orientation, common_window

# Regions of each mark whose splines the log-odds are sums of, and how much less the penalty is on
# those of the whole window, which say most: with few samples the model is nearer to the truth
_REGIONS, _KNOTS, _WHOLE = 8, 3, 3.0
_STRENGTHS = np.logspace(-4, 1, 6)
_ATTEMPTS = 100


class AdditiveModel:
    """A logistic regression in which marks add up.

    Its features are splines of the log sums of each mark in the window and in regions of it;
    the penalty is that which cross-validation prefers.
    """

    def __init__(self, X, y):
        self.classes, counts = np.unique(y, return_counts=True)
        pieces = np.array_split(np.arange(X.shape[1]), min(_REGIONS, X.shape[1]))
        sums = np.hstack([signed_log1p(X[:, bins].sum(axis=1)) for bins in pieces])
        whole = spline_features(signed_log1p(X).mean(axis=1), _KNOTS)
        if counts.min() < 2 or len(counts) < 2:
            raise ValueError(
                "y has one class, or a class of one sample, too few for the additive model of the "
                "null. Give more samples, or null=None."
            )
        self.features = np.ones((len(X), 1))
        if whole.shape[1]:  # a mark varies
            parts = spline_features(sums, _KNOTS, degree=2)
            scale = StandardScaler().fit_transform
            self.features = np.hstack([_WHOLE * scale(whole), scale(parts)])
        search = GridSearchCV(
            LogisticRegression(solver="newton-cholesky"),
            {"C": _STRENGTHS},
            scoring="neg_log_loss",
            cv=StratifiedKFold(int(min(5, counts.min())), shuffle=True, random_state=0),
        )
        self.model = search.fit(self.features, y).best_estimator_

    def probabilities(self):
        """Return (n_samples, n_classes)."""
        return self.model.predict_proba(self.features)


def draw_labels(proba, classes, units, rng):
    """Return labels drawn from the probabilities of classes, every class at least once.

    Samples of one unit, a gene in several cells, share a uniform number: their labels are as
    dependent as those of a gene are.
    """
    bounds = proba.cumsum(axis=1)[:, :-1]
    for _ in range(_ATTEMPTS):
        drawn = (rng.random(units.max() + 1)[units][:, None] > bounds).sum(axis=1)
        if len(np.unique(drawn)) == len(classes):
            return classes[drawn]
    raise ValueError(
        "Labels drawn from the additive model lack a class, which is too rare. Give more samples "
        "of it, or null=None."
    )


def refit(estimator, X, y, seed):
    """Return a clone of an estimator with other seeds, fitted to X, a data set or array, and y."""
    model = clone(estimator)
    seeds = [name for name in model.get_params() if name.split("__")[-1] == "random_state"]
    model.set_params(**dict.fromkeys(seeds, seed))
    return model.fit(X, y)


class AdditiveNull:
    """Refits to labels that are drawn from a model in which marks only add up.

    Parameters
    ----------
    fits : list of classifiers
    backgrounds : Samples
    X, y
        What the classifiers were fitted to; default the backgrounds and their labels.
    """

    def __init__(self, fits, backgrounds, X, y, rng):
        if X is None:
            X = backgrounds.dataset if backgrounds.dataset is not None else backgrounds.X
        labels = read_signals(X).labels(y)
        if labels is None:
            raise ValueError(
                "The null takes labels: pass X= and y= (or a labelled data set as X=), what the "
                "classifier was fitted to, or null=None to do without it and without p values."
            )
        self.X, self.y, self.rng, self.fits = X, np.asarray(labels), rng, fits
        sources = [backgrounds.dataset, *fits]
        common_orientation([*sources, X])
        common_window([*sources, X], None, None)
        self.samples = Samples(X, fits)
        if self.y.shape != (len(self.samples),):
            raise ValueError(
                f"y must have one label for each of the {len(self.samples)} samples of X, got the "
                f"shape {self.y.shape}."
            )
        if self.samples.X.shape[1:] != backgrounds.X.shape[1:]:
            raise ValueError(
                f"X has (n_bins, n_marks) = {self.samples.X.shape[1:]}, but the backgrounds have "
                f"{backgrounds.X.shape[1:]}. Give what the classifier was fitted to."
            )
        for fit in fits:
            known, found = np.asarray(fit.classes_), np.unique(self.y)
            if not np.array_equal(known, found):
                raise ValueError(
                    f"y has the labels {found.tolist()}, but the classifier knows "
                    f"{known.tolist()}. Give X and y that it was fitted to."
                )
        self.order = _order(self.samples.marks, backgrounds.marks)

    def draw(self, n_null):
        """Return (n_null, n_samples) labels drawn from the additive model."""
        model, gene = AdditiveModel(self.samples.X, self.y), self.samples.gene
        units = np.arange(len(self.y)) if gene is None else np.unique(gene, return_inverse=True)[1]
        proba = model.probabilities()
        return [draw_labels(proba, model.classes, units, self.rng) for _ in range(n_null)]

    def refits(self, drawn, verbose):
        """Yield a refit to each of the drawn labels; several fits take turns."""
        numbers = progress_bar(range(len(drawn)), show=verbose > 0, desc="refits")
        for number in numbers:
            seed = int(self.rng.integers(2**31 - 1))
            yield refit(self.fits[number % len(self.fits)], self.X, drawn[number], seed)


def _order(marks, wanted):
    """Return the numbers of the wanted marks among marks; those without names keep theirs."""
    if {*marks} == {*wanted}:
        return [marks.index(mark) for mark in wanted]
    return list(range(len(wanted)))
