"""Input scaling, the first layer of every network, and pooling over bins."""

from itertools import pairwise

import torch
from torch import nn

from ..utils import region_edges

_POOLINGS = {"mean": torch.mean, "max": torch.amax, "min": torch.amin, "sum": torch.sum}


class SignalInput(nn.Module):
    """Bring raw signals onto the scale that a network learns on.

    Computes ``(f(x) - center) / scale`` with ``f`` the identity or the signed logarithm
    ``sign(x) log(1 + |x| / unit)``. ``center``, ``scale`` and, one per mark, ``unit`` are
    buffers, not parameters: they are set from training data, saved with the network and passed
    through by gradients. Until then they are 0, 1 and 1.

    Parameters
    ----------
    shape : tuple of int
        Shape of ``center`` and ``scale``: ``(n_marks,)`` for one value per mark, or
        ``(n_bins, n_marks)`` for one per mark and bin.
    log1p : bool, default=False
        Whether ``f`` is the logarithm.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``, any real dtype
    - Output: the same shape, floating point
    """

    def __init__(self, shape, log1p=False):
        super().__init__()
        self.log1p = log1p
        if log1p:
            self.register_buffer("unit", torch.ones(shape[-1:]))
        self.register_buffer("center", torch.zeros(shape))
        self.register_buffer("scale", torch.ones(shape))

    def set_scale(self, center, scale):
        """Set center and scale."""
        self.center.copy_(torch.as_tensor(center))
        self.scale.copy_(torch.as_tensor(scale))

    def set_unit(self, unit):
        """Set what signals are divided by before the logarithm."""
        self.unit.copy_(torch.as_tensor(unit))

    def transform(self, x):
        """Return ``f(x)``."""
        x = x.to(self.center.dtype)
        if not self.log1p:
            return x
        return torch.sign(x) * torch.log1p(torch.abs(x) / _as_sample(self.unit, x))

    def standardize(self, x):
        """Return ``(x - center) / scale``."""
        return (x - _as_sample(self.center, x)) / _as_sample(self.scale, x)

    def forward(self, x):
        """Return the scaled signals."""
        return self.standardize(self.transform(x))

    def extra_repr(self):
        """Describe the layer in a printed module."""
        return f"shape={tuple(self.center.shape)}, log1p={self.log1p}"


def _as_sample(values, x):
    """Return a value for each number of a sample: rows of few marks take 4 times as long."""
    return values.expand(x.shape[1:]).contiguous() if x.ndim == 3 else values


def pool_bins(x, pooling):
    """Return the mean, max, sum, median or min over bins of ``(batch, n_bins, n_marks)``.

    For an even number of bins the median is the mean of the two middle values, as in numpy.
    """
    if pooling in _POOLINGS:
        return _POOLINGS[pooling](x, dim=1)
    if pooling == "median":
        ordered, middle = x.sort(dim=1).values, x.shape[1] // 2
        if x.shape[1] % 2:
            return ordered[:, middle]
        return (ordered[:, middle - 1] + ordered[:, middle]) / 2
    raise ValueError(f"Unknown pooling {pooling!r}.")


def pool_regions(x, n_regions, pooling):
    """Pool ``(batch, n_bins, n_marks)`` over regions, to ``(batch, n_regions, n_marks)``."""
    if n_regions == 1:
        return pool_bins(x, pooling).unsqueeze(1)
    edges = region_edges(x.shape[1], n_regions)
    width = edges[1]
    if pooling in ("sum", "mean") and all(edge == k * width for k, edge in enumerate(edges)):
        # sums of slices are three times as fast as a sum over an inner axis
        parts = x.unflatten(1, (n_regions, width)).unbind(2)
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total / width if pooling == "mean" else total
    parts = [x[:, first:last] for first, last in pairwise(edges)]
    return torch.stack([pool_bins(part, pooling) for part in parts], dim=1)
