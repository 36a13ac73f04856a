"""Gradient boosting of scikit-learn as arrays: its trees, checked node by node.

scikit-learn walks through the nodes of a tree without checks, so that one that points beyond the
tree, or back, would read foreign memory or never end.
"""

import numpy as np

from ..utils import boosted_trees, set_boosted_trees, tree_node_dtype
from ._checks import array, classes, integer

# Of a node, what predictions of numbers need, and what scikit-learn itself shows of it
_COLUMNS = {
    "value": "f8",
    "count": "u4",
    "feature_idx": "i8",
    "num_threshold": "f8",
    "missing_go_to_left": "u1",
    "left": "u4",
    "right": "u4",
    "gain": "f8",
    "depth": "u4",
    "is_leaf": "u1",
    "bin_threshold": "u1",
}
# Lists of features are made before anything can be compared with data
_MOST = 1 << 20
_NUMBERS = ("n_features_in_", "n_trees_per_iteration_")


class TreesCodec:
    """Histogram gradient boosting on numbers; categories are refused."""

    @staticmethod
    def take(value, where):
        """Return the parameters, and the trees of all iterations behind each other."""
        params = value.get_params(deep=False)
        try:
            found = boosted_trees(value)
        except ValueError as error:
            raise ValueError(
                f"{where} {error}, which a model file cannot keep. Encode them as numbers first."
            ) from error
        if found is None:
            return params, None
        nodes, baseline = found
        state = {name: getattr(value, name) for name in _NUMBERS}
        for name in ("classes_", "feature_names_in_"):
            if hasattr(value, name):
                state[name] = getattr(value, name)
        state["baseline"] = np.asarray(baseline)
        state["sizes"] = np.array([len(part) for part in nodes], dtype=np.int64)
        joined = np.concatenate(nodes) if nodes else np.zeros(0, tree_node_dtype())
        for name in _COLUMNS:
            state[name] = joined[name]
        for name in ("train_score_", "validation_score_"):
            state[name] = np.asarray(getattr(value, name))
        return params, state

    @staticmethod
    def make(cls, params, state, where):
        """Return the estimator, with its trees."""
        made = cls(**params)
        made._validate_params()
        if state is None:
            return made
        try:
            nodes = _check(state, classify="Classifier" in cls.__name__)
        except ValueError as error:
            raise ValueError(f"{where} ({cls.__name__}): {error}") from error
        _restore(made, state, nodes)
        return made


def _check(state, classify):
    """Return the nodes of each tree; ValueError if anything does not fit."""
    expected = {*_COLUMNS, *_NUMBERS, "baseline", "sizes", "train_score_", "validation_score_"}
    expected |= {"classes_"} if classify else set()
    if set(state) - {"feature_names_in_"} != expected:
        raise ValueError("has other attributes than expected")
    for name in _NUMBERS:
        integer(1, high=_MOST)(state[name], {})
    per_iteration = state["n_trees_per_iteration_"]
    if per_iteration != _n_outputs(state, classify):
        raise ValueError("has another number of trees in an iteration than of outputs")
    array("f", 1, per_iteration)(state["baseline"], {})
    for name in ("train_score_", "validation_score_"):
        array("f", None, nan=True)(state[name], {})
    array("i", None, low=1)(state["sizes"], {})
    nodes = _join_nodes(state)
    # each size first: their sum might overflow
    if (state["sizes"] > len(nodes)).any() or state["sizes"].sum() != len(nodes):
        raise ValueError("has another number of nodes than its trees")
    if len(state["sizes"]) % per_iteration:
        raise ValueError("has an iteration without all of its trees")
    _check_walk(nodes, state["sizes"], state["n_features_in_"])
    return np.split(nodes, np.cumsum(state["sizes"])[:-1]) if len(nodes) else []


def _n_outputs(state, classify):
    if not classify:
        return 1
    classes(state["classes_"], {})
    n_classes = len(state["classes_"])
    return 1 if n_classes <= 2 else n_classes


def _join_nodes(state):
    """Return the nodes of all trees as scikit-learn has them."""
    n_nodes = len(state["value"]) if isinstance(state["value"], np.ndarray) else 0
    nodes = np.zeros(n_nodes, tree_node_dtype())
    for name, dtype in _COLUMNS.items():
        column = state[name]
        if not isinstance(column, np.ndarray) or column.dtype != np.dtype(dtype):
            raise ValueError(f"{name} is no array of {dtype}")
        array("iuf", n_nodes, infinite=True, nan=name == "gain")(column, {})
        nodes[name] = column
    if not np.isfinite(nodes["value"]).all():
        raise ValueError("has values that are not finite")
    return nodes


def _check_walk(nodes, sizes, n_features):
    """Check that both children of a node come behind it, in the same tree: every walk ends."""
    start = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place, size = np.arange(len(nodes)) - start, np.repeat(sizes, sizes)
    inner = nodes["is_leaf"] == 0
    if not np.isin(nodes["is_leaf"], (0, 1)).all():
        raise ValueError("has nodes that are neither leaf nor inner")
    for side in ("left", "right"):
        child = nodes[side].astype(np.int64)
        if not ((child > place) & (child < size))[inner].all():
            raise ValueError("has nodes that point beyond their tree, or back")
    feature = nodes["feature_idx"]
    if not ((feature >= 0) & (feature < n_features))[inner].all():
        raise ValueError("has nodes that look at features that do not exist")


def _restore(made, state, nodes):
    """Give an estimator the attributes that its predictions need."""
    for name in ("classes_", "feature_names_in_", "train_score_", "validation_score_"):
        if name in state:
            setattr(made, name, state[name])
    made.n_trees_per_iteration_ = n = state["n_trees_per_iteration_"]
    trees = [nodes[first : first + n] for first in range(0, len(nodes), n)]
    set_boosted_trees(made, trees, state["baseline"], state["n_features_in_"])
