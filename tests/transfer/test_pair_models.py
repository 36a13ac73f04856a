"""Models of pairs: signs that flip to the last bit, arrays and names, learning and not."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from histoexpr import (
    BinPooler,
    CrossCellSplit,
    HistoneCNNClassifier,
    HistoneCNNRegressor,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    PairClassifier,
    PairPooler,
    PairRegressor,
    UnseenCellsSplit,
    make_histone_cells,
    pair_cells,
)
from histoexpr.datasets import swap_pairs

CNN = {"n_filters": 4, "hidden_sizes": (8,), "max_epochs": 8, "lr": 3e-3, "random_state": 0}
REGRESSORS = [
    None,
    HistoneLinearRegressor(n_regions=5),
    HistoneCNNRegressor(**CNN),
    make_pipeline(BinPooler("sum", n_regions=2), LinearRegression()),
]
CLASSIFIERS = [
    None,
    HistoneLinearClassifier(n_regions=5),
    HistoneCNNClassifier(**CNN),
    make_pipeline(PairPooler(), RandomForestClassifier(10, random_state=0)),
    make_pipeline(PairPooler(), LinearSVC()),
]


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=4, n_genes=150, random_state=0)


@pytest.fixture(scope="module")
def pairs(cells):
    return pair_cells(cells, [("C01", "C02"), ("C03", "C02"), ("C03", "C04")])


def unlike_the_training_set(pairs):
    """Return pairs with signals that no scale was learned on."""
    rng = np.random.default_rng(0)
    return pairs.replace(X=(pairs.X * rng.lognormal(sigma=2, size=(len(pairs), 1, 1))))


@pytest.mark.parametrize("estimator", REGRESSORS, ids=repr)
@pytest.mark.parametrize("change", [True, False])
def test_swapped_cells_flip_the_sign_to_the_last_bit(estimator, change, cells):
    pairs = pair_cells(cells, [("C01", "C02"), ("C03", "C02")], change=change)
    model = PairRegressor(estimator).fit(pairs)
    turned = pairs.select(marks=pairs.marks[::-1])  # of another layout in memory
    for data in (pairs, unlike_the_training_set(pairs), pairs[:1], turned):
        there, back = model.predict(data), model.predict(swap_pairs(data))
        assert np.array_equal(back, -there)
        assert np.std(there) > 0 or len(data) == 1
    same = pairs.X.copy()
    n = len(cells.marks)
    same[..., n : 2 * n] = same[..., :n]
    same[..., 2 * n :] = 0
    assert (model.predict(pairs.replace(X=same)) == 0).all()


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_swapped_cells_exchange_the_probabilities_to_the_last_bit(estimator, pairs):
    model = PairClassifier(estimator).fit(pairs)
    there, back = model.predict_proba(pairs), model.predict_proba(swap_pairs(pairs))
    assert np.array_equal(back, there[:, ::-1])
    np.testing.assert_allclose(there.sum(axis=1), 1)
    odds = model.decision_function(pairs)
    np.testing.assert_allclose(odds, np.log(there[:, 1] / there[:, 0]), atol=1e-6)
    assert np.array_equal(model.predict(pairs), (odds >= 0).astype(int))
    assert roc_auc_score(pairs.y, odds) > 0.6
    names = PairClassifier(estimator).fit(pairs, np.where(pairs.y == 1, "up", "fall"))
    assert names.classes_.tolist() == ["fall", "up"]
    np.testing.assert_array_equal(names.decision_function(pairs), odds)


def test_it_is_the_mean_of_both_orders(pairs):
    inner = HistoneLinearRegressor(n_regions=5)
    model = PairRegressor(inner).fit(pairs)
    back = swap_pairs(pairs)
    both = type(pairs).concat([pairs, back])
    by_hand = clone(inner).fit(both)
    expected = (by_hand.predict(pairs) - by_hand.predict(back)) / 2
    np.testing.assert_array_equal(model.predict(pairs), expected)
    assert model.score(pairs) == model.score(pairs, pairs.log2_fold_change)


def test_the_order_in_which_pairs_are_given_does_not_matter(pairs):
    """Trained on E123 against E003, it knows E003 against E123 as well."""
    model, other = PairRegressor(HistoneLinearRegressor()), PairRegressor(HistoneLinearRegressor())
    mixed = pairs[np.arange(len(pairs)) % 2 == 0]
    rest = pairs[np.arange(len(pairs)) % 2 == 1]
    turned = type(pairs).concat([mixed, swap_pairs(rest)])
    expected = model.fit(type(pairs).concat([mixed, rest])).predict(pairs)
    np.testing.assert_allclose(other.fit(turned).predict(pairs), expected, rtol=1e-4, atol=1e-6)


def test_without_antisymmetry_it_is_the_estimator(pairs):
    inner = HistoneLinearRegressor(n_regions=5)
    model = PairRegressor(inner, antisymmetric=False).fit(pairs)
    expected = clone(inner).fit(pairs).predict(pairs)
    np.testing.assert_array_equal(model.predict(pairs), expected)
    classifier = PairClassifier(HistoneLinearClassifier(), antisymmetric=False).fit(pairs)
    expected = HistoneLinearClassifier().fit(pairs).decision_function(pairs)
    np.testing.assert_allclose(classifier.decision_function(pairs), expected, atol=1e-6)


def test_arrays_need_names(pairs):
    expected = PairRegressor(HistoneLinearRegressor(n_regions=5)).fit(pairs).predict(pairs)
    inner = HistoneLinearRegressor(n_regions=5)
    named = PairRegressor(inner, mark_names=pairs.marks).fit(pairs.X, pairs.log2_fold_change)
    np.testing.assert_allclose(named.predict(pairs.X), expected, rtol=1e-6)
    np.testing.assert_allclose(named.predict(pairs), expected, rtol=1e-6)
    frame = PairRegressor(inner).fit(pairs.as_frame(), pairs.log2_fold_change)
    np.testing.assert_allclose(frame.predict(pairs.as_frame()), expected, rtol=1e-6)
    turned = pairs.select(marks=pairs.marks[::-1])
    np.testing.assert_allclose(frame.predict(turned), expected, rtol=1e-6)
    # without names, values are changes
    change = pairs.X[..., 10:]
    plain = PairRegressor(inner).fit(change, pairs.log2_fold_change)
    np.testing.assert_array_equal(plain.predict(-change), -plain.predict(change))
    with pytest.warns(UserWarning, match=r"no names of marks.*mark_names"):
        PairRegressor(inner).fit(pairs.X[..., :10], pairs.log2_fold_change)


def test_weights_are_those_of_pairs_in_both_orders(pairs):
    weight = np.arange(len(pairs)) % 3
    for inner in (HistoneLinearRegressor(alpha=0.1), REGRESSORS[-1]):
        weighted = PairRegressor(inner).fit(pairs, sample_weight=weight)
        repeated = PairRegressor(inner).fit(pairs[np.repeat(np.arange(len(pairs)), weight)])
        expected = repeated.predict(pairs)
        np.testing.assert_allclose(weighted.predict(pairs), expected, rtol=1e-3, atol=1e-4)
    from sklearn.neighbors import KNeighborsRegressor

    with pytest.raises(ValueError, match="KNeighborsRegressor takes none"):
        PairRegressor(make_pipeline(PairPooler(), KNeighborsRegressor())).fit(
            pairs, sample_weight=weight
        )


def test_early_stopping_keeps_both_orders_together(pairs):
    """Of an array, too, the two orders of a pair are both trained on or both held out."""
    seen = {}

    class Spy(DummyRegressor):
        def fit(self, X, y, sample_weight=None, groups=None):
            seen["groups"] = groups
            return super().fit(X, y)

    PairRegressor(Spy()).fit(np.arange(4.0)[:, None], np.arange(4.0))
    assert seen["groups"].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    inner = HistoneCNNRegressor(early_stopping=True, **CNN)
    PairRegressor(inner).fit(pairs)  # by gene; warnings are errors


def test_what_is_no_pair_is_refused(cells, pairs):
    with pytest.raises(ValueError, match=r"not those of pairs of cells.*pair_cells"):
        PairRegressor().fit(cells, np.log2(cells.expression + 1))
    with pytest.raises(ValueError, match=r"no log2_fold_change.*pair_cells"):
        PairRegressor().fit(cells)
    with pytest.raises(ValueError, match=r"two classes, fall and rise, but y has 3 classes"):
        PairClassifier().fit(pairs, np.arange(len(pairs)) % 3)
    model = PairRegressor(HistoneLinearRegressor()).fit(pairs)
    with pytest.raises(ValueError, match="has the marks"):
        model.predict(cells)
    assert len(model.predict(pairs.replace(log2_fold_change=None, y=None))) == len(pairs)


def test_new_genes_and_unseen_cells_are_predicted_and_noise_is_not():
    cells = make_histone_cells(n_cells=4, n_genes=500, random_state=0)
    pairs = pair_cells(cells, change=False)
    change, noise = pairs.log2_fold_change, np.random.default_rng(0).normal(size=len(pairs))
    known = CrossCellSplit("inclusive", genes="chromosome", n_splits=2, cells="C01 vs C02")
    unseen = UnseenCellsSplit(genes="chromosome", n_splits=2, pairs="C01 vs C02")
    # pairs of a gene in three pairs of cells depend on each other: noise must be antisymmetric
    for cv in (known, unseen):
        tested = np.concatenate([test for _, test in cv.split(pairs)])
        for y, low, high in ((change, 0.3, 1), (noise, -0.15, 0.15)):
            model = PairRegressor(HistoneLinearRegressor(n_regions=5))
            found = np.empty(len(pairs))
            for train, test in cv.split(pairs):
                found[test] = model.fit(pairs[train], y[train]).predict(pairs[test])
            assert low < np.corrcoef(found[tested], y[tested])[0, 1] < high


def test_searches_and_cross_validation(pairs):
    model = PairRegressor(HistoneLinearRegressor())
    cv = CrossCellSplit("inclusive", n_splits=2)
    search = GridSearchCV(model, {"estimator__n_regions": [1, 5]}, cv=cv)
    search.fit(pairs, pairs.log2_fold_change)
    assert search.best_score_ > 0
    direction = PairClassifier(HistoneLinearClassifier(n_regions=5))
    scores = cross_val_score(direction, pairs, pairs.y, cv=cv, scoring="roc_auc")
    assert scores.mean() > 0.6
    proba = cross_val_predict(direction, pairs, pairs.y, cv=cv, method="predict_proba")
    assert proba.shape == (len(pairs), 2)


def test_the_same_seed_gives_the_same_model(pairs):
    for model in (PairRegressor(), PairRegressor(HistoneCNNRegressor(**CNN))):
        first, second = (clone(model).fit(pairs).predict(pairs) for _ in range(2))
        assert np.array_equal(first, second)
        assert np.array_equal(model.fit(pairs).predict(pairs[::-1])[::-1], first)
