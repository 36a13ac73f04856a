"""Importance of marks, against what is known of simple models and of simulated data."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    ReferenceClassifier,
    make_histone_cells,
    mark_importance,
)
from support.planted import SMALL_CNN, Known


class Sum(RegressorMixin, BaseEstimator):
    """Predicts weights · the means of the marks in the first and in the second half."""

    def __init__(self, weights=((1, 0, 0), (0, 1, 0))):
        self.weights = weights

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y=None):
        return self

    def predict(self, X):
        X = np.asarray(X)
        halves = np.stack([half.mean(axis=1) for half in np.split(X, 2, axis=1)], axis=1)
        return np.einsum("srm,rm->s", halves, np.asarray(self.weights, dtype=float))


def draw(n, rng, weights=(1.5, 1.0, 0.0), n_chrom=22):
    """Return marks of which the first two add up in the log-odds and the third is inert."""
    z = rng.normal(size=(n, 3))
    y = (rng.random(n) < 1 / (1 + np.exp(-z @ weights))).astype(int)
    X = z[:, None] + 0.3 * rng.normal(size=(n, 4, 3))
    chrom = [f"chr{c}" for c in rng.integers(n_chrom, size=n)]
    gene = [f"g{i}" for i in range(n)]
    return HistoneDataset(X, y, cell=["A"] * n, gene=gene, chrom=chrom, marks=["a", "b", "inert"])


@pytest.fixture(scope="module")
def cells():
    data = make_histone_cells(n_cells=2, n_genes=160, random_state=0)
    held_out = np.isin(data.gene, data.genes[::2])
    return data.take(~held_out), data.take(held_out)


def test_only_what_the_model_reads_is_important():
    rng = np.random.default_rng(0)
    X, model = rng.poisson(5, (200, 6, 3)), Sum()
    y = model.predict(X)
    table = mark_importance(model, X, y, regions=2, random_state=0).table
    important = table["importance"].to_numpy().reshape(3, 2) != 0
    assert important.tolist() == [[True, False], [False, True], [False, False]]
    inert = table[~important.ravel()]
    assert (inert[["importance", "low", "high", "sd"]] == 0).all(axis=None)
    assert table["first"].tolist() == [-300, 0] * 3
    assert table["last"].tolist() == [0, 300] * 3


def test_removal_is_the_score_without_the_mark():
    rng = np.random.default_rng(0)
    X, model = rng.poisson(5, (200, 6, 3)).astype(np.uint8), Sum()
    y = model.predict(X) + rng.normal(size=200)
    before = X.copy()
    found = mark_importance(model, X, y, method="remove", marks=[1, [0, 1]], random_state=0)
    without = X.copy()
    without[:, :, 1] = 0
    first, both = found.table["importance"]
    assert found.score == pytest.approx(r2_score(y, model.predict(X)))
    assert first == pytest.approx(found.score - r2_score(y, model.predict(without)))
    assert both == pytest.approx(found.score - r2_score(y, np.zeros(200)))
    assert found.table["mark"].tolist() == ["mark2", "mark1 + mark2"]
    assert (found.n_repeats, found.unit) == (1, "sample group")
    assert found.table["sd"].isna().all()
    np.testing.assert_array_equal(X, before)


def test_permuted_linear_model_loses_what_theory_says():
    """For y = a + b, R² falls by 2 var(a) / var(y): other tracks are noise."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(8000, 1, 2)) * [2, 1], 2, axis=1)
    model = Sum(((0.5, 0.5), (0.5, 0.5)))
    y = model.predict(X)
    table = mark_importance(model, X, y, n_repeats=2, random_state=0).table
    assert table["importance"].tolist() == pytest.approx([2 * 4 / 5, 2 * 1 / 5], abs=0.06)


def test_one_gene_gives_all_bins_and_all_marks_of_a_group():
    """What depends on bins and marks that agree within a gene is not torn apart."""
    X = np.repeat(np.random.default_rng(0).poisson(5, (100, 1, 1)), 6, axis=1).repeat(3, axis=2)

    class Agrees(Sum):
        def predict(self, X):
            X = np.asarray(X)
            whole = (X[:, :, :2] == X[:, :1, :1]).all(axis=(1, 2))
            return np.where(whole, 1.0, -1000.0) * (1 + X[:, 0, 2])

    y = 1.0 + X[:, 0, 2]
    table = mark_importance(Agrees(), X, y, marks=[[0, 1], 0], random_state=0).table
    assert table["importance"].iloc[0] == 0
    assert table["importance"].iloc[1] > 100


def test_correlated_marks_share_importance_and_are_found_together():
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(1500, 2, 1)), 2, axis=2)  # the same twice
    y = X.mean(axis=(1, 2))
    halves = Sum(((0.25, 0.25), (0.25, 0.25)))
    table = mark_importance(halves, X, y, marks=[0, 1, [0, 1]], random_state=0).table
    alone, _, together = table["importance"]
    assert alone == pytest.approx(0.5, abs=0.1)  # 2 (1/2)² / 1
    assert together == pytest.approx(2, abs=0.2)


def test_importance_within_strata_is_what_is_beyond_them():
    rng = np.random.default_rng(0)
    state = rng.integers(4, size=2000)
    X = np.repeat(state[:, None, None] + 0.1 * rng.normal(size=(2000, 1, 2)), 2, axis=1)
    model = Sum(((0.5, 0), (0.5, 0)))
    y = model.predict(X)
    free = mark_importance(model, X, y, marks=[0], random_state=0)
    bound = mark_importance(model, X, y, marks=[0], within=state, random_state=0)
    assert free.table["importance"][0] > 1.9
    assert bound.table["importance"][0] < 0.05
    assert bound.conditional
    assert not free.conditional


def test_an_inert_mark_covers_0_and_a_known_one_is_found():
    """Of 40 held-out sets at 95 %, 8 or more misses had a chance of 1 in 2,000."""
    missed, found = 0, 0
    rng = np.random.default_rng(1)
    train = draw(150, rng)
    model = make_pipeline(BinPooler(), LogisticRegression()).fit(train, train.y)
    assert model[-1].coef_[0][2] != 0  # noise was learned
    for seed in range(40):
        held_out, options = draw(300, rng), {"n_repeats": 2, "random_state": seed}
        table = mark_importance(model, held_out, scoring="log_loss", **options).table
        low, high = table["low"], table["high"]
        missed += low[2] > 0 or high[2] < 0
        found += low[0] > 0 and low[1] > 0
    assert missed <= 7
    assert found == 40


@pytest.mark.slow
@pytest.mark.parametrize(("scoring", "n_repeats"), [("roc_auc", 5), ("log_loss", 1)])
def test_intervals_cover_the_importance_in_the_population(scoring, n_repeats):
    """Of 200 sets at 95 %; 25 misses or more had a chance below 1 in 10,000."""
    rng = np.random.default_rng(0)
    train = draw(150, rng)
    model = make_pipeline(BinPooler(), LogisticRegression()).fit(train, train.y)
    options = {"scoring": scoring, "n_repeats": n_repeats}
    truth = mark_importance(model, draw(40000, rng), random_state=0, **options).table["importance"]
    missed = np.zeros(3, dtype=int)
    for seed in range(200):
        table = mark_importance(model, draw(400, rng), random_state=seed, **options).table
        missed += (table["low"] > truth) | (table["high"] < truth)
    assert (missed < 25).all(), missed


def test_neighbours_that_are_alike_widen_the_interval():
    """Genes of a chromosome that are copies of each other count once."""
    rng = np.random.default_rng(0)
    train, one = draw(150, rng), draw(20, rng, n_chrom=1)
    model = make_pipeline(BinPooler(), LogisticRegression()).fit(train, train.y)
    y = np.tile([0, 1], 10)
    columns = {"cell": ["A"] * 400, "gene": [f"g{i}" for i in range(400)], "marks": one.marks}
    X = np.tile(one.X, (20, 1, 1))
    chrom = np.tile([f"chr{i}" for i in range(20)], 20)
    by_block = HistoneDataset(X, np.tile(y, 20), chrom=chrom, **columns)
    by_gene = HistoneDataset(X, np.tile(y, 20), **columns)
    wide, narrow = (
        mark_importance(model, d, marks=["a"], random_state=0) for d in (by_block, by_gene)
    )
    assert (wide.unit, wide.n_blocks) == ("chromosome", 20)
    assert (narrow.unit, narrow.n_blocks) == ("gene group", 100)
    widths = [(f.table["high"] - f.table["low"])[0] for f in (wide, narrow)]
    assert widths[0] > 2 * widths[1]


def _reference(genes):
    drawn = np.random.default_rng(0).lognormal(size=len(genes))
    reference = pd.DataFrame({"R": drawn}, index=genes)
    return ReferenceClassifier(reference=reference, cv=2)


def _search(genes):
    model = make_pipeline(BinPooler(), LogisticRegression())
    return GridSearchCV(model, {"logisticregression__C": [0.1, 1]}, cv=2)


def _boosting(genes):
    return make_pipeline(BinPooler(n_regions=4), HistGradientBoostingClassifier(max_iter=10))


def _cnn(genes):
    return HistoneCNNClassifier(**SMALL_CNN, random_state=0)


def _regressor(genes):
    return HistoneLinearRegressor(device="cpu")


@pytest.mark.parametrize("make", [_cnn, _boosting, _search, _reference, _regressor])
def test_any_estimator_is_served(cells, make):
    train, test = cells
    model = make(np.union1d(train.genes, test.genes))
    model.fit(train, train.y if make in (_boosting, _search) else None)
    found = mark_importance(model, test, n_repeats=1, random_state=0)
    best = found.table.set_index("mark")["importance"]
    assert best["H3K4me3"] > max(best["H3K9me3"], 0.01)
    assert found.score_low < found.score < found.score_high


def test_arrays_and_data_sets_agree(cells):
    train, test = cells
    cell = test.select(cells="C01")
    linear = HistoneLinearClassifier(device="cpu").fit(train)
    options = {"random_state": 3, "n_repeats": 2, "regions": [(0, 5000)]}
    first = mark_importance(linear, cell, **options)
    second = mark_importance(linear, cell.X, cell.y, **options)
    columns = ["mark", "first", "last", "importance", "sd", "score"]
    pd.testing.assert_frame_equal(first.table[columns], second.table[columns])
    assert (
        first.score
        == second.score
        == pytest.approx(roc_auc_score(cell.y, linear.decision_function(cell)))
    )
    again = mark_importance(linear, cell, **options)
    pd.testing.assert_frame_equal(first.table, again.table)
    some = mark_importance(linear, cell, marks=["H3K36me3"], **options).table
    expected = first.table[first.table["mark"] == "H3K36me3"].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, expected)
    turned = cell.select(marks=cell.marks[::-1])
    other = mark_importance(linear, turned, marks=["H3K36me3"], **options).table
    pd.testing.assert_frame_equal(some, other)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"marks": ["mark9"]}, "marks is 'mark9'; the marks of the signals are mark1, mark2"),
        ({"marks": [["mark1", "mark1"]]}, "each once"),
        ({"marks": []}, "each once"),
        ({"marks": [0, "mark1"]}, "each once"),
        ({"regions": 0}, "regions must be a positive integer"),
        ({"regions": 11}, "choose 1 to 10"),
        ({"regions": (0, 10000)}, r"regions \(0, 10000\) must go upwards and lie within"),
        ({"regions": [(0, 150)]}, "cuts through a bin"),
        ({"regions": []}, "each once"),
        ({"regions": 1.5}, "regions must be a number of regions or"),
        ({"regions": "all"}, "regions must be a number of regions or .* got 'all'"),
        ({"within": np.arange(40) % 2, "method": "remove"}, "'remove' exchanges none"),
        ({"method": "shuffle"}, "'method'"),
        ({"n_repeats": 0}, "'n_repeats'"),
        ({"scoring": "f1"}, "one of roc_auc"),
        ({"target": 7}, "target 7 is not a class"),
        ({"y": None}, "y is missing"),
        ({"within": np.arange(40)}, "have no other to exchange"),
    ],
)
def test_what_does_not_fit_is_named(params, message):
    X = np.random.default_rng(0).poisson(3, (40, 10, 3))
    given = {"estimator": Known(), "X": X, "y": np.arange(40) % 2}
    with pytest.raises(ValueError, match=message):
        mark_importance(**given | params)
