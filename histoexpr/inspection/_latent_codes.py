"""Codes of a generator while they are optimised, and the scale on which its signals compare."""

import numpy as np
import torch

from .._training import predict_logits

# Share of a sample's own class at the start
_OWN_SHARE = 0.98


class LatentCodes:
    """Latent codes with noise, to be optimised: the latent part and the mixture of classes.

    Parameters
    ----------
    generator : SignalGenerator
        Fitted.
    codes : ndarray of shape (n_samples, n_codes + size of the noise), float32
        Codes with noise behind them.
    with_noise : bool
        Whether the noise is optimised, too.
    mix : bool
        Whether to start from mixtures of classes where codes are of one class: there the gradient
        of the other classes is zero.

    Attributes
    ----------
    variables : list of Tensor
        What is optimised.
    """

    def __init__(self, generator, codes, *, with_noise=False, mix=True):
        self.module = generator.generator_
        self.sizes = [len(getattr(generator, name, ())) for name in ("classes_", "cells_")]
        parts = [self.module.latent_dim, *self.sizes, self.module.noise_size]
        codes = torch.as_tensor(codes, device=generator.device_)
        self.start, *own, noise = codes.split(parts, dim=1)
        # beyond the range of random codes the generator was never trained
        self._farthest = _norm(self.start).clamp(min=self.module.latent_dim**0.5)
        self._farthest_noise = _norm(noise).clamp(min=self.module.noise_size**0.5)
        self.latent = self.start.clone().requires_grad_()
        # the classes are optimised as logits, so that they remain mixtures
        share = _OWN_SHARE if mix else 1.0
        own = [share * part + (1 - share) / max(part.shape[1], 1) for part in own]
        self.mixture = torch.log(torch.cat(own, dim=1).clamp(min=1e-6)).requires_grad_()
        self.noise = noise.clone().requires_grad_(with_noise)
        self.variables = [self.latent, self.mixture] + [self.noise] * with_noise

    def signals(self):
        """Return the signals of the codes as they are now."""
        return self.module(self._joined())

    def away(self):
        """Return half the squared distance of each latent code from its start."""
        return (self.latent - self.start).square().sum(dim=1) / 2

    def clip(self):
        """Bring codes and noise back to where random ones, or their starts, are."""
        with torch.no_grad():
            self.latent *= _shrunk(self.latent, self._farthest)
            if self.noise.requires_grad:
                self.noise *= _shrunk(self.noise, self._farthest_noise)

    def step(self, optimizer, loss):
        """Make a step of an optimizer of ``variables`` that lowers the loss."""
        gradients = torch.autograd.grad(loss, self.variables)
        for variable, gradient in zip(self.variables, gradients, strict=True):
            variable.grad = gradient
        optimizer.step()
        self.clip()

    def values(self):
        """Return the codes with their noise as they are now, a Tensor."""
        return self._joined().detach()

    def _joined(self):
        parts = [part.softmax(dim=1) for part in self.mixture.split(self.sizes, dim=1)]
        return torch.cat([self.latent, *parts, self.noise], dim=1)


class LogScale:
    """The scale on which a generator compares signals: log(1 + signal / unit) / deviation.

    ``unit`` and ``scale``, one per mark, are those that the generator was fitted with, in the
    order of its marks or, of other signals, in another ``order``.
    """

    def __init__(self, generator, order=None):
        self.counts = bool(generator.counts_)
        found = generator.generator_.input
        self.unit = found.unit.detach().cpu().double()
        self.scale = found.scale.detach().cpu().double()
        if order is not None:
            self.unit, self.scale = self.unit[order], self.scale[order]

    def logs(self, signals):
        """Return the logarithms of signals, in deviations of their marks (array or Tensor)."""
        if torch.is_tensor(signals):
            unit, scale = (value.to(signals) for value in (self.unit, self.scale))
            return torch.log1p(signals / unit) / scale
        return np.log1p(np.asarray(signals) / self.unit.numpy()) / self.scale.numpy()

    def log2_change(self, before, after):
        """Return how much signals have changed, as log2 of the ratio of 1 + signal / unit."""
        unit = self.unit.numpy()
        return np.log2(1 + np.asarray(after) / unit) - np.log2(1 + np.asarray(before) / unit)

    def transplant(self, signals, before, after):
        """Return signals with the change from ``before`` to ``after``, as a ratio; Tensors.

        Of counts the result is rounded, with the gradient of the identity.
        """
        unit = self.unit.to(signals)
        change = torch.log1p(after / unit) - torch.log1p(before / unit)
        changed = torch.expm1((torch.log1p(signals / unit) + change).clamp(min=0)) * unit
        if self.counts:
            changed = changed + (torch.round(changed) - changed).detach()
        return changed


def decode_codes(generator, codes):
    """Return the signals of codes with noise behind them, as an ndarray."""
    return predict_logits(generator.generator_, np.asarray(codes, dtype=np.float32))


def _norm(values):
    return values.norm(dim=1, keepdim=True)


def _shrunk(values, farthest):
    return (farthest / _norm(values).clamp(min=1e-9)).clamp(max=1)
