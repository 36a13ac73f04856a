"""Optional dependencies, and the extra that installs them."""

import sys

import pytest

from histoexpr.exceptions import MissingExtraError
from histoexpr.utils import require


def test_a_module_that_is_there():
    assert require("json", "Reading") is sys.modules["json"]


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pysam", None)
    with pytest.raises(MissingExtraError, match=r"Reading BAM needs pysam.*histoexpr\[tracks\]"):
        require("pysam", "Reading BAM")
