"""The output of computeMatrix: names, places, orientation, missing data, damage."""

import gzip

import numpy as np
import pytest

from histoexpr import load_data, read_compute_matrix
from histoexpr.exceptions import DataFormatError
from support.ready_made import REGIONS, VALUES, write_lines, write_matrix


def test_a_matrix_of_two_samples(tmp_path):
    data = read_compute_matrix(write_matrix(tmp_path / "E003.K.gz"))
    np.testing.assert_array_equal(
        data.X, [[[1, 4], [2, 5], [3, 6]], [[0.5, 7], [0, 8], [0, 9]]]
    )  # fmt: skip
    assert data.X.dtype == np.float32
    assert (data.marks, data.window, data.bin_size) == (["K4", "K27"], (-200, 100), 100)
    assert (data.gene.tolist(), data.cell.tolist()) == (["g1", "g2"], ["E003", "E003"])
    assert data.chrom.tolist() == ["chr1", "chr2"]
    # the last base of a region on the minus strand, around whose end its bins lie
    assert data.tss.tolist() == [1000, 5010]
    assert data.strand.tolist() == ["+", "-"]
    assert data.oriented is True
    assert data.y is None
    assert data.meta["computeMatrix"]["group_labels"] == ["on", "off"]


def test_marks_are_renamed_or_chosen(tmp_path):
    path = write_matrix(tmp_path / "m.gz")
    assert read_compute_matrix(path, marks=["H3K4me3", "H3K27me3"]).marks[0] == "H3K4me3"
    chosen = read_compute_matrix(path, cell="E003", marks={"K27": "H3K27me3"})
    assert (chosen.marks, chosen.cells.tolist()) == (["H3K27me3"], ["E003"])
    np.testing.assert_array_equal(chosen.X[0, :, 0], [4, 5, 6])
    with pytest.raises(ValueError, match=r"sample K9, but .* has K4, K27"):
        read_compute_matrix(path, marks={"K9": "H3K9me3"})
    with pytest.raises(ValueError, match=r"1 names \(a\).*2 samples \(K4, K27\)"):
        read_compute_matrix(path, marks=["a"])
    twice = write_matrix(tmp_path / "t.gz", sample_labels=["K4", "K4"])
    with pytest.raises(DataFormatError, match="two samples called K4"):
        read_compute_matrix(twice)
    assert read_compute_matrix(twice, marks=["a", "b"]).marks == ["a", "b"]


def test_earlier_versions_and_the_centre(tmp_path):
    one = {"upstream": 200, "downstream": 100, "body": 0, "bin size": 100}
    path = write_matrix(tmp_path / "m.gz", **one, **{"ref point": "center"})
    data = read_compute_matrix(path)
    assert (data.window, data.tss.tolist()) == ((-200, 100), [1000, 5005])


def test_several_files_are_matched_by_region(tmp_path):
    first = write_matrix(tmp_path / "a.gz")
    other = write_matrix(tmp_path / "b.gz", REGIONS[::-1], VALUES[::-1], sample_labels=["x", "y"])
    data = read_compute_matrix([first, other], cell="E003")
    assert data.marks == ["K4", "K27", "x", "y"]
    np.testing.assert_array_equal(data.X[:, :, :2], data.X[:, :, 2:])
    with pytest.raises(ValueError, match="cell is needed"):
        read_compute_matrix([first, other])
    lacking = write_matrix(tmp_path / "c.gz", REGIONS[:1], VALUES[:1], group_boundaries=[0, 1])
    with pytest.raises(DataFormatError, match=r"1 different regions, but .* has 2"):
        read_compute_matrix([first, lacking], cell="E003")
    strange = write_matrix(tmp_path / "d.gz", [REGIONS[0], (*REGIONS[1][:3], "h", "0", "-")])
    with pytest.raises(DataFormatError, match="lacks the region chr2 5000 5011 g2 -"):
        read_compute_matrix([first, strange], cell="E003")
    moved = write_matrix(tmp_path / "e.gz", upstream=[100, 100], downstream=[200, 200])
    with pytest.raises(DataFormatError, match=r"window \(-100, 200\)"):
        read_compute_matrix([first, moved], cell="E003")


def test_bins_without_data(tmp_path):
    values = [VALUES[0], [np.nan, *VALUES[1][1:]]]
    path = write_matrix(tmp_path / "m.gz", values=values)
    with pytest.raises(DataFormatError, match=r"line 3: 1 bins of 1 regions .*g2.*missing='zero'"):
        read_compute_matrix(path)
    assert read_compute_matrix(path, missing="zero").X[1, 0, 0] == 0
    assert read_compute_matrix(path, missing="drop").gene.tolist() == ["g1"]
    # not asked for, so not missed
    assert read_compute_matrix(path, marks={"K27": "K27"}).n_samples == 2
    nothing = write_matrix(tmp_path / "n.gz", values=[[np.nan] * 6] * 2)
    with pytest.raises(DataFormatError, match="no region without"):
        read_compute_matrix(nothing, missing="drop")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"body": [1000, 1000]}, "scaled to one length.*reference-point"),
        ({"ref point": ["TES", "TES"]}, "around TES"),
        ({"ref point": ["TSS", "TES"]}, "the same for all samples"),
        ({"upstream": [10**9, 10**9]}, "3 bins of 100 bp"),
        ({"bin size": ["wide", "wide"]}, "bin size"),
        ({"sample_boundaries": [0, 10**12, 2 * 10**12]}, "6 columns of signals"),
        ({"sample_boundaries": [0, 2, 6]}, "same number of bins"),
        ({"sample_boundaries": [3, 6]}, "upwards from 0"),
        ({"sample_boundaries": None}, "cannot be read as the parameters"),
        ({"sample_labels": ["K4"]}, "another number of labels"),
        ({"group_boundaries": [0, 1, 3]}, "has 2 regions, .* says 3.*cut short"),
    ],
)
def test_a_first_line_that_does_not_fit(changes, message, tmp_path):
    path = write_matrix(tmp_path / "m.gz", **changes)
    with pytest.raises(DataFormatError, match=message):
        read_compute_matrix(path)


def test_damaged_files(tmp_path):
    path = write_matrix(tmp_path / "m.gz")
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    for wrong, message in (
        ([*lines[:2], lines[2].replace("7.0", "x7.0")], "line 3: column 10 is 'x7.000000'"),
        ([*lines[:2], lines[2][:-12]], "line 3: has 11 columns, expected 12"),
        ([*lines[:2], lines[2].replace("\t5000", "\t-5")], "line 3: column 2 is '-5'"),
        ([*lines[:2], lines[2].replace("7.0", "inf")], "line 3: column 10 is 'inf"),
        ([*lines[:2], lines[2].replace("\t-\t", "\t?\t")], r"line 3: column 6 is '\?'"),
        ([*lines[:2], lines[2].replace("g2", " ")], "line 3: column 4 has no name"),
        (["@{", *lines[1:]], "line 1: cannot be read"),
        (lines[:1], "holds no rows"),
        (lines[1:], "line 1: Not the output of computeMatrix"),
    ):
        with pytest.raises(DataFormatError, match=message):
            read_compute_matrix(write_lines(tmp_path / "wrong", *wrong))
    (tmp_path / "cut.gz").write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataFormatError, match="cut short"):
        read_compute_matrix(tmp_path / "cut.gz")
    with pytest.raises(FileNotFoundError):
        read_compute_matrix(tmp_path / "none.gz")
    with pytest.raises(ValueError, match="path is empty"):
        read_compute_matrix([])
    with pytest.raises(ValueError, match="missing"):
        read_compute_matrix(path, missing="mean")


def test_load_data_recognises_it(tmp_path):
    path = write_matrix(tmp_path / "E003.gz")
    assert load_data(path).cells.tolist() == ["E003"]
    assert load_data(path, cells="E123").cells.tolist() == ["E123"]
    with pytest.raises(ValueError, match="one cell type"):
        load_data(path, cells=["E003", "E123"])
