"""The grain of signals: random counts of an expected signal, and the coverage of single reads."""

import numpy as np
import torch
from torch import nn

# Reads of a bin that are placed one by one; of more, what crosses a border is nearly normal
_SINGLE = 3
# Expected counts up to which the distribution is summed, and the counts that are summed
_EXACT, _SUMMED = 12.0, 32
# The largest probability that single precision tells from 1 in such a sum
_LARGEST = 1 - 1e-6


class SignalGrain(nn.Module):
    """Draw measured signals of expected ones: counts of reads, and what bins they cover.

    Reads are drawn from a Poisson distribution around what is expected, so that a network that
    makes the latter need not learn to make noise. Each mark has a learned ``dispersion``
    between 0 and 1, for signals that vary less, such as calls or averages: the count is the
    quantile of the distribution at Φ(dispersion · z), with ``z`` standard normal.

    Signals are multiples of a ``quantum``, 1 for counts. Coverage, the sum of the depth of the
    bases of a bin, has a coarser grain: a read adds its length, to one bin or to two neighbouring
    ones. Where the size of a ``read`` is known, reads are drawn, and each crosses into the next
    bin with the probability ``reach``, the length of a read in bins, to which it then leaves a
    uniform share of itself. Signals without a quantum stay as they are.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    reads : bool, default=False
        Whether there is room for reads that cross borders; it takes seven times the noise.

    Attributes
    ----------
    quantum, read, reach, largest : Tensor of shape (n_marks,)
        0 where there is none; ``largest`` is what no signal exceeds.
    dispersion : Tensor of shape (n_marks,)
        As a logit.
    noise_size : int
        Length of the noise that one sample takes, standard normal numbers.

    Shape
    -----
    - Input: signals ``(batch, n_bins, n_marks)``, not negative, and noise
      ``(batch, noise_size)``
    - Output: signals of the same shape. Gradients are those of ``x + dispersion z sqrt(x)`` in
      units of a read.
    """

    def __init__(self, n_bins, n_marks, *, reads=False):
        super().__init__()
        self.reads = reads
        self.shape = 1 + (2 * _SINGLE if reads else 0), n_bins, n_marks
        self.noise_size = int(np.prod(self.shape))
        for name in ("quantum", "read", "reach"):
            self.register_buffer(name, torch.zeros(n_marks))
        self.register_buffer("largest", torch.full((n_marks,), torch.inf))
        self.dispersion = nn.Parameter(torch.full((n_marks,), 3.0))

    def forward(self, signals, noise):
        """Return signals with grain."""
        drawn = noise.reshape(-1, *self.shape)
        unit = torch.where(self.read > 0, self.read, self.quantum)
        has_grain = unit > 0
        unit = torch.where(has_grain, unit, 1.0)
        expected = signals / unit
        z = drawn[:, 0] * torch.sigmoid(self.dispersion)
        smooth = expected + z * torch.sqrt(expected + 0.25)
        with torch.no_grad():
            counts = poisson_quantile(expected, z)
            made = counts * unit
            if self.reads:
                made = torch.where(self.read > 0, self._cover(counts, drawn[:, 1:]), made)
            made = torch.minimum(made, self.largest)
        return torch.where(has_grain, _Replace.apply(smooth * unit, made), signals)

    def _cover(self, n_reads, drawn):
        """Return the coverage of reads that start in each bin."""
        # of every read a number for whether it crosses, and one for how far
        crosses, share = torch.special.ndtr(drawn).unflatten(1, (2, _SINGLE)).unbind(1)
        share = torch.where(crosses < self.reach, share, 0.0)
        single = torch.arange(_SINGLE, device=drawn.device)[:, None, None] < n_reads.unsqueeze(1)
        crossing = (share * single).sum(dim=1)
        # the sum of the shares of the others
        others = (n_reads - _SINGLE).clamp(min=0)
        variance = others * (self.reach / 3 - self.reach.square() / 4)
        crossing = crossing + others * self.reach / 2 + variance.sqrt() * drawn[:, 0]
        crossing = torch.minimum(crossing.clamp(min=0), n_reads) * self.read
        quantum = torch.where(self.quantum > 0, self.quantum, 1.0)
        crossing = torch.round(crossing / quantum) * quantum
        # as much comes from the bin before the first as leaves it
        entering = torch.cat([crossing[:, :1], crossing[:, :-1]], dim=1)
        return n_reads * self.read - crossing + entering


def poisson_quantile(mean, z):
    """Return the quantiles of Poisson distributions at Φ(z), for all means from 0 up.

    Above a mean of 12 they are those of the Cornish-Fisher expansion, rounded.
    """
    chance = torch.special.ndtr(z).clamp(max=_LARGEST)
    small = mean.clamp(max=_EXACT)
    mass = torch.exp(-small)
    below, count = mass, torch.zeros_like(mean)
    for k in range(1, _SUMMED + 1):
        above = chance > below
        if not above.any():
            break
        count = count + above
        mass = mass * small / k
        below = below + mass
    large = torch.round(mean + z * torch.sqrt(mean) + (z.square() - 1) / 6)
    return torch.where(mean > _EXACT, large, count).clamp(min=0)


class _Replace(torch.autograd.Function):
    """Replace values by others, with the gradient of the identity."""

    @staticmethod
    def forward(ctx, x, other):
        return other

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None
