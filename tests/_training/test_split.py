"""The part of the training data that early stopping watches."""

import numpy as np
import pytest

from histoexpr._training import held_out_split


def test_classes_are_stratified_without_groups():
    y = np.repeat([0, 1], [80, 20])
    train, held_out = held_out_split(y, None, 0.1, 0)
    assert sorted([*train, *held_out]) == list(range(100))
    assert np.bincount(y[held_out]).tolist() == [8, 2]
    assert (np.diff(train) > 0).all()
    np.testing.assert_array_equal(held_out_split(y, None, 0.1, 0)[1], held_out)
    assert held_out_split(y, None, 0.1, 1)[1].tolist() != held_out.tolist()


def test_groups_stay_together():
    genes = np.repeat(np.arange(20), 3)
    train, held_out = held_out_split(np.arange(60) % 2, genes, 0.2, 0)
    assert len(np.unique(genes[held_out])) == 4
    assert not set(genes[train]) & set(genes[held_out])


def test_rare_classes_are_split_without_strata():
    train, held_out = held_out_split(np.array([0, 0, 0, 1]), None, 0.25, 0)
    assert (len(train), len(held_out)) == (3, 1)


@pytest.mark.parametrize(("groups", "unit"), [(None, "sample"), (np.zeros(1), "group")])
def test_one_unit_cannot_be_split(groups, unit):
    with pytest.raises(ValueError, match=f"only one {unit}.*early_stopping=False"):
        held_out_split(np.array([1]), groups, 0.5, 0)
