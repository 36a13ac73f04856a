"""Splitters: no leakage by cell, gene or chromosome; scikit-learn's tools."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate

from histoexpr import CellPairSplit, CrossCellSplit, LeaveOneCellOut
from histoexpr.model_selection import check_groups
from support.group_tables import CELLS, GROUPS, as_frame

SPLITTERS = [
    LeaveOneCellOut(),
    *[
        CrossCellSplit(regime, genes=genes, n_splits=3)
        for regime in ("exclusive", "inclusive")
        for genes in ("kfold", "split", "chromosome")
    ],
    CellPairSplit(),
    *[
        CellPairSplit(genes=genes, include_same=same, n_splits=3)
        for genes in ("kfold", "split", "chromosome")
        for same in (True, False)
    ],
]


@pytest.fixture(params=SPLITTERS, ids=lambda cv: repr(cv).replace("\n       ", ""))
def cv(request):
    return request.param


def test_no_leakage(cv):
    splits = list(cv.split(np.empty(len(GROUPS)), groups=GROUPS))
    labels = cv.split_labels(GROUPS)
    assert len(splits) == len(labels) == cv.get_n_splits(groups=GROUPS) > 0
    for (train, test), label in zip(splits, labels, strict=True):
        assert len(train)
        assert len(test)
        assert not np.intersect1d(train, test).size
        assert set(GROUPS["cell"][test]) == {label["test_cell"]}
        assert set(GROUPS["cell"][train]) == set(label["train_cells"])
        if cv.genes is not None:
            assert not np.intersect1d(GROUPS["gene"][train], GROUPS["gene"][test]).size
        if cv.genes == "chromosome":
            assert not np.intersect1d(GROUPS["chrom"][train], GROUPS["chrom"][test]).size
            assert set(GROUPS["chrom"][test]) <= set(label["fold"].split("+"))
        if cv.genes == "split":
            assert set(GROUPS["split"][train]) == {"train"}
            assert set(GROUPS["split"][test]) == {"test"}
        inclusive = getattr(cv, "regime", "exclusive") == "inclusive"
        if not inclusive and not getattr(cv, "include_same", False):
            assert label["test_cell"] not in GROUPS["cell"][train]


def test_nothing_is_left_out(cv):
    """Training sets hold all that may be trained on; test folds cover every sample."""
    tested = {}
    for (train, test), label in zip(cv.split(groups=GROUPS), cv.split_labels(GROUPS), strict=True):
        allowed = np.isin(GROUPS["cell"], label["train_cells"])
        if cv.genes in ("kfold", "chromosome"):
            fold = _genes_of_fold(cv, label["fold"])
            allowed &= ~np.isin(GROUPS["gene"], fold)
        elif cv.genes == "split":
            allowed &= GROUPS["split"] == "train"
        assert np.array_equal(train, np.flatnonzero(allowed))
        key = label["train_cells"], label["test_cell"]
        tested.setdefault(key, []).extend(test)
    for (_, cell), rows in tested.items():
        expected = GROUPS["cell"] == cell
        if cv.genes == "split":
            expected &= GROUPS["split"] == "test"
        assert sorted(rows) == np.flatnonzero(expected).tolist()


def _genes_of_fold(cv, fold):
    """All genes tested in a fold, in any cell."""
    return np.concatenate(
        [
            GROUPS["gene"][test]
            for (_, test), label in zip(
                cv.split(groups=GROUPS), cv.split_labels(GROUPS), strict=True
            )
            if label["fold"] == fold
        ]
    )


def test_row_order_does_not_matter(cv):
    order = np.random.default_rng(1).permutation(len(GROUPS))
    there = cv.split(groups=GROUPS)
    here = cv.split(groups=GROUPS[order])
    for (train, test), (shuffled_train, shuffled_test) in zip(there, here, strict=True):
        assert np.array_equal(np.sort(order[shuffled_train]), train)
        assert np.array_equal(np.sort(order[shuffled_test]), test)


def test_cells():
    def pairs(cv):
        return [(label["train_cells"], label["test_cell"]) for label in cv.split_labels(GROUPS)]

    a, b, c = CELLS
    assert pairs(LeaveOneCellOut()) == [((b, c), a), ((a, c), b), ((a, b), c)]
    assert pairs(LeaveOneCellOut(["E123", "E003"])) == [((a, b), c), ((b, c), a)]
    assert pairs(CrossCellSplit(genes="split", cells=b)) == [((a, c), b)]
    assert pairs(CrossCellSplit("inclusive", genes="split", cells=b)) == [((a, b, c), b)]
    assert pairs(CellPairSplit()) == [
        ((a,), b), ((a,), c), ((b,), a), ((b,), c), ((c,), a), ((c,), b),
    ]  # fmt: skip
    assert pairs(CellPairSplit(a, [a, c])) == [((a,), c)]
    same = CellPairSplit(a, [a, c], include_same=True, genes="split")
    assert pairs(same) == [((a,), a), ((a,), c)]


def test_inclusive_within_a_single_cell():
    groups = GROUPS[GROUPS["cell"] == "E003"]
    assert len(list(CrossCellSplit("inclusive").split(groups=groups))) == 5


RNG = np.random.default_rng(5)

Y = np.arange(len(GROUPS)) % 2

X = RNG.normal(size=(len(GROUPS), 3)) + Y[:, None]

MODEL = LogisticRegression()


@pytest.mark.parametrize("routing", [False, True])
def test_cross_val_score(cv, routing):
    expected = [
        clone(MODEL).fit(X[train], Y[train]).score(X[test], Y[test])
        for train, test in cv.split(X, Y, GROUPS)
    ]
    with sklearn.config_context(enable_metadata_routing=routing):
        groups = {"params": {"groups": GROUPS}} if routing else {"groups": GROUPS}
        scores = cross_val_score(MODEL, X, Y, cv=cv, error_score="raise", **groups)
        results = cross_validate(MODEL, X, Y, cv=cv, return_indices=True, **groups)
    assert scores.tolist() == expected == results["test_score"].tolist()


@pytest.mark.parametrize("routing", [False, True])
def test_grid_search(cv, routing):
    search = GridSearchCV(MODEL, {"C": [0.1, 1]}, cv=cv, error_score="raise")
    with sklearn.config_context(enable_metadata_routing=routing):
        search.fit(X, Y, groups=GROUPS)
    assert search.n_splits_ == cv.get_n_splits(groups=GROUPS)


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("form", ["structured", "frame", "pairs", "list"])
def test_nested_search(routing, form):
    groups = {
        "structured": lambda: GROUPS,
        "frame": lambda: as_frame(GROUPS),
        "pairs": lambda: np.column_stack([GROUPS["cell"], GROUPS["gene"]]),
        "list": lambda: [tuple(row) for row in GROUPS[["cell", "gene"]].tolist()],
    }[form]()
    seen = []

    class Spy(CrossCellSplit):
        def split(self, X=None, y=None, groups=None):
            seen.append(check_groups(groups, len(X)))
            yield from super().split(X, y, groups)

    search = GridSearchCV(MODEL, {"C": [0.1, 1]}, cv=Spy("inclusive", n_splits=2))
    with sklearn.config_context(enable_metadata_routing=routing):
        names = {"params": {"groups": groups}} if routing else {
            "groups": groups, "params": {"groups": groups},
        }  # fmt: skip
        cross_val_score(search, X, Y, cv=LeaveOneCellOut(), error_score="raise", **names)
    outer = list(LeaveOneCellOut().split(groups=GROUPS))
    assert len(seen) == 3
    for inner, (train, _) in zip(seen, outer, strict=True):
        assert np.array_equal(inner.cell, GROUPS["cell"][train])
        assert np.array_equal(inner.gene, GROUPS["gene"][train])


def test_pickle_and_clone(cv):
    again = pickle.loads(pickle.dumps(cv))
    assert repr(again) == repr(cv)
    assert again.split_labels(GROUPS) == clone(cv, safe=False).split_labels(GROUPS)


def test_repr():
    assert repr(LeaveOneCellOut()) == "LeaveOneCellOut(cells=None)"
    text = repr(CrossCellSplit("inclusive", n_splits=3)).replace("\n       ", "")
    assert text.startswith("CrossCellSplit(cells=None, genes='kfold', n_splits=3,")
    assert "regime='inclusive'" in text
