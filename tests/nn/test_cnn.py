"""The convolutional network."""

import pytest
import torch
from torch import nn

from histoexpr.nn import HistoneCNN
from support.networks import ANY_SHAPE, gradients_reach_the_signals, n_parameters


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (HistoneCNN(100, 5), 644_177),
        (HistoneCNN(100, 5, pooling="max"), 644_177),
        (HistoneCNN(100, 5, stride=2), 362_927),
    ],
)
def test_published_numbers_of_parameters(module, expected):
    assert n_parameters(module) == expected


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("pooling", ["avg", "max"])
def test_cnn_equals_a_plain_stack_of_torch_layers(pooling, stride):
    torch.manual_seed(0)
    net = HistoneCNN(100, 5, pooling=pooling, stride=stride).eval()
    pool = nn.AvgPool1d(5) if pooling == "avg" else nn.MaxPool1d(5)
    layers = [net.conv, nn.ReLU(), pool, nn.Flatten(), *net.head]
    plain = nn.Sequential(*layers)
    x = torch.randn(7, 100, 5)
    expected = plain(x.transpose(1, 2))
    torch.testing.assert_close(net(x), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("n_bins", "n_marks", "n_classes"), ANY_SHAPE)
def test_any_number_of_bins_marks_and_classes(n_bins, n_marks, n_classes):
    x = torch.rand(3, n_bins, n_marks)
    assert HistoneCNN(n_bins, n_marks, n_classes)(x).shape == (3, n_classes)


def test_gradients_reach_the_signals():
    assert gradients_reach_the_signals(HistoneCNN(20, 3, log1p=True))
