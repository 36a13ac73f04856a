"""Gradient boosting of scikit-learn as arrays: its trees, checked node by node.

scikit-learn walks through the nodes of a tree without checks, so that one that points beyond the
tree, or back, would read foreign memory or never end.
"""

import numpy as np

from ..utils import bin_mapper, tree_node_dtype, tree_predictor
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
_NUMBERS = ("n_features_in_", "n_trees_per_iteration_")


class TreesCodec:
    """Histogram gradient boosting on numbers; categories are refused."""

    @staticmethod
    def take(value, where):
        """Return the parameters, and the trees of all iterations behind each other."""
        params = value.get_params(deep=False)
        if not hasattr(value, "_predictors"):
            return params, None
        if value._preprocessor is not None or np.any(value._bin_mapper.is_categorical_):
            raise ValueError(
                f"{where} has categorical features, which a model file cannot keep. Encode them "
                "as numbers first."
            )
        trees = [tree for iteration in value._predictors for tree in iteration]
        nodes = [tree.nodes for tree in trees]
        state = {name: getattr(value, name) for name in _NUMBERS}
        for name in ("classes_", "feature_names_in_"):
            if hasattr(value, name):
                state[name] = getattr(value, name)
        state["baseline"] = np.asarray(value._baseline_prediction)
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
        integer(1)(state[name], {})
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
    n_features, per_iteration = state["n_features_in_"], state["n_trees_per_iteration_"]
    bits = np.zeros((0, 8), dtype=np.uint32)
    trees = [tree_predictor(np.ascontiguousarray(part), bits) for part in nodes]
    mapper = bin_mapper(made.max_bins + 1)
    mapper.is_categorical_ = np.zeros(n_features, dtype=np.uint8)
    mapper.missing_values_bin_idx_ = made.max_bins
    mapper.bin_thresholds_ = [np.zeros(0)] * n_features
    for name in ("classes_", "feature_names_in_", "train_score_", "validation_score_"):
        if name in state:
            setattr(made, name, state[name])
    made.n_features_in_ = made._n_features = n_features
    made.n_trees_per_iteration_ = per_iteration
    made._baseline_prediction = state["baseline"]
    made._predictors = [
        trees[first : first + per_iteration] for first in range(0, len(trees), per_iteration)
    ]
    made._bin_mapper, made._preprocessor = mapper, None
    made.is_categorical_ = made._is_categorical_remapped = None
    made.do_early_stopping_ = False
    made._loss = made._get_loss(sample_weight=None)
