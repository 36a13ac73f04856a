"""Published data sets: found in the record, downloaded once, loaded."""

import gzip
import socket
from pathlib import Path

import pytest

from histoexpr.datasets import _published, fetch_deepchrome, fetch_roadmap_expression
from histoexpr.exceptions import DataFormatError
from support.local_server import (
    CONTENT,
    MEMBERS,
    RECORD,
    RPKM,
    archive,
    left_behind,
    publish,
)


def test_success_and_only_once(server, tmp_path):
    body = archive()
    publish(server, body)
    data = fetch_deepchrome()
    assert data.X.shape == (6, 4, 5)
    assert data.X[0, :, 0].tolist() == [1, 2, 3, 4]
    assert data.cells.tolist() == ["E003", "E123"]
    assert data.y.tolist() == [1, 0, 1] * 2
    path = tmp_path / "home" / "deepchrome" / "data.tar.gz"
    assert left_behind(tmp_path) == [path]
    assert path.read_bytes() == body
    part = fetch_deepchrome("E123", splits=["test"], download_if_missing=False)
    assert (part.cell.tolist(), part.split.tolist()) == (["E123"], ["test"])
    assert server.requests == [RECORD, CONTENT]
    with pytest.raises(ValueError, match="No cell E999"):
        fetch_deepchrome("E999")


def test_data_home_comes_before_the_environment(server, tmp_path):
    publish(server, archive())
    fetch_deepchrome(data_home=tmp_path / "elsewhere")
    assert left_behind(tmp_path) == [tmp_path / "elsewhere" / "deepchrome" / "data.tar.gz"]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (b"<html>please log in</html>", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "does not describe its files"),
        (b'{"files": [{"key": "data.tar.gz"}]}', "does not describe its files"),
        (b'{"files": []}', "has no file data.tar.gz; there are: none"),
        (b'{"files": [{"key": "other.zip"}]}', "there are: other.zip"),
    ],
)
def test_a_record_that_is_none(server, tmp_path, record, message):
    server.replies[RECORD] = [(200, record, None)]
    with pytest.raises(ConnectionError, match=message) as caught:
        fetch_deepchrome()
    assert "by hand" in str(caught.value)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["../../outside.csv", "/tmp/outside.csv"])
def test_a_hostile_member_is_refused_and_nothing_unpacked(server, tmp_path, name):
    publish(server, archive({**MEMBERS, name: b"1,1,1,1,1,1,1,1\n"}))
    with pytest.raises(DataFormatError, match=r"outside\.csv"):
        fetch_deepchrome()
    assert left_behind(tmp_path) == [tmp_path / "home" / "deepchrome" / "data.tar.gz"]
    assert not Path("/tmp/outside.csv").exists()


def test_no_server(server, tmp_path, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setattr(_published, "_ZENODO", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(_published, "_ROADMAP", f"http://127.0.0.1:{port}")
    for fetch, name in (
        (fetch_deepchrome, "deepchrome/data.tar.gz"),
        (fetch_roadmap_expression, "roadmap/57epigenomes.RPKM.pc.gz"),
    ):
        with pytest.raises(ConnectionError, match=r"no connection .*by hand, download") as caught:
            fetch()
        assert str(tmp_path / "home" / name) in str(caught.value)
    assert left_behind(tmp_path) == []


def test_downloading_may_be_off(server):
    with pytest.raises(FileNotFoundError, match=r"downloading is off.*by hand.*HISTOEXPR_DATA"):
        fetch_deepchrome(download_if_missing=False)
    with pytest.raises(FileNotFoundError, match="57epigenomes"):
        fetch_roadmap_expression(download_if_missing=False)
    assert server.requests == []


def test_retries_must_make_sense(server):
    with pytest.raises(ValueError, match="'retries' parameter of fetch_deepchrome must be an int"):
        fetch_deepchrome(retries=-1)
    with pytest.raises(ValueError, match="'retries' parameter of fetch_deepchrome must be an int"):
        fetch_deepchrome(retries="3")


ROADMAP = gzip.compress(
    b"gene_id\tE000\tE003\tE004\n"
    b"ENSG00000000003\t23.265\t43.985\t37.413\t\n"
    b"ENSG00000000005\t0.872\t1.642\t6.498\t\n"
)


def test_roadmap(server, tmp_path):
    server.replies[RPKM] = [(500, b"", None), (200, ROADMAP, None)]
    table = fetch_roadmap_expression()
    assert table.unit == "RPKM"
    # the reference of RNA is no cell
    assert list(table.cells) == ["E003", "E004"]
    assert fetch_roadmap_expression("E000").values.tolist() == [[23.265], [0.872]]
    assert table.select(cells="E003").values.tolist() == [[43.985], [1.642]]
    assert fetch_roadmap_expression("E004").values.tolist() == [[37.413], [6.498]]
    assert server.requests == [RPKM] * 2
    assert left_behind(tmp_path) == [tmp_path / "home" / "roadmap" / "57epigenomes.RPKM.pc.gz"]


@pytest.mark.parametrize(
    "body", [ROADMAP[:-10], b"<html>moved</html>", b""], ids=["cut", "page", "empty"]
)
def test_roadmap_that_is_no_whole_gzip_file(server, tmp_path, body):
    server.replies[RPKM] = [(200, body, None)]
    with pytest.raises(DataFormatError, match=rf"{RPKM}: what arrived is (no whole|empty)"):
        fetch_roadmap_expression(retries=0)
    assert left_behind(tmp_path) == []
