"""What all splitters share: parameters, lengths, cells that are chosen, clear errors."""

import numpy as np
import pytest

from histoexpr import CellPairSplit, CrossCellSplit, LeaveOneCellOut
from support.group_tables import GROUPS, changed
from support.small_datasets import make_dataset


def test_numbers_as_cells():
    groups = np.array([7, 7, 12, 12])
    assert [label["test_cell"] for label in LeaveOneCellOut(7).split_labels(groups)] == ["7"]
    assert [label["test_cell"] for label in LeaveOneCellOut([12]).split_labels(groups)] == ["12"]


@pytest.mark.parametrize(
    "cv",
    [
        LeaveOneCellOut(),
        CellPairSplit(),
        CrossCellSplit(n_splits=2),
        CrossCellSplit(genes="chromosome", n_splits=2),
        CrossCellSplit("inclusive", genes="split"),
    ],
    ids=repr,
)
def test_a_data_set_brings_its_cells_and_genes(cv):
    data = make_dataset(
        chrom=["chr1", "chr2", "chr3", "chr4"] * 2, split=["train", "test"] * 4
    )  # fmt: skip

    given = list(cv.split(data.X, data.y, data.groups))
    read = list(cv.split(data, data.y))

    assert cv.get_n_splits(data) == cv.get_n_splits(groups=data) == len(read) == len(given) > 1
    assert cv.split_labels(data) == cv.split_labels(data.groups)
    for (train, test), (same_train, same_test) in zip(given, read, strict=True):
        np.testing.assert_array_equal(train, same_train)
        np.testing.assert_array_equal(test, same_test)


def test_genes_that_permute_labels_leave_the_cells_of_the_data_set():
    data = make_dataset(n_genes=6, cells=("A", "B", "C"))

    assert LeaveOneCellOut().get_n_splits(data, groups=data.gene) == 3
    assert LeaveOneCellOut().get_n_splits(data, groups=data.groups) == 3
    for train, test in LeaveOneCellOut().split(data, data.y, data.gene):
        assert not set(data.cell[train]) & set(data.cell[test])


def test_groups_replace_those_of_the_data_set():
    data = make_dataset()
    cell = ["X", "Y"] * 4

    for train, test in LeaveOneCellOut().split(data, groups=cell):
        assert {cell[row] for row in test} not in ({"X", "Y"}, {cell[row] for row in train})
    with pytest.raises(ValueError, match="HistoneDataset as X"):
        next(LeaveOneCellOut().split(data.X))


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


def test_length_must_fit():
    with pytest.raises(ValueError, match="groups has 162 rows, but X has 5 samples"):
        next(LeaveOneCellOut().split(np.zeros(5), groups=GROUPS))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CrossCellSplit("exlusive"), "'regime' parameter of CrossCellSplit"),
        (lambda: CrossCellSplit(genes=None), "'genes' parameter of CrossCellSplit"),
        (lambda: CrossCellSplit(genes="gene"), "'genes' parameter of CrossCellSplit"),
        (lambda: CellPairSplit(genes="gene"), "'genes' parameter of CellPairSplit"),
        (lambda: CrossCellSplit(n_splits=1), "'n_splits' parameter .* Got 1 instead"),
        (lambda: CrossCellSplit(n_splits=2.0), "'n_splits' parameter of CrossCellSplit"),
        (lambda: CrossCellSplit(n_splits=True), "'n_splits' parameter of CrossCellSplit"),
        (lambda: CrossCellSplit(random_state="a"), "'random_state' parameter of CrossCellSplit"),
        (lambda: CrossCellSplit(train_splits=["train", "test"]), "'test', which is tested on"),
        (lambda: CrossCellSplit(train_splits=None), "'train_splits' parameter"),
        (lambda: CrossCellSplit(train_splits=()), "must name at least one split"),
        (lambda: CellPairSplit(include_same=True), "would test on the training samples"),
    ],
)
def test_parameters(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_parameters_are_checked_again_in_split():
    cv = CrossCellSplit()
    cv.n_splits = 1
    with pytest.raises(ValueError, match="'n_splits' parameter of CrossCellSplit"):
        next(cv.split(groups=GROUPS))
    with pytest.raises(ValueError, match="'n_splits' parameter of CrossCellSplit"):
        cv.get_n_splits(groups=GROUPS)
