"""The cell of each sample: where it comes from, and which cells are new."""

from types import SimpleNamespace

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.exceptions import HistoexprWarning
from histoexpr.preprocessing._cells import cell_of_samples, check_cells_named, new_cells
from histoexpr.utils import read_signals


def test_cells_of_a_data_set_of_an_argument_and_of_none():
    data = make_histone_cells(n_cells=2, n_genes=20, random_state=0)
    assert cell_of_samples(read_signals(data), None, 40).tolist() == data.cell.tolist()
    given = cell_of_samples(read_signals(data), ["x"] * 40, 40)
    assert set(given) == {"x"}
    assert cell_of_samples(read_signals(data.X), None, 40).tolist() == [""] * 40
    assert cell_of_samples(read_signals(data.X), np.arange(40), 40)[3] == "3"
    with pytest.raises(ValueError, match="groups has 39 rows, but X has 40 samples"):
        cell_of_samples(read_signals(data.X), ["x"] * 39, 40)


def test_samples_without_a_cell():
    named = SimpleNamespace(cells_=np.array(["a", "b"]))
    assert check_cells_named(named, np.array(["a", "new"])) is None
    assert check_cells_named(SimpleNamespace(cells_=np.array([""])), np.array([""])) is None
    with pytest.raises(ValueError, match="SimpleNamespace was fitted with the cells a, b"):
        check_cells_named(named, np.array([""]))


def test_new_cells_need_some_samples():
    cell = np.repeat(["old", "b", "a"], [3, 100, 120])
    found = new_cells(cell, {"old": None})
    assert list(found) == ["a", "b"]
    assert found["b"].tolist() == list(range(3, 103))
    with pytest.raises(ValueError, match=r"3 sample.s. of the new cell 'old'"):
        new_cells(cell, ())
    with pytest.warns(HistoexprWarning, match="'b' is taken from 99 samples"):
        assert len(new_cells(cell[4:], ())["b"]) == 99
