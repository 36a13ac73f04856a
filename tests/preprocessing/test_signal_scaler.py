"""SignalScaler: by hand, against StandardScaler, back again, in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from histoexpr import SignalScaler
from support.counts import COUNTS

rng = np.random.default_rng(0)


def test_scaler_by_hand():
    X = np.array([[[0, 1], [3, 1]], [[0, 1], [7, 1]]])  # log2(1 + x): 0 2 0 3 and constant
    scaler = SignalScaler().fit(X)
    logs = np.log(2) * np.array([0, 2, 0, 3])
    assert scaler.mean_ == pytest.approx([np.log(2) * 1.25, np.log(2)])
    assert scaler.scale_ == pytest.approx([logs.std(), 1])
    Z = scaler.transform(X)
    np.testing.assert_allclose(Z[..., 0].ravel(), (logs - logs.mean()) / logs.std(), rtol=1e-6)
    np.testing.assert_allclose(Z[..., 1], 0, atol=1e-7)


def test_scaler_per_bin_by_hand():
    X = np.array([[[1.0], [10.0]], [[3.0], [30.0]]])
    scaler = SignalScaler(log1p=False, standardize="bin").fit(X)
    assert scaler.mean_.tolist() == [[2], [20]]
    assert scaler.scale_.tolist() == [[1], [10]]
    assert scaler.transform(X).ravel().tolist() == [-1, -1, 1, 1]


def test_signed_logarithm():
    X = np.array([[[-np.expm1(2.0)], [np.expm1(1.0)], [0.0]]])
    Z = SignalScaler(standardize=None).fit_transform(X)
    np.testing.assert_allclose(Z.ravel(), [-2, 1, 0])


@pytest.mark.parametrize("standardize", ["mark", "bin", None])
@pytest.mark.parametrize("log1p", [True, False])
def test_inverse_transform(standardize, log1p):
    X = COUNTS - 4.0
    scaler = SignalScaler(log1p=log1p, standardize=standardize).fit(X)
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform(X)), X, atol=1e-12)
    back = scaler.inverse_transform(scaler.transform(COUNTS))
    assert back.dtype == np.float32
    assert np.array_equal(np.round(back), COUNTS)


@pytest.mark.parametrize("standardize", ["mark", "bin"])
def test_scaler_agrees_with_StandardScaler(standardize):
    logs = np.log1p(COUNTS.astype(float))
    shape = (-1, 5) if standardize == "mark" else (40, 100)
    expected = StandardScaler().fit_transform(logs.reshape(shape)).reshape(COUNTS.shape)
    Z = SignalScaler(standardize=standardize).fit_transform(COUNTS.astype(float))
    np.testing.assert_allclose(Z, expected, atol=1e-12)


@pytest.mark.parametrize("standardize", ["mark", "bin"])
def test_constant_signals_get_scale_1(standardize):
    X = np.empty((3000, 30, 3))
    X[:] = [0.1, 1e8 + 0.3, 0]
    for dtype in (np.float64, np.float32):
        for log1p in (False, True):
            scaler = SignalScaler(standardize=standardize, log1p=log1p).fit(X.astype(dtype))
            assert np.all(scaler.scale_ == 1)


def test_small_spread_on_a_large_offset():
    X = 1e6 + rng.normal(size=(2000, 10, 1))
    scaler = SignalScaler(log1p=False).fit(X)
    assert scaler.scale_[0] == pytest.approx(X.std(), rel=1e-9)


def test_fit_never_copies_a_memory_map_as_a_whole(tmp_path):
    np.save(tmp_path / "X.npy", np.ones((8000, 100, 5), dtype=np.uint16))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    SignalScaler().fit(X[:10])
    tracemalloc.start()
    SignalScaler().fit(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes  # 8 MB; as float32 it would be 16 MB
