"""Folds of genes: the same in all cells, balanced, seeded."""

import numpy as np
import pytest

from histoexpr import CrossCellSplit
from histoexpr.model_selection import CellGroups, gene_folds
from support.group_tables import GROUPS, changed


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


def test_a_missing_chromosome_matters_only_where_it_is_used():
    groups = changed(chrom=(0, ""))
    assert len(list(CrossCellSplit().split(groups=groups))) == 15


def test_masks_by_hand():
    groups = CellGroups(np.array(["a", "a", "b"]), gene=np.array(["x", "y", "x"]),
                        split=np.array(["train", "test", "train"]))  # fmt: skip
    params = {"n_splits": 2, "random_state": 0, "train_splits": ["train"]}
    folds = gene_folds(groups, "split", **params)
    assert folds.names == ["test"]
    train, test = folds.masks(0)
    assert train.tolist() == [True, False, True]
    assert test.tolist() == [False, True, False]
    assert gene_folds(groups, None, **params).masks(0) == (True, True)
    with pytest.raises(ValueError, match="needs the chrom of each sample"):
        gene_folds(groups, "chromosome", **params)
