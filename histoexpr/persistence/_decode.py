"""From the tree of a model file and its arrays back to an estimator; the file may be hostile."""

import math

import numpy as np

from ._encode import _SCALARS, TAG
from ._kinds import callable_by_name, kind_by_name
from ._our_codecs import Elsewhere

# Models nest some ten levels
_DEEPEST = 60
# Mark subsets of ten marks have some thousand parts
_MOST_OBJECTS = 50_000
# An array of names is as wide as the longest: some times as long as all of them together
_LOOSEST = 200
_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Decoder:
    """Turns nodes into values; every fault is a ValueError that says where in the tree it is."""

    def __init__(self, arrays, reference=None):
        self.arrays, self.reference = arrays, reference
        self.n_objects, self._used = 0, set()
        self._readers = {
            "float": self._float,
            "scalar": self._scalar,
            "tuple": self._tuple,
            "dict": self._dict,
            "slice": self._slice,
            "array": self._array,
            "texts": self._texts,
            "random_state": self._random_state,
            "callable": self._callable,
            "object": self._object,
            "elsewhere": self._elsewhere,
        }

    def decode(self, node, where, depth=0):
        """Return the value of a node."""
        if depth > _DEEPEST:
            raise ValueError(f"{where[:80]} is nested too deeply")
        if isinstance(node, float) and not math.isfinite(node):
            raise ValueError(f"{where} is {node}, which is no number of JSON")
        if node is None or isinstance(node, bool | int | float | str):
            return node
        if isinstance(node, list):
            return [self.decode(item, f"{where}[{n}]", depth + 1) for n, item in enumerate(node)]
        tag = node.get(TAG)
        if not isinstance(tag, str) or tag not in self._readers:
            raise ValueError(f"{where} is of the unknown type {str(tag)[:40]!r}")
        try:
            return self._readers[tag](node, where, depth + 1)
        except (KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
            fault = f"{type(error).__name__}: {str(error)[:200]}"
            raise ValueError(f"{where} is malformed ({fault})") from error

    def _items(self, node, where, n=None):
        items = node["items"]
        if not isinstance(items, list) or (n is not None and len(items) != n):
            raise ValueError(f"{where} is malformed")
        return items

    def _float(self, node, where, depth):
        if node["value"] not in _FLOATS:
            raise ValueError(f"{where} is malformed")
        return _FLOATS[node["value"]]

    def _scalar(self, node, where, depth):
        if node["dtype"] not in _SCALARS:
            raise ValueError(f"{where} has the unknown type {str(node['dtype'])[:40]!r}")
        value = self.decode(node["value"], where, depth)
        if not isinstance(value, bool | int | float):
            raise ValueError(f"{where} is no number")
        return np.dtype(node["dtype"]).type(value)

    def _tuple(self, node, where, depth):
        return tuple(self.decode(self._items(node, where), where, depth))

    def _dict(self, node, where, depth):
        found = {}
        for pair in self._items(node, where):
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError(f"{where} is malformed")
            key, item = pair
            if not isinstance(key, str | int) or isinstance(key, bool) or key in found:
                raise ValueError(f"{where} has a key that is malformed or occurs twice")
            found[key] = self.decode(item, f"{where}[{str(key)[:40]!r}]", depth)
        return found

    def _slice(self, node, where, depth):
        ends = self._items(node, where, 3)
        if not all(end is None or type(end) is int for end in ends):
            raise ValueError(f"{where} is malformed")
        return slice(*ends)

    def _array(self, node, where, depth):
        name = node["name"]
        if not isinstance(name, str) or name not in self.arrays:
            raise ValueError(f"{where} is the array {str(name)[:40]!r}, which is missing")
        if node.get("order") not in (None, "F"):
            raise ValueError(f"{where} is malformed")
        if name in self._used:
            raise ValueError(f"{where} is the array {name}, which is used twice")
        self._used.add(name)
        # a copy, which is writable and aligned
        return np.array(self.arrays[name], order=node.get("order", "C"))

    def _texts(self, node, where, depth):
        dtype, shape, items = node["dtype"], node["shape"], self._items(node, where)
        plain = isinstance(dtype, str) and dtype[:2] == "<U" and dtype[2:].isdecimal()
        if not plain and dtype != "object":
            raise ValueError(f"{where} has the unknown type {str(dtype)[:40]!r}")
        if not all(type(size) is int and size >= 0 for size in shape):
            raise ValueError(f"{where} has a malformed shape")
        if math.prod(shape) != len(items):
            raise ValueError(f"{where} has {len(items)} entries for the shape {tuple(shape)}")
        values = [self.decode(item, where, depth) for item in items]
        known = (str,) if plain else (str, bool, int, float, type(None))
        if not all(isinstance(value, known) for value in values):
            raise ValueError(f"{where} has entries that are no names")
        letters = sum(len(value) for value in values if isinstance(value, str))
        if plain and int(dtype[2:]) * len(values) > _LOOSEST * letters + 1000:
            raise ValueError(f"{where} would take much more memory than its names are long")
        found = np.empty(len(values), dtype=dtype)
        found[:] = values
        return found.reshape(shape)

    def _random_state(self, node, where, depth):
        keys, *rest = (self.decode(item, where, depth) for item in self._items(node, where, 4))
        state = np.random.RandomState()
        state.set_state(("MT19937", keys, *rest))
        return state

    def _callable(self, node, where, depth):
        return callable_by_name(node["name"], where)

    def _elsewhere(self, node, where, depth):
        return Elsewhere(str(node["sha256"]), self.reference)

    def _object(self, node, where, depth):
        kind = kind_by_name(node["class"], where)
        self.n_objects += 1
        if self.n_objects > _MOST_OBJECTS:
            raise ValueError(f"it has more than {_MOST_OBJECTS:,} parts")
        values = {}
        for part in ("params", "state"):
            nodes = node.get(part, {} if part == "params" else None)
            if not (isinstance(nodes, dict) or (nodes is None and part == "state")):
                raise ValueError(f"{where} is malformed")
            values[part] = nodes and {
                name: self.decode(item, f"{where}.{name[:40]}", depth)
                for name, item in nodes.items()
            }
            if nodes == {}:
                values[part] = {}
        return kind.make(values["params"], values["state"], where)
