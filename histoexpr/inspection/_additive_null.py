"""What marks that only add up would give: refits to labels drawn from an additive model."""

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..utils import signed_log1p
from ._product_term import spline_features

# Regions of each mark whose splines the log-odds are sums of
_REGIONS, _KNOTS = 8, 4
_STRENGTHS = np.logspace(-4, 1, 6)
_ATTEMPTS = 100


def additive_probabilities(X, y):
    """Return (n_samples, n_classes) probabilities of a model in which marks add up.

    It is a logistic regression on cubic splines of the log sums of regions of each mark, with the
    penalty that cross-validation prefers.
    """
    pieces = np.array_split(np.arange(X.shape[1]), min(_REGIONS, X.shape[1]))
    sums = np.hstack([signed_log1p(X[:, bins].sum(axis=1)) for bins in pieces])
    features = spline_features(sums, _KNOTS)
    if not features.shape[1]:  # no mark varies
        shares = np.unique(y, return_counts=True)[1] / len(y)
        return np.tile(shares, (len(y), 1))
    n_folds = int(min(5, np.unique(y, return_counts=True)[1].min()))
    if n_folds < 2:
        raise ValueError(
            "y has a class of one sample, too few for the additive model of the null. Give more "
            "samples, or null=None."
        )
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    search = GridSearchCV(
        model,
        {"logisticregression__C": _STRENGTHS},
        scoring="neg_log_loss",
        cv=StratifiedKFold(n_folds, shuffle=True, random_state=0),
    )
    return search.fit(features, y).predict_proba(features)


def draw_labels(proba, classes, rng, gene=None):
    """Return labels drawn from the probabilities of classes, every class at least once.

    Samples of one gene, in several cells, share a uniform number: their labels are as dependent
    as those of a gene are.
    """
    units = np.arange(len(proba)) if gene is None else np.unique(gene, return_inverse=True)[1]
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
