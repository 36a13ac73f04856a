"""Scores of models, and their differences."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from histoexpr import (
    CellNormalizer,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    make_histone_cells,
)
from histoexpr.transfer import PairRegressor
from histoexpr.transfer._changes import (
    PairChange,
    ScoreChange,
    choose_pairs,
    choose_way,
    name_of,
    score_samples,
)


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=120, random_state=0)


class Probable(ClassifierMixin, BaseEstimator):
    """Has probabilities only: 0, 1, 0.8 and 0.5."""

    def __init__(self):
        self.classes_ = np.array([0, 1])

    def predict_proba(self, X):
        proba = np.array([0, 1, 0.8, 0.5])
        return np.column_stack([1 - proba, proba])


def test_scores_are_levels_or_log_odds(cells):
    regressor = HistoneLinearRegressor().fit(cells)
    np.testing.assert_allclose(score_samples(regressor, cells), regressor.predict(cells))
    classifier = HistoneLinearClassifier().fit(cells)
    proba = classifier.predict_proba(cells)[:, 1].astype(float)
    odds = np.log(proba / (1 - proba))
    np.testing.assert_allclose(score_samples(classifier, cells), odds, atol=1e-3)
    scores = score_samples(Probable(), cells.take([0, 1, 2, 3]))
    np.testing.assert_allclose(scores[2:], [np.log(4), 0], atol=1e-12)
    assert np.isfinite(scores).all()
    assert scores[0] == pytest.approx(-scores[1]) == np.log(1e-6)


def test_change_is_the_difference_of_scores(cells):
    first, second = (cells.select(cells=cell) for cell in ("C01", "C02"))
    way = ScoreChange(HistoneLinearRegressor(n_regions=2), cells.cells).fit(cells, cells)
    scores, change, drivers, how = way.predict(first, second)
    np.testing.assert_allclose(scores[0], way.estimator_.predict(first))
    np.testing.assert_allclose(change, scores[1] - scores[0])
    np.testing.assert_allclose(drivers.sum(axis=1), change, atol=1e-4)
    assert how == "exchange"
    assert way.unit == "log2 fold change"
    assert ScoreChange(HistoneLinearClassifier(), []).unit == "change of log-odds"


def test_names_are_one_line():
    assert name_of(None) == "as they are"
    long = HistoneLinearClassifier(n_regions=10, alpha=0.125, max_iter=500, pooling="max", lr=0.5)
    assert name_of(long).startswith("HistoneLinearClassifier(alpha=0.125")
    assert "\n" not in name_of(long)


def test_pairs_to_learn_from():
    cells = ["A", "B", "C", "D"]
    assert choose_pairs(cells, ("C", "A")) == [("C", "A")]
    every = choose_pairs(cells, ("A", "new"))
    assert sorted(every) == [
        ("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"), ("C", "D")
    ]  # fmt: skip
    assert choose_pairs(["A", "B"], ("x", "y")) == [("A", "B")]
    many = choose_pairs([f"E{n:03}" for n in range(56)], ("x", "y"))
    assert len(many) == len(set(many)) == 20
    several = choose_pairs([f"E{n}" for n in range(9)], ("x", "y"))
    counts = np.unique(np.ravel(several), return_counts=True)[1]
    assert len(several) == 20
    assert np.ptp(counts) <= 1


def test_of_many_pairs_a_part_of_the_genes_is_learned_from(cells, monkeypatch):
    monkeypatch.setattr("histoexpr.transfer._changes._MOST_SAMPLES", 100)
    data = make_histone_cells(n_cells=3, n_genes=90, random_state=0)
    pairs = [("C01", "C02"), ("C03", "C01")]
    made = PairChange(None, pairs)._make_pairs(data)
    counts = dict(zip(*np.unique(made.cell, return_counts=True), strict=True))
    assert counts == {"C01 vs C02": 50, "C03 vs C01": 50}
    of = {name: set(made.gene[made.cell == name]) for name in counts}
    assert of["C01 vs C02"] != of["C03 vs C01"]
    again = PairChange(None, pairs)._make_pairs(data)
    np.testing.assert_array_equal(made.gene, again.gene)
    whole = PairChange(None, pairs[:1])._make_pairs(data)
    assert len(whole) == 90
    apart = data.replace(gene=[f"{c}{g}" for c, g in zip(data.cell, data.gene, strict=True)])
    with pytest.raises(ValueError, match="No two cells of C01, C02, C03 have a gene in common"):
        PairChange(None, pairs)._make_pairs(apart)


def test_change_of_a_pair_flips_its_sign_with_the_order(cells):
    first, second = (cells.select(cells=cell) for cell in ("C01", "C02"))
    way = PairChange(HistoneLinearRegressor(n_regions=2), [("C01", "C02")]).fit(cells, cells)
    scores, change, drivers, how = way.predict(first, second)
    assert scores is None
    assert how == "shapley"
    np.testing.assert_allclose(drivers.sum(axis=1), change, atol=1e-9)
    _, other, of_other, _ = way.predict(second, first)
    np.testing.assert_array_equal(change, -other)
    np.testing.assert_allclose(drivers, -of_other, atol=1e-9)
    assert np.corrcoef(change, np.log2((second.expression + 1) / (first.expression + 1)))[0, 1] > 0


def test_a_mark_that_does_not_change_drives_nothing(cells):
    first, second = (cells.select(cells=cell) for cell in ("C01", "C02"))
    X = np.array(second.X)
    X[:, :, 1:] = first.X[:, :, 1:]
    way = PairChange(None, [("C01", "C02")]).fit(cells, cells)
    _, change, drivers, _ = way.predict(first, second.replace(X=X))
    np.testing.assert_array_equal(drivers[:, 1:], 0)
    np.testing.assert_allclose(drivers[:, 0], change)
    assert np.abs(change).max() > 0
    _, change, drivers, _ = way.predict(first, first.replace(cell=["C02"] * len(first)))
    np.testing.assert_array_equal(change, 0)


def choose(estimator=None, method="auto", target="expression", samples=None):
    return choose_way(estimator, method, "auto", target, samples, ("C01", "C02"))


def test_way_is_chosen_by_what_there_is(cells):
    assert isinstance(choose(samples=cells), PairChange)
    assert isinstance(choose(samples=cells.select(cells="C01")), ScoreChange)
    assert isinstance(choose(samples=cells, target="label"), ScoreChange)
    assert choose(samples=cells).normalizer is None  # of the pair itself depth is learned
    others = make_histone_cells(n_cells=3, n_genes=50, random_state=0)
    others = others.select(cells=["C01", "C03"])
    for other in (choose(samples=others), choose(samples=cells, method="scores")):
        assert isinstance(other.normalizer, CellNormalizer)
    for normalize in (True, False):
        way = choose_way(None, "auto", normalize, "expression", cells, ("C01", "C02"))
        assert (way.normalizer is not None) == normalize
    given = PairRegressor(HistoneLinearRegressor(), antisymmetric=False)
    assert choose(given, samples=cells).estimator is given
    wrapped = choose(HistoneLinearRegressor(), samples=cells).estimator
    assert isinstance(wrapped, PairRegressor)
    few = cells.replace(X=cells.X[:, :4], window=None)
    assert choose(method="scores", samples=few).estimator.n_regions == 4
    with pytest.raises(ValueError, match=r"two cells with expression or more .* there is C01"):
        choose(method="pairs", samples=cells.select(cells="C01"))
    with pytest.raises(ValueError, match=r"labels only\. Take method='scores'"):
        choose(method="pairs", target="label", samples=cells)
