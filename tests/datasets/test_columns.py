"""Sample columns: lengths, kinds of values, and what may be missing."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from support.small_datasets import make_dataset


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cell": ["A"]}, r"cell has shape \(1,\), but X has 8 samples"),
        ({"y": [0, 1]}, r"y has shape \(2,\)"),
        ({"gene": None}, "gene is required"),
        ({"X": np.ones((8, 6))}, "expected three axes"),
        ({"X": -np.ones((8, 3, 2), dtype=int)}, "negative counts"),
        ({"X": np.full((8, 3, 2), "a")}, "dtype"),
        ({"X": np.ones((8, 0, 2))}, "at least one bin"),
        ({"marks": ["K4"]}, r"1 mark names \(K4\) for 2 marks"),
        ({"marks": ["K4", "K4"]}, "not distinct"),
        ({"bin_size": 0}, "bin_size must be a positive integer"),
        ({"window": (-100, 100)}, "spans 200 bp, but 3 bins of 100"),
        ({"tss": np.linspace(0, 1, 8)}, "expected integers"),
        ({"gene": ["a", None] * 4}, r"gene is missing for 4 sample\(s\), the first in row 1"),
        ({"cell": [np.nan] + ["A"] * 7}, "cell is missing"),
        ({"y": [0, 1, None, 1] * 2}, "y is missing for 2"),
        ({"y": np.array([0, "1"] * 4, dtype=object)}, "mixes text and numbers"),
        ({"window": (-100.5, 199.5)}, "whole bp"),
        ({"window": "ab"}, r"must be \(start, stop\)"),
        ({"window": (1, 2, 3)}, r"must be \(start, stop\)"),
        ({"expression": [0.5] * 7 + ["a"]}, "expression is 'a' in row 7; expected numbers"),
        ({"expression": [0.5] * 7 + [[1, 2]]}, "expression must hold one value per sample"),
        ({"marks": 5}, "marks must be a sequence of 2 names"),
        ({"meta": "hello"}, "meta must be a dict"),
        ({"y": [0.0, np.nan] * 4}, "y is missing|y holds NaN"),
        ({"y": np.ma.masked_equal([0, 1, 1, 2] * 2, 2)}, r"y is masked, .* in row 3"),
        ({"tss": np.ma.masked_less(np.arange(8), 1)}, r"tss is masked, .* in row 0.*tss\.filled"),
    ],
)
def test_rows_are_aligned_or_an_error_says_what_is_not(changes, message):
    with pytest.raises(ValueError, match=message):
        make_dataset(**changes)


def test_labels_keep_their_kind_and_optional_text_may_be_missing():
    objects = make_dataset(y=np.array([0, 1] * 4, dtype=object), strand=["+", None] * 4)
    assert objects.y.dtype.kind == "i"
    assert objects.strand.tolist() == ["+", "."] * 4
    assert make_dataset(y=np.array(["on", "off"] * 4, dtype=object)).y.dtype.kind == "U"
    with pytest.raises(ValueError, match="labels of text"):
        HistoneDataset.concat([make_dataset(), make_dataset(y=["on", "off"] * 4)])


def test_strand_is_checked():
    columns = {"cell": ["E003"] * 3, "gene": ["a", "b", "c"]}
    data = HistoneDataset(np.ones((3, 2, 1)), strand=["+", "-", None], **columns)
    assert data.strand.tolist() == ["+", "-", "."]
    with pytest.raises(ValueError, match="strand is '-1' in row 1"):
        HistoneDataset(np.ones((3, 2, 1)), strand=["+", "-1", "."], **columns)
