"""Downloads from a server on this machine: whole and verified, or told and not there."""

import gzip
import hashlib
import http.server
import io
import json
import socket
import tarfile
import threading
from pathlib import Path

import pytest

from histoexpr.datasets import _download, _fetch, fetch_deepchrome, fetch_roadmap_expression
from histoexpr.exceptions import DataFormatError

RECORD = "/api/records/2652278"
CONTENT = f"{RECORD}/files/data.tar.gz/content"
RPKM = "/expression/57epigenomes.RPKM.pc.gz"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        replies = self.server.replies.get(self.path, [(404, b"", None)])
        status, body, length = replies.pop(0) if len(replies) > 1 else replies[0]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", body.decode())
            body = b""
        if length != "unknown":
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server whose replies the test sets: path -> list of (status, body, length)."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.replies, server.requests = {}, []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setattr(_fetch, "_ZENODO", server.url)
        monkeypatch.setattr(_fetch, "_ROADMAP", f"{server.url}/expression")
        monkeypatch.setattr(_download, "_PAUSE", 0.001)
        monkeypatch.setenv("HISTOEXPR_DATA", str(tmp_path / "home"))
        monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path / "cache"))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield server
        server.shutdown()
        thread.join()


def table_of(*genes):
    rows = [
        f"{gene},{number},{number},0,300,2,1,{label}"
        for gene, label in genes
        for number in range(1, 5)
    ]
    return "\n".join([*rows, ""]).encode()


MEMBERS = {
    f"data/{cell}/classification/{split}.csv": table_of((f"00000{number}", number % 2))
    for cell in ("E003", "E123")
    for number, split in enumerate(("train", "valid", "test"), start=3)
}


def archive(members=MEMBERS):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def publish(server, body, *, checksum=None, **more):
    """Let the server have a record with this archive."""
    checksum = checksum or f"md5:{hashlib.md5(body).hexdigest()}"
    entry = {
        "key": "data.tar.gz",
        "size": len(body),
        "checksum": checksum,
        "links": {"self": server.url + CONTENT},
        **more,
    }
    server.replies[RECORD] = [(200, json.dumps({"files": [entry]}).encode(), None)]
    server.replies[CONTENT] = [(200, body, None)]


def left_behind(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file() and "cache" not in path.parts]


# -- DeepChrome --------------------------------------------------------------------------


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


def test_the_default_data_home(monkeypatch):
    monkeypatch.delenv("HISTOEXPR_DATA", raising=False)
    monkeypatch.setenv("HOME", "/somewhere")
    assert _download.data_folder(None, "a") == Path("/somewhere/histoexpr_data/a")


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_the_record_names_the_algorithm(server, algorithm):
    body = archive()
    publish(server, body, checksum=f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}")
    assert fetch_deepchrome().n_samples == 6


def test_wrong_checksum(server, tmp_path):
    publish(server, archive(), checksum="md5:" + "0" * 32)
    with pytest.raises(DataFormatError, match=r"md5 checksum .*, expected 0{32}"):
        fetch_deepchrome(retries=1)
    assert left_behind(tmp_path) == []
    assert server.requests.count(CONTENT) == 2


def test_damaged_once_then_right(server):
    body = archive()
    publish(server, body)
    server.replies[CONTENT].insert(0, (200, body[:-1] + b"?", None))
    assert fetch_deepchrome().n_samples == 6
    assert server.requests.count(CONTENT) == 2


@pytest.mark.parametrize("length", [None, "unknown", "full"])
def test_truncated_body(server, tmp_path, length):
    # as one that is short itself, that the connection cuts, and that breaks its promise
    body = archive()
    publish(server, body)
    half = body[: len(body) // 2]
    server.replies[CONTENT] = [(200, half, len(body) if length == "full" else length)]
    message = rf"{len(half):,} bytes arrived, expected {len(body):,}"
    with pytest.raises(DataFormatError, match=message):
        fetch_deepchrome(retries=2)
    assert left_behind(tmp_path) == []
    assert server.requests.count(CONTENT) == 3
    server.replies[CONTENT] = [(200, half, len(body)), (200, body, None)]
    assert fetch_deepchrome().n_samples == 6


def test_server_error_then_success(server):
    publish(server, archive())
    for path in (RECORD, CONTENT):
        server.replies[path][:0] = [(503, b"", None), (500, b"", None)]
    assert fetch_deepchrome().n_samples == 6
    assert server.requests == [RECORD] * 3 + [CONTENT] * 3


def test_a_server_error_that_stays(server, tmp_path):
    publish(server, archive())
    server.replies[CONTENT] = [(502, b"", None)]
    with pytest.raises(ConnectionError, match=r"answered 502 .*\(3 attempts\).*by hand") as caught:
        fetch_deepchrome(retries=2)
    assert str(tmp_path / "home" / "deepchrome" / "data.tar.gz") in str(caught.value)
    assert "/records/2652278/files/data.tar.gz" in str(caught.value)
    assert left_behind(tmp_path) == []


def test_a_missing_record_is_not_asked_for_again(server):
    with pytest.raises(ConnectionError, match=r"answered 404.*by hand"):
        fetch_deepchrome()
    assert server.requests == [RECORD]


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


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        (
            {"links": {"self": "file:///etc/hostname"}},
            ConnectionError,
            "not an address on the web",
        ),
        ({"links": {"self": "http://[bad"}}, ConnectionError, "not a proper address"),
        ({"checksum": "crc32:0"}, DataFormatError, "checksum of unknown kind: 'crc32:0'"),
        ({"checksum": ""}, DataFormatError, "checksum of unknown kind"),
        ({"size": None}, ConnectionError, "does not describe its files"),
    ],
)
def test_strange_records_are_not_followed(server, tmp_path, more, error, message):
    publish(server, archive())
    record = json.loads(server.replies[RECORD][0][1])
    record["files"][0].update(more)
    server.replies[RECORD] = [(200, json.dumps(record).encode(), None)]
    with pytest.raises(error, match=message):
        fetch_deepchrome()
    assert left_behind(tmp_path) == []


def test_redirects_are_followed(server):
    publish(server, archive())
    server.replies["/moved"] = server.replies[CONTENT]
    server.replies[CONTENT] = [(302, f"{server.url}/moved".encode(), None)]
    assert fetch_deepchrome().n_samples == 6


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
    monkeypatch.setattr(_fetch, "_ZENODO", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(_fetch, "_ROADMAP", f"http://127.0.0.1:{port}")
    for fetch, name in (
        (fetch_deepchrome, "deepchrome/data.tar.gz"),
        (fetch_roadmap_expression, "roadmap/57epigenomes.RPKM.pc.gz"),
    ):
        with pytest.raises(ConnectionError, match=r"no connection .*by hand, download") as caught:
            fetch()
        assert str(tmp_path / "home" / name) in str(caught.value)
    assert left_behind(tmp_path) == []


def test_a_server_that_says_nothing(server, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(_fetch, "_ZENODO", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ConnectionError, match=r"timed out.*\(2 attempts\)"):
            fetch_deepchrome(retries=1, timeout=0.05)
    assert left_behind(tmp_path) == []


def test_downloading_may_be_off(server):
    with pytest.raises(FileNotFoundError, match=r"downloading is off.*by hand.*HISTOEXPR_DATA"):
        fetch_deepchrome(download_if_missing=False)
    with pytest.raises(FileNotFoundError, match="57epigenomes"):
        fetch_roadmap_expression(download_if_missing=False)
    assert server.requests == []


def test_an_interrupted_download_leaves_nothing(server, tmp_path, monkeypatch):
    publish(server, archive())

    def interrupt(response):
        yield b"half"
        raise KeyboardInterrupt

    monkeypatch.setattr(_download, "_length", lambda response: None)
    blocks = _download._blocks
    monkeypatch.setattr(
        _download, "_blocks", lambda r: interrupt(r) if "content" in r.url else blocks(r)
    )
    with pytest.raises(KeyboardInterrupt):
        fetch_deepchrome()
    assert left_behind(tmp_path) == []


def test_retries_must_make_sense(server):
    with pytest.raises(ValueError, match="'retries' parameter of fetch_deepchrome must be an int"):
        fetch_deepchrome(retries=-1)
    with pytest.raises(ValueError, match="'retries' parameter of fetch_deepchrome must be an int"):
        fetch_deepchrome(retries="3")


def test_quiet_unless_asked(server, tmp_path, capsys):
    publish(server, archive())
    fetch_deepchrome()
    assert capsys.readouterr() == ("", "")
    fetch_deepchrome(data_home=tmp_path / "again", verbose=1)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "data.tar.gz: 100%" in printed.err


# -- Roadmap -----------------------------------------------------------------------------

ROADMAP = gzip.compress(
    b"gene_id\tE000\tE003\tE004\n"
    b"ENSG00000000003\t23.265\t43.985\t37.413\t\n"
    b"ENSG00000000005\t0.872\t1.642\t6.498\t\n"
)


def test_roadmap(server, tmp_path):
    server.replies[RPKM] = [(500, b"", None), (200, ROADMAP, None)]
    table = fetch_roadmap_expression()
    assert table.unit == "RPKM"
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
