"""The linear network of DeepChrome 2.0."""

from torch import nn

from ._rowwise import RowwiseLinear
from ._signals import SignalInput, pool_bins


class HistoneLinear(nn.Module):
    """Pool every mark over bins, then one linear layer.

    With 5 marks and 2 classes it has 12 parameters [1]_. The original divides maxima and sums
    by the largest value in the batch, so that a gene's score depends on the genes beside it;
    here the scale of the pooled features is that of the training data.

    Parameters
    ----------
    n_marks : int
        Number of marks.
    n_classes : int, default=2
        Number of classes.
    pooling : {"mean", "max", "sum", "median", "min"}, default="mean"
        How the bins of a mark become one feature.
    log1p : bool, default=False
        Whether to take logarithms of the pooled signals, see :class:`SignalInput`.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``
    - Output: logits ``(batch, n_classes)``

    References
    ----------
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.
    """

    def __init__(self, n_marks, n_classes=2, *, pooling="mean", log1p=False):
        super().__init__()
        self.pooling = pooling
        self.input = SignalInput((n_marks,), log1p)
        self.linear = RowwiseLinear(n_marks, n_classes)

    def features(self, x):
        """Return the features before scaling, of shape ``(batch, n_marks)``."""
        return self.input.transform(self.pool(x))

    def pool(self, x):
        """Return the pooled signals, of shape ``(batch, n_marks)``."""
        return pool_bins(x.to(self.linear.weight.dtype), self.pooling)

    def forward(self, x):
        """Return the logits."""
        return self.linear(self.input(self.pool(x)))
