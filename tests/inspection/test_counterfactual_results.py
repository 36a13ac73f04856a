"""Counterfactuals as a result: changes, rows of genes and text."""

import numpy as np
import pytest

from support.counterfactual_results import two_counterfactuals


def test_changes_are_those_from_the_reconstruction():
    found = two_counterfactuals()
    changes = found.changes
    assert len(changes) == 2 * 2 * 2
    first = changes[(changes.row == 0) & (changes.log2_change != 0)]
    assert first[["gene", "mark", "start", "stop"]].to_numpy().tolist() == [["g1", "a", 0, 200]]
    np.testing.assert_allclose(first[["log2_change", "share"]].to_numpy(), [[1, 1]])
    second = changes[(changes.row == 1) & (changes.mark == "b")].set_index("start")
    np.testing.assert_allclose(second.log2_change, [-0.5, 0])  # one of two bins is halved
    np.testing.assert_allclose(second.share, [1, 0])


def test_shares_are_in_deviations_of_the_marks():
    found = two_counterfactuals(scale=np.array([1.0, 2.0]))
    found.signals[0, 0, 1] = 3.0  # as large a change as that of each of the two bins of a
    changes = found.changes
    share = changes[changes.row == 0].groupby("mark").share.sum()
    np.testing.assert_allclose(share, [8 / 9, 1 / 9])


def test_no_change_has_no_shares():
    found = two_counterfactuals()
    found.signals[:] = found.reconstructions
    assert (found.changes[["log2_change", "share"]] == 0).all(axis=None)


def test_rows_of_genes():
    found = two_counterfactuals()
    assert found.row_of("g2") == found.row_of(1) == 1
    for gene, generator in (("A", 0), ("none", 0), (2, 0), (0, 1)):
        with pytest.raises(ValueError, match=r"One row must be of .* number of a gene, 0 to 1"):
            found.row_of(gene, generator)


def test_text():
    text = repr(two_counterfactuals())
    assert text.startswith(
        "2 counterfactuals of 2 genes, probability 0.75 or more sought: 50% valid, 100% with the "
        "change applied to the gene; median change 0.38, gap 0.25\n"
    )
    assert "nearest_gene" not in text
