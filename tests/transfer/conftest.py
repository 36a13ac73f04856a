"""The default models of pairs in a tenth of their steps."""

import pytest

from histoexpr.transfer import _change_models


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch):
    monkeypatch.setattr(_change_models, "_STEPS", 150)
    monkeypatch.setattr(_change_models, "_EPOCHS", (2, 60))
