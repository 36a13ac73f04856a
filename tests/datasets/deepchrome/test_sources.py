"""Files of the DeepChrome layout: which are found, chosen and read."""

import os

import pytest

from histoexpr.exceptions import DataFormatError, HistoexprWarning
from support.deepchrome_files import SOUND, assert_same, pack, pack_folder, read, write


def test_cells_and_splits_in_order(tmp_path):
    for cell in ("E123", "E003"):
        write(tmp_path, cell, test="a,1,1,0\n", train="b,1,2,0\n", valid="c,1,3,1\n")
    data = read(tmp_path)
    assert data.cell.tolist() == ["E003"] * 3 + ["E123"] * 3
    assert data.split.tolist() == ["train", "valid", "test"] * 2
    assert data.gene.tolist() == ["b", "c", "a"] * 2
    assert read(tmp_path, cells="E123", splits=("test", "train")).gene.tolist() == ["b", "a"]


def test_what_is_not_wanted_is_not_read(tmp_path):
    folder = tmp_path / "set"
    write(folder, "E003", train=SOUND, test="rubbish")
    write(folder, "E004", train="rubbish")
    archive = pack_folder(tmp_path / "set.tar.gz", folder, "set")
    for source in (folder, archive):
        data = read(source, cells="E003", splits="train")
        assert data.gene.tolist() == ["a", "b"]


def test_ways_to_name_one_cell(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    cell = tmp_path / "E003"
    for path in (cell, cell / "classification", f"{cell}/"):
        data = read(path)
        assert data.cells.tolist() == ["E003"]
        assert data.n_samples == 3
    assert read(cell / "classification" / "test.csv").split.tolist() == ["test"]
    assert read(cell / "classification" / "test.csv").cells.tolist() == ["E003"]
    assert read(cell / "classification", cells="E999").cells.tolist() == ["E999"]
    with pytest.raises(ValueError, match=r"No cell E999 in .*E003; there are E003\."):
        read(cell, cells="E999")


def test_relative_path(tmp_path, monkeypatch):
    write(tmp_path, train=SOUND)
    monkeypatch.chdir(tmp_path / "E003")
    assert read(".").cells.tolist() == ["E003"]


def test_file_of_another_name_has_no_split(tmp_path):
    (tmp_path / "mine.csv").write_text(SOUND)
    data = read(tmp_path / "mine.csv", cells="K562")
    assert data.split is None
    assert data.cells.tolist() == ["K562"]


def test_unknown_names_list_what_is_there(tmp_path):
    write(tmp_path, "E003", train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(tmp_path, "E004", train=SOUND)
    archive = pack_folder(tmp_path / "set.tar", tmp_path, "set")
    for source in (tmp_path, archive):
        with pytest.raises(ValueError, match=r"No cell E005, X in .*; there are E003, E004\."):
            read(source, cells=["X", "E005", "E003"])
        with pytest.raises(ValueError, match=r"No split val in .*; there are test, train\."):
            read(source, splits="val")
        with pytest.raises(ValueError, match=r"Cell E004 has no test\.csv in"):
            read(source, splits="test")
        with pytest.raises(ValueError, match="cells is empty"):
            read(source, cells=[])
        with pytest.raises(ValueError, match="splits must be a name or a sequence of names"):
            read(source, splits=1)


def test_nothing_found(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"does not exist\. Expected a folder with <cell>/"
    ):
        read(tmp_path / "nowhere")
    with pytest.raises(DataFormatError, match=r"no file in the layout <cell>/.*; it is empty"):
        read(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(DataFormatError, match=r"no file in the layout .*; it holds notes.txt"):
        read(tmp_path)
    with pytest.raises(DataFormatError, match=r"a \.tar or .tar.gz of it, or a .csv file"):
        read(tmp_path / "notes.txt")
    if os.path.exists(os.devnull):
        with pytest.raises(DataFormatError, match="expected a folder with"):
            read(os.devnull)
    archive = pack(tmp_path / "set.tar", {"E003/train.csv": b"a,1,1,0\n"}, "w")
    with pytest.raises(DataFormatError, match=r"no file in the layout .*holds E003/train\.csv"):
        read(archive)


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
@pytest.mark.parametrize("arcname", [".", "set", "a/b/" + "long/" * 30])
def test_archive_gives_what_the_folder_gives(tmp_path, suffix, arcname):
    folder = tmp_path / "set"
    write(folder, "E003", train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(folder, "E004", valid=SOUND)
    (folder / "README").write_text("not data")
    archive = pack_folder(tmp_path / f"packed{suffix}", folder, arcname)
    assert_same(read(archive), read(folder))
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"packed{suffix}", "set"]


def test_archive_without_the_name_of_the_cell(tmp_path):
    archive = pack(tmp_path / "K562.tar.gz", {"./classification/train.csv": SOUND.encode()})
    assert read(archive).cells.tolist() == ["K562"]
    assert read(archive, cells="E123").cells.tolist() == ["E123"]


def test_archive_with_a_file_twice(tmp_path):
    names = ["a/E003/classification/test.csv", "b/E003/classification/test.csv"]
    archive = pack(tmp_path / "set.tar.gz", dict.fromkeys(names, SOUND.encode()))
    with pytest.raises(DataFormatError, match=f"of cell E003 twice: {names[0]} and {names[1]}"):
        read(archive)


def test_one_folder_out_of_several_is_said(tmp_path):
    folder = tmp_path / "E003"
    write(folder, "E009", train=SOUND)
    write(tmp_path, "E003", train=SOUND)
    with pytest.warns(HistoexprWarning, match=r"E003.classification alone.*E009"):
        data = read(folder)
    assert data.cells.tolist() == ["E003"]


def test_folders_that_can_be_read_are_named(tmp_path):
    write(tmp_path / "set", "E003", train=SOUND)
    with pytest.raises(DataFormatError, match=r"set can be read: give one of them"):
        read(tmp_path)
