"""Expression tables: every value stands in the column of its cell, or there is an error."""

import gzip
import warnings

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable, read_expression
from histoexpr.exceptions import DataFormatError, HistoexprWarning

GENES = ["ENSG00000000003", "ENSG00000000005", "ENSG00000000419"]
CELLS = ["E000", "E003", "E004"]
VALUES = np.array([[23.265, 43.985, 37.413], [0.872, 1.642, 6.498], [55.208, 35.259, 58.308]])


def write(path, text, *, compress=False):
    data = text.encode()
    path.write_bytes(gzip.compress(data) if compress else data)
    return path


def lines_of(sep="\t", *, corner="gene_id", trailing="", header_trailing="", end="\n"):
    header = sep.join([*([] if corner is None else [corner]), *CELLS]) + header_trailing
    rows = [
        sep.join([gene, *(f"{value:.3f}" for value in row)]) + trailing
        for gene, row in zip(GENES, VALUES, strict=True)
    ]
    return end.join([header, *rows, ""])


def assert_is_the_table(table):
    assert table.values.dtype == np.float64
    np.testing.assert_array_equal(table.values, VALUES)
    assert table.genes.tolist() == GENES
    assert table.cells.tolist() == CELLS


@pytest.mark.parametrize("corner", ["gene_id", "", "Gene", "#gene", "Gene.stable.ID", None])
@pytest.mark.parametrize("trailing", ["", "\t"])
@pytest.mark.parametrize("header_trailing", ["", "\t"])
def test_a_trailing_tab_or_a_missing_corner_shifts_nothing(
    tmp_path, corner, trailing, header_trailing
):
    text = lines_of(corner=corner, trailing=trailing, header_trailing=header_trailing)
    assert_is_the_table(read_expression(write(tmp_path / "table.tsv", text)))


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("name", ["table.gz", "table.txt"])
def test_gzip_is_told_from_the_content(tmp_path, compress, name):
    path = write(tmp_path / name, lines_of(trailing="\t"), compress=compress)
    assert_is_the_table(read_expression(path))


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


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("57epigenomes.RPKM.pc", "RPKM"),
        ("gtex_tpm.tsv", "TPM"),
        ("my.counts.tsv", "counts"),
        ("accounts.tsv", None),
    ],
)
def test_the_unit_comes_from_the_name(tmp_path, name, unit):
    path = write(tmp_path / name, lines_of())
    assert read_expression(path).unit == unit
    assert read_expression(path, unit="fmol").unit == "fmol"


def test_versions_go_but_symbols_stay(tmp_path):
    names = ["ENSG00000000003.10", "ENSMUSG00000000001.4", "ENSG00000182378.15_PAR_Y"]
    names += ["RP11-34P13.7", "000005", "ENSG00000182378"]
    text = "gene\tE003\n" + "".join(f"{name}\t1\n" for name in names)
    path = write(tmp_path / "table.tsv", text)
    assert read_expression(path).genes.tolist() == [
        "ENSG00000000003",
        "ENSMUSG00000000001",
        "ENSG00000182378_PAR_Y",
        "RP11-34P13.7",
        "000005",
        "ENSG00000182378",
    ]
    assert read_expression(path, strip_version=False).genes.tolist() == names


def test_cells_and_the_gene_column_can_be_chosen(tmp_path):
    text = "gene_id\tsymbol\tlength\tE003\tE004\nENSG1\tTNMD\t10\t1\t2\nENSG2\tDPM1\t20\t3\t4\n"
    path = write(tmp_path / "table.tsv", text)
    table = read_expression(path, cells=["E004", "E003"], gene_column="symbol")
    assert table.genes.tolist() == ["TNMD", "DPM1"]
    assert table.cells.tolist() == ["E004", "E003"]
    assert table.values.tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert read_expression(path, cells="E003").values.tolist() == [[1.0], [3.0]]
    with pytest.raises(DataFormatError, match=r"line 2.*symbol.*'TNMD'.*cells="):
        read_expression(path)
    with pytest.raises(DataFormatError, match="no column 'E005'; there are gene_id"):
        read_expression(path, cells="E005")


DUPLICATED = "gene\tE003\tE004\nB\t1\t5\nA\t2\t2\nB\t3\t4\n"


@pytest.mark.parametrize(
    ("rule", "of_b"), [("first", [1.0, 5.0]), ("sum", [4.0, 9.0]), ("max", [3.0, 5.0])]
)
def test_the_rules_for_duplicates(tmp_path, rule, of_b):
    path = write(tmp_path / "table.tsv", DUPLICATED)
    table = read_expression(path, duplicates=rule)
    assert table.genes.tolist() == ["B", "A"]
    assert table.values.tolist() == [of_b, [2.0, 2.0]]


def test_duplicates_that_differ_are_refused_and_equal_ones_told(tmp_path):
    path = write(tmp_path / "table.tsv", DUPLICATED)
    with pytest.raises(DataFormatError, match=r"line 4: gene B .*first in line 2.*'sum'"):
        read_expression(path)
    same = write(tmp_path / "same.tsv", "gene\tE003\nENSG00000000003.1\t1\nENSG00000000003.2\t1\n")
    with pytest.warns(HistoexprWarning, match="1 rows repeat a gene"):
        assert read_expression(same).genes.tolist() == ["ENSG00000000003"]
    with pytest.raises(ValueError, match="'duplicates' parameter of read_expression"):
        read_expression(path, duplicates="mean")


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
        ("gene\tE003\tE003\nA\t1\t2\n", "line 1: the cell 'E003' has two columns"),
        ("gene\tE003\t\tE004\nA\t1\t2\t3\n", "line 1: column 3 has no name"),
    ],
)
def test_bad_tables_name_the_line(tmp_path, text, message):
    with pytest.raises(DataFormatError, match=message) as caught:
        read_expression(write(tmp_path / "table.tsv", text))
    assert "table.tsv" in str(caught.value)


def test_damaged_and_foreign_files(tmp_path):
    whole = gzip.compress(lines_of().encode() * 50)
    cut = tmp_path / "cut.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataFormatError, match="cut"):
        read_expression(cut)
    binary = tmp_path / "binary.tsv"
    binary.write_bytes(b"\xff\xfe\x00g\x00e\x00n\x00e\n")
    with pytest.raises(DataFormatError, match="text"):
        read_expression(binary)
    sheet = tmp_path / "table.xlsx"
    sheet.write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    with pytest.raises(DataFormatError, match="not a NumPy archive"):
        read_expression(sheet)
    with pytest.raises(FileNotFoundError):
        read_expression(tmp_path / "absent.tsv")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"sep": ""}, "sep must be one character"),
        ({"sep": r"\s+"}, "sep must be one character"),
        ({"sep": "\n"}, "sep must be one character"),
        ({"cells": []}, "cells is empty"),
        ({"cells": ["E003", "E003"]}, "'E003' more than once"),
    ],
)
def test_bad_parameters(tmp_path, parameters, message):
    path = write(tmp_path / "table.tsv", lines_of())
    with pytest.raises(ValueError, match=message):
        read_expression(path, **parameters)


def test_logarithms_may_be_negative(tmp_path):
    path = write(tmp_path / "table.tsv", "gene\tE003\nA\t-0.5\n")
    assert read_expression(path, unit="log2 TPM").values.tolist() == [[-0.5]]


def test_numpy_archives(tmp_path):
    path = tmp_path / "table.npz"
    np.savez(path, rpkm=VALUES.astype(np.float32), gene_id=GENES, cells=CELLS)
    table = read_expression(path)
    assert_is_the_table(table)  # single precision must not leak into the values
    assert table.unit == "RPKM"
    assert read_expression(path, cells="E004").values.ravel().tolist() == VALUES[:, 2].tolist()
    with pytest.raises(DataFormatError, match="no column 'E9'"):
        read_expression(path, cells="E9")
    np.savez(path, rpkm=VALUES[:, :2], gene_id=GENES, cells=CELLS)
    with pytest.raises(DataFormatError, match=r"rpkm has shape \(3, 2\)"):
        read_expression(path)
    np.savez(path, rpkm=VALUES, cells=CELLS)
    with pytest.raises(DataFormatError, match="no array genes or gene_id"):
        read_expression(path)
    np.savez(path, rpkm=VALUES, genes=np.array(GENES, dtype=object), cells=CELLS)
    with pytest.raises(DataFormatError, match="plain arrays"):
        read_expression(path)


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


def test_real_expression_of_143_genes(shared_data):
    table = read_expression(shared_data / "e003_reads" / "expression.tsv")
    assert table.cells.tolist() == ["E003"]
    assert table.select(genes="ENSG00000020129").values.tolist() == [[9.472]]
    assert len(table.genes) == 143
