"""Strata of samples."""

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.inspection._strata import find_strata, number


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=2, n_genes=100, random_state=0)


def test_numbers_are_binned_and_classes_are_not():
    values = np.arange(100.0)
    assert np.bincount(number(values, 4)).tolist() == [25, 25, 25, 25]
    assert number(values.astype(int), 4).max() == 99
    assert number(np.array([0.5, 1.5, 0.5]), 4).tolist() == [0, 1, 0]  # few values are classes
    many_equal = np.concatenate([np.zeros(50), np.arange(1.0, 51)])
    codes = number(many_equal, 10)
    assert len(np.unique(codes[:50])) == 1
    assert len(np.unique(codes)) == 6


def test_strata_lie_within_cells(data):
    found = find_strata("expression", data, len(data), 5)
    assert found.name == "expression"
    for code in np.unique(found.codes):
        assert len(np.unique(data.cell[found.codes == code])) == 1
    assert np.bincount(found.codes).tolist() == [20] * 10
    inside = data.cell == data.cell[0]
    order = np.argsort(data.expression[inside])
    changes = np.diff(found.codes[inside][order]) != 0
    assert changes.sum() == 4  # each is a part of the range


def test_auto_takes_what_is_known(data):
    assert find_strata("auto", data, len(data)).name == "expression"
    labelled = data.replace(expression=None)
    assert find_strata("auto", labelled, len(data)).name == "class"
    silent = labelled[labelled.y == 0]
    assert find_strata("auto", silent, len(silent)).name is None
    assert find_strata("auto", data.X, len(data)).name is None
    assert find_strata(None, data, len(data)).codes.tolist() == [0] * len(data)


def test_states_of_the_user(data):
    states = np.where(np.arange(len(data)) % 3, "TssA", "TssBiv")
    found = find_strata(states, data.X, len(data))
    assert (found.name, found.codes.max()) == ("given strata", 1)
    assert ((found.codes == 1) == (states == states[1])).all()


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        ("state", "has the columns cell, gene"),
        ([1.0, 2.0], r"one value per sample, \(200,\), got \(2,\)"),
        (np.full(200, np.nan), "missing for 200 of 200 samples. Leave these out"),
        (np.arange(200), "no two samples in one stratum"),
    ],
)
def test_what_are_no_strata_is_named(data, strata, message):
    with pytest.raises(ValueError, match=message):
        find_strata(strata, data, len(data))
    if isinstance(strata, str):
        with pytest.raises(ValueError, match="the signals are not one"):
            find_strata(strata, data.X, len(data))
