"""Cells made comparable in evaluations and studies: what helps, what stays, and no leak."""

import json

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor, make_histone_cells
from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import StudySpec, evaluate_cells, make_model, run_study
from histoexpr.experiments._comparable_cells import ComparableSignals, comparable_predictions
from histoexpr.experiments._words import NORMALIZATIONS

MODELS = {"linear": HistoneLinearClassifier(), "level": HistoneLinearRegressor()}


@pytest.fixture(scope="module")
def data():
    """Two cells alike, and one of which every mark is three times as deep."""
    data = make_histone_cells(n_cells=3, n_genes=300, random_state=0)
    X = data.X.astype(np.uint16)
    X[data.cell == data.cells[2]] *= 3
    return data.replace(X=X)


@pytest.fixture(scope="module")
def tables(data):
    """Scores by way of normalising: rows by experiment, model, training and test cell."""
    found = {}
    for normalize in (None, *NORMALIZATIONS):
        results = evaluate_cells(
            MODELS, data, genes="kfold", n_splits=2, exclusive=False, normalize=normalize
        )
        assert results.manifest["spec"]["normalize"] == normalize
        keys = ["experiment", "model", "train_cells", "test_cell", "fold"]
        table = results.table
        found[normalize] = table.set_index([k for k in keys if k in table]).sort_index()
    return found


def of(table, experiment, model, *, deep):
    part = table.xs((experiment, model), level=("experiment", "model"))
    is_deep = part.index.get_level_values("test_cell") == "C03"
    return part[is_deep] if deep else part


@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_a_deeper_cell_is_predicted_better(tables, normalize):
    raw, mended = (of(tables[n], "one other cell", "linear", deep=True) for n in (None, normalize))
    assert len(raw) == len(mended) == 4
    assert mended["log_loss"].mean() < raw["log_loss"].mean() - 0.05
    assert mended["roc_auc"].mean() > raw["roc_auc"].mean() - 0.01
    raw, mended = (of(tables[n], "one other cell", "level", deep=True) for n in (None, normalize))
    assert mended["r2"].mean() > raw["r2"].mean() + 0.05


@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_the_cell_itself_stays(tables, normalize):
    raw, mended = (of(tables[n], "same cell", "linear", deep=False) for n in (None, normalize))
    for score in ("roc_auc", "log_loss", "brier_score"):
        if score in raw:
            np.testing.assert_allclose(mended[score], raw[score], rtol=1e-5)


def test_matched_predictions_keep_the_order_within_a_cell(tables):
    raw, mended = (of(tables[n], "one other cell", "linear", deep=False)
                   for n in (None, "predictions"))  # fmt: skip
    np.testing.assert_allclose(mended["roc_auc"], raw["roc_auc"], atol=1e-6)


def test_signals_of_test_genes_do_not_reach_training_cells(data):
    cells = data.select(cells=data.cells[:2])
    rows = np.flatnonzero((cells.cell == data.cells[0]) & (np.arange(len(cells)) % 2 == 0))
    others = np.setdiff1d(np.flatnonzero(cells.cell == data.cells[0]), rows)
    X = cells.X.copy()
    X[others] *= 7
    found = []
    for part in (cells, cells.replace(X=X)):
        signals = ComparableSignals(part, "quantile", rows, data.cells[:2], as_arrays=True)
        new = np.flatnonzero(cells.cell == data.cells[1])
        found.append((signals[rows], signals[new]))
        assert isinstance(signals[new], np.ndarray)
    assert np.array_equal(found[0][0], found[1][0])
    assert np.array_equal(found[0][1], found[1][1])
    # all signals of the new cell count, whichever rows are asked for
    assert np.array_equal(signals[new[:3]], found[1][1][:3])
    kept = ComparableSignals(cells, "quantile", rows, data.cells[:1], as_arrays=False)
    assert kept[rows].cells.tolist() == data.cells[:1].tolist()


def test_few_predictions_stay():
    few, training = np.array([0.2, 0.9]), np.linspace(0.1, 0.9, 50)
    assert comparable_predictions(few, training, None) is few
    many = np.linspace(0.5, 0.99, 40)
    assert comparable_predictions(many, training, [0, 1]).mean() == pytest.approx(0.5)
    assert comparable_predictions(many, training, None).mean() == pytest.approx(0.5, abs=1e-9)


def test_models_of_arrays_are_given_arrays(data):
    models = {"logistic": make_model("logistic", "logistic")}
    params = {"genes": "kfold", "n_splits": 2, "exclusive": False}
    raw, mended = (
        evaluate_cells(models, data, normalize=n, **params).table for n in (None, "quantile")
    )
    deep = raw["test_cell"] == "C03"
    other = deep & (raw["experiment"] == "one other cell")
    assert mended.loc[other, "log_loss"].mean() < raw.loc[other, "log_loss"].mean() - 0.05


def test_a_study_file_says_so_and_the_folder_records_it(data, tmp_path):
    declared = {
        "models": {"linear": "linear"},
        "experiments": [{"name": "one", "regime": "each"}],
        "genes": "kfold",
        "n_splits": 2,
        "normalize": "predictions",
    }
    (tmp_path / "study.json").write_text(json.dumps(declared))
    spec = StudySpec.load(tmp_path / "study.json")
    assert spec.normalize == "predictions"
    results = run_study(spec, data, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["spec"]["normalize"] == "predictions"
    params = {"genes": "kfold", "n_splits": 2, "exclusive": False, "normalize": "predictions"}
    in_memory = evaluate_cells({"linear": make_model("linear", "linear")}, data, **params)
    means = [
        r.table.query("test_cell == 'C03' and train_cells != 'C03'")["log_loss"].mean()
        for r in (results, in_memory)
    ]
    assert means[0] == pytest.approx(means[1], rel=1e-6)
    with pytest.raises(ValueError, match="normalize of the study changed"):
        run_study({**declared, "normalize": "depth"}, data, tmp_path / "out")
    (tmp_path / "study.json").write_text(json.dumps({**declared, "normalize": "ranks"}))
    with pytest.raises(DataFormatError, match="'normalize' parameter"):
        StudySpec.load(tmp_path / "study.json")
