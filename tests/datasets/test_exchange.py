"""What a data set states beside its arrays, in containers of others."""

import numpy as np
import pytest

from histoexpr.datasets._exchange import describe_data, find_window, join_parts, read_description
from histoexpr.exceptions import DataFormatError
from support.small_datasets import make_dataset


@pytest.mark.parametrize("oriented", [True, False, None])
def test_description_is_read_as_written(oriented):
    data = make_dataset(meta={"a": [1, None]}, oriented=oriented)
    found = read_description(describe_data(data), "here")
    assert found == {
        "bin_size": 100,
        "window": data.window,
        "oriented": oriented,
        "meta": {"a": [1, None]},
    }
    assert read_description({"title": "something else"}, "here") == {}


def test_meta_that_json_cannot_hold():
    with pytest.raises(ValueError, match="Leave that value out"):
        describe_data(make_dataset(meta={"a": object()}))


@pytest.mark.parametrize(
    ("change"), [{"window": [1]}, {"bin_size": "wide"}, {"oriented": "up"}, {"meta": "["}]
)
def test_damaged_description(change):
    with pytest.raises(DataFormatError, match=r"^here is not what histoexpr wrote"):
        read_description(describe_data(make_dataset()) | change, "here")


def test_window_from_positions_or_from_what_is_given():
    known = {"bin_size": 100, "window": (-150, 150)}
    position = [-100.0, 0.0, 100.0]
    both = {"bin_size": 100, "window": (-150, 150)}
    assert find_window(position, {}, None, None, "x") == both
    assert find_window(position[1:], known, None, None, "x") == both | {"window": (-50, 150)}
    assert find_window(None, known, None, None, "x") == both
    assert find_window(None, {}, None, None, "x") == {}
    assert find_window(position, known, 100, (0, 300), "x") == both | {"window": (0, 300)}
    for wrong in ([100.0, 0.0], [0.0, 0.0], [0.0, 50.5]):
        with pytest.raises(ValueError, match="upwards"):
            find_window(wrong, {}, None, None, "x")
    with pytest.raises(ValueError, match="between two bp"):
        find_window([0.0, 25.0], {}, None, None, "x")
    with pytest.raises(ValueError, match="pass bin_size"):
        find_window([0.0], {}, None, None, "x")
    for wrong in ([0.0, np.nan], ["a", "b"]):
        with pytest.raises(ValueError, match="not a number"):
            find_window(wrong, {}, None, None, "x")


def test_the_cell_is_a_column_or_given():
    X, gene = np.ones((2, 3, 1)), {"gene": ["g", "h"]}
    assert join_parts(X, gene, "A", "x").cell.tolist() == ["A", "A"]
    for columns, cell in ((gene, None), (gene, ""), (gene | {"cell": ["A", "B"]}, "C")):
        with pytest.raises(ValueError, match=r"^x has|^cell was"):
            join_parts(X, columns, cell, "x")
