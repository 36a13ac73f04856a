"""Tables of tracks and their faults."""

import os

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import build_dataset
from support.track_files import BINS, write_bed


@pytest.mark.parametrize("kind", ["list", "frame", "csv"])
def test_tables_of_tracks(tracks, genes, kind, tmp_path):
    expected = build_dataset(tracks, genes, **BINS)
    rows = [line.split("\t") for line in tracks.read_text().splitlines()]
    if kind == "list":
        table = [(cell, mark, tmp_path / file) for cell, mark, file in rows[1:]]
    elif kind == "frame":
        pandas = pytest.importorskip("pandas")
        table = pandas.DataFrame(rows[1:], columns=rows[0])
        table["file"] = [str(tmp_path / file) for file in table["file"]]
    else:
        table = tmp_path / "tracks.csv"
        table.write_text(
            "# mine\nnote_lab, FILE,Mark,CELL\n"
            + "".join(f"x,{file},{mark},{cell}\n" for cell, mark, file in rows[1:])
        )
    np.testing.assert_array_equal(build_dataset(table, genes, **BINS).X, expected.X)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["A\tm\ta", "A\tm\tb"], "two files for cell A and mark m: .*replicates='pool'"),
        (["A\tm\ta", "A\tn\tb", "B\tm\tc"], "no file for B n. Every cell needs every mark"),
        (["A\t\ta"], "line 2: mark is empty"),
        (["A\tm\ta", "A\tn"], "line 3: .*2 fields, but the header has 3"),
        ([], "there are no tracks"),
    ],
)
def test_faults_of_the_table_of_tracks(tmp_path, genes, rows, message):
    for name in "abc":
        write_bed(tmp_path / name, [("chr1", 5, 9, "+")])
    table = tmp_path / "tracks.tsv"
    table.write_text("\n".join(["cell\tmark\tfile", *rows]) + "\n")
    with pytest.raises(DataFormatError, match=message):
        build_dataset(table, genes)


def test_other_faults_of_tracks(tmp_path, genes):
    table = tmp_path / "tracks.tsv"
    for text, message in (
        ("cell\tfile\nA\tx\n", "columns missing in the table of tracks: mark"),
        ("cell,mark,file,cell\n", "columns repeated"),
        ("", "the table is empty"),
    ):
        table.write_text(text)
        with pytest.raises(DataFormatError, match=message):
            build_dataset(table, genes)
    with pytest.raises(FileNotFoundError, match=r"nowhere.bam \(cell A, mark m\) does not exist"):
        build_dataset([("A", "m", tmp_path / "nowhere.bam")], genes)
    with pytest.raises(IsADirectoryError, match="is a folder"):
        build_dataset([("A", "m", tmp_path)], genes)
    with pytest.raises(ValueError, match="is an address"):
        build_dataset([("A", "m", "https://example.org/a.bam")], genes)
    for row in ("Amf", ("A", "m"), ("A", None, "f"), 3):
        with pytest.raises(ValueError, match="entry 0"):
            build_dataset([row], genes)
    with pytest.raises(ValueError, match="there are no tracks"):
        build_dataset([], genes)
    with pytest.raises(TypeError, match=r"'tracks' parameter"):
        build_dataset(None, genes)
    with pytest.raises(TypeError, match=r"'genes' parameter .*Got 5"):
        build_dataset([("A", "m", table)], 5)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "cell\tmark\tfile\tweight",
            "column weight of the table of tracks is not known.*Known are",
        ),
        ("cell\tmark\tfile\tcontrols", r"column controls .* Is controls control\?"),
        ("cell\tmark\tfil\tnote", r"missing .*: file\. .*Is fil file\?"),
        ("cell\tmark\tfile\tfragment_length", "column fragment_length .* begin with note"),
        ("cell\tmark\tfile\tCell", "columns repeated in the table of tracks: cell"),
    ],
)
def test_columns_that_are_not_known_are_refused(tmp_path, genes, header, message):
    write_bed(tmp_path / "a", [("chr1", 5, 9, "+")])
    table = tmp_path / "tracks.tsv"
    table.write_text(f"{header}\nA\tm\ta\ta\n")
    with pytest.raises(DataFormatError, match=message):
        build_dataset(table, genes)
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["A", "m", tmp_path / "a", "x"]], columns=header.split("\t"))
    with pytest.raises(ValueError, match=message):
        build_dataset(frame, genes)


@pytest.mark.parametrize("column", ["control", "Input"])
def test_a_control_by_either_name_relative_to_the_table(tmp_path, column):
    for name in ("chip", "input"):
        write_bed(tmp_path / name, [("chr1", 1000, 1036, "+")])
    genes = tmp_path / "genes.bed"
    genes.write_text("chr1\t1000\t5000\tG1\t0\t+\n")
    table = tmp_path / "tracks.tsv"
    table.write_text(f"cell\tmark\tfile\t{column}\tnotes\nA\tm\tchip\tinput\tof Monday\n")
    data = build_dataset(table, genes, window=(-200, 200))
    assert data.X[0, :, 0].tolist() == [0, 0, 0, 0]
    # an empty fild is no control
    table.write_text(f"cell\tmark\tfile\t{column}\treplicate\nA\tm\tchip\t\t1\n")
    data = build_dataset(table, genes, window=(-200, 200))
    assert data.X[0, :, 0].tolist() == [0, 0, 1, 0]
    assert data.meta["control"] is None
    assert data.meta["report"]["tracks"][0]["replicate"] == "1"


def test_a_file_given_twice(tmp_path, genes):
    path = write_bed(tmp_path / "a", [("chr1", 2900, 2936, "+")])
    (tmp_path / "link").symlink_to(path)
    rows = [("A", "m", path), ("A", "m", tmp_path / "link")]
    with pytest.raises(ValueError, match="given twice for cell A and mark m"):
        build_dataset(rows, genes, replicates="pool")
    with pytest.warns(match=r"a is given for A m, B m"):
        data = build_dataset([("A", "m", path), ("B", "m", path)], genes, **BINS)
    np.testing.assert_array_equal(*np.split(data.X, 2))


def test_control_characters_and_other_bytes(tmp_path, genes):
    write_bed(tmp_path / "a", [("chr1", 5, 9, "+")])
    table = tmp_path / "tracks.tsv"
    table.write_text("cell\tmark\tfile\nA\tm\x1b[31m\ta\n")
    with pytest.raises(DataFormatError, match=r"line 2: mark 'm\\x1b\[31m' holds control char"):
        build_dataset(table, genes)
    table.write_bytes(b"cell\tmark\tfile\nA\tm\xff\ta\n")
    with pytest.raises(DataFormatError, match=r"line 2: .*UTF-8"):
        build_dataset(table, genes)
    table.write_text('cell\tmark\tfile\nA\tm\t"a\n')
    with pytest.raises(DataFormatError, match="line 2: quotation marks"):
        build_dataset(table, genes)
    with pytest.raises(ValueError, match="entry 0: file must be a path, got 3"):
        build_dataset([("A", "m", 3)], genes)


def test_files_of_other_kinds_and_in_the_home_folder(tmp_path, genes, monkeypatch):
    table = tmp_path / "tracks.tsv"
    table.write_text("# mine\ncell\tmark\tfile\nA\tm\t~/a\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(FileNotFoundError, match=r"tracks.tsv, line 3: .*home/a \(cell A"):
        build_dataset(table, genes)
    (tmp_path / "home").mkdir()
    write_bed(tmp_path / "home" / "a", [("chr1", 2900, 2936, "+"), ("chr2", 1, 9, "+")])
    assert build_dataset(table, genes, **BINS).X.sum() == 1
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"pipe \(cell A, mark m\) is a pipe or device"):
        build_dataset([("A", "m", tmp_path / "pipe")], genes)
