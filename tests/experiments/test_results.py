"""The one class of results: rows, scores, predictions, summaries."""

import csv
import pickle

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.experiments import CONSENSUS, MAJORITY
from histoexpr.metrics import auroc


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 240, random_state=0)


def test_scores_agree_with_evaluate_cells(cells, finished_study):
    model = {"linear": HistoneLinearClassifier(random_state=0)}
    evaluation = evaluate_cells(model, cells, genes="split")
    for name, experiment in (("own", "same cell"), ("others", "other cells")):
        expected = evaluation.scores(experiment, "linear")
        np.testing.assert_allclose(finished_study.scores(name, "linear"), expected, rtol=1e-12)
    for model in (CONSENSUS, MAJORITY):
        for metric in ("roc_auc", "log_loss"):
            expected = evaluation.scores("baseline", model, metric)
            ours = finished_study.scores("baseline", model, metric)
            np.testing.assert_allclose(ours, expected, rtol=1e-12)
    np.testing.assert_allclose(
        finished_study.matrix("linear", "matrix").score(), evaluation.matrix("linear").score()
    )


def test_predictions_belong_to_their_rows(cells, finished_study):
    consensus = finished_study.select("baseline", "same-gene consensus")
    for rows in (finished_study.select("matrix", "cnn", random_state=1), consensus):
        for row in rows.itertuples():
            test = cells.select(cells=row.test_cell, split="test")
            found = finished_study.predictions(row)
            assert found["gene"].tolist() == test.gene.tolist()
            assert set(found["cell"]) == {row.test_cell}
            np.testing.assert_array_equal(found["label"], test.y)
            assert row.roc_auc == pytest.approx(auroc(test.y, found["prediction"]))


def test_all_predictions_stand_in_one_table(cells, finished_study):
    linear = finished_study.predictions()
    linear = linear[(linear["experiment"] == "others") & (linear["model"] == "linear")]
    n_test = (cells.split == "test").sum()
    assert len(linear) == 2 * n_test  # random states
    expected = ["+".join(c for c in cells.cells if c != cell) for cell in cells.cells]
    assert set(linear["train_cells"]) == set(expected)
    assert set(linear["gene"]) == set(cells.select(split="test").gene)


def test_summary_averages_over_cells(data):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    summary = results.summary().set_index(["test_cell", "experiment", "model"])
    matrix = results.matrix("linear").score("brier_score_loss")
    same = summary.loc[("mean", "same cell", "linear"), "brier_score_loss"]
    assert same == pytest.approx(np.diag(matrix).mean())
    off = (matrix.sum(axis=0) - np.diag(matrix)) / 2
    one = [
        summary.loc[(cell, "one other cell", "linear"), "brier_score_loss"] for cell in data.cells
    ]
    np.testing.assert_allclose(one, off)
    assert results.summary()["test_cell"].tolist()[-5:] == ["mean"] * 5


def test_csv_holds_every_row(data, tmp_path):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    results.to_csv(tmp_path / "scores.csv")
    with open(tmp_path / "scores.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(results.table)
    assert rows[0]["train_cells"] == data.cells[0]
    assert float(rows[0]["roc_auc"]) == results.table["roc_auc"][0]


def test_results_show_themselves(data):
    results = evaluate_cells({"a <b>": HistoneLinearClassifier()}, data, genes="split")
    text, page = repr(results), results._repr_html_()
    assert "3 test cells, 6 fits" in text
    assert f"{results.scores('same cell').mean():.3f}" in text
    assert "a &lt;b&gt;" in page
    assert "<b>" not in page
    assert len(page) < 10_000
    again = pickle.loads(pickle.dumps(results))
    pd.testing.assert_frame_equal(again.table, results.table)
    row = results.table.iloc[0]
    pd.testing.assert_frame_equal(again.predictions(row), results.predictions(row))


def test_what_is_not_there_is_named(finished_study):
    with pytest.raises(ValueError, match="No column 'seed'"):
        finished_study.select(seed=0)
    with pytest.raises(ValueError, match=r"experiment 'x'.*experiments are own, matrix, others"):
        finished_study.by_cell("x")
    with pytest.raises(ValueError, match="metric must be one of roc_auc"):
        finished_study.by_cell("own", metric="auroc")
    with pytest.raises(ValueError, match="No model 'x' was trained on single cells"):
        finished_study.matrix("x")


def test_saved_results_hold_no_signals(data):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    assert len(pickle.dumps(results)) < data.X.nbytes / 2
