"""Flattener: order of the columns, names, frames."""

import numpy as np

from histoexpr import Flattener
from support.counts import COUNTS, MARKS, frame


def test_flattener():
    flattener = Flattener(mark_names=MARKS).fit(COUNTS)
    Z = flattener.transform(COUNTS)
    names = flattener.get_feature_names_out().tolist()
    assert Z.shape == (40, 100)
    for mark, number in (("H3K4me1", 1), ("H3K9me3", 20), ("H3K27me3", 7)):
        column = names.index(f"{mark}:{number}")
        assert np.array_equal(Z[:, column], COUNTS[:, number - 1, MARKS.index(mark)])
    assert Flattener(mark_names=["H3K4me3"]).fit(
        COUNTS[:, :2, 0]
    ).get_feature_names_out().tolist() == ["H3K4me3:1", "H3K4me3:2"]


def test_flattener_makes_frames():
    table = frame()
    assert table.columns[:2].tolist() == ["H3K27me3:1", "H3K36me3:1"]
    assert table.dtypes.unique() == [np.uint16]
    assert np.array_equal(table["H3K4me3:20"], COUNTS[:, 19, 3])
