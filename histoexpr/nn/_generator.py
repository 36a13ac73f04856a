"""The network of the generator: from latent codes to signals."""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import leaky_relu

from ._channels_last import convolve, convolve_doubled
from ._grain import SignalGrain
from ._signals import SignalInput

# Doublings of the number of positions, where there are bins enough
_MAX_DOUBLINGS = 3
# Channels of noise per position
_NOISE_CHANNELS = 2


class HistoneGenerator(nn.Module):
    """Turn latent codes into signals by convolutions of growing resolution.

    A linear layer lays the code out over a few positions. Every block then convolves, adds
    noise per position, normalises over channels, and scales and shifts the channels by linear
    functions of the code. Between blocks the number of positions doubles. Classes are the last
    ``n_conditions`` numbers of a code, one-hot or mixtures.

    The noise models variation between neighbouring bins, above all counting noise. Without it
    the result is the typical signal of a code.

    Parameters
    ----------
    n_bins, n_marks : int
        Shape of the signals.
    latent_dim : int, default=32
        Length of the code without classes.
    n_conditions : int, default=0
        Length of the part of the code that holds the classes.
    width : int, default=32
        Number of channels at half the highest resolution; there are twice as many below it and
        half as many above.
    grain : {None, "counts", "reads"}, default=None
        What signals made with noise are drawn as, see :class:`SignalGrain`.

    Attributes
    ----------
    code_size, noise_size : int
        Length of a code and of the noise of one sample.
    input : SignalInput
        Brings signals onto the scale of the critic.
    gain, shift : Tensor of shape (n_marks,)
        Of the last layer's output: the logarithm of 1 + signal, in units of ``input.unit``, is
        ``max(gain * output + shift, 0)``, at the most ``ceiling``.
    ceiling : Tensor of shape (n_marks,)
        Logarithm of 1 + the largest signal in training, in units of ``input.unit``: an exponential
        of what is learned may be of any size otherwise.

    Shape
    -----
    - Input: ``(batch, code_size)``, or ``(batch, code_size + noise_size)`` with noise
    - Output: signals ``(batch, n_bins, n_marks)``, not negative
    """

    def __init__(self, n_bins, n_marks, *, latent_dim=32, n_conditions=0, width=32, grain=None):
        super().__init__()
        doublings = min(_MAX_DOUBLINGS, (n_bins - 1).bit_length())
        start = -(-n_bins // 2**doublings)
        self.n_bins, self.latent_dim, self.n_conditions = n_bins, latent_dim, n_conditions
        self.width = width
        self.grain = None
        if grain is not None:
            self.grain = SignalGrain(n_bins, n_marks, reads=grain == "reads")
        self.lengths = [start * 2**k for k in range(doublings + 1)]
        self.code_size = latent_dim + n_conditions
        # before that of the grain
        self._of_blocks = _NOISE_CHANNELS * sum(self.lengths)
        self.noise_size = self._of_blocks + (0 if grain is None else self.grain.noise_size)
        self.input = SignalInput((n_marks,), log1p=True)
        self.register_buffer("shift", torch.zeros(n_marks))
        self.register_buffer("gain", torch.ones(n_marks))
        self.register_buffer("ceiling", torch.full((n_marks,), torch.inf))
        widths = [2 * width, 2 * width, width, max(width // 2, 1)][-doublings - 1 :]
        self.first = nn.Linear(self.code_size, widths[0] * start)
        self.blocks = nn.ModuleList()
        previous = widths[0]
        for channels in widths:
            self.blocks.append(_Block(previous, channels, self.code_size))
            previous = channels
        self.last = nn.Conv1d(previous, n_marks, 3, padding=1)

    def with_noise(self, codes, rng):
        """Return codes, an ndarray of shape (n_samples, code_size), with noise behind them."""
        noise = rng.standard_normal((len(codes), self.noise_size))
        return np.concatenate([codes, noise], axis=1, dtype=np.float32, casting="same_kind")

    def forward(self, code):
        """Return signals on the scale of counts."""
        code, noise = code[:, : self.code_size], code[:, self.code_size :]
        return self._signals(code, noise if noise.shape[1] else None)

    def scaled(self, code, noise=None):
        """Return signals on the logarithmic, standardised scale of the critic."""
        return self.input(self._signals(code, noise))

    @torch.no_grad()
    def standardise(self, code, noise):
        """Change the last layer so that its outputs for these codes have variance 1."""
        output = self._outputs(code, noise)
        spread, mean = torch.std_mean(output, dim=(0, 1))
        self.last.weight /= spread[:, None, None]
        self.last.bias.copy_((self.last.bias - mean) / spread)

    def _outputs(self, code, noise):
        x = self.first(code).unflatten(1, (-1, self.lengths[0])).unsqueeze(2)
        x = x.contiguous(memory_format=torch.channels_last)
        if noise is not None:
            sizes = [_NOISE_CHANNELS * length for length in self.lengths]
            shape = _NOISE_CHANNELS, 1, -1
            parts = noise[:, : self._of_blocks].split(sizes, 1)
            noise = [part.unflatten(1, shape) for part in parts]
        for number, block in enumerate(self.blocks):
            x = block(x, code, None if noise is None else noise[number], double=number > 0)
        return convolve(self.last, x).squeeze(2)[:, :, : self.n_bins].transpose(1, 2)

    def _signals(self, code, noise):
        logs = self._outputs(code, noise) * self.gain + self.shift
        signals = torch.expm1(_Cut.apply(logs, self.ceiling)) * self.input.unit
        if self.grain is None or noise is None:
            return signals
        return self.grain(signals, noise[:, self._of_blocks :])


class _Cut(torch.autograd.Function):
    """Replace values below zero and above a ceiling, with a gradient that can bring them back.

    The gradient is that of the identity where it raises what is below and lowers what is above;
    with that of ``max(x, 0)`` a rare mark that is absent from all samples of a batch would stay
    absent.
    """

    @staticmethod
    def forward(ctx, x, ceiling):
        ctx.save_for_backward(x, ceiling)
        return torch.minimum(x.clamp(min=0), ceiling)

    @staticmethod
    def backward(ctx, gradient):
        x, ceiling = ctx.saved_tensors
        passes = ((x > 0) | (gradient < 0)) & ((x < ceiling) | (gradient > 0))
        return torch.where(passes, gradient, 0.0), None


class _Block(nn.Module):
    """Convolution, noise, normalisation over channels, scale and shift by the code.

    From ``(batch, n_in, 1, n_positions)`` to ``(batch, n_out, 1, n_positions)``, with a code
    ``(batch, code_size)`` and noise ``(batch, 2, 1, n_positions)`` or None. With ``double``
    every position comes twice, and there is noise for both.
    """

    def __init__(self, n_in, n_out, code_size):
        super().__init__()
        self.conv = nn.Conv1d(n_in, n_out, 5, padding=2)
        self.noise = nn.Conv1d(_NOISE_CHANNELS, n_out, 1, bias=False)
        self.style = nn.Linear(code_size, 2 * n_out)

    def forward(self, x, code, noise, double):
        x = (convolve_doubled if double else convolve)(self.conv, x)
        if noise is not None:
            x = x + convolve(self.noise, noise)
        x = x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-4)
        scale, shift = self.style(code)[:, :, None, None].chunk(2, dim=1)
        return leaky_relu(x * (1 + scale) + shift, 0.2)
