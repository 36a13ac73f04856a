"""Training of the encoder, once there is a generator."""

import torch

from ..utils import progress_bar
from ._wgan import draw_codes

_LEARNING_RATE = 1e-3
# of the codes of real signals, for being uncommon
_PRIOR = 0.01


def train_encoder(encoder, generator, source, n_steps, *, show=False):
    """Teach an encoder to find the codes of signals; the generator stays as it is.

    Half of the loss comes from generated signals, whose codes are known, half from real
    ones, which the generator has to give back from the code.

    Parameters
    ----------
    encoder : HistoneEncoder
    generator : HistoneGenerator
    source : SignalSource
    n_steps : int
    show : bool, default=False
        Whether to show a progress bar.
    """
    optimizer = torch.optim.Adam(encoder.parameters(), _LEARNING_RATE)
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
            # real signals get codes as common as those that the generator was trained with
            + _PRIOR * unknown[:, :latent].square().mean()
            - (conditions.repeat(2, 1) * probability.log()).sum(dim=1).mean()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    encoder.zero_grad(set_to_none=True)
    generator.requires_grad_(True)
