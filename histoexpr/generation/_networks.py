"""Networks of a generator: built on the scale of the signals, checked before more training."""

import numpy as np
import torch

from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ._scale import critic_scale, largest_signal, output_scale, signal_unit
from ._wgan import AdversarialTraining, draw_codes

# Signals generated to find the variance of an untrained generator's outputs
_N_CODES = 256


def build_networks(X, rows, combinations, sizes, *, latent_dim, width, counts, device):
    """Return an AdversarialTraining and an encoder, drawn from torch's current generator.

    The networks take their shape from the signals ``X`` and their scale from some ``rows`` of
    them (None for all). ``combinations`` (n_combinations, n_conditions) are the one-hot
    conditions that occur, ``sizes`` the numbers of values of each condition.
    """
    shape = X.shape[1:]
    shared = {"latent_dim": latent_dim, "width": width}
    generator = HistoneGenerator(*shape, n_conditions=sum(sizes), counts=counts, **shared)
    encoder = HistoneEncoder(*shape, sizes=sizes, **shared)
    critic = HistoneCritic(*shape, n_conditions=sum(sizes), width=width)
    unit = signal_unit(X, rows)
    center, scale = critic_scale(X, rows, unit)
    shift, gain = output_scale(X, rows, center, scale, unit, counts)
    for module in (generator, encoder, critic):
        module.float()  # torch's default may be another
    for network in (generator, encoder):
        network.input.set_scale(center, scale)
        network.input.set_unit(unit)
    generator.shift.copy_(torch.as_tensor(shift))
    generator.gain.copy_(torch.as_tensor(gain))
    generator.ceiling.copy_(torch.as_tensor(np.log1p(largest_signal(X, rows) / unit)))
    # From the first step on, every mark is about as often present as in the signals.
    rows = torch.randint(len(combinations), (_N_CODES,))
    generator.standardise(*draw_codes(generator, torch.as_tensor(combinations)[rows]))
    for module in (generator, encoder, critic):
        module.to(device)
    return AdversarialTraining(generator, critic), encoder


def check_networks(generator, latent_dim, width):
    """Raise ValueError if a generator was built for other parameters."""
    built = {"latent_dim": generator.latent_dim, "width": generator.width}
    expected = {"latent_dim": latent_dim, "width": width}
    if built != expected:
        raise ValueError(
            f"Training was to go on, but the networks were built for {built}, not {expected}. "
            "Use warm_start=False."
        )
