"""Graphs of linear networks in every pooling, with and without mirrored features."""

import itertools

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor, make_histone_cells, to_onnx

pytest.importorskip("onnx", reason="the extra onnx is not installed")
runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

POOLINGS = ["sum", "mean", "max", "median", "min"]


@pytest.fixture(scope="module")
def genes():
    return make_histone_cells(n_cells=1, n_genes=60, random_state=0)


@pytest.mark.parametrize(("pooling", "mirror"), list(itertools.product(POOLINGS, [False, True])))
def test_linear_networks(pooling, mirror, genes, tmp_path):
    X = np.concatenate([genes.X, np.random.default_rng(0).integers(0, 509, (20, 100, 5))])
    X = X.astype(np.float32)
    for n_regions, log1p, cls in (
        (1, True, HistoneLinearClassifier),
        (3, True, HistoneLinearRegressor),  # of unequal, odd and even widths
        (6, False, HistoneLinearRegressor),
    ):
        model = cls(n_regions=n_regions, pooling=pooling, mirror=mirror, log1p=log1p).fit(genes)
        path = to_onnx(model, tmp_path / "m.onnx", overwrite=True)
        found = runtime.InferenceSession(str(path)).run(None, {"X": X})[0]
        known = model.predict_proba(X) if n_regions == 1 else model.predict(X)
        # without logarithms values are far from those of training, up to hundreds
        np.testing.assert_allclose(found, known, atol=1e-5, rtol=0 if log1p else 1e-6)
        assert np.ptp(found) > 0.1


def test_logarithm_is_that_of_signed_signals(genes, tmp_path):
    changes = genes.X.astype(np.float32) - 3
    model = HistoneLinearClassifier().fit(changes, genes.y)
    path = to_onnx(model, tmp_path / "m.onnx")
    found = runtime.InferenceSession(str(path)).run(None, {"X": changes})[0]
    np.testing.assert_allclose(found, model.predict_proba(changes), atol=1e-5)
