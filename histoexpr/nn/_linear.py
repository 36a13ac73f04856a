"""The linear network of DeepChrome 2.0, on one or several regions of the window."""

import torch
from torch import nn

from ._rowwise import RowwiseLinear
from ._signals import SignalInput, pool_regions


class HistoneLinear(nn.Module):
    """Pool every mark over the bins of each region, then one linear layer.

    With one region, 5 marks and 2 classes it has 12 parameters [1]_, with ten regions 102. The
    original divides maxima and sums by the largest value in the batch, so that a gene's score
    depends on the genes beside it; here the scale of the pooled features is that of the training
    data.

    Parameters
    ----------
    n_marks : int
        Number of marks.
    n_classes : int, default=2
        Number of classes.
    n_regions : int, default=1
        Number of regions of equal width; where bins cannot be divided evenly, they differ by one
        bin.
    pooling : {"mean", "max", "sum", "median", "min"}, default="mean"
        How the bins of a mark in a region become one feature.
    log1p : bool, default=False
        Whether to take logarithms of the pooled signals, see :class:`SignalInput`.
    mirror : bool, default=False
        Whether the features of two regions at the same distance from the middle are replaced by
        their mean and the absolute value of their difference: signals and their mirror image
        then have the same logits.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``
    - Output: logits ``(batch, n_classes)``

    References
    ----------
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.
    """

    def __init__(
        self, n_marks, n_classes=2, *, n_regions=1, pooling="mean", log1p=False, mirror=False
    ):
        super().__init__()
        self.n_regions, self.pooling, self.mirror = n_regions, pooling, mirror
        self.input = SignalInput((n_regions, n_marks), log1p)
        self.linear = RowwiseLinear(n_regions * n_marks, n_classes)

    def pool(self, x):
        """Return the pooled signals ``(batch, n_regions, n_marks)``, mirrored ones behind them."""
        x = x.to(self.linear.weight.dtype)
        pooled = pool_regions(x, self.n_regions, self.pooling)
        if not self.mirror:
            return pooled
        return torch.cat([pooled, pool_regions(x.flip(1), self.n_regions, self.pooling)], dim=1)

    def combine(self, pooled):
        """Return the features of pooled signals before scaling, (batch, n_regions, n_marks)."""
        logs = self.input.transform(pooled)
        if not self.mirror:
            return logs
        half = -(-self.n_regions // 2)
        there, back = (side[:, :half] for side in logs.split(self.n_regions, dim=1))
        differences = (there - back).abs()[:, : self.n_regions // 2]
        return torch.cat([(there + back) / 2, differences], dim=1)

    def features(self, x):
        """Return the features before scaling, of shape ``(batch, n_regions, n_marks)``."""
        return self.combine(self.pool(x))

    def forward(self, x):
        """Return the logits."""
        return self.linear(self.input.standardize(self.features(x)).flatten(start_dim=1))
