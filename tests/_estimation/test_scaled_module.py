"""The layer in front of a user's module."""

import torch

from histoexpr._estimation._scaled_module import ScaledModule


class Flat(torch.nn.Module):
    def __init__(self, n_bins, n_classes, factor=1.0):
        super().__init__()
        self.n_bins, self.n_classes = n_bins, n_classes
        self.factor = torch.nn.Parameter(torch.tensor(factor))

    def forward(self, x):
        return self.factor * x.sum(dim=(1, 2))


def test_the_module_is_told_the_shapes_it_asks_for():
    settings = {"log1p": True, "scale_shape": (2,), "module": Flat}
    net = ScaledModule(3, 2, 1, module_params={"factor": 2.0}, **settings)
    assert (net.body.n_bins, net.body.n_classes) == (3, 1)
    net.input.set_unit([2.0, 2.0])
    out = net(torch.full((1, 3, 2), 2.0))
    assert out.shape == (1, 1)  # an axis for the output
    torch.testing.assert_close(out, torch.tensor([[12.0]]) * torch.log(torch.tensor(2.0)))
