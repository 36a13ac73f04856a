"""The DeepChrome convolutional network."""

import torch
from torch import nn

from ._channels_last import as_image, convolve
from ._dropout import BitDropout
from ._pooled_convolution import pooled_convolution
from ._rowwise import NARROW, RowwiseLinear
from ._signals import SignalInput


class HistoneCNN(nn.Module):
    """Convolution over bins, pooling, and a fully connected head.

    Convolution → ReLU → pooling → dropout → fully connected layers with ReLU → logits.
    With the default sizes, 100 bins, 5 marks and 2 classes it has 644,177 parameters, and
    with ``stride=2`` 362,927 [1]_ [2]_.

    Of fewer bins than ``kernel_size``, or positions than ``pool_size``, all are taken together.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    n_classes : int, default=2
        Number of classes.
    n_filters : int, default=50
        Number of convolution filters.
    kernel_size : int, default=10
        Width of a filter in bins.
    stride : int, default=1
        Step of the convolution in bins.
    pooling : {"avg", "max"}, default="avg"
        Average as in DeepChrome 2.0, or maximum as in DeepChrome (2016).
    pool_size : int, default=5
        Number of positions pooled into one, without overlap; a remainder is dropped.
    hidden_sizes : sequence of int, default=(625, 125)
        Widths of the fully connected layers.
    dropout : float, default=0.5
        Dropout probability before the first fully connected layer.
    log1p : bool, default=False
        Whether to take logarithms of the signals, see :class:`SignalInput`.
    scale_shape : tuple of int or None, default=None
        Shape of the input scaling, see :class:`SignalInput`; None for one value per mark.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``
    - Output: logits ``(batch, n_classes)``

    References
    ----------
    .. [1] Singh et al. (2016), DeepChrome, Bioinformatics 32(17), section 3.
    .. [2] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.
    """

    def __init__(
        self,
        n_bins,
        n_marks,
        n_classes=2,
        *,
        n_filters=50,
        kernel_size=10,
        stride=1,
        pooling="avg",
        pool_size=5,
        hidden_sizes=(625, 125),
        dropout=0.5,
        log1p=False,
        scale_shape=None,
    ):
        super().__init__()
        self.pooling, self.stride = pooling, stride
        kernel_size = min(kernel_size, n_bins)
        n_positions = (n_bins - kernel_size) // stride + 1
        self.pool_size = min(pool_size, n_positions)
        self.input = SignalInput(scale_shape or (n_marks,), log1p)
        self.conv = nn.Conv1d(n_marks, n_filters, kernel_size, stride)
        self.dropout = BitDropout(dropout)
        width = n_filters * (n_positions // self.pool_size)
        layers = []
        for size in hidden_sizes:
            layers += [RowwiseLinear(width, size), nn.ReLU()]
            width = size
        self.head = nn.Sequential(*layers, RowwiseLinear(width, n_classes))

    def forward(self, x):
        """Return the logits."""
        # Filters first, as Conv1d lays them out, so that published weights fit.
        x = self._features(self.input(x)).flatten(start_dim=1)
        return self.head(self.dropout(x))

    def _features(self, x):
        """Return what convolution and pooling make of scaled signals, filters first."""
        conv = self.conv
        # Products with few columns round differently for samples at different places.
        wide = self.training or conv.out_channels >= NARROW
        if wide and self.pooling == "avg" and _is_plain(x):
            return pooled_convolution(x, conv.weight, conv.bias, self.stride, self.pool_size)
        return self._features_by_layers(x)

    def _features_by_layers(self, x):
        x = torch.relu(convolve(self.conv, as_image(x))).squeeze(2)
        return self._pool(x.transpose(1, 2)).transpose(1, 2)

    def _pool(self, x):
        n_pools = x.shape[1] // self.pool_size
        x = x[:, : n_pools * self.pool_size].unflatten(1, (n_pools, self.pool_size))
        return x.mean(dim=2) if self.pooling == "avg" else x.amax(dim=2)


def _is_plain(x):
    """Whether signals need no gradient, and the CPU computes at their precision."""
    return x.device.type == "cpu" and not (x.requires_grad or torch.is_autocast_enabled("cpu"))
