"""Selectors of marks and of windows, and what they refuse."""

import numpy as np
import pytest

from histoexpr import MarkSelector, WindowSelector
from support.counts import COUNTS, MARKS


def test_mark_selector():
    selector = MarkSelector(["H3K4me3", "H3K27me3"], mark_names=MARKS)
    assert np.array_equal(selector.fit_transform(COUNTS), COUNTS[:, :, [3, 0]])
    assert selector.mark_indices_.tolist() == [3, 0]
    assert selector.get_feature_names_out()[:3].tolist() == [
        "H3K4me3:1",
        "H3K27me3:1",
        "H3K4me3:2",
    ]
    assert np.array_equal(MarkSelector([1, 2]).fit_transform(COUNTS), COUNTS[:, :, 1:3])
    assert MarkSelector("mark2").fit_transform(COUNTS).shape == (40, 20, 1)
    assert MarkSelector(np.array([4])).fit(COUNTS).mark_indices_.tolist() == [4]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"marks": "H3K9ac", "mark_names": MARKS}, "No mark 'H3K9ac'; there are H3K27me3, "),
        ({"marks": "H3K4me3"}, "X has no mark names: give them as mark_names"),
        ({"marks": [5]}, "No mark with index 5; X has 5 marks"),
        ({"marks": [-1]}, "No mark with index -1"),
        ({"marks": [1.0]}, "No mark 1.0"),
        ({"marks": [True]}, "No mark True"),
        ({"marks": [[0, 1]]}, r"No mark \[0, 1\]"),
        ({"marks": []}, "marks is empty"),
        ({"marks": [0, "mark1"]}, "marks names a mark twice: 0, mark1"),
    ],
)
def test_mark_selector_refuses(params, message):
    with pytest.raises(ValueError, match=message):
        MarkSelector(**params).fit(COUNTS)


def test_window_selector():
    # 20 bins of 100 bp from -1000 to 1000
    assert np.array_equal(WindowSelector((-500, 300)).fit_transform(COUNTS), COUNTS[:, 5:13])
    assert np.array_equal(WindowSelector([-1000, 1000]).fit_transform(COUNTS), COUNTS)
    shifted = WindowSelector((0, 200), data_window=(-200, 1800)).fit(COUNTS)
    assert np.array_equal(shifted.transform(COUNTS), COUNTS[:, 2:4])
    coarse = WindowSelector((-400, 0), bin_size=200).fit(COUNTS)
    assert np.array_equal(coarse.transform(COUNTS), COUNTS[:, 8:10])
    assert coarse.window_ == (-400, 0)
    assert coarse.get_feature_names_out()[[0, 5]].tolist() == ["mark1:9", "mark1:10"]
    flat = WindowSelector((-100, 100)).fit(COUNTS[:, :, 0])
    assert np.array_equal(flat.transform(COUNTS[:, :, 0]), COUNTS[:, 9:11, 0])
    assert flat.get_feature_names_out().tolist() == ["x9", "x10"]
    odd = WindowSelector((-200, -100)).fit(COUNTS[:, :5])  # -200 to 300, as HistoneDataset
    assert np.array_equal(odd.transform(COUNTS[:, :5]), COUNTS[:, :1])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"window": (-1100, 0)}, r"lie within the signals, which cover \(-1000, 1000\) bp"),
        ({"window": (0, 1100)}, "lie within the signals.* pass their window"),
        ({"window": (500, 500)}, "must go upwards"),
        ({"window": (500, -500)}, "must go upwards"),
        ({"window": (-250, 300)}, r"cuts through a bin; .* of 100 bp are -200 and 300"),
        ({"window": (0, 100, 200)}, "window must be two positions in bp"),
        ({"window": (0.0, 100.0)}, "window must be two positions in bp"),
        ({"window": (0, 100), "data_window": (0, 100)}, "spans 100 bp, but 20 bins"),
        ({"data_window": ("a", "b")}, "data_window must be two positions"),
    ],
)
def test_window_selector_refuses(params, message):
    with pytest.raises(ValueError, match=message):
        WindowSelector(**params).fit(COUNTS)
