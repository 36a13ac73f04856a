"""Pairs of cells: signals, changes and targets worked out by hand."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from histoexpr import HistoneDataset, HistoneLinearClassifier, SignalScaler, pair_cells
from histoexpr.classification import CLASSIFIERS
from histoexpr.datasets import make_histone_cells
from histoexpr.exceptions import HistoexprWarning
from histoexpr.regression import REGRESSORS


def three_cells(**changes):
    """Genes in another order in each cell; gene d only in B."""
    parts = {
        "X": np.arange(20).reshape(10, 1, 2),
        "y": [0, 1, 0, 1, 0, 0, 1, 0, 0, 1],
        "cell": list("AAABBBBCCC"),
        "gene": list("abcbadcabc"),
        "expression": [0.0, 3.0, 1.0, 3.0, 1.0, 9.0, 7.0, 0.0, 1.0, 3.0],
        "chrom": ["chr" + {"a": "1", "b": "2", "c": "3", "d": "4"}[g] for g in "abcbadcabc"],
        "marks": ["K4", "K27"],
        "oriented": True,
        "meta": {"from": "here"},
    }
    return HistoneDataset(**parts | changes)


def paired(*args, **kwargs):
    with pytest.warns(HistoexprWarning, match="only one of the two cells has are left out: 1 of"):
        return pair_cells(*args, **kwargs)


def test_signals_changes_and_target_of_a_pair():
    pairs = paired(three_cells(), [("A", "B")])

    assert pairs.cell.tolist() == ["A vs B"] * 3
    assert pairs.gene.tolist() == ["a", "b", "c"]  # in the order of the first cell
    assert pairs.chrom.tolist() == ["chr1", "chr2", "chr3"]
    assert pairs.marks == [
        "first:K4", "first:K27", "second:K4", "second:K27", "change:K4", "change:K27",
    ]  # fmt: skip
    assert pairs.X[:, 0].tolist() == [
        [0, 1, 8, 9, 8, 8],
        [2, 3, 6, 7, 4, 4],
        [4, 5, 12, 13, 8, 8],
    ]
    # log2 of 2/1, 4/4 and 8/2
    assert pairs.log2_fold_change.tolist() == [1.0, 0.0, 2.0]
    assert pairs.y.tolist() == [1, 0, 1]
    assert (pairs.expression, pairs.oriented, pairs.window) == (None, True, (0, 100))
    assert pairs.meta == {
        "from": "here",
        "pair_cells": {
            "target": "log2_fold_change",
            "min_change": None,
            "left_out": {"A vs B": {"in_one_cell": 1, "not_changed": 0}},
        },
    }


def test_all_pairs_and_both_orders():
    pairs = paired(three_cells())
    assert pairs.cells.tolist() == ["A vs B", "A vs C", "B vs C"]
    both = paired(three_cells(), [("B", "A")], symmetric=True)
    assert both.cell.tolist() == ["B vs A"] * 3 + ["A vs B"] * 3
    back, there = both.select(cells="B vs A"), both.select(cells="A vs B")
    assert back.gene.tolist() == there.gene.tolist() == ["b", "a", "c"]
    assert back.log2_fold_change.tolist() == (-there.log2_fold_change).tolist() == [0, -1, -2]
    assert np.array_equal(back.X[..., :2], there.X[..., 2:4])
    assert np.array_equal(back.X[..., 4:], -there.X[..., 4:])


def test_counts_stay_counts_without_changes():
    counts = paired(three_cells(), [("A", "B")], change=False)
    assert counts.X.dtype == np.uint8
    assert counts.marks == ["first:K4", "first:K27", "second:K4", "second:K27"]


@pytest.mark.parametrize(
    ("dtype", "value", "expected"),
    [
        (np.uint16, 60_000, np.float32),
        (np.uint32, 2**24, np.float32),
        (np.uint32, 2**24 + 1, np.float64),
        (np.float16, 0.5, np.float32),
        (np.float32, 0.1, np.float32),
        (np.float64, 0.1, np.float64),
    ],
)
def test_differences_are_exact(dtype, value, expected):
    X = np.array([[[value]], [[0]]], dtype=dtype)
    pairs = pair_cells(HistoneDataset(X, cell=["A", "B"], gene=["g", "g"]))
    assert pairs.X.dtype == expected
    assert pairs.X[0, 0].tolist() == [X[0, 0, 0], 0, -float(X[0, 0, 0])]


def test_genes_that_do_not_change():
    data = three_cells()
    direction = paired(data, [("A", "B")], "direction")
    assert direction.gene.tolist() == ["a", "c"]
    assert direction.meta["pair_cells"]["left_out"]["A vs B"]["not_changed"] == 1
    assert paired(data, [("A", "B")], min_change=1.5).gene.tolist() == ["c"]
    assert paired(data, [("A", "B")], min_change=2).gene.tolist() == ["c"]
    # labels: a 0 -> 0, b 1 -> 1, c 0 -> 1
    assert paired(data, [("A", "B")], min_change="label").gene.tolist() == ["c"]
    with pytest.raises(ValueError, match=r"No gene is left of A vs B.*min_change=3"):
        pair_cells(data, [("A", "B")], min_change=3)
    with pytest.raises(ValueError, match=r"min_change='label' needs labels.*relabel"):
        pair_cells(data.replace(y=None), min_change="label")


def test_expression_that_is_not_known():
    data = three_cells()
    without = paired(data.replace(expression=None), [("A", "B")])
    assert (without.y, without.log2_fold_change, len(without)) == (None, None, 3)
    expression = data.expression.copy()
    expression[0] = np.nan  # gene a in A
    some = paired(data.replace(expression=expression), [("A", "B")])
    assert some.y is None
    np.testing.assert_array_equal(some.log2_fold_change, [np.nan, 0, 2])
    kept = paired(data.replace(expression=expression), [("A", "B")], "direction")
    assert (kept.gene.tolist(), kept.y.tolist()) == (["c"], [1])
    expression[0] = -1
    with pytest.raises(ValueError, match="negative, the first being gene a in cell A"):
        pair_cells(data.replace(expression=expression))


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("A", "D")], "no cell D"),
        ([("A", "A")], "two different cells"),
        ([("A", "B", "C")], "two different cells"),
        (["A"], "two different cells"),
        ([], "at least one pair"),
        ([("A", "B"), ("A", "B")], "each once"),
        ("some", "pairs"),
    ],
)
def test_pairs_that_cannot_be(pairs, message):
    with pytest.raises(ValueError, match=message):
        pair_cells(three_cells(), pairs)


def test_cells_that_cannot_be_paired():
    data = three_cells()
    with pytest.raises(ValueError, match="need two cells or more, and the data set has A"):
        pair_cells(data.select(cells="A"))
    pairs = pair_cells(data, [("A", "C")])
    with pytest.raises(ValueError, match="Are these pairs already"):
        pair_cells(HistoneDataset.concat([pairs, pairs.replace(cell=["other"] * 3)]))
    with pytest.raises(ValueError, match="HistoneDataset"):
        pair_cells(data.X)
    with pytest.raises(ValueError, match="No gene is left of A vs B"):
        pair_cells(data.replace(gene=list("abcdefghij")), [("A", "B")])


LEARNERS = {**CLASSIFIERS, **REGRESSORS}
SMALL = {"hidden_sizes": (8,), "n_filters": 4, "max_epochs": 1, "n_regions": 2}


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=80, random_state=0)


@pytest.mark.parametrize("name", LEARNERS)
def test_every_estimator_learns_pairs(name, cells):
    pairs = pair_cells(cells)
    model = LEARNERS[name]()
    model.set_params(**{k: v for k, v in SMALL.items() if k in model.get_params()})
    scores = cross_val_score(model, pairs, groups=pairs.gene, cv=GroupKFold(2), y=pairs.y)
    assert np.isfinite(scores).all()
    fitted = model.fit(pairs)
    other = pairs.select(marks=pairs.marks[::-1])  # matched by name
    np.testing.assert_allclose(fitted.predict(other), fitted.predict(pairs), rtol=1e-5)


def test_pipelines_and_searches_learn_the_direction():
    cells = make_histone_cells(n_cells=2, n_genes=600, random_state=0)
    pairs = pair_cells(cells, target="direction", min_change=1)
    model = make_pipeline(SignalScaler(), HistoneLinearClassifier(log1p=False))
    grid = {"histonelinearclassifier__n_regions": [1, 5]}
    search = GridSearchCV(model, grid, cv=GroupKFold(3), scoring="roc_auc")
    search.fit(pairs, pairs.y, groups=pairs.gene)
    assert search.best_score_ > 0.7
    shuffled = pairs.replace(y=np.random.default_rng(0).permutation(pairs.y))
    search.fit(shuffled, shuffled.y, groups=pairs.gene)
    assert 0.35 < search.best_score_ < 0.65


def test_directions_and_least_changes_need_expression():
    data = make_histone_cells(n_cells=2, n_genes=20, random_state=0).replace(expression=None)
    for params in ({"target": "direction"}, {"min_change": 1.0}):
        with pytest.raises(ValueError, match="needs expression"):
            pair_cells(data, **params)
