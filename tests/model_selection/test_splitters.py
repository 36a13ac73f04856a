"""Splitters: no leakage by cell, gene or chromosome; scikit-learn's tools."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate

from histoexpr import CellPairSplit, CrossCellSplit, LeaveOneCellOut, UnseenCellsSplit
from histoexpr.model_selection import check_groups
from support.group_tables import CELLS, GROUPS, PAIRS, as_frame

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
    *[
        UnseenCellsSplit(unseen, genes=genes, n_splits=3)
        for genes in ("kfold", "split", "chromosome", None)
        for unseen in (1, 2)
    ],
]


@pytest.fixture(params=SPLITTERS, ids=lambda cv: repr(cv).replace("\n       ", ""))
def cv(request):
    return request.param


@pytest.fixture
def groups(cv):
    return PAIRS if isinstance(cv, UnseenCellsSplit) else GROUPS


def test_no_leakage(cv, groups):
    splits = list(cv.split(np.empty(len(groups)), groups=groups))
    labels = cv.split_labels(groups)
    assert len(splits) == len(labels) == cv.get_n_splits(groups=groups) > 0
    for (train, test), label in zip(splits, labels, strict=True):
        assert len(train)
        assert len(test)
        assert not np.intersect1d(train, test).size
        assert set(groups["cell"][test]) == {label["test_cell"]}
        assert set(groups["cell"][train]) == set(label["train_cells"])
        if cv.genes is not None:
            assert not np.intersect1d(groups["gene"][train], groups["gene"][test]).size
        if cv.genes == "chromosome":
            assert not np.intersect1d(groups["chrom"][train], groups["chrom"][test]).size
            assert set(groups["chrom"][test]) <= set(label["fold"].split("+"))
        if cv.genes == "split":
            assert set(groups["split"][train]) == {"train"}
            assert set(groups["split"][test]) == {"test"}
        inclusive = getattr(cv, "regime", "exclusive") == "inclusive"
        if not inclusive and not getattr(cv, "include_same", False):
            assert label["test_cell"] not in groups["cell"][train]


def test_nothing_is_left_out(cv, groups):
    """Training sets hold all that may be trained on; test folds cover every sample."""
    tested = {}
    for (train, test), label in zip(cv.split(groups=groups), cv.split_labels(groups), strict=True):
        allowed = np.isin(groups["cell"], label["train_cells"])
        if cv.genes in ("kfold", "chromosome"):
            fold = _genes_of_fold(cv, groups, label["fold"])
            allowed &= ~np.isin(groups["gene"], fold)
        elif cv.genes == "split":
            allowed &= groups["split"] == "train"
        assert np.array_equal(train, np.flatnonzero(allowed))
        key = label["train_cells"], label["test_cell"]
        tested.setdefault(key, []).extend(test)
    for (_, cell), rows in tested.items():
        expected = groups["cell"] == cell
        if cv.genes == "split":
            expected &= groups["split"] == "test"
        assert sorted(rows) == np.flatnonzero(expected).tolist()


def _genes_of_fold(cv, groups, fold):
    """All genes tested in a fold, in any cell."""
    return np.concatenate(
        [
            groups["gene"][test]
            for (_, test), label in zip(
                cv.split(groups=groups), cv.split_labels(groups), strict=True
            )
            if label["fold"] == fold
        ]
    )


def test_row_order_does_not_matter(cv, groups):
    order = np.random.default_rng(1).permutation(len(groups))
    there = cv.split(groups=groups)
    here = cv.split(groups=groups[order])
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
def test_cross_val_score(cv, groups, routing):
    expected = [
        clone(MODEL).fit(X[train], Y[train]).score(X[test], Y[test])
        for train, test in cv.split(X, Y, groups)
    ]
    with sklearn.config_context(enable_metadata_routing=routing):
        given = {"params": {"groups": groups}} if routing else {"groups": groups}
        scores = cross_val_score(MODEL, X, Y, cv=cv, error_score="raise", **given)
        results = cross_validate(MODEL, X, Y, cv=cv, return_indices=True, **given)
    assert scores.tolist() == expected == results["test_score"].tolist()


@pytest.mark.parametrize("routing", [False, True])
def test_grid_search(cv, groups, routing):
    search = GridSearchCV(MODEL, {"C": [0.1, 1]}, cv=cv, error_score="raise")
    with sklearn.config_context(enable_metadata_routing=routing):
        search.fit(X, Y, groups=groups)
    assert search.n_splits_ == cv.get_n_splits(groups=groups)


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


def test_pickle_and_clone(cv, groups):
    again = pickle.loads(pickle.dumps(cv))
    assert repr(again) == repr(cv)
    assert again.split_labels(groups) == clone(cv, safe=False).split_labels(groups)


def test_repr():
    assert repr(LeaveOneCellOut()) == "LeaveOneCellOut(cells=None)"
    text = repr(CrossCellSplit("inclusive", n_splits=3)).replace("\n       ", "")
    assert text.startswith("CrossCellSplit(cells=None, genes='kfold', n_splits=3,")
    assert "regime='inclusive'" in text


@pytest.mark.parametrize("genes", ["kfold", "split", "chromosome", None])
@pytest.mark.parametrize("unseen", [1, 2])
def test_cells_of_pairs_do_not_leak(unseen, genes):
    names = ["A vs B", "A vs C", "B vs C", "C vs D", "D vs A", "B vs A", "D vs B"]
    pairs = np.concatenate([PAIRS[:60]] * len(names))
    pairs["cell"] = np.repeat(names, 60)
    cv = UnseenCellsSplit(unseen, genes=genes, n_splits=2)
    count = 0
    for (train, test), label in zip(cv.split(groups=pairs), cv.split_labels(pairs), strict=True):
        trained = {cell for name in set(pairs["cell"][train]) for cell in name.split(" vs ")}
        tested = set(label["test_cell"].split(" vs "))
        assert set(pairs["cell"][test]) == {label["test_cell"]}
        assert len(tested - trained) >= unseen
        # everything else is trained on
        new = tested - trained if unseen == 1 else tested
        assert set(label["train_cells"]) == {n for n in names if not new & set(n.split(" vs "))}
        count += 1
    n_folds = {"split": 1, None: 1}.get(genes, 2)
    assert count == n_folds * len(names) * (2 if unseen == 1 else 1)


def test_pairs_that_cannot_be_split():
    with pytest.raises(ValueError, match=r"needs pairs of cells, but groups has E003, E116"):
        list(UnseenCellsSplit().split(groups=GROUPS))
    few = PAIRS[PAIRS["cell"] != "E003 vs E004"]
    with pytest.raises(ValueError, match="no pair to train on without E116 and E117"):
        list(UnseenCellsSplit(genes=None).split(groups=few))
    with pytest.raises(ValueError, match="no cell A vs B in groups"):
        list(UnseenCellsSplit(pairs="A vs B").split(groups=PAIRS))
    with pytest.raises(ValueError, match="unseen"):
        UnseenCellsSplit(3)
