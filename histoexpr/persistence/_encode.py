"""From a fitted estimator to a tree that JSON can hold, and its arrays by name."""

import math

import numpy as np

from ._kinds import find_kind, name_of_callable
from ._our_codecs import Elsewhere, hash_values

# NumPy's types of numbers that safetensors has
_SCALARS = frozenset(
    f"{kind}{bits}"
    for kind, smallest in {"int": 8, "uint": 8, "float": 16}.items()
    for bits in (8, 16, 32, 64)
    if bits >= smallest
) | {"bool"}
TAG = "is"


class Encoder:
    """Turns values into nodes of a tree; arrays are collected in ``arrays``."""

    def __init__(self, *, embed_reference=True):
        self.arrays, self.embed_reference = {}, embed_reference

    def encode(self, value, where):
        """Return the node of a value; ValueError names ``where`` if it cannot be kept."""
        if isinstance(value, np.generic) and not isinstance(value, np.str_):
            return self._scalar(value, where)
        if value is None or isinstance(value, bool | int | str):
            return str(value) if isinstance(value, str) else value
        if isinstance(value, float):
            return value if math.isfinite(value) else {TAG: "float", "value": repr(value)}
        if type(value) is list:
            return [self.encode(item, f"{where}[{n}]") for n, item in enumerate(value)]
        if type(value) is tuple:
            # a step of a pipeline is called by its name
            named = len(value) == 2 and hasattr(value[1], "get_params")
            inner = f"{where.partition('.steps')[0]}, step {value[0]!r}" if named else where
            return {TAG: "tuple", "items": [self.encode(item, inner) for item in value]}
        if type(value) is dict:
            return self._dict(value, where)
        if isinstance(value, slice):
            ends = (value.start, value.stop, value.step)
            return {TAG: "slice", "items": [None if end is None else int(end) for end in ends]}
        if isinstance(value, np.ndarray):
            return self._array(value, where)
        if isinstance(value, np.random.RandomState):
            return self._random_state(value)
        if isinstance(value, Elsewhere):
            return {TAG: "elsewhere", "sha256": value.sha256}
        return self._object(value, where)

    def _scalar(self, value, where):
        if value.dtype.name not in _SCALARS:
            raise ValueError(f"{where} is a {value.dtype.name}, which no model file can keep.")
        return {
            TAG: "scalar",
            "dtype": value.dtype.name,
            "value": self.encode(value.item(), where),
        }

    def _dict(self, value, where):
        items = []
        for key, item in value.items():
            if not isinstance(key, str | int) or isinstance(key, bool):
                raise ValueError(f"{where} has the key {key!r}, which no model file can keep.")
            plain = str(key) if isinstance(key, str) else int(key)
            items.append([plain, self.encode(item, f"{where}[{key!r}]")])
        return {TAG: "dict", "items": items}

    def _array(self, value, where):
        if (
            isinstance(value, np.ma.MaskedArray)
            or value.dtype.hasobject
            or value.dtype.kind == "U"
        ):
            return self._texts(value, where)
        if value.dtype.newbyteorder("=").name not in _SCALARS:
            raise ValueError(
                f"{where} is an array of {value.dtype}, which no model file can keep."
            )
        name = f"a{len(self.arrays):05d}"
        self.arrays[name] = np.array(value, dtype=value.dtype.newbyteorder("="), order="C")
        node = {TAG: "array", "name": name}
        if value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous:
            # the last bit of a product may depend on the order in memory
            node["order"] = "F"
        return node

    def _texts(self, value, where):
        if isinstance(value, np.ma.MaskedArray):
            raise ValueError(f"{where} is a masked array, which no model file can keep.")
        items = [str(i) if isinstance(i, str) else i for i in value.ravel().tolist()]
        if not all(item is None or type(item) in (str, bool, int, float) for item in items):
            raise ValueError(f"{where} holds Python objects, which cannot be kept safely.")
        nodes = [self.encode(item, where) for item in items]
        dtype = "object" if value.dtype == object else value.dtype.newbyteorder("<").str
        return {TAG: "texts", "dtype": dtype, "shape": list(value.shape), "items": nodes}

    def _random_state(self, value):
        _, keys, position, has_gauss, cached = value.get_state(legacy=True)
        where = "random_state"
        parts = [keys, int(position), int(has_gauss), float(cached)]
        return {TAG: "random_state", "items": [self.encode(part, where) for part in parts]}

    def _object(self, value, where):
        if name := name_of_callable(value):
            return {TAG: "callable", "name": name}
        kind = find_kind(value, where)
        params, state = kind.take(value, where)
        if kind.attribute == "ReferenceTable" and not self.embed_reference:
            state["log2"] = Elsewhere(hash_values(state["log2"]))
        node = {TAG: "object", "class": kind.name}
        if params:
            node["params"] = {
                name: self.encode(param, _step(where, name)) for name, param in params.items()
            }
        if state is not None:
            node["state"] = {
                name: self.encode(item, _step(where, name)) for name, item in state.items()
            }
        return node


def _step(where, name):
    return f"{where}.{name}"
