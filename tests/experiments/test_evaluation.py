"""Evaluation within and across cells."""

import csv

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from histoexpr import (
    BinPooler,
    HistoneDataset,
    HistoneLinearClassifier,
    SignalScaler,
    cross_cell_matrix,
    evaluate_cells,
    make_histone_cells,
)
from histoexpr.experiments import format_summary
from histoexpr.experiments._fits import Fit, fit_estimator, fits_from_splits, run_fits


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
    # Every sample is told by its first count
    X = np.zeros((data.n_samples, 100, 5), dtype=np.uint16)
    X[:, 0, 0] = np.arange(data.n_samples)
    marked = data.replace(X=X)
    evaluation = evaluate_cells({"recorder": Recorder()}, marked)
    assert len(Recorder.fits) == 6  # 3 cells alone and 3 times all but one
    records = [r for r in evaluation.records if r["model"] == "recorder"]
    assert len(records) == 3 * 3 + 3
    train = data.split == "train"
    expected = [np.flatnonzero(train & (data.cell == cell)) for cell in data.cells]
    for rows, (seen, groups) in zip(expected, Recorder.fits, strict=False):
        np.testing.assert_array_equal(seen, rows)
        np.testing.assert_array_equal(groups, data.gene[rows])
    for cell, (seen, _) in zip(data.cells, Recorder.fits[3:], strict=True):
        np.testing.assert_array_equal(seen, np.flatnonzero(train & (data.cell != cell)))


@pytest.mark.parametrize("n_cells", [1, 2, 3])
def test_no_record_comes_twice(data, n_cells):
    part = data.select(cells=data.cells[:n_cells])
    records = evaluate_cells({"linear": HistoneLinearClassifier()}, part).records
    keys = {(r["model"], r["train_cells"], r["test_cell"], r["fold"]) for r in records}
    assert len(keys) == len(records)


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
    assert len(tested) == len(Recorder.fits) == (6 if genes == "split" else 18)
    for (trained, _), test in zip(Recorder.fits, tested, strict=True):
        assert not set(data.gene[trained]) & set(data.gene[test])


def test_matrix_is_fit_by_hand(data):
    matrix = cross_cell_matrix(HistoneLinearClassifier(), data)
    train, test = data.split == "train", data.split == "test"
    by_hand = np.empty((3, 3))
    for i, a in enumerate(data.cells):
        rows = train & (data.cell == a)
        clf = HistoneLinearClassifier().fit(data.X[rows], data.y[rows])
        for j, b in enumerate(data.cells):
            rows = test & (data.cell == b)
            by_hand[i, j] = roc_auc_score(data.y[rows], clf.decision_function(data.X[rows]))
    np.testing.assert_allclose(matrix.score("roc_auc"), by_hand, atol=1e-12)
    assert matrix.train_cells == matrix.test_cells == data.cells.tolist()
    with pytest.raises(ValueError, match="No score 'nonsense'; there are roc_auc"):
        matrix.score("nonsense")


def test_baselines_are_what_they_say(data):
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    test = data.split == "test"
    for position, cell in enumerate(data.cells):
        rows = np.flatnonzero(test & (data.cell == cell))
        others = data.cell != cell
        share = [data.y[others & (data.gene == gene)].mean() for gene in data.gene[rows]]
        expected = roc_auc_score(data.y[rows], share)
        found = evaluation.matrix().consensus("roc_auc")[position]
        assert found == pytest.approx(expected, abs=1e-12)
    majority = [r for r in evaluation.records if r["model"] == "majority class"]
    assert {r["roc_auc"] for r in majority} == {0.5}
    assert {r["balanced_accuracy"] for r in majority} == {0.5}


def test_summary_averages_over_cells(data):
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    rows = {(r["test_cell"], r["model"], r["trained_on"]): r for r in evaluation.summary()}
    matrix = evaluation.matrix("linear").score("brier_score_loss")
    same = rows["mean", "linear", "same cell"]["brier_score_loss"]
    assert same == pytest.approx(np.diag(matrix).mean())
    off = (matrix.sum(axis=0) - np.diag(matrix)) / 2
    one = [rows[cell, "linear", "one other cell"]["brier_score_loss"] for cell in data.cells]
    np.testing.assert_allclose(one, off)
    text = format_summary(evaluation)
    assert text.count("same-gene consensus") == 4
    assert f"{same:.3f}" in text
    assert text.splitlines()[-1].startswith("mean") or "majority" in text.splitlines()[-1]
    assert format_summary(evaluation, only_mean=True).count("linear") == 3


def test_parallel_gives_the_same(data):
    one = cross_cell_matrix(HistoneLinearClassifier(), data)
    two = cross_cell_matrix(HistoneLinearClassifier(), data, n_jobs=2)
    np.testing.assert_array_equal(one.score("roc_auc"), two.score("roc_auc"))


def test_estimators_without_probabilities_are_ranked_only(data):
    model = make_pipeline(BinPooler(), StandardScaler(), LinearSVC())
    matrix = cross_cell_matrix(model, data)
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
        cross_cell_matrix(make_pipeline(scaler, recorder), data)
    assert [len(groups) for _, groups in Recorder.fits] == [80] * 3


def test_training_on_one_class_is_told(data):
    y = data.y.copy()
    y[(data.cell == data.cells[0]) & (data.split == "train")] = 1
    with pytest.raises(ValueError, match=r"genes of cell C01 .* all of one class"):
        cross_cell_matrix(DummyClassifier(), data.replace(y=y))


def test_a_single_cell_has_no_consensus(data):
    one = data.select(cells=data.cells[0])
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, one)
    assert evaluation.matrix().consensus() is None
    assert {r["trained_on"] for r in evaluation.records} == {"same cell"}


def test_labels_and_genes_must_allow_it(data):
    three = data.replace(y=np.arange(data.n_samples) % 3)
    with pytest.raises(ValueError, match=r"two classes, but the labels are \[0, 1, 2\]"):
        cross_cell_matrix(HistoneLinearClassifier(), three)
    with pytest.raises(ValueError, match="no labels"):
        cross_cell_matrix(HistoneLinearClassifier(), data.replace(y=None))
    with pytest.raises(ValueError, match="split"):
        cross_cell_matrix(HistoneLinearClassifier(), data.replace(split=None), genes="split")
    with pytest.raises(ValueError, match="must be a dict"):
        evaluate_cells([HistoneLinearClassifier()], data)
    with pytest.raises(ValueError, match="that is a baseline"):
        evaluate_cells({"majority class": HistoneLinearClassifier()}, data)
    with pytest.raises(ValueError, match="must be a HistoneDataset, got ndarray"):
        cross_cell_matrix(HistoneLinearClassifier(), data.X)
    with pytest.raises(ValueError, match="No model 'x'"):
        evaluate_cells({"a": HistoneLinearClassifier()}, data).matrix("x")


def test_string_labels_are_scored_for_the_second_class(data):
    named = data.replace(y=np.where(data.y == 1, "on", "off"))
    np.testing.assert_allclose(
        cross_cell_matrix(HistoneLinearClassifier(), named).score(),
        cross_cell_matrix(HistoneLinearClassifier(), data).score(),
    )


def test_csv_holds_every_record(data, tmp_path):
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    evaluation.to_csv(tmp_path / "scores.csv")
    with open(tmp_path / "scores.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(evaluation.records)
    assert rows[0]["train_cells"] == data.cells[0]
    assert float(rows[0]["roc_auc"]) == evaluation.records[0]["roc_auc"]


class Keeper(ClassifierMixin, BaseEstimator):
    """Keeps what it is given."""

    def fit(self, X, y, groups=None, X_val=None, y_val=None):
        self.given_ = X, y, groups, X_val, y_val
        return self


@pytest.mark.parametrize("routing", [False, True])
def test_the_last_step_gets_validation_samples_transformed(data, routing):
    rows, validation = np.arange(100), np.arange(150, 170)
    scaler, pooler = SignalScaler(), BinPooler()
    with config_context(enable_metadata_routing=routing):
        keeper = Keeper()
        if routing:
            keeper.set_fit_request(groups=True, X_val=True, y_val=True)
        nested = make_pipeline(scaler, make_pipeline(pooler, keeper))
        fitted = fit_estimator(nested, data.X, data.y, data.gene, rows, validation)
    X = pooler.fit_transform(scaler.fit_transform(data.X[rows]))
    X_val = pooler.transform(scaler.transform(data.X[validation]))
    expected = X, data.y[rows], data.gene[rows], X_val, data.y[validation]
    for given, array in zip(fitted[-1][-1].given_, expected, strict=True):
        np.testing.assert_array_equal(given, array)
    alone = fit_estimator(Keeper(), data.X, data.y, data.gene, rows, validation)
    np.testing.assert_array_equal(alone.given_[3], data.X[validation])


def test_splits_with_one_training_set_share_a_fit(data):
    train, a, b = np.arange(5), np.array([7]), np.array([8, 9])
    fits = fits_from_splits([(train, a), (train.copy(), b), (a, b)], ["x", "y", "z"])
    assert [list(fit.tests) for fit in fits] == [["x", "y"], ["z"]]
    results = run_fits(
        Recorder(), data, [Fit(np.arange(40), {"k": np.array([50, 51, 52]), "l": np.array([60])})]
    )
    assert len(results["k"][0]) == 3
    assert results["l"][1:3] == (True, 40)


def test_real_cells_from_files(shared_data):
    from histoexpr.datasets import load_deepchrome

    data = load_deepchrome(shared_data / "counts" / "deepchrome_csv")
    assert isinstance(data, HistoneDataset)
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    matrix = evaluation.matrix("linear").score("roc_auc")
    assert matrix.min() > 0.84
    assert 0.7 < evaluation.matrix("linear").consensus().mean() < 0.95
