"""Networks of a generator, before training."""

import numpy as np
import torch

from histoexpr import SignalGenerator
from histoexpr.generation._adversarial import draw_codes
from histoexpr.generation._networks import build_networks
from histoexpr.generation._scale import critic_scale
from support.generators import TINY


def test_networks_take_scale_and_variance_from_the_signals(genes):
    X = genes[0]
    combinations = np.eye(2, dtype=np.float32)
    with torch.random.fork_rng():
        training, encoder = build_networks(
            X, None, combinations, (2,), latent_dim=5, width=4, device="cpu"
        )
    center, scale = critic_scale(X, None, np.ones(X.shape[2]))
    for layer in (training.generator.input, encoder.input):
        np.testing.assert_allclose(layer.center, center, rtol=1e-6)
        np.testing.assert_allclose(layer.scale, scale, rtol=1e-6)
    codes, noise = draw_codes(training.generator, torch.as_tensor(combinations).repeat(200, 1))
    with torch.no_grad():
        outputs = training.generator._outputs(codes, noise)
    np.testing.assert_allclose(outputs.std(dim=(0, 1)), 1, atol=0.2)
    assert codes.shape == (400, 7)


def test_an_untrained_generator_makes_rare_marks_about_as_often(genes):
    levels = np.random.default_rng(0).random(genes[0].shape)
    X = (levels < [0.5, 0.2, 0.05, 0.02, 0.01]).astype(int)
    generator = SignalGenerator(**{**TINY, "n_steps": 1, "width": 8}, random_state=0).fit(X)
    present = generator.sample(300, random_state=0).mean(axis=(0, 1))
    real = X.mean(axis=(0, 1))
    assert (present > 0.3 * real).all()
    assert (present < 3 * real).all()
