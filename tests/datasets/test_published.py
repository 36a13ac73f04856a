"""The files of published data sets, got once and put where they are wanted."""

import gzip

import pytest

from histoexpr.datasets import fetch_file, load_deepchrome, read_expression
from histoexpr.exceptions import DataFormatError
from support.local_server import CONTENT, RECORD, RPKM, archive, left_behind, publish

ROADMAP = gzip.compress(b"gene_id\tE003\nENSG00000000003\t43.985\n")


def test_to_the_data_home_once(server, tmp_path):
    body = archive()
    publish(server, body)
    path = fetch_file("deepchrome")
    assert path == tmp_path / "home" / "deepchrome" / "data.tar.gz"
    assert path.read_bytes() == body
    assert fetch_file("deepchrome") == path
    assert server.requests == [RECORD, CONTENT]
    assert fetch_file("deepchrome", overwrite=True) == path  # again, as asked for
    assert server.requests == [RECORD, CONTENT] * 2


def test_to_a_file_and_into_a_folder(server, tmp_path):
    server.replies[RPKM] = [(200, ROADMAP, None)]
    path = fetch_file("roadmap-expression", tmp_path / "a" / "rpkm.gz")
    assert path == tmp_path / "a" / "rpkm.gz"
    assert read_expression(path).values.tolist() == [[43.985]]
    found = fetch_file("roadmap-expression", str(tmp_path / "a"))
    assert found == tmp_path / "a" / "57epigenomes.RPKM.pc.gz"
    assert server.requests == [RPKM] * 2
    assert set(left_behind(tmp_path)) == {path, found}


def test_what_the_data_home_has_is_copied(server, tmp_path):
    body = archive()
    publish(server, body)
    home = fetch_file("deepchrome")
    copy = fetch_file("deepchrome", tmp_path / "copy.tar.gz")
    assert copy.read_bytes() == home.read_bytes() == body
    assert load_deepchrome(copy).n_samples == 6
    assert server.requests == [RECORD, CONTENT]


def test_nothing_is_replaced_unasked(server, tmp_path):
    server.replies[RPKM] = [(200, ROADMAP, None)]
    path = tmp_path / "mine"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=r"mine exists.*--overwrite"):
        fetch_file("roadmap-expression", path)
    assert path.read_text() == "mine"
    assert server.requests == []
    assert fetch_file("roadmap-expression", path, overwrite=True).read_bytes() == ROADMAP


def test_a_failure_replaces_nothing_and_says_what_to_do(server, tmp_path):
    path = tmp_path / "mine"
    path.write_text("mine")
    with pytest.raises(ConnectionError, match=r"answered 404.*by hand, download .*gz and") as info:
        fetch_file("roadmap-expression", path, overwrite=True)
    assert str(path) in str(info.value)
    server.replies[RPKM] = [(200, ROADMAP[:-4], None)]
    with pytest.raises(DataFormatError, match="no whole gzip file"):
        fetch_file("roadmap-expression", path, overwrite=True, retries=0)
    assert path.read_text() == "mine"
    assert left_behind(tmp_path) == [path]


def test_names_are_checked(server):
    with pytest.raises(ValueError, match=r"'name' parameter of fetch_file must be a str among"):
        fetch_file("deepdiff")
    with pytest.raises(ValueError, match="'timeout' parameter of fetch_file must be a float"):
        fetch_file("deepchrome", timeout=0)
