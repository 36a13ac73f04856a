"""Integrated gradients of one sample: contributions along the way from a baseline."""

import numpy as np
import torch

# Steps of the first try; each further one has four times as many. It is also the most of one
# Gauss-Legendre rule: more are several rules in a row, as rules of thousands take seconds to make.
_FIRST = 32
# Signals whose gradients are computed together
_BATCH = 256
# A share of the sum of absolute contributions that is nothing, whatever the difference is
_NOTHING = 1e-4


def path_gradients(function, signal, baseline, difference, *, n_steps, tolerance):
    """Return contributions (n_bins, n_marks) of one sample, and whether they are complete.

    ``function`` takes a tensor (n, n_bins, n_marks) to (n,). The way is straight in signed
    log(1 + x), with Gauss-Legendre steps: more of them, at the most ``n_steps``, until the
    contributions sum to ``difference`` but for a share of ``tolerance``, or for next to nothing of
    the sum of absolute ones. A sample is computed by itself, so that it does not depend on others.
    """
    number = min(_FIRST, n_steps)
    while True:
        values = _integrate(function, signal, baseline, number)
        gap = abs(values.sum() - difference)
        complete = gap <= max(tolerance * abs(difference), _NOTHING * np.abs(values).sum())
        if complete or number >= n_steps:
            return values, bool(complete)
        number = min(4 * number, n_steps)


def _integrate(function, signal, baseline, n_steps):
    places, weights = _rule(n_steps)
    start, end = signed_log(baseline), signed_log(signal)
    total = np.zeros(signal.shape)
    for first in range(0, n_steps, _BATCH):
        part = slice(first, first + _BATCH)
        logs = start + places[part, None, None] * (end - start)
        points = torch.as_tensor(signed_exp(logs), dtype=torch.float32).requires_grad_()
        (slope,) = torch.autograd.grad(function(points).sum(), points)
        # dx/dt of x = sign(z) (exp|z| - 1), z being linear in t
        slope = slope.numpy().astype(np.float64) * np.exp(np.abs(logs))
        total += np.einsum("i,ijk->jk", weights[part], slope)
    return total * (end - start)


def _rule(n_steps):
    """Return places in [0, 1] and weights of a quadrature of about so many steps."""
    n_rules = -(-n_steps // _FIRST)
    places, weights = np.polynomial.legendre.leggauss(-(-n_steps // n_rules))
    starts = np.arange(n_rules)[:, None]
    places = (starts + (places + 1) / 2) / n_rules
    return places.ravel(), np.tile(weights / 2 / n_rules, n_rules)


def signed_log(X):
    """Return sign(X) log(1 + |X|), float64."""
    return np.copysign(np.log1p(np.abs(X)), X)


def signed_exp(Z):
    """Return what :func:`signed_log` takes to Z."""
    return np.copysign(np.expm1(np.abs(Z)), Z)
