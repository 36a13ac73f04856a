"""Training of the encoder."""

import numpy as np
import torch

from histoexpr._training import SignalDataset
from histoexpr.generation._adversarial import SignalSource, draw_codes
from histoexpr.generation._encoder import train_encoder
from histoexpr.generation._networks import build_networks


def test_the_encoder_finds_codes_and_leaves_the_generator_alone(genes):
    X, y = genes
    with torch.random.fork_rng():
        torch.manual_seed(0)
        combinations = np.eye(2, dtype=np.float32)
        training, encoder = build_networks(
            X, None, combinations, (2,), latent_dim=3, width=4, device="cpu"
        )
        generator = training.generator
        before = {name: value.clone() for name, value in generator.state_dict().items()}
        conditions = torch.as_tensor(combinations)
        source = SignalSource(
            SignalDataset(X, y), conditions, generator.input, 32, np.random.RandomState(0)
        )
        codes, noise = draw_codes(generator, conditions.repeat(50, 1))
        errors = []
        for n_steps in (0, 200):
            train_encoder(encoder, generator, source, n_steps)
            with torch.no_grad():
                found = encoder.from_scaled(generator.scaled(codes, noise))
            errors.append((found - codes).square().mean().item())
    assert errors[1] < 0.8 * errors[0]
    assert all(torch.equal(value, before[name]) for name, value in generator.state_dict().items())
    assert all(parameter.requires_grad for parameter in generator.parameters())
