"""Expression tables as text: values in the columns of their cells, or an error with the line."""

import warnings

import numpy as np
import pytest

from histoexpr.datasets import read_expression
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from support.expression_files import assert_is_the_table, lines_of, write


@pytest.mark.parametrize("corner", ["gene_id", "", "Gene", "#gene", "Gene.stable.ID", None])
@pytest.mark.parametrize("trailing", ["", "\t"])
@pytest.mark.parametrize("header_trailing", ["", "\t"])
def test_a_trailing_tab_or_a_missing_corner_shifts_nothing(
    tmp_path, corner, trailing, header_trailing
):
    text = lines_of(corner=corner, trailing=trailing, header_trailing=header_trailing)
    assert_is_the_table(read_expression(write(tmp_path / "table.tsv", text)))


@pytest.mark.parametrize("sep", [",", ";", " ", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_line_ends(tmp_path, sep, end):
    text = "\ufeff## made by hand\n\n" + lines_of(sep, end=end)
    assert_is_the_table(read_expression(write(tmp_path / "table.csv", text)))


def test_quoted_fields_and_a_separator_of_ones_own(tmp_path):
    quoted = '"","E003","E,4"\n"G1","1.5","2"\n'
    table = read_expression(write(tmp_path / "quoted.csv", quoted))
    assert table.cells.tolist() == ["E003", "E,4"]
    np.testing.assert_array_equal(table.values, [[1.5, 2.0]])
    piped = write(tmp_path / "piped", "gene|E003\nG1|7\n")
    assert read_expression(piped, sep="|").values.tolist() == [[7.0]]


def test_a_file_that_ends_without_a_line_break(tmp_path):
    path = write(tmp_path / "table.tsv", lines_of(trailing="\t").rstrip("\n"))
    assert_is_the_table(read_expression(path))


def test_cells_and_the_gene_column_can_be_chosen(tmp_path):
    text = "gene_id\tsymbol\tlength\tE003\tE004\nENSG1\tTNMD\t10\t1\t2\nENSG2\tDPM1\t20\t3\t4\n"
    path = write(tmp_path / "table.tsv", text)
    table = read_expression(path, cells=["E004", "E003"], gene_column="symbol")
    assert table.genes.tolist() == ["TNMD", "DPM1"]
    assert table.cells.tolist() == ["E004", "E003"]
    assert table.values.tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert read_expression(path, cells="E003").values.tolist() == [[1.0], [3.0]]
    assert read_expression(path).cells.tolist() == ["E003", "E004"]  # neither symbols nor lengths
    with pytest.raises(DataFormatError, match="no column 'E005'; there are gene_id"):
        read_expression(path, cells="E005")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("gene\tE003\n", "a header without rows"),
        ("gene\nA\n", "only one column"),
        ("gene\tE003\tE004\nA\t1\t2\nB\t1\n", "line 3: 2 fields, expected 3"),
        ("gene\tE003\tE004\nA\t1\t2\nB\t1\t2\t3\n", "line 3: 4 fields, expected 3"),
        ("gene\tE003\tE004\nA\t1\t2\t3\n", "line 2: 4 fields, but the header in line 1 has 3"),
        ("E003\tE004\nA\t1\t2\t3\n", "line 2: 4 fields, but the header in line 1 has 2"),
        # the last cell is empty in every row: not to be mistaken for a trailing tab
        ("E003\tE004\nA\t1\t\n", "line 2: 2 fields, but the header in line 1 has 2"),
        ("gene\tE003\tE004\nA\t1\t\n", "line 2: the expression of gene A in cell E004 is ''"),
        ("gene\tE003\nA\tNA\n", "'NA', not a number. Missing values"),
        ("gene\tE003\tE004\nA\t1\t2\nB_2\t1\t1_0\n", "line 3: .*cell E004 is '1_0', not a number"),
        ("gene\tE003\nA\tnan\n", "line 2: .*not a finite number"),
        ("gene\tE003\nA\t1\nB\tinf\n", "line 3: .*gene B in cell E003 is inf"),
        ("gene\tE003\nA\t3,5\n", "decimal point"),
        ("gene\tE003\nA\t-0.5\n", "line 2: .*negative.*unit='log2 TPM'"),
        ("gene\tE003\n\t1\n", "line 2: a row without a gene"),
        ("gene\tE003\tE003\nA\t1\t2\n", "the cell 'E003' has 2 columns.*replicates='pool'"),
        ("gene\tE003\t\tE004\nA\t1\t2\t3\n", "line 1: column 3 has no name"),
    ],
)
def test_bad_tables_name_the_line(tmp_path, text, message):
    with pytest.raises(DataFormatError, match=message) as caught:
        read_expression(write(tmp_path / "table.tsv", text))
    assert "table.tsv" in str(caught.value)


def test_the_published_layout_comes_out_right_where_pandas_shifts(shared_data, tmp_path):
    pandas = pytest.importorskip("pandas")
    with pytest.warns(HistoexprWarning, match="7 rows repeat a gene"):
        table = read_expression(shared_data / "roadmap_expression.npz")
    header = "\t".join(["gene_id", *table.cells])
    rows = [
        gene + "\t" + "".join(f"{value:.3f}\t" for value in row)
        for gene, row in zip(table.genes, table.values, strict=True)
    ]
    path = write(
        tmp_path / "57epigenomes.RPKM.pc.gz", "\n".join([header, *rows, ""]), compress=True
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = read_expression(path)
    assert again.genes.tolist() == table.genes.tolist()
    assert again.cells.tolist() == table.cells.tolist()
    np.testing.assert_array_equal(again.values, table.values)
    # the fault this reader exists to avoid
    shifted = pandas.read_csv(path, sep="\t", index_col=0)
    assert shifted["E003"].iloc[0] == table.select(cells="E004").values[0, 0]
