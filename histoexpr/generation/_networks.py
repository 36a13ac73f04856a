"""Networks of a generator: built on the scale of the signals, checked before more training."""

import torch

from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ._scale import critic_scale, output_scale
from ._wgan import AdversarialTraining, draw_codes

# Signals generated to find the variance of an untrained generator's outputs
_N_CODES = 256


def build_networks(X, rows, combinations, sizes, *, latent_dim, width, counts, device):
    """Return untrained networks, drawn from torch's current generator.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Signals, from which the networks take their shape and scale.
    rows : ndarray of int or None
        The samples to take the scale from; None for all.
    combinations : ndarray of shape (n_combinations, n_conditions)
        The one-hot conditions that occur.
    sizes : tuple of int
        Number of values of each condition.
    latent_dim, width, counts
        See :class:`~histoexpr.nn.HistoneGenerator`.
    device : str

    Returns
    -------
    training : AdversarialTraining
    encoder : HistoneEncoder
    """
    shape = X.shape[1:]
    shared = {"latent_dim": latent_dim, "width": width}
    generator = HistoneGenerator(*shape, n_conditions=sum(sizes), counts=counts, **shared)
    encoder = HistoneEncoder(*shape, sizes=sizes, **shared)
    critic = HistoneCritic(*shape, n_conditions=sum(sizes), width=width)
    center, scale = critic_scale(X, rows)
    shift, gain = output_scale(X, rows, center, scale, counts)
    for module in (generator, encoder, critic):
        module.float()  # torch's default may be another
    for buffer, values in (
        (generator.input.center, center),
        (generator.input.scale, scale),
        (encoder.input.center, center),
        (encoder.input.scale, scale),
        (generator.shift, shift),
        (generator.gain, gain),
    ):
        buffer.copy_(torch.as_tensor(values))
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
