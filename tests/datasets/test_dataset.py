"""HistoneDataset: counts, bins and text."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from support.small_datasets import make_dataset


@pytest.mark.parametrize(
    ("largest", "dtype"), [(255, "uint8"), (256, "uint16"), (65535, "uint16"), (70000, "uint32")]
)
def test_counts_take_the_smallest_type(largest, dtype):
    X = np.zeros((1, 2, 1), dtype=int)
    X[0, 1, 0] = largest
    data = HistoneDataset(X, cell=["A"], gene=["g"])
    assert data.X.dtype == dtype
    assert data.X.max() == largest


def test_arrays_of_the_right_type_are_not_copied():
    X = np.ones((2, 3, 1), dtype=np.float64)
    assert HistoneDataset(X, cell=["A"] * 2, gene=["g", "h"]).X is X
    counts = np.full((2, 3, 1), 300, dtype=np.uint16)
    assert HistoneDataset(counts, cell=["A"] * 2, gene=["g", "h"]).X is counts


def test_bins_are_placed_around_the_tss():
    data = make_dataset()
    assert data.window == (-100, 200)
    np.testing.assert_array_equal(data.bin_positions, [-50, 50, 150])
    even = HistoneDataset(np.ones((1, 100, 5)), cell=["A"], gene=["g"])
    assert even.window == (-5000, 5000)


def test_repr_says_what_is_in_it():
    text = repr(make_dataset())
    for part in ("8 samples = 4 genes in A, B", "K4, K27", "uint8", "0: 4 (50%)", "-100 to +200"):
        assert part in text


def test_replace_changes_what_is_given_and_keeps_the_rest():
    data = make_dataset(meta={"rule": 1})
    for known in (False, True):  # whether the table was made already
        if known:
            data.samples  # noqa: B018
        changed = data.replace(y=None, gene=[f"g{n}" for n in range(8)], marks=["a", "b"])
        assert changed.y is None
        assert list(changed.samples) == [name for name in data.samples if name != "y"]
        assert changed.samples["gene"].tolist() == changed.gene.tolist()
        assert changed.gene[-1] == "g7"
        assert changed.marks == ["a", "b"]
        assert changed.X is data.X
        assert changed.meta == {"rule": 1}
        np.testing.assert_array_equal(changed.expression, data.expression)
    assert data.gene[-1] == "003"
    shorter = data.replace(X=data.X[:, 1:], window=(0, 200))
    assert shorter.n_bins == 2
    with pytest.raises(ValueError, match=r"y has shape \(2,\)"):
        data.replace(y=[0, 1])
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        data.replace(colour="red")


def test_parts_do_not_share_names_and_meta():
    data = make_dataset(meta={"rule": 1})
    part = data.take([0])
    part.meta["rule"] = 2
    part.marks[0] = "other"
    assert data.meta == {"rule": 1}
    assert data.marks == ["K4", "K27"]


def test_notebooks_show_an_escaped_table():
    data = make_dataset(cells=("<b>A</b>", "B"), marks=["<i>", "K27"])
    text = data._repr_html_()
    assert "<b>" not in text
    assert "<i>" not in text
    assert "&lt;b&gt;A&lt;/b&gt;" in text
    assert text.count("<tr") == 8  # the head, three rows, dots, three rows
