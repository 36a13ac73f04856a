"""Downloads: whole and verified, or reported and not there."""

import hashlib
import json
import socket
from pathlib import Path

import pytest

from histoexpr.datasets import _download, _published, fetch_deepchrome
from histoexpr.exceptions import DataFormatError
from support.local_server import CONTENT, RECORD, archive, left_behind, publish


def test_the_default_data_home(monkeypatch):
    monkeypatch.delenv("HISTOEXPR_DATA", raising=False)
    monkeypatch.setenv("HOME", "/somewhere")
    assert _download.data_folder(None, "a") == Path("/somewhere/histoexpr_data/a")
    with pytest.raises(TypeError, match="data_home must be a str or path-like, got 3"):
        _download.data_folder(3)


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


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', None])
def test_an_attempt_goes_on_where_the_connection_broke(server, tag):
    body = archive()
    publish(server, body)
    part = body[: len(body) // 3]
    server.replies[CONTENT] = [(200, part, len(body)), (200, body, None)]
    if tag:
        server.tags[CONTENT] = tag
    assert fetch_deepchrome().n_samples == 6
    rest = (206, len(body) - len(part)) if tag == '"v1"' else (200, len(body))
    assert server.sent[1:] == [(200, len(part)), rest]


def test_going_on_breaks_again(server):
    body = archive()
    publish(server, body)
    server.tags[CONTENT] = '"v1"'
    ends = [len(body) * n // 5 for n in range(1, 5)]
    server.replies[CONTENT] = [(200, body[:end], len(body)) for end in ends]
    with pytest.raises(DataFormatError, match=rf"{ends[2]:,} bytes arrived"):
        fetch_deepchrome(retries=2)
    server.replies[CONTENT] = [(200, body[:end], len(body)) for end in ends] + [(200, body, None)]
    assert fetch_deepchrome(retries=4).n_samples == 6
    assert sum(size for _, size in server.sent[-5:]) == len(body)


def test_a_file_that_changed_meanwhile_is_begun_anew(server, monkeypatch):
    body = archive()
    publish(server, body)
    server.tags[CONTENT] = '"v2"'
    server.replies[CONTENT] = [(200, b"x" * 30, len(body)), (200, body, None)]
    headers = _download._Partial.headers
    monkeypatch.setattr(
        _download._Partial, "headers", lambda self: headers(self) and {"If-Range": '"v1"'}
    )
    assert fetch_deepchrome().n_samples == 6
    assert server.sent[1:] == [(200, 30), (200, len(body))]


def test_a_wrong_beginning_is_not_gone_on_from(server):
    body = archive()
    publish(server, body)
    server.tags[CONTENT] = '"v1"'
    # the rest makes the length right, and the checksum wrong: all of it is asked for again
    server.replies[CONTENT] = [(200, b"?" * 30, len(body)), (200, body, None)]
    assert fetch_deepchrome().n_samples == 6
    assert server.sent[1:] == [(200, 30), (206, len(body) - 30), (200, len(body))]


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


def test_a_server_that_says_nothing(server, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(_published, "_ZENODO", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ConnectionError, match=r"timed out.*\(2 attempts\)"):
            fetch_deepchrome(retries=1, timeout=0.05)
    assert left_behind(tmp_path) == []


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


def test_quiet_unless_asked(server, tmp_path, capsys):
    publish(server, archive())
    fetch_deepchrome()
    assert capsys.readouterr() == ("", "")
    fetch_deepchrome(data_home=tmp_path / "again", verbose=1)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "data.tar.gz: 100%" in printed.err
