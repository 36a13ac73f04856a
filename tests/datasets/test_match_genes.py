"""Genes under several spellings of one identifier."""

import numpy as np
import pytest

from histoexpr.datasets import match_annotation, match_genes

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


def matched(genes, known, symbols=None, rank=None):
    symbols = None if symbols is None else np.array(symbols)
    return match_annotation(np.array(genes), symbols, np.array(known), rank=rank)


def test_what_is_found_exactly_comes_first_and_each_rule_is_counted():
    genes = ["ENSG00000000001.4", "ENSG00000000002.1_2", "gene:X", "G4", "G5", "000007", "none"]
    symbols = ["", "B", "", "S4", "S5", "", "none"]
    known = ["ENSG00000000001.4", "ENSG00000000002", "X", "S4", "MSTRG.5|S5", "ENSG00000000007"]
    found = matched(genes, known, symbols)
    assert found.row.tolist() == [0, 1, 2, 3, 4, 5, -1]
    assert found.rules == {
        "exact": 1,
        "prefix": 1,
        "version": 1,
        "number": 1,
        "symbol": 1,
        "joined symbol": 1,
    }
    assert (found.missing, found.shared, found.copies) == (["none"], [], [])
    assert found.found_by == "identifier"
    assert "1 without version" in found.describe()
    assert "1 not in the table: none" in found.describe()


@pytest.mark.parametrize(
    "known",
    [["ENSG00000168939"], ["ENSG00000168939.12_4"], ["ENSG00000168939.6"], ["ENSG00000168939.3"]],
)
def test_a_copy_never_has_the_value_of_the_usual_locus(known):
    genes = ["ENSG00000168939.6", "ENSG00000168939.12_4"]
    found = matched(genes, known, rank=np.array([1, 0]))
    assert found.row.tolist() == [-1, 0]
    assert sum(found.rules.values()) == 1
    assert not found.shared
    both = matched(genes, genes[::-1], rank=np.array([1, 0]))
    assert both.row.tolist() == [1, 0]
    assert both.rules == {"exact": 2}


def test_a_row_of_two_genes_is_nobodys():
    genes = ["ENSG00000000001.1", "ENSG00000000001.2", "ENSG00000000005"]
    found = matched(genes, ["ENSG00000000001", "ENSG00000000005"])
    assert found.row.tolist() == [-1, -1, 1]
    assert found.shared == genes[:2]
    assert "2 left out, as their row may be that of another gene" in found.describe()
    # the row was found under the very name: the other gene gets nothing
    found = matched(genes, ["ENSG00000000001.2"])
    assert found.row.tolist() == [-1, 0, -1]
    assert (found.shared, found.missing) == (genes[:1], genes[2:])


def test_repeated_symbols():
    genes, symbols = ["a", "b", "c", "d"], ["S", "S", "T", ""]
    assert matched(genes, ["S", "T", ""], symbols).row.tolist() == [-1, -1, 1, -1]
    rank = np.array([2, 0, 0, 0])
    found = matched(genes, ["S", "T"], symbols, rank)
    assert found.row.tolist() == [-1, 0, 1, -1]
    assert (found.copies, found.missing, found.found_by) == (["a"], ["d"], "symbol")
    # b is in the table itself, so that its row is not free for another gene of that symbol
    found = matched(["a", "b"], ["b"], ["b", "b"], np.array([0, 1]))
    assert found.row.tolist() == [-1, 0]
    assert found.shared == ["a"]


def test_nothing_found():
    found = matched(["a"], ["b"])
    assert (found.rules, found.missing) == ({}, ["a"])
    assert found.describe().startswith("genes found in the expression table: none")
