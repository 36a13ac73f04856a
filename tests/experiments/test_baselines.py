"""What is reached without signals."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.metrics import binary_scores, consensus_baseline, rank_baseline
from support.study_cases import study_of, without

OTHERS = {"name": "others", "regime": "exclusive"}


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 240, random_state=0)


def test_baselines_are_what_they_say(data):
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    test = data.split == "test"
    for position, cell in enumerate(data.cells):
        rows = np.flatnonzero(test & (data.cell == cell))
        others = data.cell != cell
        share = [data.y[others & (data.gene == gene)].mean() for gene in data.gene[rows]]
        expected = roc_auc_score(data.y[rows], share)
        found = evaluation.matrix().consensus("roc_auc")[position]
        assert found == pytest.approx(expected, abs=1e-12)
    majority = evaluation.select("baseline", "majority class")
    assert set(majority["roc_auc"]) == {0.5}
    assert set(majority["balanced_accuracy"]) == {0.5}


def test_the_consensus_is_that_of_the_labels_of_the_other_cells(cells, tmp_path):
    data = without(cells, np.random.default_rng(0).random(cells.n_samples) < 0.7)
    study = study_of(data, tmp_path, OTHERS)
    in_no_other = 0
    for row in study.select("baseline", "same-gene consensus").itertuples():
        others, test = data.cell != row.test_cell, data.cell == row.test_cell
        test &= data.split == "test"
        share = consensus_baseline(data.y[others], data.gene[others], data.gene[test])
        expected = binary_scores(data.y[test], share)
        for name in ("roc_auc", "brier_score_loss"):
            assert getattr(row, name) == pytest.approx(expected[name], rel=1e-9)
        in_no_other += (~np.isin(data.gene[test], data.gene[others])).sum()
    assert in_no_other > 10


def test_a_hard_consensus_has_no_log_loss(data):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    rows = results.select("baseline", "same-gene consensus")
    for row in rows.itertuples():
        found = results.predictions(row)
        wrong = (found["prediction"] == 1 - found["label"]).any()
        assert wrong  # a gene has a label that it has in no other cell
    assert rows["log_loss"].isna().all()
    assert rows["brier_score_loss"].notna().all()
    intervals = results.intervals(["log_loss", "brier_score_loss"])
    consensus = intervals[intervals["model"] == "same-gene consensus"].set_index("metric")
    assert consensus.loc["log_loss", ["score", "low", "high"]].isna().all(axis=None)
    assert consensus.loc["brier_score_loss", ["score", "low", "high"]].notna().all(axis=None)
    [line] = [text for text in results.format_means().splitlines() if "consensus  " in text]
    assert line.split()[-2] == "–"
    assert "it has no log loss" in results.format_means()


def test_a_consensus_that_is_never_wrong_for_sure_has_a_log_loss(data):
    gene = np.unique(data.gene, return_inverse=True)[1]
    even = data.replace(y=np.where(gene % 2 == 0, 1, 0))
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, even, genes="split")
    rows = results.select("baseline", "same-gene consensus")
    assert (rows["log_loss"] < 1e-6).all()


def test_baselines_of_expression_are_means_of_expression(data, mixed_results):
    target = np.log2(data.expression + 1)
    means = mixed_results.select("baseline", "same-gene mean")
    assert set(means["target"]) == {"log2_expression"}
    for row in means.itertuples():
        found = mixed_results.predictions(row)
        others = data.cell != row.test_cell
        expected = [target[others & (data.gene == gene)].mean() for gene in found["gene"]]
        np.testing.assert_allclose(found["prediction"], expected, rtol=1e-6)
        r = np.corrcoef(found["log2_expression"], expected)[0, 1]
        assert row.pearson == pytest.approx(r, abs=1e-6)
    for row in mixed_results.select("baseline", "mean of training genes").itertuples():
        found = mixed_results.predictions(row)
        train = (data.cell == row.test_cell) & ~np.isin(data.gene, found["gene"])
        np.testing.assert_allclose(found["prediction"], target[train].mean(), rtol=1e-6)
        assert row.r2 <= 0
        assert np.isnan(row.pearson)


def test_baselines_of_expression_stand_beside_regressors_only(data):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    of_labels = ["same-gene consensus", "same-gene rank", "majority class"]
    assert results.models == ["linear", *of_labels]
    plain = evaluate_cells(
        {"linear": HistoneLinearClassifier()}, data.replace(expression=None), genes="split"
    )
    assert plain.models == ["linear", "same-gene consensus", "majority class"]


def test_the_rank_is_that_of_the_other_cells_fitted_to_their_training_genes(cells, tmp_path):
    data = without(cells, np.random.default_rng(0).random(cells.n_samples) < 0.3)
    study = study_of(data, tmp_path, OTHERS)
    for row in study.select("baseline", "same-gene rank").itertuples():
        found = study.predictions(row)
        others = data.cell != row.test_cell
        expected = rank_baseline(
            data.expression[others],
            data.gene[others],
            data.cell[others],
            found["gene"],
            y_train=data.y[others],
            calibrate_on=data.split[others] == "train",
        )
        np.testing.assert_allclose(found["prediction"], expected, rtol=1e-5)
        assert row.roc_auc == pytest.approx(roc_auc_score(found["label"], expected))
        assert row.train_cells == tuple(c for c in data.cells if c != row.test_cell)
    assert study.scores("baseline", "same-gene rank", "log_loss").mean() < 0.6


def test_the_rank_of_one_other_cell_is_not_fitted(data):
    results = evaluate_cells(
        {"linear": HistoneLinearClassifier()}, data.select(cells=data.cells[:2]), genes="split"
    )
    row = results.select("baseline", "same-gene rank", test_cell=data.cells[0]).iloc[0]
    found, other = results.predictions(row), data.cell == data.cells[1]
    expected = rank_baseline(
        data.expression[other], data.gene[other], data.cell[other], found["gene"]
    )
    np.testing.assert_allclose(found["prediction"], expected, rtol=1e-6)
