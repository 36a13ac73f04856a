"""Moments of signals against NumPy, and symmetry."""

import numpy as np
import pytest

from histoexpr.utils import is_symmetric, mean_signal, signal_moments, signed_log1p

rng = np.random.default_rng(0)


@pytest.mark.parametrize("per", ["mark", "bin"])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("some", [True, False])
def test_moments(per, weighted, some):
    X = rng.normal(5, 2, size=(1100, 3, 2))
    X[:, :, 1] = 0.1
    weight = rng.random(1100)
    weight[:600] = 0
    rows = rng.permutation(1100)[:900] if some else np.arange(1100)
    mean, scale = signal_moments(
        X, per=per, rows=rows if some else None, sample_weight=weight if weighted else None
    )
    values, weight = X[rows], (weight if weighted else np.ones(1100))[rows]
    if per == "mark":
        values, weight = values.reshape(-1, 2), np.repeat(weight, 3)
    expected = np.average(values, axis=0, weights=weight)
    spread = np.sqrt(np.average((values - expected) ** 2, axis=0, weights=weight))
    np.testing.assert_allclose(mean, expected, rtol=1e-12)
    np.testing.assert_allclose(scale[..., 0], spread[..., 0], rtol=1e-12)
    assert np.all(scale[..., 1] == 1)


def test_signed_logarithm_by_hand():
    out = signed_log1p(np.array([-3, 0, 3], dtype=np.int16))
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, [-np.log(4), 0, np.log(4)], rtol=1e-6)
    assert signed_log1p(np.array([1.0])).dtype == np.float64


def test_symmetry_depends_on_size_and_certainty():
    noise = np.random.default_rng(0)
    X = np.expm1(noise.normal(3, 1, size=(300, 1, 2)) + np.zeros((1, 8, 1)))
    tilt = np.expm1(np.log1p(X))
    tilt[:, :4, 1] *= np.exp(noise.normal(0.5, 1, size=(300, 1)))  # half a deviation
    assert is_symmetric(X)
    assert not is_symmetric(tilt)
    assert is_symmetric(tilt, rows=np.arange(8))  # too few to detect it
    # a chance difference stays one when the same genes come in many cells
    small = X.copy()
    small[:, :4, 1] *= np.exp(noise.normal(0.12, 1, size=(300, 1)))
    assert is_symmetric(np.tile(small, (30, 1, 1)))
    assert is_symmetric(X[:, :1])
    mirrored = np.tile(np.float32([0.1, 0.7, 0.7, 0.1])[None, :, None], (50, 1, 2))
    assert is_symmetric(mirrored)
    assert is_symmetric(X[:1])


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_mean_signal_is_numpys(dtype):
    X = rng.integers(0, 100, (1100, 3, 2)).astype(dtype)
    X = -X if dtype == np.int16 else X
    np.testing.assert_allclose(mean_signal(X), np.abs(X.astype(float)).mean(axis=(0, 1)))
    weight, rows = rng.integers(0, 3, 1100), rng.permutation(1100)[:700]
    repeated = np.repeat(X[rows], weight[rows], axis=0).astype(float)
    found = mean_signal(X, rows=rows, sample_weight=weight)
    np.testing.assert_allclose(found, np.abs(repeated).mean(axis=(0, 1)))


def test_moments_of_logarithms_in_units():
    X = rng.integers(0, 50, (40, 3, 2)).astype(np.uint8)
    unit = np.array([2.0, 7.0])
    mean, scale = signal_moments(X, log1p=True, unit=unit)
    values = np.log1p(X / unit).reshape(-1, 2)
    np.testing.assert_allclose(mean, values.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(scale, values.std(axis=0), rtol=1e-6)
