"""Convolutional networks from signals to a score or a code: the critic and the encoder."""

import torch
from torch import nn
from torch.nn.functional import leaky_relu

from ._channels_last import as_image, convolve
from ._rowwise import RowwiseLinear
from ._signals import SignalInput, pool_regions

# Regions whose sums a critic sees
_REGIONS = 20
# Of signals on the way to their sums: single precision holds its exponential
_LARGEST_LOG = 30.0


class SignalTrunk(nn.Module):
    """Convolutions over bins, flattened: from ``(batch, n_bins, n_marks)`` to ``n_outputs`` each.

    Each layer has one of ``widths`` as its number of channels. The first has the given stride, the
    others halve the number of positions; those that find a single one are left out.
    """

    def __init__(self, n_bins, n_marks, widths, *, stride=1):
        super().__init__()
        self.layers = nn.ModuleList()
        length, channels = n_bins, n_marks
        for number, width in enumerate(widths):
            step = stride if number == 0 else 2
            if number and length == 1:
                break
            self.layers.append(nn.Conv1d(channels, width, 5, stride=step, padding=2))
            length, channels = -(-length // step), width
        self.n_outputs = length * channels

    def forward(self, x):
        """Return the features."""
        x = as_image(x)
        for layer in self.layers:
            x = leaky_relu(convolve(layer, x), 0.2)
        return x.flatten(start_dim=1)


class RegionView(nn.Module):
    """Sums and means of scaled signals over regions, as a classifier of genes sees them.

    Convolutions over bins find what single bins look like; that whole regions of several marks
    belong together they learn late. The sums are of signals, as logarithms and standardised with
    ``sum_center`` and ``sum_scale`` (n_marks,); the means are of the scaled logarithms.

    From ``(batch, n_bins, n_marks)`` to ``(batch, n_outputs)``. ``center`` and ``scale``
    (n_marks,) are those of the scaled logarithms.
    """

    def __init__(self, n_bins, n_marks):
        super().__init__()
        self.n_regions = min(_REGIONS, n_bins)
        self.n_outputs = 2 * self.n_regions * n_marks
        for name in ("center", "sum_center"):
            self.register_buffer(name, torch.zeros(n_marks))
        for name in ("scale", "sum_scale"):
            self.register_buffer(name, torch.ones(n_marks))

    def forward(self, scaled):
        """Return the sums and means."""
        logs = (scaled * self.scale + self.center).clamp(max=_LARGEST_LOG)
        sums = torch.log1p(pool_regions(torch.expm1(logs), self.n_regions, "sum").clamp(min=0))
        sums = (sums - self.sum_center) / self.sum_scale
        means = pool_regions(scaled, self.n_regions, "mean")
        return torch.cat([sums.flatten(1), means.flatten(1)], dim=1)

    def set_scale(self, center, scale, sum_center, sum_scale):
        """Set what scaled signals were standardised with, and what their sums will be."""
        given = {"center": center, "scale": scale}
        for name, values in {**given, "sum_center": sum_center, "sum_scale": sum_scale}.items():
            getattr(self, name).copy_(torch.as_tensor(values))


class HistoneCritic(nn.Module):
    """Score signals: high for real ones, low for generated ones.

    Features come from convolutions over bins and from sums over regions. There is no
    normalisation over a batch, so that penalties of gradients hold for each sample. For features
    ``h`` and classes ``c`` the score is ``w h + b + (E c) h``, the projection of Miyato and
    Koyama (2018), cGANs with projection discriminator, ICLR.

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
        self.trunk = SignalTrunk(n_bins, n_marks, (width, 3 * width // 2, 2 * width), stride=2)
        self.hidden = nn.Linear(self.trunk.n_outputs, 4 * width)
        self.regions = RegionView(n_bins, n_marks)
        self.of_regions = nn.Sequential(
            nn.Linear(self.regions.n_outputs, 4 * width),
            nn.LeakyReLU(0.2),
            nn.Linear(4 * width, 2 * width),
            nn.LeakyReLU(0.2),
        )
        self.joint = nn.Linear(6 * width, 4 * width)
        self.head = nn.Linear(4 * width, 1)
        self.embedding = None
        if n_conditions:
            self.embedding = nn.Linear(n_conditions, 4 * width, bias=False)
            # With small initial weights classes hardly count in the first steps.
            nn.init.normal_(self.embedding.weight, std=0.5)

    def forward(self, scaled, conditions):
        """Return the scores."""
        x = self.features(scaled)
        score = self.head(x).squeeze(1)
        if self.embedding is not None:
            score = score + (self.embedding(conditions) * x).sum(dim=1)
        return score

    def features(self, scaled):
        """Return the features, ``(batch, 4 * width)``."""
        x = leaky_relu(self.hidden(self.trunk(scaled)), 0.2)
        x = torch.cat([x, self.of_regions(self.regions(scaled))], dim=1)
        return leaky_relu(self.joint(x), 0.2)


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
        self.trunk = SignalTrunk(n_bins, n_marks, (width, *3 * (2 * width,)))
        self.head = RowwiseLinear(self.trunk.n_outputs, sum(self.splits))

    def forward(self, x):
        """Return the codes."""
        return self.from_scaled(self.input(x))

    def from_scaled(self, scaled):
        """Return the codes of signals that are scaled already."""
        latent, *conditions = self.head(self.trunk(scaled)).split(self.splits, dim=1)
        return torch.cat([latent, *(part.softmax(dim=1) for part in conditions)], dim=1)
