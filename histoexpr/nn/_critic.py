"""Convolutional networks from signals to a score or a code: the critic and the encoder."""

import torch
from torch import nn
from torch.nn.functional import leaky_relu

from ._channels_last import as_image, convolve
from ._rowwise import RowwiseLinear
from ._signals import SignalInput

_MAX_HALVINGS = 3


class SignalTrunk(nn.Module):
    """Convolutions over bins, all but the first with stride 2, flattened.

    From ``(batch, n_bins, n_marks)`` to ``(batch, n_outputs)``. The first layer has ``width``
    channels, the others have twice as many.
    """

    def __init__(self, n_bins, n_marks, width):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv1d(n_marks, width, 5, padding=2)])
        length, channels = n_bins, width
        for _ in range(min(_MAX_HALVINGS, (n_bins - 1).bit_length())):
            self.layers.append(nn.Conv1d(channels, 2 * width, 5, stride=2, padding=2))
            length, channels = -(-length // 2), 2 * width
        self.n_outputs = length * channels

    def forward(self, x):
        """Return the features."""
        x = as_image(x)
        for layer in self.layers:
            x = leaky_relu(convolve(layer, x), 0.2)
        return x.flatten(start_dim=1)


class HistoneCritic(nn.Module):
    """Score signals: high for real ones, low for generated ones.

    There is no batch normalisation, so that the gradient penalty holds for each sample. For
    features ``h`` and classes ``c`` the score is ``w h + b + (E c) h``, the projection of
    Miyato and Koyama (2018), cGANs with projection discriminator, ICLR.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    n_conditions : int, default=0
        Number of classes.
    width : int, default=32
        Number of channels of the first layer.

    Shape
    -----
    - Input: scaled signals ``(batch, n_bins, n_marks)``, classes ``(batch, n_conditions)``
    - Output: ``(batch,)``
    """

    def __init__(self, n_bins, n_marks, *, n_conditions=0, width=32):
        super().__init__()
        self.trunk = SignalTrunk(n_bins, n_marks, width)
        self.hidden = nn.Linear(self.trunk.n_outputs, 4 * width)
        self.head = nn.Linear(4 * width, 1)
        self.embedding = None
        if n_conditions:
            self.embedding = nn.Linear(n_conditions, 4 * width, bias=False)
            # With small initial weights classes hardly count in the first steps.
            nn.init.normal_(self.embedding.weight, std=0.5)

    def forward(self, scaled, conditions):
        """Return the scores."""
        x = leaky_relu(self.hidden(self.trunk(scaled)), 0.2)
        score = self.head(x).squeeze(1)
        if self.embedding is not None:
            score = score + (self.embedding(conditions) * x).sum(dim=1)
        return score


class HistoneEncoder(nn.Module):
    """Give signals the latent code from which the generator makes similar signals.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    latent_dim : int, default=32
        Length of the code without classes.
    sizes : sequence of int, default=()
        Number of values of each condition, such as the classes.
    width : int, default=32
        Number of channels of the first layer.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)`` on the scale of counts
    - Output: ``(batch, latent_dim + sum(sizes))``; each condition as probabilities
    """

    def __init__(self, n_bins, n_marks, *, latent_dim=32, sizes=(), width=32):
        super().__init__()
        self.splits = [latent_dim, *sizes]
        self.input = SignalInput((n_marks,), log1p=True)
        self.trunk = SignalTrunk(n_bins, n_marks, width)
        self.head = RowwiseLinear(self.trunk.n_outputs, sum(self.splits))

    def forward(self, x):
        """Return the codes."""
        return self.from_scaled(self.input(x))

    def from_scaled(self, scaled):
        """Return the codes of signals that are scaled already."""
        latent, *conditions = self.head(self.trunk(scaled)).split(self.splits, dim=1)
        return torch.cat([latent, *(part.softmax(dim=1) for part in conditions)], dim=1)
