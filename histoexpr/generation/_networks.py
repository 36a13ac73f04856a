"""Making the networks of a generator, and finding whether they fit."""

import torch

from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ._wgan import AdversarialTraining


def build_networks(shape, sizes, moments, *, latent_dim, width, counts, device):
    """Return untrained networks, drawn from torch's current generator.

    Parameters
    ----------
    shape : tuple of int
        Bins and marks.
    sizes : tuple of int
        Number of values of each condition.
    moments : tuple of two ndarray of shape (n_marks,)
        Center and scale of the log signals.
    latent_dim, width, counts
        See :class:`~histoexpr.nn.HistoneGenerator`.
    device : str

    Returns
    -------
    training : AdversarialTraining
    encoder : HistoneEncoder
    """
    shared = {"latent_dim": latent_dim, "width": width}
    generator = HistoneGenerator(*shape, n_conditions=sum(sizes), counts=counts, **shared)
    encoder = HistoneEncoder(*shape, sizes=sizes, **shared)
    critic = HistoneCritic(*shape, n_conditions=sum(sizes), width=width)
    for module in (generator, encoder):
        for buffer, values in zip(module.input.buffers(), moments, strict=True):
            buffer.copy_(torch.as_tensor(values))
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
