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


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("pooling", ["avg", "max"])
def test_logits_are_the_same_in_training_and_in_evaluation(pooling, stride):
    torch.manual_seed(0)
    net = HistoneCNN(53, 3, pooling=pooling, stride=stride, dropout=0.0, log1p=True)
    x = torch.rand(40, 53, 3)
    torch.testing.assert_close(net.train()(x), net.eval()(x), rtol=1e-5, atol=1e-6)


def test_signals_have_second_derivatives_in_training_too():
    torch.manual_seed(0)
    net = HistoneCNN(20, 3, log1p=True, dropout=0.0).double().train()
    x = torch.rand(2, 20, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(net, (x,))
    (slope,) = torch.autograd.grad(net(x).square().sum(), x, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.square().sum(), x)
    assert curvature.abs().sum() > 0


def test_mixed_precision_trains():
    net, x = HistoneCNN(20, 3), torch.rand(4, 20, 3)
    with torch.autocast("cpu", torch.bfloat16):
        net(x).float().sum().backward()
    assert net.conv.weight.grad.abs().sum() > 0


def test_one_step_does_convolution_relu_and_pooling():
    x = torch.rand(4, 20, 3)
    for net in (HistoneCNN(20, 3), HistoneCNN(20, 3).eval(), HistoneCNN(20, 3, n_filters=4)):
        assert "PooledConvolution" in str(net._features(x).grad_fn)
    others = HistoneCNN(20, 3, pooling="max"), HistoneCNN(20, 3, n_filters=4).eval()
    for net in others:
        assert "PooledConvolution" not in str(net._features(x).grad_fn)


@pytest.mark.parametrize("n_filters", [1, 3, 15, 16, 17, 50, 64])
@pytest.mark.parametrize(("n_bins", "n_marks", "kernel_size"), [(100, 5, 10), (41, 1, 3)])
def test_a_sample_has_the_same_features_at_any_place(n_bins, n_marks, kernel_size, n_filters):
    torch.manual_seed(0)
    net = HistoneCNN(n_bins, n_marks, n_filters=n_filters, kernel_size=kernel_size).eval()
    x = torch.randn(256, n_bins, n_marks)
    with torch.inference_mode():
        expected = net._features(x)
        for shift in (1, 5, 37):
            found = net._features(x.roll(shift, 0)).roll(-shift, 0)
            assert torch.equal(found, expected)
        x[1:] = torch.randn(255, n_bins, n_marks)
        assert torch.equal(net._features(x)[0], expected[0])
