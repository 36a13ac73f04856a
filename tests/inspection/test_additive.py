"""Which models are sums of terms, and of which bins their terms are."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

from histoexpr import (
    BinPooler,
    Flattener,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    MarkSelector,
    SignalScaler,
    WindowSelector,
)
from histoexpr.inspection._additive import additive_groups

NUMBERS = np.arange(24).reshape(12, 2)
LOGARITHM = FunctionTransformer(np.log1p)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    X = rng.poisson(4, (60, 12, 2)).astype(float)
    return X, (X[:, :6, 0].sum(axis=1) > 24).astype(int)


def groups_of(model, drawn, y=None):
    X, labels = drawn
    return additive_groups(model.fit(X, labels if y is None else y), NUMBERS)


def members(groups):
    """Terms as sets of (bin, mark), in any order."""
    labels = groups.labels
    return {
        frozenset(zip(*np.nonzero(labels == term), strict=True))
        for term in np.unique(labels[labels >= 0])
    }


def blocks(n_regions, marks=(0, 1), first=0, last=12):
    width = (last - first) // n_regions
    return {
        frozenset((first + r * width + b, mark) for b in range(width))
        for r in range(n_regions)
        for mark in marks
    }


EACH = blocks(12)


@pytest.mark.parametrize(
    ("model", "expected", "sums"),
    [
        (HistoneLinearClassifier(n_regions=3), blocks(3), True),
        (HistoneLinearClassifier(n_regions=3, log1p=False), EACH, True),
        (HistoneLinearClassifier(n_regions=3, pooling="max"), blocks(3), False),
        (make_pipeline(BinPooler("sum", n_regions=4), LOGARITHM, LogisticRegression()),
         blocks(4), True),
        (make_pipeline(BinPooler("max", n_regions=4), LogisticRegression()), blocks(4), False),
        (make_pipeline(SignalScaler(), BinPooler(), StandardScaler(), LogisticRegression()),
         EACH, False),
        (make_pipeline(Flattener(), LOGARITHM, LogisticRegression()), EACH, True),
        (make_pipeline(BinPooler("sum"), HistoneLinearClassifier()), blocks(1), True),
        (make_pipeline(MarkSelector([1]), HistoneLinearClassifier(n_regions=2)),
         blocks(2, [1]), True),
        (make_pipeline(WindowSelector((-200, 200)), HistoneLinearClassifier(n_regions=2)),
         blocks(2, first=4, last=8), True),
        (GridSearchCV(HistoneLinearClassifier(n_regions=3), {"alpha": [0.1]}, cv=2),
         blocks(3), True),
    ],
)  # fmt: skip
def test_terms_of_additive_models(model, expected, sums, drawn):
    found = groups_of(model, drawn)
    assert members(found) == expected
    assert found.sums is sums


def test_mirrored_models_have_terms_of_both_sides(drawn):
    found = groups_of(HistoneLinearClassifier(n_regions=3, mirror=True), drawn)
    sides, middle = blocks(3), blocks(1, first=4, last=8)
    outer = {frozenset((b, m) for b in (*range(4), *range(8, 12))) for m in (0, 1)}
    assert members(found) == outer | (middle & sides)
    assert found.sums is False


def test_regressors_are_sums(drawn):
    y = drawn[0].mean(axis=(1, 2))
    assert members(groups_of(HistoneLinearRegressor(n_regions=2), drawn, y)) == blocks(2)
    ridge = make_pipeline(BinPooler("sum", n_regions=2), LOGARITHM, StandardScaler(), Ridge())
    assert members(groups_of(ridge, drawn, y)) == blocks(2)


def test_other_models_are_none(drawn):
    three = np.arange(60) % 3
    cnn = HistoneCNNClassifier(n_filters=2, hidden_sizes=(2,), max_epochs=1, random_state=0)
    clipped = make_pipeline(BinPooler(), MinMaxScaler(clip=True), LogisticRegression())
    forest = make_pipeline(Flattener(), RandomForestClassifier(2, random_state=0))
    unknown = make_pipeline(BinPooler(), FunctionTransformer(np.flip), LogisticRegression())
    for model in (cnn, clipped, forest, unknown):
        assert groups_of(model, drawn) is None
    assert groups_of(HistoneLinearClassifier(), drawn, three) is None
