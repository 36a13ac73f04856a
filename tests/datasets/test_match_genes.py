"""Genes under several spellings of one identifier."""

import numpy as np
import pytest

from histoexpr.datasets import match_genes

KNOWN = np.array(["ENSG00000000003", "ENSG00000000005", "ENSG00000182378_PAR_Y", "TP53"])


@pytest.mark.parametrize(
    ("gene", "place"),
    [
        ("TP53", 3),
        ("ENSG00000000005", 1),
        ("ENSG00000000005.12", 1),
        ("ensg00000000003.1", 0),
        ("ENSG00000182378.9_PAR_Y", 2),
        ("ENSG00000182378.9", -1),
        ("000003", 0),
        ("5", 1),
        ("tp53", -1),
    ],
)
def test_spellings_of_one_gene(gene, place):
    assert match_genes(np.array([gene]), KNOWN).tolist() == [place]


def test_genes_may_be_repeated_and_keep_their_order():
    assert match_genes(np.array(["TP53", "3", "x", "TP53"]), KNOWN).tolist() == [3, 0, -1, 3]
    assert match_genes(np.array(["3"]), np.array(["000003"])).tolist() == [0]


def test_numbers_of_another_kind_are_given_up():
    genes = np.array(["3", "7157", "4609"])  # one in three is not enough
    assert match_genes(genes, KNOWN).tolist() == [-1, -1, -1]


def test_ambiguous_names_are_refused():
    known = np.array(["ENSG00000000003.1", "ENSG00000000003.2"])
    with pytest.raises(ValueError, match=r"ENSG00000000003 may be .*\.1 or .*\.2.*Keep one"):
        match_genes(np.array(["ENSG00000000003"]), known)
    assert match_genes(np.array(["ENSG00000000003.2"]), known).tolist() == [1]
