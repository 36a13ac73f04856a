"""Tables of tracks and their faults."""

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
        (["A\tm\ta", "A\tm\tb"], "two files for cell A and mark m: .*a and .*b. Pool replicates with replicates='pool'"),
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
