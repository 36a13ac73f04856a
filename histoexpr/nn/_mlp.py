"""The fully connected variant of DeepChrome 2.0."""

from torch import nn

from ._dropout import BitDropout
from ._rowwise import RowwiseLinear
from ._signals import SignalInput


class HistoneMLP(nn.Module):
    """A fully connected network on all bins of all marks.

    With the default sizes, 100 bins, 5 marks and 2 classes: 500-2048-1024-625-125-2 with
    3,843,351 parameters. ReLU follows every hidden layer but the second, dropout that one [1]_.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    n_classes : int, default=2
        Number of classes.
    hidden_sizes : sequence of int, default=(2048, 1024, 625, 125)
        Widths of the hidden layers.
    dropout : float, default=0.5
        Dropout probability after the second (or only) hidden layer.
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
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.
    """

    def __init__(
        self,
        n_bins,
        n_marks,
        n_classes=2,
        *,
        hidden_sizes=(2048, 1024, 625, 125),
        dropout=0.5,
        log1p=False,
        scale_shape=None,
    ):
        super().__init__()
        self.input = SignalInput(scale_shape or (n_marks,), log1p)
        width, layers = n_bins * n_marks, []
        dropped = min(1, len(hidden_sizes) - 1)
        for number, size in enumerate(hidden_sizes):
            layers.append(RowwiseLinear(width, size))
            layers.append(BitDropout(dropout) if number == dropped else nn.ReLU())
            width = size
        self.head = nn.Sequential(*layers, RowwiseLinear(width, n_classes))

    def forward(self, x):
        """Return the logits."""
        return self.head(self.input(x).flatten(start_dim=1))
