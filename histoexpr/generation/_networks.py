"""Networks of a generator: built on the scale of the signals, checked before more training."""

import numpy as np
import torch

from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ._adversarial import AdversarialTraining, draw_codes
from ._grain_of import grain_of, kind_of_grain
from ._scale import critic_scale, largest_signal, output_scale, signal_unit, sum_scale

# Signals generated to find the variance of an untrained generator's outputs
_N_CODES = 256


def build_networks(X, rows, combinations, sizes, *, latent_dim, width, device):
    """Return an AdversarialTraining and an encoder, drawn from torch's current generator.

    The networks take their shape from the signals ``X`` and their scale from some ``rows`` of
    them (None for all). ``combinations`` (n_combinations, n_conditions) are the one-hot
    conditions that occur, ``sizes`` the numbers of values of each condition.
    """
    shape = X.shape[1:]
    shared = {"latent_dim": latent_dim, "width": width}
    grain = grain_of(X, rows)
    n_conditions = sum(sizes)
    generator = HistoneGenerator(
        *shape, n_conditions=n_conditions, grain=kind_of_grain(grain), **shared
    )
    encoder = HistoneEncoder(*shape, sizes=sizes, **shared)
    critic = HistoneCritic(*shape, n_conditions=n_conditions, width=width)
    unit = signal_unit(X, rows, grain)
    center, scale = critic_scale(X, rows, unit)
    shift, gain = output_scale(X, rows, center, scale, unit, _smallest(grain))
    for module in (generator, encoder, critic):
        module.float()  # torch's default may be another
    for network in (generator, encoder):
        network.input.set_scale(center, scale)
        network.input.set_unit(unit)
    critic.regions.set_scale(center, scale, *sum_scale(X, rows, unit, critic.regions.n_regions))
    generator.shift.copy_(torch.as_tensor(shift))
    generator.gain.copy_(torch.as_tensor(gain))
    if generator.grain is not None:
        for name, values in zip(("quantum", "read", "reach"), grain, strict=True):
            getattr(generator.grain, name).copy_(torch.as_tensor(values))
        generator.grain.largest.copy_(torch.as_tensor(largest_signal(X, rows)))
    generator.ceiling.copy_(torch.as_tensor(np.log1p(largest_signal(X, rows) / unit)))
    # From the first step on, every mark is about as often present as in the signals.
    rows = torch.randint(len(combinations), (_N_CODES,))
    generator.standardise(*draw_codes(generator, torch.as_tensor(combinations)[rows]))
    for module in (generator, encoder, critic):
        module.to(device)
    return AdversarialTraining(generator, critic), encoder


def _smallest(grain):
    """Return the signal of each mark below half of which nothing is left of signals."""
    quantum, read, _ = grain
    return np.where(read > 0, read, quantum)


def check_networks(generator, latent_dim, width):
    """Raise ValueError if a generator was built for other parameters."""
    built = {"latent_dim": generator.latent_dim, "width": generator.width}
    expected = {"latent_dim": latent_dim, "width": width}
    if built != expected:
        raise ValueError(
            f"Training was to go on, but the networks were built for {built}, not {expected}. "
            "Use warm_start=False."
        )
