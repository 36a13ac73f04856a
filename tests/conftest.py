"""Fixtures shared by the tests."""

import os
from importlib.util import find_spec

import pytest

from support import SHARED_DATA

# One thread a process, before torch is imported: tests run in parallel processes, and threads
# that wait for each other on busy cores are many times slower than one.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


@pytest.fixture(scope="session")
def shared_data():
    """Folder with small real data sets; tests that use it are skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real data at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep the tests out of the user's cache."""
    before = os.environ.get("HISTOEXPR_CACHE")
    os.environ["HISTOEXPR_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["HISTOEXPR_CACHE"]
    else:
        os.environ["HISTOEXPR_CACHE"] = before


@pytest.fixture(scope="session")
def cells():
    """Four simulated cell types, for studies."""
    from histoexpr.datasets import make_histone_cells

    return make_histone_cells(n_cells=4, n_genes=240, random_state=0)


@pytest.fixture(scope="session")
def saved_cells(cells, tmp_path_factory):
    """Folder with the same, saved."""
    path = tmp_path_factory.mktemp("cells") / "data"
    cells.save(path)
    return path


@pytest.fixture(scope="session")
def finished_study(saved_cells, tmp_path_factory):
    """The study of ``support.study_cases.SPEC``, finished; to be left as it is."""
    from histoexpr.experiments import run_study
    from support.study_cases import SPEC

    return run_study(SPEC, saved_cells, tmp_path_factory.mktemp("finished"))


@pytest.fixture(scope="session")
def mixed_results():
    """A classifier and a regressor on three cells, genes divided by chromosome."""
    from histoexpr.datasets import make_histone_cells
    from histoexpr.experiments import evaluate_cells, make_model

    data = make_histone_cells(n_cells=3, n_genes=240, random_state=0)
    models = {name: make_model(name, name) for name in ("logistic", "ridge")}
    return evaluate_cells(models, data, genes="chromosome", n_splits=2)


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server in place of the public ones: path -> list of (status, body, length)."""
    import http.server
    import threading

    from histoexpr.datasets import _download, _published
    from support.local_server import Handler

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.replies, server.requests, server.tags, server.sent = {}, [], {}, []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setattr(_published, "_ZENODO", server.url)
        monkeypatch.setattr(_published, "_ROADMAP", f"{server.url}/expression")
        monkeypatch.setattr(_download, "_PAUSE", 0.001)
        monkeypatch.setenv("HISTOEXPR_DATA", str(tmp_path / "home"))
        monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path / "cache"))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def close_figures():
    """Draw without a screen, and keep no figure."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


# Examples in docstrings that need an extra
_EXTRAS = {"_anndata": "anndata", "_xarray": "xarray", "_onnx": "onnx"}


def pytest_collection_modifyitems(items):
    """Skip the examples of docstrings whose extra is not installed."""
    for item in items:
        extra = _EXTRAS.get(item.path.stem)
        if isinstance(item, pytest.DoctestItem) and extra and find_spec(extra) is None:
            item.add_marker(pytest.mark.skip(reason=f"the extra {extra} is not installed"))
