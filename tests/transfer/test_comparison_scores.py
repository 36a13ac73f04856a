"""Scores of predicted changes, worked out by hand."""

import numpy as np
import pytest

from histoexpr.transfer._compared_cells import find_cells
from histoexpr.transfer._comparison import measured_changes
from histoexpr.transfer._comparison_scores import score_changes
from support.small_datasets import make_dataset


def scores(change, **columns):
    data = make_dataset(n_genes=4, cells=("A", "B"), **columns)
    cells = find_cells(data, "A", "B", None)
    found = score_changes(np.array(change, dtype=float), cells, measured_changes(cells))
    return found.set_index("score")


def test_by_hand():
    """Fold changes 1, -1, 2, unknown; labels up, down, up, and the same."""
    expression = [0, 1, 0, 5, 1, 0, 3, np.nan]
    found = scores([2, 1, 3, -9], y=[0, 1, 0, 1, 1, 0, 1, 1], expression=expression)
    assert found.loc["spearman", "value"] == pytest.approx(1)
    pearson = np.corrcoef([1, -1, 2], [2, 1, 3])[0, 1]
    assert found.loc["pearson", "value"] == pytest.approx(pearson)
    assert found["n_genes"].tolist() == [3] * 4
    assert found.loc["order_right", "value"] == pytest.approx(2 / 3)
    assert found.loc["direction_roc_auc", "value"] == 1


def test_what_is_not_measured_has_no_score():
    assert len(scores([1, 2, 3, 4], y=None, expression=None)) == 0
    assert len(scores([1, 2, 3, 4], y=[1] * 8, expression=[np.nan] * 8)) == 0
    one_way = scores([1, 2, 3, 4], y=[0] * 4 + [1] * 4, expression=None)
    assert one_way.index.tolist() == ["order_right"]
    assert one_way.loc["order_right", "value"] == 1
    same = scores([1, 2, 3, 4], y=[0, 1] * 4, expression=[1, 2, 3, 4] * 2)
    assert len(same) == 0


def test_intervals_are_by_chromosome_or_gene():
    labels = [0, 1, 0, 1, 1, 0, 1, 0]
    found = scores([1, -1, 2, -2], y=labels, expression=None, chrom=list("1234") * 2)
    assert set(found["resampled"]) == {"chrom"}
    assert found["low"].isna().all()  # of four chromosomes there is none
    for unknown in (None, ["1", "", "2", "3"] * 2, ["1"] * 8):
        found = scores([1, -1, 2, -2], y=labels, expression=None, chrom=unknown)
        assert set(found["resampled"]) == {"gene"}
