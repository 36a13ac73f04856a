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
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
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
    for cell, value in study.by_cell("baseline", "same-gene consensus", "log_loss").items():
        others, test = data.cell != cell, (data.cell == cell) & (data.split == "test")
        share = consensus_baseline(data.y[others], data.gene[others], data.gene[test])
        assert value == pytest.approx(binary_scores(data.y[test], share)["log_loss"], rel=1e-9)
        in_no_other += (~np.isin(data.gene[test], data.gene[others])).sum()
    assert in_no_other > 10


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
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    of_labels = ["same-gene consensus", "same-gene rank", "majority class"]
    assert results.models == ["linear", *of_labels]
    plain = evaluate_cells({"linear": HistoneLinearClassifier()}, data.replace(expression=None))
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
    rank, consensus = (
        study.scores("baseline", name, "log_loss").mean()
        for name in ("same-gene rank", "same-gene consensus")
    )
    assert rank < consensus  # which says 0 and 1 of genes in all or none of three cells


def test_the_rank_of_one_other_cell_is_not_fitted(data):
    results = evaluate_cells(
        {"linear": HistoneLinearClassifier()}, data.select(cells=data.cells[:2])
    )
    row = results.select("baseline", "same-gene rank", test_cell=data.cells[0]).iloc[0]
    found, other = results.predictions(row), data.cell == data.cells[1]
    expected = rank_baseline(
        data.expression[other], data.gene[other], data.cell[other], found["gene"]
    )
    np.testing.assert_allclose(found["prediction"], expected, rtol=1e-6)
