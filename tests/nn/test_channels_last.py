"""Convolutions in channels-last layout."""

import pytest
import torch
from torch import nn

from histoexpr.nn._channels_last import as_image, convolve, convolve_doubled


def layer_and_signals(n_bins, **settings):
    torch.manual_seed(0)
    layer = nn.Conv1d(3, 4, dtype=torch.float64, **settings)
    return layer, torch.randn(5, n_bins, 3, dtype=torch.float64, requires_grad=True)


def derivatives(layer, found, x):
    """Return the gradients of a penalty on the gradients, and those of a sum."""
    upstream = torch.linspace(-1, 1, found.numel(), dtype=found.dtype).view(found.shape)
    (slope,) = torch.autograd.grad((found.exp() * upstream).sum(), x, create_graph=True)
    loss = slope.square().sum() + found.square().sum()
    return torch.autograd.grad(loss, [x, *layer.parameters()])


@pytest.mark.parametrize("n_bins", [1, 2, 7, 12])
@pytest.mark.parametrize(("kernel_size", "stride"), [(5, 1), (5, 2), (3, 1), (1, 1)])
def test_values_and_derivatives_are_those_of_the_layer(n_bins, kernel_size, stride):
    settings = {"kernel_size": kernel_size, "stride": stride, "padding": kernel_size // 2}
    layer, x = layer_and_signals(n_bins, **settings)
    found, expected = convolve(layer, as_image(x)).squeeze(2), layer(x.transpose(1, 2))
    torch.testing.assert_close(found, expected)
    pairs = zip(derivatives(layer, found, x), derivatives(layer, expected, x), strict=True)
    for ours, theirs in pairs:
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("n_bins", [1, 2, 7, 12])
@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
def test_positions_are_doubled_as_by_interpolation(n_bins, kernel_size):
    layer, x = layer_and_signals(n_bins, kernel_size=kernel_size, padding=kernel_size // 2)
    found = convolve_doubled(layer, as_image(x)).squeeze(2)
    doubled = nn.functional.interpolate(x.transpose(1, 2), scale_factor=2.0, mode="nearest")
    expected = layer(doubled)
    torch.testing.assert_close(found, expected)
    pairs = zip(derivatives(layer, found, x), derivatives(layer, expected, x), strict=True)
    for ours, theirs in pairs:
        torch.testing.assert_close(ours, theirs)


def test_doubling_worked_out_by_hand():
    layer = nn.Conv1d(1, 1, 5, padding=2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[1.0, 10.0, 100.0, 1000.0, 10000.0]]]))
        layer.bias.fill_(0.5)
    found = convolve_doubled(layer, torch.tensor([[[[1.0, 2.0]]]]))
    # of 1, 1, 2, 2 with two zeros on either side
    assert found.flatten().tolist() == [21100.5, 22110.5, 2211.5, 221.5]


@pytest.mark.parametrize("function", [convolve, convolve_doubled])
def test_results_stay_in_channels_last_layout(function):
    layer = nn.Conv1d(8, 16, 5, padding=2)
    found = function(layer, as_image(torch.rand(4, 30, 8)))
    assert found.is_contiguous(memory_format=torch.channels_last)
