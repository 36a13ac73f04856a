"""Groups of a data set: columns by name, rows by index, never one plain array."""

import pickle

import numpy as np
import pytest
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    cross_validate,
    permutation_test_score,
)
from sklearn.utils import _safe_indexing

from histoexpr import HistoneLinearClassifier, LeaveOneCellOut
from support.small_datasets import make_dataset


def test_columns_and_rows():
    groups = make_dataset().groups

    assert groups.columns == ("cell", "gene", "chrom", "split")
    assert make_dataset(chrom=None, split=None).groups.columns == ("cell", "gene")
    assert (len(groups), groups.shape) == (8, (8,))
    assert groups["cell"].tolist() == ["A"] * 4 + ["B"] * 4
    assert groups[5] == ("B", "001", "chr1", "test")
    for part in (groups[[6, 1]], _safe_indexing(groups, np.array([6, 1]))):
        assert part["gene"].tolist() == ["002", "001"]
        assert part["cell"].tolist() == ["B", "A"]
    assert len(groups[2:]) == 6
    assert groups[np.arange(8) == 3]["gene"].tolist() == ["003"]
    assert repr(groups) == "SampleGroups of 8 samples: cell, gene, chrom, split"
    assert pickle.loads(pickle.dumps(groups))["gene"].tolist() == groups["gene"].tolist()
    with pytest.raises(KeyError, match="no 'strand'; it has cell, gene"):
        groups["strand"]


@pytest.mark.parametrize(
    "splitter",
    [
        GroupKFold(2),
        GroupKFold(2, shuffle=True, random_state=0),
        GroupShuffleSplit(2, random_state=0),
        LeaveOneGroupOut(),
        StratifiedGroupKFold(2),
    ],
    ids=lambda splitter: type(splitter).__name__,
)
def test_tools_that_would_group_nothing_are_told_what_to_take(splitter):
    data = make_dataset()

    with pytest.raises(ValueError, match=r"data\.cell .*data\.gene"):
        list(splitter.split(data.X, data.y, data.groups))
    for train, test in splitter.split(data.X, data.y, data.gene):
        assert not set(data.gene[train]) & set(data.gene[test])


def test_a_permutation_test_within_groups_of_one_sample_is_refused():
    data = make_dataset(n_genes=12)
    tested = {"cv": LeaveOneCellOut(), "n_permutations": 3, "random_state": 0}
    model = HistoneLinearClassifier()

    with pytest.raises(ValueError, match=r"data\.gene"):
        permutation_test_score(model, *data.return_X_y(), groups=data.groups, **tested)
    with pytest.raises(ValueError, match=r"data\.gene"):
        cross_validate(model, *data.return_X_y(), groups=data.groups, cv=GroupKFold(2))
