"""Dropout from few random bits."""

import pytest
import torch

from histoexpr.nn._dropout import BitDropout


@pytest.mark.parametrize("p", [1e-3, 0.1, 0.5, 0.9])
def test_the_share_and_the_scale_of_what_stays(p):
    torch.manual_seed(0)
    n_values = 1_000_003  # no multiple of the numbers drawn
    found = BitDropout(p)(torch.ones(n_values))
    dropped = (found == 0).sum().item()
    # five standard deviations of a binomial number, and the rounding of p
    assert abs(dropped - n_values * p) < 5 * (n_values * p * (1 - p)) ** 0.5 + n_values / 2**17
    assert found.unique().tolist() == pytest.approx([0, 1 / (1 - p)], rel=1e-4)


def test_neighbours_are_dropped_independently():
    torch.manual_seed(0)
    kept = BitDropout(0.5)(torch.ones(400_000)).sign()
    for lag in range(1, 6):
        both = (kept[lag:] * kept[:-lag]).mean().item()
        assert abs(both - 0.25) < 0.005  # six standard deviations


def test_gradients_pass_where_values_do():
    torch.manual_seed(0)
    x = torch.rand(5, 7, dtype=torch.float64).add(1).requires_grad_()
    found = BitDropout(0.25)(x)
    found.sum().backward()
    torch.testing.assert_close(x.grad, (found > 0) * (4 / 3), check_dtype=False)
    assert 0 < (x.grad == 0).sum() < x.numel()


def test_one_seed_gives_one_result_and_the_next_draw_another():
    layer, x = BitDropout(0.5), torch.ones(3, 50)
    torch.manual_seed(1)
    first, second = layer(x), layer(x)
    torch.manual_seed(1)
    assert torch.equal(layer(x), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("p", [0.0, 1e-6, 1.0])
def test_probabilities_without_random_bits(p):
    found = BitDropout(p)(torch.ones(1000))
    assert found.sum().item() == pytest.approx(0 if p == 1 else 1000, abs=1)


def test_nothing_is_dropped_in_evaluation():
    x = torch.rand(4, 4)
    assert torch.equal(BitDropout(0.5).eval()(x), x)


def test_no_values_at_all():
    assert BitDropout(0.5)(torch.ones(0, 3)).shape == (0, 3)


def test_in_place_as_in_torch():
    x = torch.ones(100)
    assert BitDropout(0.5, inplace=True)(x) is x
    assert 0 < (x == 0).sum() < 100
