"""The networks: published sizes, equality with a plain reference, input scaling."""

import numpy as np
import pytest
import torch
from torch import nn

from histoexpr.nn import HistoneCNN, HistoneLinear, HistoneMLP, SignalInput, pool_bins


def n_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (HistoneCNN(100, 5), 644_177),
        (HistoneCNN(100, 5, pooling="max"), 644_177),
        (HistoneCNN(100, 5, stride=2), 362_927),
        (HistoneMLP(100, 5), 3_843_351),
        (HistoneLinear(5), 12),
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


def test_mlp_has_dropout_and_no_activation_after_the_second_layer():
    kinds = [type(layer).__name__ for layer in HistoneMLP(100, 5).head]
    linear = "RowwiseLinear"
    assert kinds == [linear, "ReLU", linear, "Dropout", *([linear, "ReLU"] * 2), linear]


def test_linear_net_is_the_formula():
    net = HistoneLinear(2, pooling="mean", log1p=True)
    with torch.no_grad():
        net.linear.weight.copy_(torch.tensor([[0.0, 0.0], [2.0, -1.0]]))
        net.linear.bias.copy_(torch.tensor([0.0, 0.5]))
    net.input.center.copy_(torch.tensor([1.0, 0.0]))
    net.input.scale.copy_(torch.tensor([2.0, 1.0]))
    x = torch.tensor([[[1.0, 0.0], [3.0, 4.0]]])
    expected = 2 * (np.log(3) - 1) / 2 - np.log(3) + 0.5
    assert net(x)[0, 1].item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "max", "sum", "median", "min"])
@pytest.mark.parametrize("n_bins", [4, 5])
def test_pooling_is_numpys(pooling, n_bins):
    x = np.random.default_rng(0).normal(size=(3, n_bins, 2)).astype(np.float32)
    expected = getattr(np, pooling)(x, axis=1)
    np.testing.assert_allclose(pool_bins(torch.from_numpy(x), pooling), expected, rtol=1e-5)


def test_signal_input_takes_signed_logarithms_of_any_dtype():
    layer = SignalInput((1,), log1p=True)
    x = torch.tensor([[[-3.0], [0.0], [7.0]]])
    expected = [-np.log(4), 0, np.log(8)]
    np.testing.assert_allclose(layer(x).flatten(), expected, rtol=1e-6)
    counts = torch.tensor([[[3], [0]]], dtype=torch.uint8)
    np.testing.assert_allclose(layer(counts).flatten(), [np.log(4), 0], rtol=1e-6)


def test_gradients_reach_the_signals():
    for net in (HistoneCNN(20, 3, log1p=True), HistoneMLP(20, 3), HistoneLinear(3)):
        x = torch.rand(2, 20, 3, requires_grad=True)
        net.eval()(x)[:, 1].sum().backward()
        assert torch.isfinite(x.grad).all()
        assert x.grad.abs().sum() > 0


@pytest.mark.parametrize(("n_bins", "n_marks", "n_classes"), [(1, 1, 2), (7, 3, 4), (13, 1, 3)])
def test_any_number_of_bins_marks_and_classes(n_bins, n_marks, n_classes):
    x = torch.rand(3, n_bins, n_marks)
    for kind in (HistoneCNN, HistoneMLP):
        assert kind(n_bins, n_marks, n_classes)(x).shape == (3, n_classes)
