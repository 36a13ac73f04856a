"""Columns of a table for the cells that are wanted."""

import pytest

from histoexpr.datasets import ExpressionTable, read_expression, select_cells
from histoexpr.datasets._cell_columns import sample_name
from histoexpr.exceptions import DataFormatError


def table(*cells):
    return ExpressionTable([list(range(1, len(cells) + 1))], ["G"], cells)


@pytest.mark.parametrize(
    ("columns", "wanted", "values", "taken"),
    [
        (["H1", "H2"], ["H2", "H1"], [2, 1], {}),
        (["H1.bam", "x/H2.sorted.bam"], ["H1", "H2"], [1, 2],
         {"H1": ["H1.bam"], "H2": ["x/H2.sorted.bam"]}),
        (["H1Aligned.sortedByCoord.out.bam"], ["H1"], [1],
         {"H1": ["H1Aligned.sortedByCoord.out.bam"]}),
        (["TPM"], ["H1"], [1], {"H1": ["TPM"]}),
        (["H1_REP1", "H1_REP2", "H2"], ["H1", "H2"], [1.5, 3], {"H1": ["H1_REP1", "H1_REP2"]}),
        (["H1.1", "H1.2", "H1.3"], ["H1"], [2], {"H1": ["H1.1", "H1.2", "H1.3"]}),
        (["H1_1", "H1", "H10_1"], ["H1"], [2], {}),
        (["H1-rep1"], ["H1"], [1], {"H1": ["H1-rep1"]}),
    ],
)  # fmt: skip
def test_how_a_cell_is_found(columns, wanted, values, taken):
    found, how = select_cells(table(*columns), wanted, "pool")

    assert found.cells.tolist() == wanted
    assert found.values.ravel().tolist() == values
    assert how == taken


@pytest.mark.parametrize(
    ("columns", "wanted", "message"),
    [
        (["H1_REP1", "H1_REP2"], ["H1"], "replicates='pool'.*--cells H1=H1_REP1"),
        (["E004"], ["E003"], "no expression for cell E003.*--cells E003=E004"),
        (["TPM", "FPKM"], ["E003"], "no expression for cell E003"),
        (["TPM"], ["E003", "E004"], "no expression for cell E003, E004"),
        (["E0031", "E0032"], ["E003"], "no expression"),
    ],
)
def test_what_is_not_found_is_refused_with_a_remedy(columns, wanted, message):
    with pytest.raises(ValueError, match=message):
        select_cells(table(*columns), wanted)


def test_names_of_samples():
    for column in ("H1", "H1.bam", "a/b/H1.sorted.bam", "c:\\d\\H1.markdup.sorted.bam", "H1.sf"):
        assert sample_name(column) == "H1"
    assert sample_name("H1.2") == "H1.2"


def test_replicates_in_a_file(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("gene\tH1\tH1\tH2_rep1\tH2_rep2\tE003\tE004\nG\t2\t4\t10\t20\t5\t6\n")
    with pytest.raises(DataFormatError, match=r"a\.tsv: the cell 'H1' has 2 columns"):
        read_expression(path)
    with pytest.raises(DataFormatError, match="the cell 'H1' has 2 columns"):
        read_expression(path, cells=["H1", "E003"])
    pooled = read_expression(path, replicates="pool")
    assert pooled.cells.tolist() == ["H1", "H2", "E003", "E004"]
    assert pooled.values.tolist() == [[3, 15, 5, 6]]
