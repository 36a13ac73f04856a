"""Genes by identifier and symbol, and what is said of those that are not found."""

from types import SimpleNamespace

import numpy as np
import pytest

from histoexpr.inspection import find_gene

GENES = SimpleNamespace(
    gene=np.array(["E1", "E2", "E3", "E1", "E4"]),
    symbol=np.array(["SOX1", "SOX2", "SOX1", "SOX1", ""]),
    cell=np.array(["a", "a", "b", "b", "a"]),
)


def test_identifiers_symbols_and_cases():
    assert find_gene("E2", GENES) == 1
    assert find_gene("sox2", GENES) == 1
    assert find_gene("e4", GENES) == 4
    assert find_gene("E1", GENES, "b") == 3
    # the spelling counts before other cases, identifiers before symbols
    both = SimpleNamespace(
        gene=np.array(["x", "X", "y"]), symbol=np.array(["", "", "x"]), cell=np.repeat("a", 3)
    )
    assert find_gene("x", both) == 0
    assert find_gene("X", both) == 1


@pytest.mark.parametrize(
    ("gene", "cell", "message"),
    [
        ("SOX3", None, "No gene SOX3; did you mean SOX2 or SOX1"),
        ("nothing", None, "No gene nothing; there are SOX1, SOX2"),
        ("E1", None, "E1 is in several cells: a, b. Name the cell"),
        ("E2", "b", "E2 is not in cell b, but in a"),
        ("SOX1", "b", "SOX1 is the symbol of several genes: E1, E3"),
    ],
)
def test_what_is_not_one_sample_is_named(gene, cell, message):
    with pytest.raises(ValueError, match=message):
        find_gene(gene, GENES, cell)


def test_data_without_symbols_say_so():
    plain = SimpleNamespace(gene=np.array(["E1", "E1"]), symbol=None, cell=np.array(["a", "a"]))
    with pytest.raises(ValueError, match="identifiers only, no symbols"):
        find_gene("SOX1", plain)
    with pytest.raises(ValueError, match="2 times, in samples 0, 1"):
        find_gene("E1", plain)
    with pytest.raises(ValueError, match="came as an array"):
        find_gene("E1", SimpleNamespace(gene=None, symbol=None, cell=None))
