"""Folders of DeepDiff: marks by name, bins in order, expression; damage."""

import numpy as np
import pytest

from histoexpr import load_data, load_deepdiff, pair_cells
from histoexpr.exceptions import DataFormatError
from support.ready_made import write_deepdiff, write_lines


def test_cells_marks_and_expression(tmp_path):
    data = load_deepdiff(write_deepdiff(tmp_path))
    assert data.marks == ["H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3"]
    assert (data.cell.tolist(), data.gene.tolist()) == (["C1", "C1", "C2", "C2"], ["G1", "G2"] * 2)
    assert data.split.tolist() == ["train", "test"] * 2
    np.testing.assert_array_equal(data.select(marks="H3K27me3").X[0, :, 0], [13, 23, 33])
    np.testing.assert_array_equal(data.X[2], data.X[0] + 100)
    np.testing.assert_array_equal(data.expression, [7, np.nan, 107, np.nan])
    assert (data.bin_size, data.window, data.oriented) == (100, (-100, 200), False)
    assert data.y is None
    pairs = pair_cells(data)
    assert pairs.log2_fold_change[0] == pytest.approx(np.log2(108 / 8))


def test_parts_and_other_marks(tmp_path):
    write_deepdiff(tmp_path)
    part = load_deepdiff(tmp_path, cells="C2", splits="test", marks=list("abcde"))
    assert (part.gene.tolist(), part.marks) == (["G2"], list("abcde"))
    (tmp_path / "C2.expr.csv").unlink()
    (tmp_path / "C1.expr.csv").unlink()
    assert load_deepdiff(tmp_path).expression is None
    for wrong in ({"cells": "C3"}, {"splits": "all"}):
        with pytest.raises(ValueError, match="There is no"):
            load_deepdiff(tmp_path, **wrong)
    with pytest.raises(ValueError, match="1 names"):
        load_deepdiff(tmp_path, marks=["a"])
    with pytest.raises(FileNotFoundError, match="does not exist"):
        load_deepdiff(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataFormatError, match="no files of counts"):
        load_deepdiff(tmp_path / "empty")
    with pytest.raises(DataFormatError, match="no file of valid"):
        load_deepdiff(tmp_path, splits="valid")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("G1_ABC_2,20", "G1_ABC_3,20", r"line 2: .*expected bin 2 of G1_ABC"),
        ("G1_ABC_2,20", "G4_X_2,20", r"line 2: .*expected bin 2 of G1_ABC"),
        ("G1_ABC_1,10", "G1_ABC,10", r"line 1: .*expected bin 1"),
        ("20,21", "20,x", "line 2: column 3 is 'x'"),
        ("20,21", "20,-1", "line 2: .*negative"),
        ("20,21", "20,1.5", "line 2: .*not whole"),
        ("20,21,", "20,", "line 2: has 5 columns, expected 6"),
    ],
)
def test_damaged_counts(old, new, message, tmp_path):
    file = write_deepdiff(tmp_path) / "C1.train.csv"
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(DataFormatError, match=message):
        load_deepdiff(tmp_path)


def test_cut_repeated_and_unlike_files(tmp_path):
    write_deepdiff(tmp_path)
    file = tmp_path / "C1.train.csv"
    text = file.read_text()
    file.write_text(text + text.splitlines()[0].replace("G1", "G5") + "\n")
    with pytest.raises(DataFormatError, match="line 4: ends after bin 1 of 3"):
        load_deepdiff(tmp_path)
    file.write_text(text + text)
    with pytest.raises(DataFormatError, match="gene G1 twice"):
        load_deepdiff(tmp_path)
    file.write_text("".join(text.splitlines(keepends=True)[:2]))
    with pytest.raises(DataFormatError, match=r"has 3 bins and 5 marks, but .* has 2"):
        load_deepdiff(tmp_path)
    file.write_text(text)
    write_lines(tmp_path / "C1.expr.csv", "G1,1", "G2,nan")
    with pytest.raises(
        DataFormatError, match="line 2: has expression that is negative or missing"
    ):
        load_deepdiff(tmp_path)


def test_load_data_recognises_it(tmp_path):
    assert load_data(write_deepdiff(tmp_path), cells="C2").cells.tolist() == ["C2"]
