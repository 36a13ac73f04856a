"""Dropout from few random bits."""

import torch
from torch import nn

# Bits per value
_BITS = 16


class BitDropout(nn.Dropout):
    """:class:`torch.nn.Dropout` with 16 random bits for each value, on CPU.

    The probability is rounded to a multiple of 2 ** -16, and the scale of the values that stay
    is that of the rounded one, so that their expectation is exact. torch draws a double for
    each value, four times as slow.
    """

    def forward(self, x):
        """Return the values, some of them zero and the others scaled up if in training."""
        dropped = round(self.p * 2**_BITS)
        drawn_here = self.training and 0 < dropped < 2**_BITS and not self.inplace
        if not drawn_here or x.device.type != "cpu":
            return super().forward(x)
        words = torch.empty(-(-x.numel() * _BITS // 64), dtype=torch.int64)
        # from the lowest number to the highest: all 64 bits are random
        bits = words.random_(-(2**63), None).view(torch.int16)[: x.numel()].view(x.shape)
        kept = (bits >= dropped - 2 ** (_BITS - 1)).to(x.dtype)
        return x * kept.mul_(2**_BITS / (2**_BITS - dropped))
