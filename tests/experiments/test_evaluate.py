"""Evaluations in memory, and what studies take as data."""

import tarfile

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from histoexpr import (
    BinPooler,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    SignalScaler,
    cross_cell_matrix,
    evaluate_cells,
    make_histone_cells,
    run_study,
    save_deepchrome,
)
from support.study_cases import study_of, without

OWN = {"name": "own", "regime": "own"}
OTHERS = {"name": "others", "regime": "exclusive"}
NEAREST = {"name": "nearest", "regime": "exclusive", "cells": "nearest", "n_cells": 1}


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 240, random_state=0)


class Recorder(ClassifierMixin, BaseEstimator):
    """Remembers in a class attribute what it was fitted and asked for."""

    fits = []

    def fit(self, X, y, groups=None):
        self.classes_ = np.unique(y)
        Recorder.fits.append((X[:, 0, 0].copy(), groups))
        self.mark_ = 3
        return self

    def predict_proba(self, X):
        score = X[:, :, self.mark_].mean(axis=1) / 1000
        return np.column_stack([1 - score, score])


def test_one_fit_per_training_set(data):
    Recorder.fits = []
    # Every sample is identified by its first count
    X = np.zeros((data.n_samples, 100, 5), dtype=np.uint16)
    X[:, 0, 0] = np.arange(data.n_samples)
    marked = data.replace(X=X)
    evaluation = evaluate_cells({"recorder": Recorder()}, marked, genes="split")
    assert len(Recorder.fits) == 6  # 3 cells alone and 3 times all but one
    assert len(evaluation.select(model="recorder")) == 3 * 3 + 3
    train = data.split == "train"
    expected = [np.flatnonzero(train & (data.cell == cell)) for cell in data.cells]
    for rows, (seen, groups) in zip(expected, Recorder.fits, strict=False):
        np.testing.assert_array_equal(seen, rows)
        np.testing.assert_array_equal(groups, data.gene[rows])
    for cell, (seen, _) in zip(data.cells, Recorder.fits[3:], strict=True):
        np.testing.assert_array_equal(seen, np.flatnonzero(train & (data.cell != cell)))


@pytest.mark.parametrize("n_cells", [1, 2, 3])
def test_no_row_comes_twice(data, n_cells):
    part = data.select(cells=data.cells[:n_cells])
    table = evaluate_cells({"linear": HistoneLinearClassifier()}, part, genes="split").table
    assert not table.duplicated(["model", "train_cells", "test_cell", "fold"]).any()


@pytest.mark.parametrize("genes", ["split", "kfold", "chromosome"])
def test_test_genes_are_unseen_in_every_training_cell(data, genes):
    Recorder.fits = []
    X = np.zeros((data.n_samples, 100, 5), dtype=np.uint16)
    X[:, 0, 0] = np.arange(data.n_samples)
    tested = []

    class Watch(Recorder):
        def predict_proba(self, X):
            tested.append(X[:, 0, 0].copy())
            return super().predict_proba(X)

    evaluate_cells({"watch": Watch()}, data.replace(X=X), genes=genes, n_splits=3)
    assert len(Recorder.fits) == (6 if genes == "split" else 18)
    # for each fit the training samples, for the threshold, and then the test samples of each cell
    seen = iter(tested)
    for number, (trained, _) in enumerate(Recorder.fits):
        np.testing.assert_array_equal(next(seen), trained)
        single = len(set(data.cell[trained])) == 1
        for _ in range(3 if single else 1):
            test = next(seen)
            assert not set(data.gene[trained]) & set(data.gene[test]), number
    assert next(seen, None) is None


def test_parallel_gives_the_same(data):
    model = HistoneCNNClassifier(n_filters=2, hidden_sizes=(4,), max_epochs=1, random_state=0)
    one = cross_cell_matrix(model, data, genes="split")
    two = cross_cell_matrix(model, data, n_jobs=2, genes="split")
    np.testing.assert_array_equal(one.score("roc_auc"), two.score("roc_auc"))


def test_estimators_without_probabilities_are_ranked_only(data):
    model = make_pipeline(BinPooler(), StandardScaler(), LinearSVC())
    matrix = cross_cell_matrix(model, data, genes="split")
    assert (matrix.score("roc_auc") > 0.7).all()
    assert np.isnan(matrix.score("brier_score_loss")).all()
    assert np.isfinite(matrix.score("balanced_accuracy")).all()


@pytest.mark.parametrize("routing", [False, True])
def test_a_pipeline_hands_the_genes_to_its_last_step(data, routing):
    Recorder.fits = []
    scaler = SignalScaler(log1p=False, standardize=None)
    with config_context(enable_metadata_routing=routing):
        recorder = Recorder()
        if routing:
            recorder.set_fit_request(groups=True)
        cross_cell_matrix(make_pipeline(scaler, recorder), data, genes="split")
    assert [len(groups) for _, groups in Recorder.fits] == [80] * 3


def test_training_on_one_class_is_reported(data):
    y = data.y.copy()
    y[(data.cell == data.cells[0]) & (data.split == "train")] = 1
    with pytest.raises(ValueError, match=r"genes in cell C01 .* all of one class"):
        cross_cell_matrix(DummyClassifier(), data.replace(y=y), genes="split")


def test_a_single_cell_has_no_consensus(data):
    one = data.select(cells=data.cells[0])
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, one, genes="split")
    assert evaluation.matrix().consensus() is None
    assert evaluation.experiments == ["same cell"]


def test_labels_and_genes_must_allow_it(data):
    three = data.replace(y=np.arange(data.n_samples) % 3)
    with pytest.raises(ValueError, match=r"two classes, but the labels are \[0, 1, 2\]"):
        cross_cell_matrix(HistoneLinearClassifier(), three, genes="split")
    with pytest.raises(ValueError, match="no labels"):
        cross_cell_matrix(HistoneLinearClassifier(), data.replace(y=None), genes="split")
    with pytest.raises(ValueError, match="split"):
        cross_cell_matrix(HistoneLinearClassifier(), data.replace(split=None), genes="split")
    with pytest.raises(ValueError, match="'models' parameter of evaluate_cells must be"):
        evaluate_cells([HistoneLinearClassifier()], data, genes="split")
    with pytest.raises(ValueError, match="that is a baseline"):
        evaluate_cells({"majority class": HistoneLinearClassifier()}, data, genes="split")
    with pytest.raises(ValueError, match="'dataset' parameter of evaluate_cells must be"):
        cross_cell_matrix(HistoneLinearClassifier(), data.X, genes="split")
    with pytest.raises(ValueError, match="No model 'x'"):
        evaluate_cells({"a": HistoneLinearClassifier()}, data, genes="split").matrix("x")


def test_string_labels_are_scored_for_the_second_class(data):
    named = data.replace(y=np.where(data.y == 1, "on", "off"))
    np.testing.assert_allclose(
        cross_cell_matrix(HistoneLinearClassifier(), named, genes="split").score(),
        cross_cell_matrix(HistoneLinearClassifier(), data, genes="split").score(),
    )


def test_cells_without_some_genes(cells, tmp_path):
    data = without(cells, np.random.default_rng(0).random(cells.n_samples) < 0.5)
    study = study_of(data, tmp_path, OWN, OTHERS, NEAREST)
    evaluation = evaluate_cells(
        {"linear": HistoneLinearClassifier(random_state=0)}, data, genes="split"
    )
    for name, model, experiment in [
        ("own", "linear", "same cell"),
        ("others", "linear", "other cells"),
        ("baseline", "same-gene consensus", "baseline"),
        ("baseline", "majority class", "baseline"),
    ]:
        for metric in ("roc_auc", "log_loss"):
            expected = evaluation.by_cell(experiment, model, metric)
            found = study.by_cell(name, model, metric)
            np.testing.assert_allclose(found, expected[found.index], rtol=1e-9)


def test_labels_reach_models_as_they_are(data):
    named = data.replace(y=np.where(data.y == 1, "on", "off"))
    weights = {"on": 1, "off": 3}
    model = HistoneLinearClassifier(class_weight=weights)
    expected = HistoneLinearClassifier(class_weight={1: 1, 0: 3})
    np.testing.assert_array_equal(
        cross_cell_matrix(model, named, genes="split").score("log_loss"),
        cross_cell_matrix(expected, data, genes="split").score("log_loss"),
    )


def test_studies_read_what_crosscell_reads(data, tmp_path):
    data = data.orient(False)
    data.save(tmp_path / "saved")
    save_deepchrome(data, tmp_path / "files")
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "files", arcname=".")
    spec = {"models": {"linear": "linear"}, "experiments": [OWN], "genes": "split"}
    expected = run_study(spec, tmp_path / "saved", tmp_path / "out").scores("own")
    for name, source in (
        ("files", tmp_path / "files"),
        ("archive", tmp_path / "files.tar.gz"),
        ("memory", data),
    ):
        out = tmp_path / f"out-{name}"
        study = run_study(spec, source, out)
        np.testing.assert_array_equal(study.scores("own"), expected)
        assert HistoneDataset.load(out / "data").n_samples == data.n_samples
        again = run_study(spec, source, out)
        np.testing.assert_array_equal(again.scores("own"), expected)
        with pytest.raises(ValueError, match="the data set has changed"):
            run_study(spec, data.replace(y=1 - data.y), out)
    assert not (tmp_path / "out" / "data").exists()


def test_a_study_of_the_wrong_type_is_refused(data, tmp_path):
    with pytest.raises(TypeError, match="spec must be a StudySpec, a dict or a path"):
        run_study(7, data, tmp_path)


def test_real_cells_from_files(shared_data):
    from histoexpr.datasets import load_deepchrome

    data = load_deepchrome(shared_data / "counts" / "deepchrome_csv")
    assert isinstance(data, HistoneDataset)
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    matrix = evaluation.matrix("linear").score("roc_auc")
    assert matrix.min() > 0.84
    assert 0.7 < evaluation.matrix("linear").consensus().mean() < 0.95


def test_random_folds_take_any_random_state(data):
    models = {"linear": HistoneLinearClassifier()}
    for state in (None, np.random.RandomState(0)):
        results = evaluate_cells(models, data, genes="kfold", n_splits=2, random_state=state)
        assert np.isfinite(results.scores("same cell")).all()


def test_a_split_that_is_not_there_is_named(data):
    models = {"linear": HistoneLinearClassifier()}
    with pytest.raises(ValueError, match=r"train_splits names 'foo', but .* test, train, valid"):
        evaluate_cells(models, data, train_splits=("foo",))


def test_a_cell_cannot_be_called_like_the_mean(tmp_path):
    data = make_histone_cells(2, 60, random_state=0, cell_names=["mean", "b"])
    with pytest.raises(ValueError, match="cannot be called 'mean'"):
        evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    with pytest.raises(ValueError, match="cannot be called 'mean'"):
        run_study({"models": {"l": "linear"}, "experiments": [OWN]}, data, tmp_path / "out")
