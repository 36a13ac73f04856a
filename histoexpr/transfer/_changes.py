"""How the change between two cells is predicted: from two scores, or from both cells' signals."""

import numpy as np
from sklearn.base import clone, is_regressor
from sklearn.utils import check_random_state

from ..classification import HistoneLinearClassifier
from ..datasets import HistoneDataset, pair_cells
from ..preprocessing import CellNormalizer
from ..regression import HistoneLinearRegressor
from ..utils import exclude_cells, shorten
from ._compared_cells import UNKNOWN
from ._drivers import is_additive, mark_contributions
from ._pair_models import PairClassifier, PairRegressor

# Probabilities are kept this far from 0 and 1 before log-odds are taken
_LEAST = 1e-6
_REGIONS = 10
# Pairs of cells, and genes in them, to learn from: more take more memory than they help
_MOST_PAIRS, _MOST_SAMPLES = 20, 60_000
FOLD_CHANGE = "log2 fold change"


class ScoreChange:
    """The score of the second cell less that of the first, by one model of single cells.

    ``cells`` are those that it learns from. Signals are made comparable between cells by
    ``normalizer`` first, unless it is None.
    """

    def __init__(self, estimator, cells, normalizer=None):
        self.estimator, self.cells, self.normalizer = estimator, list(cells), normalizer
        self.unit = FOLD_CHANGE if is_regressor(estimator) else "change of log-odds"

    def fit(self, data, cells):
        """Learn from samples with expression or labels, and how the cells to compare are scaled.

        ``cells`` are the signals of both cells, of all their genes; no label of them is read.
        """
        self.scale_ = fit_normalizer(self.normalizer, data, cells)
        data = self.scale_(data)
        self.estimator_ = exclude_cells(clone(self.estimator), cells.cells)
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


class PairChange:
    """The change that a model of pairs predicts from the signals of both cells.

    ``pairs`` are those of cells with expression that it learns from.
    """

    unit = FOLD_CHANGE

    def __init__(self, estimator, pairs, normalizer=None, random_state=0):
        is_pair_model = isinstance(estimator, PairRegressor)
        self.estimator = estimator if is_pair_model else PairRegressor(estimator)
        self.pairs, self.normalizer, self.random_state = pairs, normalizer, random_state
        self.cells = sorted({cell for pair in pairs for cell in pair})

    def fit(self, data, cells):
        """Learn from samples with expression, and how the cells to compare are scaled."""
        self.scale_ = fit_normalizer(self.normalizer, data, cells)
        made = self._make_pairs(self.scale_(data))
        model = exclude_cells(clone(self.estimator), [*cells.cells, *self.cells])
        self.estimator_ = model.fit(made, made.log2_fold_change)
        return self

    def _make_pairs(self, data):
        """Return the pairs to learn from, of many pairs with a part of the genes of each."""
        rng, parts = check_random_state(self.random_state), []
        most = max(1, _MOST_SAMPLES // len(self.pairs))
        for pair in self.pairs:
            cells = [data.select(cells=cell) for cell in pair]
            genes = np.intersect1d(cells[0].gene, cells[1].gene)
            if len(genes) > most:
                genes = rng.choice(genes, most, replace=False)
            cells = [cell.take(np.isin(cell.gene, genes)) for cell in cells]
            if len(genes):
                joined = HistoneDataset.concat(cells)
                parts.append(pair_cells(joined, [pair], change=False).replace(meta={}))
        if not parts:
            raise ValueError(
                f"No two cells of {shorten(data.cells)} have a gene in common to learn from. Give "
                "genes the same names in all cells, or take method='scores'."
            )
        return HistoneDataset.concat(parts)

    def predict(self, first, second):
        """Return no scores, the change, and what the marks contribute.

        A mark that is not exchanged has the mean of both cells in either, so that its level
        stays and its change is none.
        """
        first, second = self.scale_(first), self.scale_(second)
        X, Y = (cell.X.astype(np.result_type(cell.X, np.float32)) for cell in (first, second))
        mean = (X + Y) / 2
        joined = HistoneDataset.concat([cell.replace(**UNKNOWN) for cell in (first, second)])
        names = [(str(first.cell[0]), str(second.cell[0]))]

        def change(mask):
            X_both = np.concatenate([np.where(mask, signals, mean) for signals in (X, Y)])
            pairs = pair_cells(joined.replace(X=X_both), names, change=False)
            return np.asarray(self.estimator_.predict(pairs), dtype=np.float64)

        drivers, how = mark_contributions(change, first.n_marks)
        return None, change(np.ones(first.n_marks, dtype=bool)), drivers, how

    def describe(self):
        """Return the method, the model, the pairs and what was done to signals."""
        return {
            "method": "model of pairs of cells",
            "model": name_of(self.estimator),
            "signals": name_of(self.normalizer),
            "pairs": [" vs ".join(pair) for pair in self.pairs],
        }


def choose_way(estimator, method, normalize, target, samples, pair, random_state=0):
    """Return what predicts changes, from the parameters of :func:`compare_cells`."""
    cells = samples.cells.tolist()
    if isinstance(estimator, PairClassifier) or (
        method == "scores" and isinstance(estimator, PairRegressor)
    ):
        raise ValueError(
            f"estimator is {name_of(estimator)}. Models of pairs are regressors, such as "
            "PairRegressor(...), and go with method='pairs'; method='scores' takes a model of "
            "single cells."
        )
    if method == "auto":
        method = "pairs" if target == "expression" and len(cells) > 1 else "scores"
    trained = set(pair) <= set(cells)
    if normalize == "auto":  # differences of depth belong to a pair, if there is no other
        normalize = method == "scores" or not trained
    normalizer = CellNormalizer() if normalize else None
    if method == "scores":
        model = _default(target, samples.n_bins) if estimator is None else estimator
        return ScoreChange(model, cells, normalizer)
    if target == "label":
        raise ValueError(
            "method='pairs' learns log2 fold changes, which takes expression and a regressor, but "
            f"{'there are labels only' if estimator is None else name_of(estimator)}. Take "
            "method='scores'."
        )
    if len(cells) < 2:
        raise ValueError(
            f"method='pairs' takes two cells with expression or more to learn from, and there is "
            f"{shorten(cells)}. Take method='scores', or give more cells."
        )
    return PairChange(estimator, choose_pairs(cells, pair), normalizer, random_state)


def choose_pairs(cells, pair):
    """Return the pairs of cells to learn from.

    The pair that is compared, if its expression is known, because no other is more like it; else
    all, or so many that every cell is in about as many of them.
    """
    if set(pair) <= set(cells):
        return [tuple(pair)]
    n_cells, found = len(cells), {}
    for step in range(1, n_cells // 2 + 1):
        for at in range(n_cells):
            chosen = frozenset((cells[at], cells[(at + step) % n_cells]))
            if len(found) < _MOST_PAIRS:
                found[chosen] = tuple(sorted(chosen))
    return list(found.values())


def _default(target, n_bins):
    """Return linear models of regions, of which contributions are exact."""
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
