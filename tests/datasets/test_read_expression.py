"""Reader of expression tables: units, versions, duplicates, archives and damage."""

import gzip

import numpy as np
import pandas as pd
import pytest

from histoexpr.datasets import read_expression
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from support.expression_files import CELLS, GENES, VALUES, assert_is_the_table, lines_of, write


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("name", ["table.gz", "table.txt"])
def test_gzip_is_detected_by_content(tmp_path, compress, name):
    path = write(tmp_path / name, lines_of(trailing="\t"), compress=compress)
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


DUPLICATED = "gene\tE003\tE004\nB\t1\t5\nA\t2\t2\nB\t3\t4\n"


@pytest.mark.parametrize(
    ("rule", "of_b"), [("first", [1.0, 5.0]), ("sum", [4.0, 9.0]), ("max", [3.0, 5.0])]
)
def test_the_rules_for_duplicates(tmp_path, rule, of_b):
    path = write(tmp_path / "table.tsv", DUPLICATED)
    table = read_expression(path, duplicates=rule)
    assert table.genes.tolist() == ["B", "A"]
    assert table.values.tolist() == [of_b, [2.0, 2.0]]


def test_duplicates_that_differ_are_refused_and_equal_ones_reported(tmp_path):
    path = write(tmp_path / "table.tsv", DUPLICATED)
    with pytest.raises(DataFormatError, match=r"line 4: gene B .*first in line 2.*'sum'"):
        read_expression(path)
    same = write(tmp_path / "same.tsv", "gene\tE003\nENSG00000000003.1\t1\nENSG00000000003.2\t1\n")
    with pytest.warns(HistoexprWarning, match="1 rows repeat a gene"):
        assert read_expression(same).genes.tolist() == ["ENSG00000000003"]
    with pytest.raises(ValueError, match="'duplicates' parameter of read_expression"):
        read_expression(path, duplicates="mean")


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


def test_real_expression_of_143_genes(shared_data):
    table = read_expression(shared_data / "e003_reads" / "expression.tsv")
    assert table.cells.tolist() == ["E003"]
    assert table.select(genes="ENSG00000020129").values.tolist() == [[9.472]]
    assert len(table.genes) == 143


def test_a_table_in_memory_is_no_path():
    for given in (None, pd.DataFrame({"E003": [1.0]})):
        with pytest.raises(TypeError, match=r"path must be a str or path-like.*ExpressionTable\("):
            read_expression(given)
