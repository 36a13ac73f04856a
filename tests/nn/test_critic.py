"""Critic and encoder."""

import numpy as np
import pytest
import torch

from histoexpr.nn import (
    HistoneCritic,
    HistoneEncoder,
)
from histoexpr.nn._critic import RegionView, SignalTrunk

SHAPES = [(1, 1), (2, 3), (7, 1), (100, 5), (101, 10)]


@pytest.mark.parametrize(("n_bins", "n_marks"), SHAPES)
def test_networks_take_any_shape(n_bins, n_marks):
    signals, classes = torch.rand(3, n_bins, n_marks), torch.eye(2)[[0, 1, 1]]
    scores = HistoneCritic(n_bins, n_marks, n_conditions=2, width=4)(signals, classes)
    assert scores.shape == (3,)
    codes = HistoneEncoder(n_bins, n_marks, latent_dim=4, sizes=(2, 3), width=4)(signals)
    assert codes.shape == (3, 9)
    np.testing.assert_allclose(codes[:, 4:6].sum(1).detach(), 1, rtol=1e-5)
    np.testing.assert_allclose(codes[:, 6:].sum(1).detach(), 1, rtol=1e-5)


def test_classes_enter_the_critic_as_a_projection():
    torch.manual_seed(0)
    critic = HistoneCritic(7, 2, n_conditions=2, width=4)
    x, classes = torch.rand(3, 7, 2), torch.eye(2)[[0, 1, 1]]
    hidden = critic.features(x)
    plain = critic.head(hidden)[:, 0]
    expected = plain + (critic.embedding.weight.T[[0, 1, 1]] * hidden).sum(dim=1)
    torch.testing.assert_close(critic(x, classes), expected)


def test_regions_are_sums_of_signals_and_means_of_logarithms():
    rng = np.random.default_rng(0)
    X = rng.poisson(3.0, size=(4, 40, 2))
    center, scale = np.array([1.0, 0.5]), np.array([0.7, 2.0])
    view = RegionView(40, 2)
    view.set_scale(center, scale, [2.0, 3.0], [0.5, 1.5])
    scaled = (np.log1p(X) - center) / scale
    found = view(torch.as_tensor(scaled, dtype=torch.float32)).numpy()
    assert found.shape == (4, view.n_outputs) == (4, 2 * 20 * 2)
    sums = np.log1p(X.reshape(4, 20, 2, 2).sum(axis=2))
    expected = ((sums - [2.0, 3.0]) / [0.5, 1.5]).reshape(4, -1)
    np.testing.assert_allclose(found[:, :40], expected, rtol=1e-4, atol=1e-5)
    means = scaled.reshape(4, 20, 2, 2).mean(axis=2).reshape(4, -1)
    np.testing.assert_allclose(found[:, 40:], means, rtol=1e-4, atol=1e-5)


def test_the_critic_sees_each_signal_on_its_own():
    torch.manual_seed(0)
    critic = HistoneCritic(50, 3, n_conditions=2, width=4)
    x, classes = torch.rand(5, 50, 3), torch.eye(2)[[0, 1, 1, 0, 1]]
    alone = torch.cat([critic(x[[k]], classes[[k]]) for k in range(5)])
    torch.testing.assert_close(critic(x, classes), alone, rtol=1e-5, atol=1e-5)


def test_trunks_stop_at_a_single_position():
    trunk = SignalTrunk(3, 2, (4, 6, 8, 8), stride=2)
    assert [layer.out_channels for layer in trunk.layers] == [4, 6]
    assert trunk(torch.rand(2, 3, 2)).shape == (2, trunk.n_outputs) == (2, 6)
