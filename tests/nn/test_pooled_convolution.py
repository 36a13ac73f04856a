"""Convolution, ReLU and average pooling as one step."""

import pytest
import torch
from torch import nn

from histoexpr.nn import HistoneCNN
from histoexpr.nn._pooled_convolution import pooled_convolution

# (n_bins, n_marks, n_filters, kernel_size, stride, pool_size): a remainder of positions in the
# second and fourth, one window and one position in the last
SHAPES = [(14, 2, 3, 5, 1, 5), (17, 3, 4, 4, 2, 3), (9, 1, 1, 2, 3, 1), (12, 2, 2, 3, 4, 2)]
SHAPES += [(5, 2, 3, 5, 1, 1), (1, 1, 1, 1, 1, 1)]


def by_layers(x, weight, bias, stride, pool_size):
    found = nn.functional.conv1d(x.transpose(1, 2), weight, bias, stride)
    return nn.functional.avg_pool1d(found.relu(), pool_size)


def arguments(shape, n_samples, dtype=torch.float64):
    n_bins, n_marks, n_filters, kernel_size, stride, pool_size = shape
    torch.manual_seed(0)
    x = torch.randn(n_samples, n_bins, n_marks, dtype=dtype)
    weight = torch.randn(n_filters, n_marks, kernel_size, dtype=dtype, requires_grad=True)
    bias = torch.randn(n_filters, dtype=dtype, requires_grad=True)
    return x, weight, bias, stride, pool_size


def test_an_answer_worked_out_by_hand():
    # Windows (1, 2), (2, -3), (-3, 4) give 1 + 4, 2 - 6, -3 + 8 with the weights 1 and 2. With
    # the bias 1 the ReLU leaves 6, 0, 6; the third is a remainder of pools of two.
    x = torch.tensor([[1.0, 2.0, -3.0, 4.0]]).reshape(1, 4, 1)
    weight = torch.tensor([[[1.0, 2.0]]], requires_grad=True)
    bias = torch.ones(1, requires_grad=True)
    found = pooled_convolution(x, weight, bias, 1, 2)
    assert found.tolist() == [[[3.0]]]
    found.backward(torch.tensor([[[4.0]]]))
    assert weight.grad.tolist() == [[[2.0, 4.0]]]  # of the first window only
    assert bias.grad.tolist() == [2.0]


@pytest.mark.parametrize("n_samples", [1, 3, 70])
@pytest.mark.parametrize("shape", SHAPES)
def test_values_and_gradients_are_those_of_the_layers(shape, n_samples):
    given = arguments(shape, n_samples)
    found, expected = pooled_convolution(*given), by_layers(*given)
    torch.testing.assert_close(found, expected)
    upstream = torch.randn_like(expected)
    with torch.no_grad():
        assert torch.equal(pooled_convolution(*given), found)
    for ours, theirs in zip(
        torch.autograd.grad(found, given[1:3], upstream),
        torch.autograd.grad(expected, given[1:3], upstream),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("shape", SHAPES)
def test_first_and_second_derivatives_are_those_of_finite_differences(shape):
    x, weight, bias, *sizes = arguments(shape, 3)

    def function(weight, bias):
        return pooled_convolution(x, weight, bias, *sizes)

    assert torch.autograd.gradcheck(function, (weight, bias))
    assert torch.autograd.gradgradcheck(function, (weight, bias))


def test_a_penalty_on_gradients_can_be_trained():
    x, weight, bias, *sizes = arguments(SHAPES[0], 40)
    penalties = []
    for function in (pooled_convolution, by_layers):
        loss = function(x, weight, bias, *sizes).square().sum()
        (gradient,) = torch.autograd.grad(loss, weight, create_graph=True)
        penalties.append(torch.autograd.grad(gradient.square().sum(), (weight, bias)))
    for ours, theirs in zip(*penalties, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_without_gradients_a_part_of_a_batch_has_its_own_values():
    given = arguments(SHAPES[1], 50)
    with torch.no_grad():
        found = pooled_convolution(given[0][20:45], *given[1:])
    torch.testing.assert_close(found, by_layers(*given)[20:45])


def test_gradients_given_are_left_as_they_are():
    given = arguments(SHAPES[-1], 2)
    found, upstream = pooled_convolution(*given), torch.ones(2, 1, 1, dtype=torch.float64)
    found.backward(upstream)
    assert (upstream == 1).all()


def test_signals_that_are_no_block_of_memory():
    given = arguments(SHAPES[0], 40)
    reversed_bins = given[0].flip(1)
    assert torch.equal(
        pooled_convolution(reversed_bins.transpose(0, 1).contiguous().transpose(0, 1), *given[1:]),
        pooled_convolution(reversed_bins, *given[1:]),
    )


def test_gradients_of_signals_are_refused():
    given = arguments(SHAPES[0], 2)
    with pytest.raises(ValueError, match="detach"):
        pooled_convolution(given[0].requires_grad_(), *given[1:])


@pytest.mark.parametrize(("pooling", "stride"), [("avg", 1), ("avg", 2), ("max", 1)])
def test_weights_after_100_steps_are_those_of_the_layers(pooling, stride):
    weights = []
    for by_layers in (False, True):
        torch.manual_seed(0)
        settings = {"pooling": pooling, "stride": stride, "hidden_sizes": (20,), "dropout": 0.0}
        net = HistoneCNN(33, 3, n_filters=7, **settings)
        if by_layers:
            net._features = net._features_by_layers
        optimizer = torch.optim.SGD(net.parameters(), 0.05)
        for _ in range(100):
            x, y = torch.randn(40, 33, 3), torch.randint(2, (40,))
            loss = nn.functional.cross_entropy(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        weights.append(torch.cat([p.detach().flatten() for p in net.parameters()]))
    torch.testing.assert_close(*weights, rtol=0, atol=1e-5)
