"""One-dimensional convolutions in channels-last layout."""

import torch
from torch.nn.functional import conv2d


def as_image(x):
    """View (batch, n_positions, n_channels) as (batch, n_channels, 1, n_positions)."""
    return x.transpose(1, 2).unsqueeze(2)


def convolve(layer, image):
    """Return what a :class:`torch.nn.Conv1d` makes of an image of one row.

    Signals are stored position by position, all channels of one together. On CPU torch
    convolves images in that layout, and gives results in it, faster than Conv1d, which first
    reorders channels and positions.
    """
    weight = layer.weight.unsqueeze(2).contiguous(memory_format=torch.channels_last)
    stride, padding = (1, *layer.stride), (0, *layer.padding)
    return conv2d(image, weight, layer.bias, stride, padding)


def convolve_doubled(layer, image):
    """Return what :func:`convolve` makes of an image in which every position comes twice.

    Neighbouring weights of an odd kernel that is centred meet the same value: at even
    positions w0 + w1, w2 + w3, w4 of five, at odd ones w0, w1 + w2, w3 + w4. So these sums are
    the kernels of twice the filters on the image as it is, .6 of the work for a width of five.
    """
    n_filters, n_channels, size = layer.weight.shape
    reach = (size // 2 + 1) // 2
    offsets = torch.arange(size, device=image.device) - size // 2
    places = torch.stack([offsets, offsets + 1]).div(2, rounding_mode="floor")
    taps = torch.arange(-reach, reach + 1, device=image.device)
    meet = (places.unsqueeze(2) == taps).to(layer.weight.dtype)
    weight = torch.einsum("fck,pkt->pfct", layer.weight, meet)
    weight = weight.reshape(2 * n_filters, n_channels, 1, -1)
    weight = weight.contiguous(memory_format=torch.channels_last)
    both = conv2d(image, weight, layer.bias.repeat(2), padding=(0, reach))
    # the even and the odd one of a position are neighbours in memory
    both = both.permute(0, 2, 3, 1).reshape(len(image), 1, -1, n_filters)
    return both.permute(0, 3, 1, 2)
