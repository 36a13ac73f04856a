"""Keys of genes under several spellings."""

import pytest

from histoexpr.datasets._gene_spellings import (
    number,
    symbol_of,
    without_prefix,
    without_version,
)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("TP53", "TP53"),
        (" TP53 ", "TP53"),
        ("gene:ENSG00000141510", "ENSG00000141510"),
        ("Gene:AT1G01010", "AT1G01010"),
        ("gene-TP53", "TP53"),
        ("GeneID:7157", "7157"),
        ("ENSG00000141510|TP53", "ENSG00000141510"),
        ("ENSG00000141510.9_TP53", "ENSG00000141510.9"),
        ("ENSG00000141510.9_2", "ENSG00000141510.9_2"),
        ("ENSG00000182378.9_PAR_Y", "ENSG00000182378.9_PAR_Y"),
        ("MSTRG.1|TP53", "MSTRG.1"),
        ("?|100130426", "?|100130426"),
        ("genetic", "genetic"),
    ],
)
def test_without_prefix(name, bare):
    assert without_prefix(name) == bare


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ENSG00000141510", ("ENSG00000141510", False)),
        ("ensg00000141510.9", ("ENSG00000141510", False)),
        ("ENSG00000141510.9_12", ("ENSG00000141510", False)),
        ("ENSG00000141510_2", ("ENSG00000141510", False)),
        ("ENSMUSG00000059552.13_1", ("ENSMUSG00000059552", False)),
        ("ENSG00000182378.9_PAR_Y", ("ENSG00000182378", True)),
        ("ENSG00000182378.9_5_PAR_Y", ("ENSG00000182378", True)),
        ("ENSG00000182378.9_PAR_Y_5", ("ENSG00000182378", True)),
        ("ENSGR0000182378.9", ("ENSG00000182378", True)),
        ("gene:ENSG00000141510.9|TP53", ("ENSG00000141510", False)),
        ("NM_000546.6", "NM_000546"),
        ("NM_000546", "NM_000546"),
        ("MSTRG.1", None),
        ("AT1G01010.1", None),
        ("TP53", None),
        ("7157.2", None),
    ],
)
def test_without_version(name, key):
    assert without_version(name) == key


def test_numbers_of_ensembl_genes():
    assert [number(name) for name in ("000003", "3", "ENSG00000000003.4_2")] == [3, 3, 3]
    others = ("ENSMUSG00000000003", "ENSG00000000003_PAR_Y", "TP53", "²", "9" * 12, "GeneID:3")
    assert [number(name) for name in others] == [None] * 6


def test_symbols_beside_identifiers():
    joined = ("TP53|7157", "ENSG00000141510.9|TP53", "ENSG00000141510_TP53", "MSTRG.1|TP53")
    assert [symbol_of(name) for name in joined] == ["TP53"] * 4
    assert [symbol_of(name) for name in ("TP53", "?|7157", "ENSG00000141510.9_2")] == [None] * 3
