"""What the tests of every network share."""

import torch

# (n_bins, n_marks, n_classes), the first two also for networks without classes
ANY_SHAPE = [(1, 1, 2), (7, 3, 4), (13, 1, 3)]


def n_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


def gradients_reach_the_signals(module):
    """Whether all signals of 20 bins and 3 marks have finite gradients, and some others than 0."""
    x = torch.rand(2, 20, 3, requires_grad=True)
    module.eval()(x)[:, 1].sum().backward()
    return bool(torch.isfinite(x.grad).all() and x.grad.abs().sum() > 0)
