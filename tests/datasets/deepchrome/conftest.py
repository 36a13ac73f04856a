"""Every test of the DeepChrome layout has a cache folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path_factory.mktemp("cache")))
