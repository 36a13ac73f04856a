"""Splitters: no leakage by cell, gene or chromosome; scikit-learn's tools; clear errors."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.utils import _safe_indexing

from histoexpr import CellPairSplit, CrossCellSplit, HistoneDataset, LeaveOneCellOut
from histoexpr.model_selection import check_groups

N_GENES = 60
CELLS = ["E003", "E116", "E123"]


def make_groups(seed=0):
    """Three cells, 60 genes on 7 chromosomes, some genes missing in some cells, shuffled."""
    rng = np.random.default_rng(seed)
    gene = [f"ENSG{number:03d}" for number in range(N_GENES)]
    chrom = np.array([f"chr{n}" for n in "1111122233456X"])[
        np.random.default_rng(7).integers(14, size=N_GENES)
    ]
    split = np.array(["train", "valid", "test"])[np.arange(N_GENES) % 3]
    rows = [
        (cell, gene[i], chrom[i], split[i])
        for number, cell in enumerate(CELLS)
        for i in range(N_GENES)
        if i % 10 != number
    ]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    return np.array(rows, dtype=[(name, "U8") for name in ("cell", "gene", "chrom", "split")])


GROUPS = make_groups()
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


# -- leakage ---------------------------------------------------------------------------


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


def test_a_gene_is_in_the_same_fold_in_all_cells():
    cv = CrossCellSplit(n_splits=4)
    fold_of = {}
    for (_, test), label in zip(cv.split(groups=GROUPS), cv.split_labels(GROUPS), strict=True):
        for gene in GROUPS["gene"][test]:
            assert fold_of.setdefault(gene, label["fold"]) == label["fold"]
    assert sorted(np.unique(list(fold_of.values()), return_counts=True)[1]) == [15] * 4


def test_chromosome_folds_are_balanced():
    gene = [f"g{i}" for i in range(100)]
    chrom = np.repeat(["a", "b", "c", "d", "e"], [40, 25, 15, 12, 8])
    groups = np.array(
        [(c, g, k) for c in "xy" for g, k in zip(gene, chrom, strict=True)],
        dtype=[("cell", "U1"), ("gene", "U3"), ("chrom", "U1")],
    )
    cv = CrossCellSplit(genes="chromosome", n_splits=3, cells="x")
    assert [label["fold"] for label in cv.split_labels(groups)] == ["a", "b+e", "c+d"]
    assert [len(test) for _, test in cv.split(groups=groups)] == [40, 33, 27]


def test_random_state():
    def folds(seed):
        return [
            test.tolist() for _, test in CrossCellSplit(random_state=seed).split(groups=GROUPS)
        ]

    assert folds(0) == folds(0)
    assert folds(0) != folds(1)
    assert folds(None) != folds(None)
    assert folds(np.random.RandomState(3)) == folds(3)


def test_valid_split_can_be_trained_on():
    for train_splits, expected in ((("train", "valid"), {"train", "valid"}), ("valid", {"valid"})):
        cv = CrossCellSplit(genes="split", train_splits=train_splits)
        for train, test in cv.split(groups=GROUPS):
            assert set(GROUPS["split"][train]) == expected
            assert set(GROUPS["split"][test]) == {"test"}


# -- which cells -----------------------------------------------------------------------


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


def test_numbers_as_cells():
    groups = np.array([7, 7, 12, 12])
    assert [label["test_cell"] for label in LeaveOneCellOut(7).split_labels(groups)] == ["7"]
    assert [label["test_cell"] for label in LeaveOneCellOut([12]).split_labels(groups)] == ["12"]


def test_inclusive_within_a_single_cell():
    groups = GROUPS[GROUPS["cell"] == "E003"]
    assert len(list(CrossCellSplit("inclusive").split(groups=groups))) == 5


# -- with scikit-learn -----------------------------------------------------------------

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


def as_frame(groups):
    pd = pytest.importorskip("pandas")
    return pd.DataFrame({name: groups[name] for name in groups.dtype.names}).set_index(
        pd.Index(np.arange(len(groups))[::-1])
    )


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


def test_groups_of_a_data_set():
    data = HistoneDataset(
        np.zeros((4, 2, 1)), [0, 1, 0, 1], cell=list("aabb"), gene=list("xyxy"),
        chrom=["chr1", "chr2"] * 2, split=["train", "test"] * 2,
    )  # fmt: skip
    for genes in ("kfold", "chromosome", "split"):
        cv = CrossCellSplit(genes=genes, n_splits=2)
        assert len(list(cv.split(*data.return_X_y(), data.groups))) == (
            2 if genes == "split" else 4
        )


# -- groups ----------------------------------------------------------------------------


def test_forms_of_groups():
    cell, gene = GROUPS["cell"], GROUPS["gene"]
    both = [
        GROUPS[["cell", "gene"]],
        np.column_stack([cell, gene]),
        np.column_stack([cell, gene]).astype(object),
        np.column_stack([cell, gene]).astype("S8"),
        list(zip(cell.tolist(), gene.tolist(), strict=True)),
        list(GROUPS[["cell", "gene"]]),
        as_frame(GROUPS)[["gene", "cell"]],
        as_frame(GROUPS)[["gene", "cell"]].astype("category").assign(y=1),
    ]
    for groups in both:
        parsed = check_groups(groups, len(GROUPS))
        assert np.array_equal(parsed.cell, cell)
        assert np.array_equal(parsed.gene, gene)
        assert parsed.chrom is None
        assert parsed.cell.dtype.kind == parsed.gene.dtype.kind == "U"
    for groups in (cell, cell.tolist(), cell[:, None], as_frame(GROUPS)["cell"], cell.astype("S")):
        parsed = check_groups(groups)
        assert np.array_equal(parsed.cell, cell)
        assert parsed.gene is None
    for groups in (GROUPS, as_frame(GROUPS)):
        parsed = check_groups(groups)
        assert all(np.array_equal(getattr(parsed, name), GROUPS[name]) for name in parsed._fields)


def test_genes_stay_text():
    parsed = check_groups([("a", "007"), ("a", "7"), ("b", 7)])
    assert parsed.gene.tolist() == ["007", "7", "7"]


def test_groups_survive_row_subsets():
    rows = np.array([5, 2, 9])
    for groups in (GROUPS, as_frame(GROUPS), list(GROUPS), GROUPS[["cell", "gene"]].tolist()):
        subset = check_groups(_safe_indexing(groups, rows))
        assert np.array_equal(subset.cell, GROUPS["cell"][rows])
        assert np.array_equal(subset.gene, GROUPS["gene"][rows])


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (None, "groups is missing: the cell of each sample is needed"),
        ("E003", "groups is 'E003'"),
        (5, "groups is 5"),
        ({"cell": ["a", "b"]}, r"groups has shape \(\)"),
        (np.array([["a", "b", "c"]] * 4), r"groups has shape \(4, 3\)"),
        ((list("abcd"), list("wxyz")), r"groups has shape \(2, 4\)"),
        ([("a", "x"), ("b",)], "rows of different length|expected text or a number"),
        ([("a", "x"), ("b", None), ("b", "z")], r"lacks the gene of 1 sample\(s\), .* row 1"),
        (["a", float("nan"), ""], r"lacks the cell of 2 sample\(s\), the first in row 1"),
        (["a", "", ""], r"lacks the cell of 2 sample\(s\)"),
        ([{"a"}, {"b"}], r"groups has \{'a'\} as cell; expected text or a number"),
        (GROUPS[["gene", "chrom"]], r"fields \['gene', 'chrom'\], but no 'cell'"),
    ],
)
def test_bad_groups(groups, message):
    with pytest.raises(ValueError, match=message):
        next(LeaveOneCellOut().split(groups=groups))


def test_bad_frames():
    table = as_frame(GROUPS)
    with pytest.raises(ValueError, match="but no 'cell'"):
        check_groups(table.rename(columns={"cell": "Cell"}))
    table.iloc[3, 1] = None
    with pytest.raises(ValueError, match=r"lacks the gene of 1 sample\(s\), the first in row 3"):
        check_groups(table)
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"lacks the gene of 1 sample\(s\), the first in row 3"):
        check_groups(table.assign(gene=table["gene"].astype("string")))
    assert check_groups(pd.DataFrame({"cell": [1, 2]})).cell.tolist() == ["1", "2"]
    with pytest.raises(ValueError, match="one column 'cell'"):
        check_groups(pd.concat([table["cell"], table["cell"]], axis=1))


# -- errors of splitters ---------------------------------------------------------------


def changed(**columns):
    groups = GROUPS.copy()
    for name, (row, value) in columns.items():
        groups[name][row] = value
    return groups


ROW_OF_1 = int(np.flatnonzero(GROUPS["gene"] == GROUPS["gene"][0])[1])


@pytest.mark.parametrize(
    ("cv", "groups", "message"),
    [
        (LeaveOneCellOut(), ["a", "a"], "at least two cells, but groups has only a"),
        (LeaveOneCellOut(), [], "at least two cells, but groups has only no sample"),
        (CrossCellSplit(), GROUPS[GROUPS["cell"] == "E003"], "at least two cells"),
        (CellPairSplit(), ["a", "a"], "at least two cells"),
        (LeaveOneCellOut("E999"), GROUPS, "no cell E999 in groups; there are E003, E116, E123"),
        (LeaveOneCellOut([]), GROUPS, "no cell given"),
        (CellPairSplit("E003", "E003"), GROUPS, "No pair of different cells"),
        (CellPairSplit(test_cells="E1"), GROUPS, "test_cells='E1': no cell E1 in groups"),
        (CrossCellSplit(), GROUPS["cell"], "genes='kfold' needs the gene of each sample"),
        (
            CrossCellSplit(genes="split"),
            GROUPS[["cell", "gene"]],
            "needs the split of each sample, but groups has only cell, gene. .* "
            "columns cell, gene, split",
        ),
        (
            CrossCellSplit(genes="chromosome"),
            GROUPS[["cell", "gene", "split"]],
            "needs the chrom of each sample, but groups has only cell, gene, split",
        ),
        (CrossCellSplit(n_splits=61), GROUPS, "n_splits=61 is more than the 60 genes"),
        (CrossCellSplit(genes="chromosome", n_splits=9), GROUPS, r"the 7 chromosome\(s\) in"),
        (CrossCellSplit(n_splits=60), GROUPS, "Nothing to test on for test cell E003, gene fold"),
        (
            CrossCellSplit(genes="split", train_splits="learn"),
            GROUPS,
            "No gene has split 'learn'; groups has test, train, valid",
        ),
        (
            CrossCellSplit(genes="split"),
            GROUPS[GROUPS["split"] != "test"],
            "No gene has split 'test'; groups has train, valid",
        ),
        (
            CrossCellSplit(genes="split"),
            changed(split=(ROW_OF_1, "other")),
            f"Gene {GROUPS['gene'][0]} has split .* in one sample and other in another",
        ),
        (
            CrossCellSplit(genes="chromosome"),
            changed(chrom=(ROW_OF_1, "chrM")),
            f"Gene {GROUPS['gene'][0]} has chrom .* in one sample and chrM in another",
        ),
        (
            CrossCellSplit(genes="chromosome"),
            changed(chrom=(0, "")),
            rf"lacks the chrom of 1 sample\(s\), the first being gene {GROUPS['gene'][0]}",
        ),
    ],
)
def test_errors(cv, groups, message):
    with pytest.raises(ValueError, match=message):
        list(cv.split(groups=groups))


def test_a_missing_chromosome_matters_only_where_it_is_used():
    groups = changed(chrom=(0, ""))
    assert len(list(CrossCellSplit().split(groups=groups))) == 15


def test_length_must_fit():
    with pytest.raises(ValueError, match="groups has 162 rows, but X has 5 samples"):
        next(LeaveOneCellOut().split(np.zeros(5), groups=GROUPS))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CrossCellSplit("exclusive"), "regime must be one of 'exclusive', 'inclusive'"),
        (lambda: CrossCellSplit(genes=None), "genes must be one of"),
        (lambda: CrossCellSplit(genes="gene"), "genes must be one of"),
        (lambda: CellPairSplit(genes="gene"), "genes must be one of"),
        (lambda: CrossCellSplit(n_splits=1), "n_splits must be an integer of at least 2, got 1"),
        (lambda: CrossCellSplit(n_splits=2.0), "n_splits must be an integer"),
        (lambda: CrossCellSplit(n_splits=True), "n_splits must be an integer"),
        (lambda: CrossCellSplit(random_state="a"), "cannot be used to seed"),
        (lambda: CrossCellSplit(train_splits=["train", "test"]), "'test', which is tested on"),
        (lambda: CrossCellSplit(train_splits=None), "must name at least one split"),
        (lambda: CrossCellSplit(train_splits=()), "must name at least one split"),
        (lambda: CellPairSplit(include_same=True), "would test on the training samples"),
    ],
)
def test_parameters(make, message):
    with pytest.raises(ValueError, match=message):
        make()
