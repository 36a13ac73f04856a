"""Input scaling, and pooling over bins."""

import itertools

import numpy as np
import pytest
import torch

from histoexpr.nn import (
    SignalInput,
    pool_bins,
    pool_regions,
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


def test_logarithms_are_taken_in_units_of_each_mark():
    layer = SignalInput((2,), log1p=True)
    layer.set_unit([2.0, 5.0])
    x = torch.tensor([[[6.0, -20.0]]])
    np.testing.assert_allclose(layer(x).flatten(), [np.log(4), -np.log(5)], rtol=1e-6)
    layer.set_scale([1.0, 0.0], [2.0, 1.0])
    expected = [(np.log(4) - 1) / 2, -np.log(5)]
    np.testing.assert_allclose(
        layer.standardize(layer.transform(x)).flatten(), expected, rtol=1e-6
    )


@pytest.mark.parametrize("pooling", ["mean", "max", "sum", "median", "min"])
@pytest.mark.parametrize(
    ("n_regions", "edges"), [(4, [0, 2, 4, 6, 8]), (3, [0, 3, 5, 8]), (1, [0, 8])]
)
def test_regions_are_pooled_like_parts(pooling, n_regions, edges):
    x = torch.randn(3, 8, 2)
    found = pool_regions(x, n_regions, pooling)
    parts = [pool_bins(x[:, a:b], pooling) for a, b in itertools.pairwise(edges)]
    torch.testing.assert_close(found, torch.stack(parts, dim=1))
