"""The linear network."""

import numpy as np
import pytest
import torch

from histoexpr.nn import (
    HistoneLinear,
)
from support.networks import gradients_reach_the_signals, n_parameters


def test_published_number_of_parameters():
    assert n_parameters(HistoneLinear(5)) == 12


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


def test_gradients_reach_the_signals():
    assert gradients_reach_the_signals(HistoneLinear(3))
