"""Prediction in batches of one size."""

import numpy as np
import pytest
import torch

from histoexpr._training import PREDICT_BATCH, predict_logits


class Seen(torch.nn.Module):
    """Sums every sample, and remembers the shapes of its batches and whether it trained."""

    def __init__(self):
        super().__init__()
        self.one = torch.nn.Parameter(torch.ones(1))
        self.shapes, self.trained = [], []

    def forward(self, x):
        self.shapes.append(tuple(x.shape))
        self.trained.append(self.training)
        return self.one * x.sum(dim=(1, 2))[:, None]

    def doubled(self, x):
        return 2 * self.forward(x)


@pytest.mark.parametrize("n_samples", [1, PREDICT_BATCH, PREDICT_BATCH + 3])
def test_all_batches_have_one_size(n_samples):
    X = np.random.default_rng(0).poisson(3, (n_samples, 4, 2)).astype(np.uint8)
    module = Seen().train()
    logits = predict_logits(module, X)
    np.testing.assert_array_equal(logits[:, 0], X.sum(axis=(1, 2)))
    assert logits.dtype == np.float32
    assert set(module.shapes) == {(PREDICT_BATCH, 4, 2)}
    assert module.trained == [False] * len(module.shapes)
    assert module.training
    np.testing.assert_array_equal(predict_logits(module, X, method="doubled"), 2 * logits)


def test_the_mode_of_the_module_survives_an_error():
    module = Seen().train()
    with pytest.raises(ValueError, match="32-bit floats"):
        predict_logits(module, np.full((1, 2, 1), 1e300))
    assert module.training
