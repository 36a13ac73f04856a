"""Critic and encoder."""

import numpy as np
import pytest
import torch
from torch import nn

from histoexpr.nn import (
    HistoneCritic,
    HistoneEncoder,
)

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
    hidden = nn.functional.leaky_relu(critic.hidden(critic.trunk(x)), 0.2)
    plain = critic.head(hidden)[:, 0]
    expected = plain + (critic.embedding.weight.T[[0, 1, 1]] * hidden).sum(dim=1)
    torch.testing.assert_close(critic(x, classes), expected)
