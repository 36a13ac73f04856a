"""Checks of samples and outputs."""

import numpy as np
import pytest

from histoexpr._estimation import check_logits, group_by_gene


def test_outputs_without_numbers_are_refused():
    X = np.full((3, 2, 1), 5e37)
    outputs = np.array([[1.0, 2.0], [np.inf, 0.0], [0.0, np.nan]])
    with pytest.raises(ValueError, match=r"2 sample\(s\).*sample 1, which reaches 5e\+37"):
        check_logits(outputs, X)
    check_logits(outputs[:1], X[:1])


def test_groups_are_genes_where_known():
    assert group_by_gene(None, 3) is None
    pairs = np.array([["a", "g"], ["a", "h"], ["b", "g"]])
    assert group_by_gene(pairs, 3).tolist() == ["g", "h", "g"]
    assert group_by_gene(["x", "x", "x"], 3) is None
