"""Rows and names to select, and data sets to join."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from support.small_datasets import make_dataset


def test_take_by_number_and_by_mask():
    data = make_dataset()
    assert data.take([5, 1]).gene.tolist() == ["001", "001"]
    assert data.take(data.cell == "B").cell.tolist() == ["B"] * 4
    assert data.take([]).n_samples == 0
    with pytest.raises(ValueError, match=r"mask has shape \(3,\), but there are 8"):
        data.take([True, False, True])
    for rows in ([7, 8], np.arange(100), [-9]):
        with pytest.raises(IndexError, match="No sample"):
            data.take(rows)
    for rows in ([1.0, 2.0], 3, [[1, 2]]):
        with pytest.raises(ValueError, match="one-dimensional array of sample numbers"):
            data.take(rows)


def test_contiguous_selections_are_views():
    data = make_dataset()
    assert np.shares_memory(data.select(cells="B").X, data.X)
    assert not np.shares_memory(data.select(split="train").X, data.X)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"cells": "C"}, "No cell C; there are A, B"),
        ({"genes": ["000", "9"]}, "No gene 9"),
        ({"marks": "K9"}, "No mark K9; there are K4, K27"),
        ({"marks": []}, "marks is empty"),
        ({"genes": 5}, "genes must be a name or a sequence of names, got 5"),
        ({"split": "valid"}, "No split valid; there are test, train"),
    ],
)
def test_selecting_what_is_not_there(condition, message):
    with pytest.raises(ValueError, match=message):
        make_dataset().select(**condition)
    if "split" in condition:
        with pytest.raises(ValueError, match="no column 'split'"):
            make_dataset(split=None).select(**condition)


def test_what_is_no_data_set_cannot_be_joined():
    data = make_dataset()
    for given, shown in ((data, "a value of type HistoneDataset"), (3, "3")):
        with pytest.raises(TypeError, match=rf"datasets must be a sequence.*got {shown}.*a list"):
            HistoneDataset.concat(given)
    with pytest.raises(ValueError, match=r"datasets\[1\] must be a HistoneDataset, got 'a'"):
        HistoneDataset.concat([data, "a"])
    assert HistoneDataset.concat(iter([data])).n_samples == 8
