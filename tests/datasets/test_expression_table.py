"""ExpressionTable: checked names and values."""

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable, read_expression
from histoexpr.exceptions import HistoexprWarning
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


def test_frames_and_tables_are_the_same():
    table = ExpressionTable(VALUES, GENES, CELLS, unit="RPKM")
    again = ExpressionTable.from_frame(table.to_frame(), unit="RPKM")
    np.testing.assert_array_equal(again.values, table.values)
    assert (list(again.genes), list(again.cells), again.unit) == (GENES, CELLS, "RPKM")
    with pytest.raises(ValueError, match="frame must be a DataFrame"):
        ExpressionTable.from_frame(VALUES)
    with pytest.raises(ValueError, match="more than once"):
        ExpressionTable.from_frame(table.to_frame().iloc[[0, 0]])


def test_genes_of_a_data_set_are_found():
    table = ExpressionTable(VALUES, GENES, CELLS)
    wanted = [f"{GENES[2]}.7", "ENSG00000999999", GENES[0], f"{GENES[2]}.7"]
    found = table.reindex(wanted)
    assert list(found.index) == wanted
    assert list(found.columns) == CELLS
    np.testing.assert_array_equal(
        found.to_numpy(), [VALUES[2], [np.nan] * 3, VALUES[0], VALUES[2]]
    )
    digits = table.reindex([gene[-6:] for gene in GENES])
    np.testing.assert_array_equal(digits.to_numpy(), table.values)
    assert table.reindex([]).shape == (0, 3)
    with pytest.raises(ValueError, match=r"none of the genes TSPAN6.*it has ENSG.*not translated"):
        table.reindex(["TSPAN6", "DPM1"])


def test_the_roadmap_table_has_every_gene_of_the_cells(shared_data):
    if not (shared_data / "full").is_dir():
        pytest.skip("no full-size data")
    with pytest.warns(HistoexprWarning, match="7 rows repeat a gene"):
        table = read_expression(shared_data / "roadmap_expression.npz")
    cell = np.load(shared_data / "full" / "E012.npz")
    found = table.reindex(cell["gene_id"])
    assert found.shape == (14578, 56)
    np.testing.assert_allclose(found["E012"], cell["rpkm"], rtol=1e-5)


def test_log2_values_of_any_unit_that_says_what_it_is():
    raw = ExpressionTable([[3.0, 0.0]], ["g"], ["a", "b"], unit="RPKM")
    np.testing.assert_array_equal(raw.log2_values(), [[2.0, 0.0]])
    logged = ExpressionTable([[2.0, -1.0]], ["g"], ["a", "b"], unit="log2 TPM")
    np.testing.assert_array_equal(logged.log2_values(), [[2.0, -1.0]])
    for unit in ("log10 TPM", "ln RPKM"):
        with pytest.raises(ValueError, match=unit):
            ExpressionTable([[2.0, 1.0]], ["g"], ["a", "b"], unit=unit).log2_values()
