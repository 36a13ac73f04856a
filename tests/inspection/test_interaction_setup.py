"""Backgrounds and levels that interactions are measured with."""

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.exceptions import HistoexprWarning
from histoexpr.inspection import ClassMaps
from histoexpr.inspection._interaction_setup import (
    check_levels,
    make_levels,
    one_per_mark,
    read_backgrounds,
)
from support.planted import Known, four_corners

DEFAULT = {"quantiles": (0.25, 0.75), "factors": (0, 1)}


def test_levels_ascend_and_factors_have_0():
    assert check_levels(None, "quantiles", DEFAULT).tolist() == [0.25, 0.75]
    assert check_levels([0.9, 0.1, 0.9], "quantiles", DEFAULT).tolist() == [0.1, 0.9]
    assert check_levels([2], "factors", DEFAULT).tolist() == [0, 2]
    for wrong in ([0.5], [0.5, 1.1], [-0.1, 0.5], "ab", [[0.1, 0.2]]):
        with pytest.raises(ValueError, match="levels must be two or more different quantiles"):
            check_levels(wrong, "quantiles", DEFAULT)


def test_some_of_many_backgrounds_are_varied_and_all_give_tracks():
    samples = read_backgrounds(four_corners(), [Known()], None, None, None)
    args = samples, [slice(None)] * 3, "quantiles", np.array([0.25, 0.75]), None
    some = make_levels(*args, 5, 1, np.random.default_rng(0))
    again = make_levels(*args, 5, 1, np.random.default_rng(0))
    assert len(set(some.rows)) == 5
    np.testing.assert_array_equal(some.rows, again.rows)
    assert some.X is samples.X
    np.testing.assert_array_equal(some.signals(((0, 1),), 0), again.signals(((0, 1),), 0))
    assert len(make_levels(*args, 500, 1, np.random.default_rng(0)).rows) == 40


def test_maps_bring_marks_and_window():
    signals = np.ones((3, 6, 2))
    maps = ClassMaps(
        signals,
        np.zeros(3),
        marks=["a", "b"],
        target=1,
        method="data",
        window=(0, 1200),
        bin_size=200,
    )
    samples = read_backgrounds(maps, [Known()], None, None, None)
    assert (samples.marks, samples.window, samples.bin_size) == (["a", "b"], (0, 1200), 200)


def test_one_background_is_too_few():
    with pytest.raises(ValueError, match="two or more"):
        read_backgrounds(four_corners()[:1], [Known()], None, None, None)


def test_regions_are_for_all_marks_or_for_each():
    assert one_per_mark(None, 2) == (None, None)
    assert one_per_mark((0, 100), 3) == ((0, 100),) * 3
    assert one_per_mark([(0, 100), None], 2) == ((0, 100), None)
    with pytest.raises(ValueError, match="regions must be one"):
        one_per_mark([(0, 100), None], 3)


def test_several_cells_are_said():
    data = make_histone_cells(n_cells=2, n_genes=20, random_state=0)
    with pytest.warns(HistoexprWarning, match="of several cell types"):
        read_backgrounds(data, [], None, None, None)
