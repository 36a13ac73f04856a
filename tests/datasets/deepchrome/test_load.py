"""Loading the DeepChrome layout: content, names of marks, agreement of files, real data."""

import numpy as np
import pytest

from histoexpr.datasets import load_deepchrome
from histoexpr.exceptions import DataFormatError
from support.deepchrome_files import MARKS, SOUND, pack_folder, read, write


def test_hand_written_file(tmp_path):
    text = "000003,1,0,7,300,0\n000003,2,1,0,65536,0\n0123,1,2,2,2,1\n0123,2,3,3,3,1\n"
    write(tmp_path, train=text)
    data = read(tmp_path)
    expected = [[[0, 7, 300], [1, 0, 65536]], [[2, 2, 2], [3, 3, 3]]]
    np.testing.assert_array_equal(data.X, expected)
    assert data.X.dtype == np.uint32
    assert data.y.dtype == np.int8
    assert data.y.tolist() == [0, 1]
    assert data.gene.tolist() == ["000003", "0123"]
    assert data.split.tolist() == ["train", "train"]
    assert data.marks == ["mark1", "mark2", "mark3"]
    assert data.meta == {"source": str(tmp_path)}


def test_dtype_is_that_of_the_largest_file(tmp_path):
    data = read(write(tmp_path, train="a,1,300,0\n", valid="b,1,1,0\n", test="c,1,2.5,1\n"))
    assert data.X.dtype == np.float32
    assert data.X.ravel().tolist() == [300, 1, 2.5]
    assert read(tmp_path, splits=["train", "valid"]).X.dtype == np.uint16


def test_mark_names(tmp_path):
    five = write(tmp_path / "five", train="a,1,1,2,3,4,5,0\n")
    assert read(five).marks == MARKS
    assert load_deepchrome(five, marks=list("vwxyz")).marks == list("vwxyz")
    assert load_deepchrome(five).marks == MARKS
    with pytest.raises(ValueError, match=r"marks holds 2 names \(A, B\).*counts of 5 marks"):
        read(five, marks=["A", "B"])


def test_gene_in_two_splits_of_a_cell(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\nb,1,5,6,1\nb,2,7,8,1\n")
    folder = tmp_path / "E003" / "classification"
    with pytest.raises(DataFormatError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"{folder / 'test.csv'}, line 3: gene b of cell E003 is in {folder / 'train.csv'}, "
        "line 3 already."
    )
    write(tmp_path, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(tmp_path, "E004", test=SOUND)  # another cell has its own genes
    assert read(tmp_path).gene.tolist() == ["a", "b", "c", "a", "b"]


def test_files_must_agree_in_marks_and_bins(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,0\nc,2,1,0\n")
    with pytest.raises(
        DataFormatError, match=r"counts of 1 marks, but .*train.csv has 2 bins and 2 marks"
    ) as caught:
        read(tmp_path)
    assert str(caught.value.path).endswith("test.csv")
    assert caught.value.line == 1
    write(tmp_path, test="c,1,1,1,0\nc,2,1,1,0\nc,3,1,1,0\n")
    with pytest.raises(
        DataFormatError, match=r"3 bins a gene .*, but .*train.csv has 2 bins"
    ) as caught:
        read(tmp_path)
    assert caught.value.line == 3


def test_real_counts(shared_data, tmp_path):
    folder = shared_data / "counts" / "deepchrome_csv"
    archive = pack_folder(tmp_path / "set.tar.gz", folder, "deepchrome_csv")
    for source in (folder, archive):
        data = load_deepchrome(source)
        assert data.cells.tolist() == ["E003", "E123"]
        assert data.marks == MARKS
        for cell in data.cells:
            reference = np.load(shared_data / "counts" / f"{cell}.npz", allow_pickle=False)
            part = data.select(cells=cell)
            np.testing.assert_array_equal(part.X, reference["X"])
            np.testing.assert_array_equal(part.y, reference["y"])
            assert [f"ENSG00000{gene}" for gene in part.gene] == reference["gene_id"].tolist()
            assert part.split.tolist() == ["train"] * 200 + ["valid"] * 100 + ["test"] * 100


def test_toy_set(shared_data):
    folder = shared_data / "toy_deepchrome"
    data = read(folder)
    assert data.X.shape == (30, 100, 5)
    assert data.gene[0] == "000003"
    assert data.X[0, 1].tolist() == [1, 2, 2, 8, 0]
    assert data.y[:10].mean() == 0.5
    assert data.split.tolist() == ["train"] * 10 + ["valid"] * 10 + ["test"] * 10
    assert read(folder / "classification", cells="E003").cells.tolist() == ["E003"]


def test_a_path_that_is_none_is_named():
    with pytest.raises(TypeError, match="path must be a str or path-like, got None"):
        load_deepchrome(None)
