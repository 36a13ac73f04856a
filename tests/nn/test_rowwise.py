"""The linear layer with the same result for a row at any position."""

import pytest
import torch
from torch import nn

from histoexpr.nn._rowwise import RowwiseLinear


@pytest.mark.parametrize("n_outputs", [1, 2, 15, 16, 125])
def test_a_row_has_the_same_result_at_any_position(n_outputs):
    torch.manual_seed(0)
    layer, x = RowwiseLinear(125, n_outputs), torch.randn(256, 125)
    order = torch.roll(torch.arange(256), 37)
    assert torch.equal(layer(x[order]), layer(x)[order])


@pytest.mark.parametrize("n_outputs", [2, 40])
def test_the_result_is_that_of_a_linear_layer(n_outputs):
    torch.manual_seed(0)
    layer, x = RowwiseLinear(30, n_outputs), torch.randn(4, 30)
    torch.testing.assert_close(layer(x), nn.functional.linear(x, layer.weight, layer.bias))
