"""The linear network in NumPy: pooling, scaling and logits, without torch."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..utils import as_float32, region_edges, split_batches

# Samples are the last axis of a batch, always so many: every step is then the same operation on
# every sample, and the last bit of a result depends neither on batch-mates nor on the order.
_BATCH = 256
_POOLINGS = {"mean": np.add, "sum": np.add, "max": np.maximum, "min": np.minimum}
# Names of the arrays in the network of torch
_NAMES = {
    "unit": "input.unit",
    "center": "input.center",
    "scale": "input.scale",
    "weight": "linear.weight",
    "bias": "linear.bias",
}


@dataclass(frozen=True, eq=False)
class PlainLinear:
    """What :class:`~histoexpr.nn.HistoneLinear` computes, from arrays.

    ``unit`` is (n_marks,), or None without logarithms; ``center`` and ``scale`` are
    (n_regions, n_marks), ``weight`` is (n_outputs, n_regions * n_marks), ``bias`` (n_outputs,), all
    float32 as in the network. Signals are pooled and their logarithms taken in float32, what
    follows is float64. On 20,000 genes of 100 bins and 5 marks this takes less CPU time than torch.
    """

    n_regions: int
    pooling: str
    log1p: bool
    mirror: bool
    unit: np.ndarray | None
    center: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    bias: np.ndarray

    @classmethod
    def untrained(cls, n_marks, n_classes, *, n_regions, pooling, log1p, mirror):
        """Return the arrays of a network that is not trained; arguments are those of the network."""
        shapes = cls.shapes(n_marks, n_classes, n_regions, log1p)
        ones = ("input.unit", "input.scale")
        arrays = {
            name: (np.ones if name in ones else np.zeros)(shape, dtype=np.float32)
            for name, shape in shapes.items()
        }
        settings = {"n_regions": n_regions, "pooling": pooling, "log1p": log1p, "mirror": mirror}
        return cls.of_weights(arrays, **settings)

    @staticmethod
    def shapes(n_marks, n_classes, n_regions, log1p):
        """Return the shape of every array by its name in the network of torch."""
        shapes = {"input.unit": (n_marks,)} if log1p else {}
        regions = (n_regions, n_marks)
        shapes |= {"input.center": regions, "input.scale": regions}
        return shapes | {
            "linear.weight": (n_classes, n_regions * n_marks),
            "linear.bias": (n_classes,),
        }

    @classmethod
    def of_weights(cls, weights, **settings):
        """Return the model with arrays by their names in the network of torch."""
        return cls(**settings, **{own: weights.get(name) for own, name in _NAMES.items()})

    def weights(self):
        """Return copies of the arrays by their names in the network of torch."""
        found = {name: getattr(self, own) for own, name in _NAMES.items()}
        return {name: value.copy() for name, value in found.items() if value is not None}

    def with_arrays(self, **arrays):
        """Return the model with other arrays, as float32."""
        return replace(self, **{k: np.array(v, dtype=np.float32) for k, v in arrays.items()})

    def pool(self, X):
        """Return pooled signals (n_regions, n_marks, n_samples), mirrored ones behind them."""
        n_rows = self.n_regions * (1 + self.mirror)
        out = np.empty((n_rows, X.shape[2], len(X)), dtype=np.float32)
        for rows, signals in _batches(X):
            out[:, :, rows] = self._pool(signals)[:, :, : rows.stop - rows.start]
        return out

    def combine(self, pooled):
        """Return the features of pooled signals, (n_regions, n_marks, n_samples)."""
        logs = pooled
        if self.log1p:
            logs = np.abs(pooled)
            logs /= self.unit[:, None]
            logs = np.copysign(np.log1p(logs, out=logs), pooled)
        if not self.mirror:
            return logs
        half = -(-self.n_regions // 2)
        there, back = logs[:half], logs[self.n_regions :][:half]
        differences = np.abs(there - back)[: self.n_regions // 2]
        return np.concatenate([(there + back) / np.float32(2), differences])

    def outputs(self, X):
        """Return the logits (n_samples, n_outputs), float64."""
        weight, bias = self.weight.astype(np.float64), self.bias.astype(np.float64)
        center, scale = (a.astype(np.float64)[:, :, None] for a in (self.center, self.scale))
        out = np.empty((len(X), len(bias)))
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large is refused later
            for rows, signals in _batches(X):
                features = (self.combine(self._pool(signals)) - center) / scale
                features = features.reshape(-1, _BATCH)
                for number, (row, start) in enumerate(zip(weight, bias, strict=True)):
                    logits = np.add.reduce(features * row[:, None], axis=0) + start
                    out[rows, number] = logits[: rows.stop - rows.start]
        return out

    def _pool(self, signals):
        with np.errstate(over="ignore", invalid="ignore"):
            pooled = self._pool_regions(signals)
            if not self.mirror:
                return pooled
            # a copy, so that its bins are summed in its own order
            turned = np.ascontiguousarray(signals[::-1])
            return np.concatenate([pooled, self._pool_regions(turned)])

    def _pool_regions(self, signals):
        edges = region_edges(len(signals), self.n_regions)
        width, rest = divmod(len(signals), self.n_regions)
        if not rest:
            return self._pool_bins(signals.reshape(self.n_regions, width, *signals.shape[1:]), 1)
        return np.stack([self._pool_bins(signals[a:b], 0) for a, b in pairwise(edges)])

    def _pool_bins(self, signals, axis):
        if self.pooling == "median":
            return _median(np.moveaxis(signals, axis, 0))
        pooled = _POOLINGS[self.pooling].reduce(signals, axis=axis)
        if self.pooling == "mean":
            pooled /= np.float32(signals.shape[axis])
        return pooled


def _median(signals):
    """Return the median over the first axis, the mean of the two middle values of an even number."""
    upper = len(signals) // 2
    lower = (len(signals) - 1) // 2
    ordered = np.partition(signals, (lower, upper), axis=0)
    if lower == upper:
        return ordered[upper]
    return (ordered[lower] + ordered[upper]) / np.float32(2)


def _batches(X):
    """Yield slices of rows and their signals (n_bins, n_marks, 256), float32, 0 behind the last."""
    signals = np.zeros((X.shape[1] * X.shape[2], _BATCH), dtype=np.float32)
    for rows in split_batches(len(X), _BATCH):
        size = rows.stop - rows.start
        signals[:, :size] = as_float32(X[rows]).reshape(size, -1).T
        signals[:, size:] = 0
        yield rows, signals.reshape(*X.shape[1:], _BATCH)
