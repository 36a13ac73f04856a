"""How the change between two cells is predicted: from two scores, or from both cells' signals."""

import numpy as np
from sklearn.base import clone, is_regressor

from ..preprocessing import CellNormalizer
from ._drivers import is_additive, mark_contributions

# Probabilities are kept this far from 0 and 1 before log-odds are taken
_LEAST = 1e-6
_REGIONS = 10


class ScoreChange:
    """The score of the second cell less that of the first, by one model of single cells.

    Signals are made comparable between cells by ``normalizer`` first, unless it is None.
    """

    def __init__(self, estimator, normalizer=None):
        self.estimator, self.normalizer = estimator, normalizer
        self.unit = "log2 fold change" if is_regressor(estimator) else "change of log-odds"

    def fit(self, data, cells):
        """Learn from samples with expression or labels, and how the cells to compare are scaled.

        ``cells`` are the signals of both cells, of all their genes; no label of them is read.
        """
        self.scale_ = fit_normalizer(self.normalizer, data, cells)
        data = self.scale_(data)
        self.estimator_ = clone(self.estimator)
        target = "log2_expression" if is_regressor(self.estimator) else "label"
        self.estimator_.fit(data, data.return_X_y(target=target)[1])
        return self

    def predict(self, first, second):
        """Return the scores of both cells, their difference, and what the marks contribute.

        ``first`` and ``second`` hold the same genes in the same order.
        """
        first, second = self.scale_(first), self.scale_(second)
        scores = score_samples(self.estimator_, first), score_samples(self.estimator_, second)

        def exchanged(mask):
            if mask.all() or not mask.any():
                return scores[int(mask.all())]
            mixed = first.replace(X=np.where(mask, second.X, first.X))
            return score_samples(self.estimator_, mixed)

        additive = is_additive(self.estimator_)
        found = mark_contributions(exchanged, first.n_marks, additive=additive)
        return scores, scores[1] - scores[0], *found

    def describe(self):
        """Return the method, the model and what was done to signals."""
        return {
            "method": "difference of the scores of two cells",
            "model": name_of(self.estimator),
            "signals": name_of(self.normalizer),
        }


def choose_way(estimator, method, normalize, target, samples, pair):
    """Return what predicts changes, from the parameters of :func:`compare_cells`."""
    if estimator is None:
        estimator = _default(target, samples.n_bins)
    normalizer = CellNormalizer() if normalize is True else normalize or None
    return ScoreChange(estimator, normalizer)


def _default(target, n_bins):
    """Return linear models of regions, of which contributions are exact."""
    from ..classification import HistoneLinearClassifier
    from ..regression import HistoneLinearRegressor

    kind = HistoneLinearRegressor if target == "expression" else HistoneLinearClassifier
    return kind(n_regions=min(_REGIONS, n_bins))


def fit_normalizer(normalizer, data, cells):
    """Return a function that makes the signals of data sets comparable between cells."""
    if normalizer is None:
        return lambda data: data
    return clone(normalizer).fit(data).learn_cells(cells).transform


def score_samples(estimator, data):
    """Return what ranks samples: predictions of a regressor, log-odds or decisions of others."""
    if is_regressor(estimator):
        return np.asarray(estimator.predict(data), dtype=np.float64)
    if hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(data), dtype=np.float64)
    proba = np.clip(estimator.predict_proba(data)[:, 1].astype(np.float64), _LEAST, 1 - _LEAST)
    return np.log(proba) - np.log1p(-proba)


def name_of(estimator):
    """Return an estimator as one line of text."""
    return "as they are" if estimator is None else " ".join(repr(estimator).split())
