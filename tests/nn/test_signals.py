"""Input scaling, and pooling over bins."""

import numpy as np
import pytest
import torch

from histoexpr.nn import (
    SignalInput,
    pool_bins,
)


@pytest.mark.parametrize("pooling", ["mean", "max", "sum", "median", "min"])
@pytest.mark.parametrize("n_bins", [4, 5])
def test_pooling_is_numpys(pooling, n_bins):
    x = np.random.default_rng(0).normal(size=(3, n_bins, 2)).astype(np.float32)
    expected = getattr(np, pooling)(x, axis=1)
    np.testing.assert_allclose(pool_bins(torch.from_numpy(x), pooling), expected, rtol=1e-5)


def test_signal_input_takes_signed_logarithms_of_any_dtype():
    layer = SignalInput((1,), log1p=True)
    x = torch.tensor([[[-3.0], [0.0], [7.0]]])
    expected = [-np.log(4), 0, np.log(8)]
    np.testing.assert_allclose(layer(x).flatten(), expected, rtol=1e-6)
    counts = torch.tensor([[[3], [0]]], dtype=torch.uint8)
    np.testing.assert_allclose(layer(counts).flatten(), [np.log(4), 0], rtol=1e-6)
