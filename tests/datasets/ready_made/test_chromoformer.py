"""Folders of Chromoformer: marks by name, mean depth in bins; damage."""

import numpy as np
import pytest

from histoexpr import load_chromoformer, load_data
from histoexpr.exceptions import DataFormatError
from support.ready_made import write_chromoformer


@pytest.fixture
def folder(tmp_path):
    return write_chromoformer(tmp_path / "demo")


def test_genes_marks_and_bins(folder):
    data = load_chromoformer(folder)
    assert data.marks == [
        "H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3", "H3K27ac", "H3K9ac",
    ]  # fmt: skip
    assert (data.X.shape, data.X.dtype) == ((2, 100, 7), np.float32)
    # the TSS is at column 20,000: 200 bins of 100 bp on, the first value is 200 - 150
    assert data.X[0, 50].tolist() == [50, 150, 250, 350, 450, 550, 650]
    assert data.X[0, 51, 0] == 51
    assert (data.gene.tolist(), data.cell.tolist()) == (["ENSG1", "ENSG2"], ["E003", "E003"])
    assert (data.chrom.tolist(), data.tss.tolist()) == (["chr1", "chr2"], [30000, 50000])
    assert (data.strand.tolist(), data.y.tolist()) == (["-", "+"], [1, 0])
    assert data.expression.tolist() == [4.5, 0.25]
    assert data.oriented is False
    np.testing.assert_array_equal(data.orient().X[0], data.X[0, ::-1])


def test_window_and_bins_of_other_sizes(folder):
    data = load_chromoformer(folder, window=(-200, 400), bin_size=200)
    assert data.X[0, :, 0].tolist() == [48.5, 50.5, 52.5]
    assert load_chromoformer(folder, window=(-20000, 20000)).n_bins == 400
    for window, size in (((-20100, 0), 100), ((-50, 70), 100), ((0, 0), 100), (None, 100)):
        with pytest.raises(ValueError, match="window must be"):
            load_chromoformer(folder, window=window, bin_size=size)


def test_several_cells_have_a_folder_each(folder):
    meta = folder / "meta.csv"
    lines = meta.read_text().splitlines()
    meta.write_text("\n".join([*lines, lines[1].replace("E003", "E004")]) + "\n")
    with pytest.raises(DataFormatError, match="line 2: gene ENSG1 of cell E003 has no file"):
        load_chromoformer(folder)
    (folder / "arrays").rename(folder / "E003")
    assert load_chromoformer(folder, cells="E003").n_samples == 2
    with pytest.raises(DataFormatError, match="line 4: gene ENSG1 of cell E004"):
        load_chromoformer(folder)
    (folder / "E004").mkdir()
    np.save(folder / "E004" / "chr1:10000-50000.npy", np.ones((7, 40000)))
    data = load_chromoformer(folder)
    assert data.cell.tolist() == ["E003", "E003", "E004"]
    assert data.X[2].max() == 1
    with pytest.raises(ValueError, match="There is no cell E009"):
        load_chromoformer(folder, cells="E009")


def test_the_table_is_found_or_named(folder):
    predicted = folder / "predicted.csv"
    text = (folder / "meta.csv").read_text()
    predicted.write_text(text.replace("\n", ",prediction\n", 1))
    assert load_data(folder).n_samples == 2
    (folder / "other.csv").write_text(text)
    with pytest.raises(DataFormatError, match=r"meta.csv, other.csv.*meta="):
        load_chromoformer(folder)
    assert load_chromoformer(folder, meta=folder / "other.csv").n_samples == 2
    with pytest.raises(FileNotFoundError, match="no folder"):
        load_chromoformer(folder / "meta.csv")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("chr1,30000", "chr1,3e4", "line 2: start is '3e4'"),
        (",-,1", ",x,1", "line 2: strand is 'x'"),
        ("ENSG2,0.25", "ENSG2,low", "line 3: expression is 'low'"),
        ("E003,1,", "E003,2,", "line 2: label is 2"),
        ("E003,1,chr1", "../E003,1,chr1", "line 2: .*slash"),
        (",1.5;2", "", "line 2: has 10 columns, expected 11"),
        ("gene_id", "gene", "needs one table"),
        ("chr2,50000", "chr2,50001", "line 3: gene ENSG2 of cell E003 has no file chr2:30001"),
        ("ENSG1,", ",", "line 2: lacks gene_id"),
    ],
)
def test_damaged_tables(old, new, message, folder):
    meta = folder / "meta.csv"
    meta.write_text(meta.read_text().replace(old, new))
    with pytest.raises(DataFormatError, match=message):
        load_chromoformer(folder)


def test_damaged_arrays(folder):
    file = folder / "arrays" / "chr2:30000-70000.npy"
    depth = np.load(file)
    negative = depth.copy()
    negative[2, 20000] = -1
    for values, message in (
        (depth[:5], r"shape \(5, 40000\).*marks="),
        (depth[:, 1:], "expected numbers of 7 marks at 40000 bp"),
        (negative, "in row 3"),
        (depth.astype(str), "type <U"),
    ):
        np.save(file, values)
        with pytest.raises(DataFormatError, match=message):
            load_chromoformer(folder)
    np.save(file, depth)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DataFormatError, match="its header declares"):
        load_chromoformer(folder)
    np.save(file, np.array([{}]), allow_pickle=True)
    with pytest.raises(DataFormatError, match="pickled objects"):
        load_chromoformer(folder)
