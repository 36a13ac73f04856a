import numpy as np
import pytest

from histoexpr.persistence._decode import Decoder

NODES = [
    {"is": "float", "value": "1"},
    {"is": "scalar", "dtype": "object", "value": 1},
    {"is": "scalar", "dtype": "float64", "value": "1"},
    {"is": "scalar", "dtype": "int8", "value": 1000},
    {"is": "tuple", "items": 5},
    {"is": "dict", "items": [["a", 1], ["a", 2]]},
    {"is": "dict", "items": [[None, 1]]},
    {"is": "dict", "items": [[1, 2, 3]]},
    {"is": "slice", "items": [1, 2]},
    {"is": "slice", "items": [1, 2, 0.5]},
    {"is": "array", "name": "none"},
    {"is": "array", "name": ["a"]},
    {"is": "array", "name": "a", "order": "K"},
    {"is": "texts", "dtype": "<U3", "shape": [2], "items": ["a"]},
    {"is": "texts", "dtype": "<U3", "shape": [-1], "items": ["a"]},
    {"is": "texts", "dtype": "<U3", "shape": [1], "items": [5]},
    {"is": "texts", "dtype": "<U99999999", "shape": [1], "items": ["a"]},
    {"is": "texts", "dtype": "V8", "shape": [1], "items": ["a"]},
    {"is": "texts", "dtype": "object", "shape": [1 << 40, 1 << 40], "items": ["a"]},
    {"is": "random_state", "items": [1, 2, 3, 4]},
    {"is": "random_state", "items": [{"is": "array", "name": "a"}, 0, 0, 0.0]},
    {"is": "callable", "name": "os.system"},
    {"is": "object", "class": "sklearn.StandardScaler", "params": []},
    {"is": "object", "class": "sklearn.StandardScaler", "params": {"with_mean": "yes"}},
    {"is": "object"},
    {"is": "unknown"},
    {"is": ["x"]},
    {},
    float("nan"),
]


@pytest.mark.parametrize("node", NODES, ids=repr)
def test_malformed_nodes_are_refused_with_their_place(node):
    with pytest.raises(ValueError, match="there"):
        Decoder({"a": np.zeros(2)}).decode(node, "there")


def test_arrays_are_writable_copies():
    given = np.zeros(3)
    given.flags.writeable = False
    found = Decoder({"a": given}).decode({"is": "array", "name": "a"}, "x")
    found[0] = 1
    assert given[0] == 0
