"""JSON: values, whole files, damage reported with the file."""

import json
from pathlib import Path

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.utils import json_text, read_json, to_json, write_json


def test_values():
    value = {1: np.float32(0.5), "a": [np.nan, np.inf], "b": np.arange(2), "c": (Path("x"),)}
    expected = {"1": 0.5, "a": [None, None], "b": [0, 1], "c": ["x"]}
    assert to_json(value) == expected
    assert json.loads(json_text(value)) == expected
    assert json_text(value).endswith("}\n")


def test_files(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"a": 1})
    assert read_json(path, keys=["a"]) == {"a": 1}
    with pytest.raises(DataFormatError, match=r"a\.json: lacks some of a, b. Make it again"):
        read_json(path, keys=["a", "b"])
    with pytest.raises(DataFormatError, match=r"b\.json: is missing. Fetch it"):
        read_json(tmp_path / "b.json", remedy="Fetch it.")
    path.write_text('{"a":\n 1,}')
    with pytest.raises(DataFormatError, match=r"a\.json, line 2: cannot be read as JSON"):
        read_json(path)
