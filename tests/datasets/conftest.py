"""A server in place of the public ones."""

import http.server
import threading

import pytest

from histoexpr.datasets import _download, _fetch
from support.local_server import Handler


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
