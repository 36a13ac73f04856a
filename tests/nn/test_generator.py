"""The network of the generator."""

import pytest
import torch

from histoexpr.nn import HistoneGenerator

SHAPES = [(1, 1), (2, 3), (7, 1), (100, 5), (101, 10)]


@pytest.mark.parametrize(("n_bins", "n_marks"), SHAPES)
def test_networks_take_any_shape(n_bins, n_marks):
    generator = HistoneGenerator(n_bins, n_marks, latent_dim=4, n_conditions=2, width=4)
    code = torch.randn(3, generator.code_size)
    signals = generator(code)
    assert signals.shape == (3, n_bins, n_marks)
    assert signals.min() >= 0
    noisy = generator(torch.cat([code, torch.randn(3, generator.noise_size)], dim=1))
    assert noisy.shape == signals.shape


def test_the_log_signal_is_gain_times_output_plus_shift():
    torch.manual_seed(0)
    generator, code = HistoneGenerator(7, 2, latent_dim=3, width=4), torch.randn(5, 3)
    generator.gain.copy_(torch.tensor([2.0, 0.5]))
    generator.shift.copy_(torch.tensor([0.3, -0.1]))
    logs = generator._outputs(code, None) * torch.tensor([2.0, 0.5]) + torch.tensor([0.3, -0.1])
    torch.testing.assert_close(generator(code), torch.expm1(logs.clamp(min=0)))


def test_signals_with_noise_are_drawn_and_let_gradients_through():
    generator = HistoneGenerator(4, 2, latent_dim=3, width=4, grain="counts")
    generator.grain.quantum.fill_(1)
    code = torch.randn(8, 3 + generator.noise_size, requires_grad=True)
    signals = generator(code)
    assert torch.equal(signals, signals.round())
    (gradient,) = torch.autograd.grad(signals.sum(), code)
    assert gradient.abs().sum() > 0
    typical = generator(code[:, :3])
    assert not torch.equal(typical, typical.round())


def test_channels_halve_where_positions_double():
    generator = HistoneGenerator(100, 5, width=8)
    assert generator.lengths == [13, 26, 52, 104]
    assert [block.conv.out_channels for block in generator.blocks] == [16, 16, 8, 4]
    assert [b.conv.out_channels for b in HistoneGenerator(2, 1, width=8).blocks] == [8, 4]


def test_absent_marks_are_called_back():
    generator = HistoneGenerator(4, 2, latent_dim=3, width=4, grain="counts")
    generator.shift -= 50
    code = torch.randn(8, 3, requires_grad=True)
    signals = generator(code)
    assert signals.max() == 0
    up, down = (torch.autograd.grad(sign * generator(code).sum(), code)[0] for sign in (-1, 1))
    assert up.abs().sum() > 0
    assert down.abs().sum() == 0
