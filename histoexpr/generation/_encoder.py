"""Training of the encoder, once there is a generator."""

import torch

from .._training import fuse_updates
from ..utils import progress_bar
from ._adversarial import draw_codes

_LEARNING_RATE = 1e-3
# Weight of the squared codes of real signals: they stay as common as those of training
_PRIOR = 0.01


def train_encoder(encoder, generator, source, n_steps, *, show=False):
    """Train an encoder to return the codes of signals; the generator stays as it is.

    Generated signals come with their codes; real ones have to be given back by the generator.
    The loss is the sum of the mean squares of ``E(G(z)) - z`` and of ``G(E(x)) - x``, 0.01
    times that of ``E(x)``, and the cross-entropy of the conditions of both. ``E`` is the
    encoder, ``G`` the generator, ``z`` a random code and ``x`` a real signal; the squares of
    codes are those of their latent part.
    """
    optimizer = torch.optim.Adam(encoder.parameters(), _LEARNING_RATE)
    fuse_updates(optimizer)
    latent = generator.latent_dim
    generator.requires_grad_(False)
    for _ in progress_bar(range(n_steps), desc="encoder", unit="step", show=show):
        real, conditions = source.draw()
        code, noise = draw_codes(generator, conditions)
        found = encoder.from_scaled(torch.cat([generator.scaled(code, noise), real]))
        known, unknown = found[: len(code)], found[len(code) :]
        probability = found[:, latent:].clamp(min=1e-6)
        loss = (
            (known[:, :latent] - code[:, :latent]).square().mean()
            + (generator.scaled(unknown) - real).square().mean()
            + _PRIOR * unknown[:, :latent].square().mean()
            - (conditions.repeat(2, 1) * probability.log()).sum(dim=1).mean()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    encoder.zero_grad(set_to_none=True)
    generator.requires_grad_(True)
