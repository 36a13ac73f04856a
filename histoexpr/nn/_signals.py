"""Input scaling, the first layer of every network, and pooling over bins."""

import torch
from torch import nn

_POOLINGS = {"mean": torch.mean, "max": torch.amax, "min": torch.amin, "sum": torch.sum}


class SignalInput(nn.Module):
    """Bring raw signals onto the scale that a network learns on.

    Computes ``(f(x) - center) / scale`` with ``f`` the identity or the signed logarithm
    ``sign(x) log(1 + |x|)``. ``center`` and ``scale`` are buffers, not parameters: they are
    set from training data, saved with the network and passed through by gradients.

    Parameters
    ----------
    shape : tuple of int
        Shape of ``center`` and ``scale``: ``(n_marks,)`` for one value per mark, or
        ``(n_bins, n_marks)`` for one per mark and bin.
    log1p : bool, default=False
        Whether ``f`` is the logarithm.
    with_unit : bool, default=False
        Whether signals are divided by ``unit``, one per mark, before ``f``: a buffer, 1 unless
        set.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``, any real dtype
    - Output: the same shape, floating point
    """

    def __init__(self, shape, log1p=False, with_unit=False):
        super().__init__()
        self.log1p = log1p
        if with_unit:
            self.register_buffer("unit", torch.ones(shape))
        self.register_buffer("center", torch.zeros(shape))
        self.register_buffer("scale", torch.ones(shape))

    def set_scale(self, center, scale):
        """Set the buffers."""
        self.center.copy_(torch.as_tensor(center))
        self.scale.copy_(torch.as_tensor(scale))

    def transform(self, x):
        """Return ``f(x)``."""
        x = x.to(self.center.dtype)
        x = x / self.unit if hasattr(self, "unit") else x
        return torch.sign(x) * torch.log1p(torch.abs(x)) if self.log1p else x

    def forward(self, x):
        """Return the scaled signals."""
        center, scale = self.center, self.scale
        if x.ndim == 3:
            # a value for each number of a sample: rows of few marks take four times as long
            center, scale = (t.expand(x.shape[1:]).contiguous() for t in (center, scale))
        return (self.transform(x) - center) / scale

    def extra_repr(self):
        """Describe the layer in a printed module."""
        return f"shape={tuple(self.center.shape)}, log1p={self.log1p}"


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
