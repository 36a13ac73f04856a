"""Losses of single samples."""

import torch

from histoexpr._training._losses import LOSSES


def test_losses_by_hand():
    outputs, values = torch.tensor([[1.0], [4.0]]), torch.tensor([0.5, 1.0])
    assert LOSSES["squared_error"](outputs, values).tolist() == [0.25, 9.0]
    assert LOSSES["huber"](outputs, values).tolist() == [0.125, 2.5]
    logits = torch.tensor([[0.0, 0.0], [2.0, -1e4]])
    expected = [torch.log(torch.tensor(2.0)).item(), 0.0]
    assert LOSSES["cross_entropy"](logits, torch.tensor([1, 0])).tolist() == expected
