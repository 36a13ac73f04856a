"""ExpressionTable: checked names and values."""

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from support.expression_files import CELLS, GENES, VALUES


def test_table_checks_what_it_is_given():
    table = ExpressionTable(VALUES, GENES, CELLS, unit="RPKM")
    part = table.select(genes=[GENES[2], GENES[0]], cells=["E004", "E000"])
    assert part.values.tolist() == [[58.308, 55.208], [37.413, 23.265]]
    assert part.unit == "RPKM"
    assert repr(table) == "ExpressionTable: 3 genes in 3 cells, RPKM"
    with pytest.raises(ValueError, match="No gene X in the expression table"):
        table.select(genes="X")
    with pytest.raises(ValueError, match="No cell E9"):
        table.select(cells=["E003", "E9"])
    with pytest.raises(ValueError, match=r"shape \(3, 3\).*expected \(2, 3\)"):
        ExpressionTable(VALUES, GENES[:2], CELLS)
    with pytest.raises(ValueError, match="'E003' more than once"):
        ExpressionTable(VALUES, GENES, ["E003", "E003", "E004"])
    with pytest.raises(ValueError, match="gene ENSG00000000419 in cell E004 is nan"):
        ExpressionTable([[0, 1], [2, np.nan]], GENES[1:], CELLS[1:])
    with pytest.raises(ValueError, match="negative"):
        ExpressionTable([[-1.0]], ["A"], ["E003"])
    with pytest.raises(ValueError, match="genes is the text"):
        ExpressionTable([[1.0]], "A", ["E003"])


def test_frame():
    pytest.importorskip("pandas")
    frame = ExpressionTable(VALUES, GENES, CELLS).to_frame()
    assert frame.loc["ENSG00000000005", "E004"] == 6.498
    assert frame.shape == (3, 3)


def test_arrays_are_read_only_copies():
    values = np.array([[1.0, 2.0]])
    table = ExpressionTable(values, ["a"], ["E003", "E004"])
    values[0, 0] = -5
    assert table.values.tolist() == [[1.0, 2.0]]
    for array in (table.values, table.genes, table.cells, table.select(genes="a").values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


def test_values_that_are_no_numbers():
    with pytest.raises(ValueError, match=r"values must be numbers.*'a'.*read_expression"):
        ExpressionTable([["a"]], ["g"], ["E003"])
