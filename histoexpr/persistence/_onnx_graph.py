"""The networks of histoexpr as graphs of ONNX, written node by node.

torch's exporter would need onnxscript, and writes the sorting of a median and our own convolution
as dozens of nodes; these graphs have 10 to 30 and show what the network computes.
"""

from itertools import pairwise

import numpy as np

from ..utils import region_edges

# Of 2022: runtimes of that year and later read it
OPSET, IR_VERSION = 17, 8
_REDUCE = {"max": "ReduceMax", "min": "ReduceMin"}


class Graph:
    """Nodes and arrays of a graph; every method returns the name of what it computes."""

    def __init__(self, helper, dtype):
        self.nodes, self.arrays, self.dtype = [], [], dtype
        self._helper = helper

    def add(self, kind, *inputs, **attributes):
        """Add a node: inputs are names or arrays, floats in the type of the graph."""
        names = [value if isinstance(value, str) else self._constant(value) for value in inputs]
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(kind, names, [name], **attributes))
        return name

    def name_last(self, name):
        """Call the last node's output so."""
        self.nodes[-1].output[0] = name

    def _constant(self, value):
        value = np.asarray(value)
        if value.dtype.kind == "f":
            value = value.astype(self.dtype)
        name = f"array_{len(self.arrays)}"
        self.arrays.append((name, value))
        return name

    def dense(self, x, weights, layer):
        """Add a linear layer."""
        weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
        return self.add("Gemm", x, weight, bias, transB=1)


def build_graph(graph, module, weights, n_bins):
    """Add the nodes from the input X to the outputs of a network; return the name of the last."""
    build = _BUILDERS[type(module).__name__]
    x = graph.add("Cast", "X", to=_onnx_type(graph.dtype))
    return build(graph, module, weights, n_bins, x)


def can_build(module):
    """Whether there is a graph for a network: one of our own classes, not one derived from it."""
    cls = type(module)
    return cls.__name__ in _BUILDERS and cls.__module__.startswith("histoexpr.nn.")


def _onnx_type(dtype):
    return {"float32": 1, "float64": 11}[np.dtype(dtype).name]


def _build_linear(graph, module, weights, n_bins, x):
    """Pool, take logarithms, mirror, scale; then one linear layer."""
    edges, size = region_edges(n_bins, module.n_regions), module.n_regions
    features = _transform(graph, module, weights, _pool(graph, x, edges, module.pooling))
    if module.mirror:
        turned = graph.add("Gather", x, np.arange(n_bins)[::-1].copy(), axis=1)
        back = _transform(graph, module, weights, _pool(graph, turned, edges, module.pooling))
        features = _mirror(graph, features, back, size)
    scaled = _standardize(graph, weights, features)
    return graph.dense(graph.add("Flatten", scaled, axis=1), weights, "linear")


def _build_cnn(graph, module, weights, n_bins, x):
    scaled = _standardize(graph, weights, _transform(graph, module, weights, x))
    turned = graph.add("Transpose", scaled, perm=[0, 2, 1])  # channels first
    kernel = weights["conv.weight"], weights["conv.bias"]
    found = graph.add("Relu", graph.add("Conv", turned, *kernel, strides=[module.stride]))
    kind = {"avg": "AveragePool", "max": "MaxPool"}[module.pooling]
    size = [int(module.pool_size)]
    pooled = graph.add(kind, found, kernel_shape=size, strides=size)
    return _head(graph, weights, graph.add("Flatten", pooled, axis=1))


def _build_mlp(graph, module, weights, n_bins, x):
    scaled = _standardize(graph, weights, _transform(graph, module, weights, x))
    # ReLU follows every hidden layer but the second, or the only one
    layers = _layers(weights)
    return _head(graph, weights, graph.add("Flatten", scaled, axis=1), min(1, len(layers) - 2))


_BUILDERS = {"HistoneLinear": _build_linear, "HistoneCNN": _build_cnn, "HistoneMLP": _build_mlp}


def _layers(weights):
    """Return the names of the fully connected layers, in order."""
    names = {name.rpartition(".")[0] for name in weights if name.startswith("head.")}
    return sorted(names, key=lambda name: int(name.rpartition(".")[2]))


def _head(graph, weights, x, without=None):
    """Add fully connected layers with ReLU between them, but for one, where dropout was."""
    *hidden, last = _layers(weights)
    for number, layer in enumerate(hidden):
        x = graph.dense(x, weights, layer)
        x = x if number == without else graph.add("Relu", x)
    return graph.dense(x, weights, last)


def _transform(graph, module, weights, x):
    """Add the signed logarithm, if the network takes it."""
    if not module.input.log1p:
        return x
    size = graph.add("Div", graph.add("Abs", x), weights["input.unit"])
    logs = graph.add("Log", graph.add("Add", size, np.float64(1)))
    return graph.add("Mul", graph.add("Sign", x), logs)


def _standardize(graph, weights, x):
    centred = graph.add("Sub", x, weights["input.center"])
    return graph.add("Div", centred, weights["input.scale"])


def _pool(graph, x, edges, pooling):
    """Pool bins over regions: (n, n_bins, n_marks) to (n, n_regions, n_marks)."""
    spans = list(pairwise(edges))
    if pooling in ("sum", "mean"):
        weight = np.zeros((len(spans), edges[-1]))
        for region, (first, last) in enumerate(spans):
            weight[region, first:last] = 1 if pooling == "sum" else 1 / (last - first)
        return graph.add("MatMul", weight, x)
    parts = [_pool_region(graph, x, first, last, pooling) for first, last in spans]
    return parts[0] if len(parts) == 1 else graph.add("Concat", *parts, axis=1)


def _pool_region(graph, x, first, last, pooling):
    part = graph.add("Slice", x, np.array([first]), np.array([last]), np.array([1]))
    if pooling in _REDUCE:
        return graph.add(_REDUCE[pooling], part, axes=[1], keepdims=1)
    width = last - first
    lowest = _lowest(graph, part, width // 2 + 1)
    middle = graph.add("Gather", lowest, np.array([width // 2]), axis=1)
    if width % 2:
        return middle
    below = graph.add("Gather", lowest, np.array([width // 2 - 1]), axis=1)
    return graph.add("Div", graph.add("Add", below, middle), np.float64(2))


def _lowest(graph, x, count):
    """Return the lowest values over bins in increasing order: TopK has two outputs."""
    name = graph.add("TopK", x, np.array([count]), axis=1, largest=0, sorted=1)
    graph.nodes[-1].output.append(f"{name}_places")
    return name


def _mirror(graph, there, back, n_regions):
    """Add means and absolute differences of regions at the same distance from the middle."""
    half = -(-n_regions // 2)
    there, back = (_first_regions(graph, side, half) for side in (there, back))
    means = graph.add("Div", graph.add("Add", there, back), np.float64(2))
    if n_regions == 1:
        return means
    differences = graph.add("Abs", graph.add("Sub", there, back))
    return graph.add("Concat", means, _first_regions(graph, differences, n_regions // 2), axis=1)


def _first_regions(graph, x, count):
    return graph.add("Slice", x, np.array([0]), np.array([count]), np.array([1]))
