"""ONNX files: the same predictions in another runtime, what the file says, what is refused."""

import json
import sys

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellPriorClassifier,
    HistoneCNNClassifier,
    HistoneCNNRegressor,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    HistoneMLPClassifier,
    HistoneMLPRegressor,
    HistoneNetClassifier,
    make_histone_cells,
    to_onnx,
)
from histoexpr.exceptions import MissingExtraError
from support.modules import Pooled

pytest.importorskip("onnx", reason="the extra onnx is not installed")
runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

SMALL = {"hidden_sizes": (12, 8), "max_epochs": 1, "random_state": 0}
MODELS = {
    "linear": HistoneLinearClassifier(),
    "regions": HistoneLinearClassifier(n_regions=10),
    "level": HistoneLinearRegressor(n_regions=10),
    "mirrored": HistoneLinearRegressor(n_regions=7, mirror=True),
    "cnn": HistoneCNNClassifier(**SMALL, n_filters=20),
    "cnn of 2016": HistoneCNNClassifier(
        **SMALL, n_filters=5, pooling="max", stride=2, kernel_size=7, pool_size=4,
        standardize="bin", log1p=False,
    ),
    "cnn without layers": HistoneCNNRegressor(max_epochs=1, hidden_sizes=(), random_state=0),
    "mlp": HistoneMLPClassifier(**SMALL),
    "mlp of one layer": HistoneMLPRegressor(max_epochs=1, hidden_sizes=(8,), random_state=0),
    "mlp of four layers": HistoneMLPRegressor(
        max_epochs=1, hidden_sizes=(8, 7, 6, 5), random_state=0
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def genes():
    return make_histone_cells(n_cells=1, n_genes=120, random_state=0)


@pytest.fixture(scope="module")
def signals(genes):
    """Counts up to 508, which is the most in real data, and none at all."""
    drawn = np.random.default_rng(0).integers(0, 509, (20, 100, 5))
    rest = np.zeros((1, 100, 5)), np.full((1, 100, 5), 508), genes.X * 0.01
    return np.concatenate([genes.X, drawn, *rest]).astype(np.float32)


def run_onnx(path, X):
    return runtime.InferenceSession(str(path)).run(None, {"X": X})[0]


def predict(model, X):
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


@pytest.mark.parametrize("name", MODELS)
def test_predictions_are_the_same(name, genes, signals, tmp_path):
    model = MODELS[name].fit(genes)
    path = to_onnx(model, tmp_path / "m.onnx")
    found = run_onnx(path, signals)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, predict(model, signals), atol=1e-5, rtol=0)
    np.testing.assert_allclose(run_onnx(path, signals[5:6]), found[5:6], atol=1e-6)


def test_classes_of_more_than_two_kinds(genes, signals, tmp_path):
    kind = np.array(["low", "mid", "high"])[np.arange(120) % 3]
    model = HistoneLinearClassifier(n_regions=2).fit(genes.X, kind)
    found = run_onnx(to_onnx(model, tmp_path / "m.onnx"), signals)
    assert found.shape == (len(signals), 3)
    np.testing.assert_allclose(found, model.predict_proba(signals), atol=1e-5)


def test_what_the_file_says(genes, tmp_path):
    onnx = pytest.importorskip("onnx")
    data = genes.replace(meta={"counting": "overlap"})
    model = HistoneLinearClassifier().fit(data)
    said = onnx.load(to_onnx(model, tmp_path / "m.onnx", data=data)).metadata_props
    said = {entry.key: json.loads(entry.value) for entry in said}
    assert said["marks"] == data.marks
    assert (said["bin_size"], said["window"], said["oriented"]) == (100, [-5000, 5000], True)
    assert (said["classes"], said["kind"], said["target"]) == ([0, 1], "classifier", "labels")
    assert said["training"]["counting"] == "overlap"
    assert said["training"]["cells"] == ["C01"]
    plain = onnx.load(to_onnx(model, tmp_path / "plain.onnx")).metadata_props
    assert json.loads({e.key: e.value for e in plain}["training"])["cells"] is None


def test_real_counts(shared_data, tmp_path):
    counts = np.load(shared_data / "counts" / "E003.npz")
    X, y = counts["X"].astype(np.float32), counts["y"]
    model = HistoneLinearClassifier(n_regions=10).fit(X, y)
    found = run_onnx(to_onnx(model, tmp_path / "m.onnx"), X)
    np.testing.assert_allclose(found, model.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize(
    ("estimator", "name"),
    [
        (make_pipeline(BinPooler("sum"), LogisticRegression()), "Pipeline"),
        (CellPriorClassifier(HistoneLinearClassifier()), "CellPriorClassifier"),
        (LogisticRegression(), "LogisticRegression"),
        (BinPooler("sum"), "BinPooler"),
    ],
)
def test_others_are_refused_by_name(estimator, name, tmp_path):
    with pytest.raises(ValueError, match=rf"^{name} has no form in ONNX.*save_model"):
        to_onnx(estimator, tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


def test_networks_of_the_user_are_refused(genes, tmp_path):
    model = HistoneNetClassifier(Pooled, max_epochs=1).fit(genes)
    with pytest.raises(
        ValueError, match=r"HistoneNetClassifier .*not histoexpr.*torch\.onnx\.export"
    ):
        to_onnx(model, tmp_path / "m.onnx")


def test_not_fitted_no_estimator_and_existing_files(genes, tmp_path):
    with pytest.raises(NotFittedError, match="Call fit before to_onnx"):
        to_onnx(HistoneLinearClassifier(), tmp_path / "m.onnx")
    with pytest.raises(ValueError, match="no fitted estimator"):
        to_onnx("model", tmp_path / "m.onnx")
    model = HistoneLinearClassifier().fit(genes)
    path = to_onnx(model, tmp_path / "m.onnx")
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        to_onnx(model, path)
    assert path.read_bytes() == before
    assert to_onnx(model, path, overwrite=True) == path
    with pytest.raises(IsADirectoryError):
        to_onnx(model, tmp_path)
    with pytest.raises(ValueError, match="expected the HistoneDataset"):
        to_onnx(model, tmp_path / "n.onnx", data=genes.X)


def test_without_the_extra(genes, tmp_path, monkeypatch):
    model = HistoneLinearClassifier().fit(genes)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"histoexpr\[onnx\]"):
        to_onnx(model, tmp_path / "m.onnx")
