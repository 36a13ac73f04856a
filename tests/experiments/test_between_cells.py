"""Scores between cells of results equal those of the predictions, and baselines stay out."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import BETWEEN_SCORES, CrossCellResults, evaluate_cells, make_model
from histoexpr.experiments._between_cells import TestedGenes, compare_between_cells
from histoexpr.experiments._collect import as_table
from histoexpr.metrics import (
    auroc,
    fold_change_scores,
    switching_accuracy,
    switching_roc_auc,
    variable_genes,
    within_gene_spearman,
)


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=4, n_genes=240, random_state=1)


@pytest.fixture(scope="module")
def results(data):
    models = {name: make_model(name, name) for name in ("logistic", "ridge")}
    return evaluate_cells(models, data, genes="chromosome", n_splits=2)


@pytest.fixture(scope="module")
def found(results):
    return results.between_cells.set_index(["group", "model", "metric"])


def check(found, place, predicted, scale):
    """Hold rows of results against the functions, on predictions of all cells and folds."""
    columns = {name: predicted[name].to_numpy() for name in ("gene", "cell", "chrom")}
    y, log2, score = (predicted[n].to_numpy() for n in ("label", "log2_expression", "prediction"))
    varying = variable_genes(log2.astype(float), columns["gene"], columns["cell"], definition="sd")
    change = fold_change_scores(log2, scale(score), **columns)
    expected = {
        "switching_accuracy": switching_accuracy(y, score, **columns),
        "switching_roc_auc": switching_roc_auc(y, scale(score), **columns),
        "within_gene_spearman": within_gene_spearman(log2, score, **columns, genes=varying),
        "fold_change_pearson": change.pearson,
        "fold_change_spearman": change.spearman,
    }
    assert set(expected) == set(BETWEEN_SCORES)
    for metric, score in expected.items():
        row = found.loc[(*place, metric)]
        counts = row["n_genes"], row["n_pairs"], row["resampled"]
        assert counts == (score.n_genes, score.n_pairs, "chrom")
        # without the genes that do not vary there are fewer chromosomes to draw from
        atol = 0.03 if metric == "within_gene_spearman" else 1e-9
        assert row["score"] == pytest.approx(score.value, abs=1e-12)
        np.testing.assert_allclose(
            row[["low", "high"]].astype(float), [score.low, score.high], atol=atol
        )


def as_log_odds(probability):
    return np.log(probability / (1 - probability))


def test_of_models_made_for_each_cell(results, found):
    for group in ("same cell", "other cells"):
        rows = results.select(group, "logistic")
        predicted = pd.concat([results.predictions(row) for row in rows.itertuples()])
        assert len(predicted) == 4 * 240
        clipped = lambda p: as_log_odds(np.clip(p.astype(float), 1e-3, 1 - 1e-3))  # noqa: E731
        check(found, (group, "logistic"), predicted, clipped)
    rows = results.select("other cells", "ridge")
    predicted = pd.concat([results.predictions(row) for row in rows.itertuples()])
    check(found, ("other cells", "ridge"), predicted, lambda values: values)


def test_of_models_of_one_cell_the_mean_over_training_cells(results, data, found):
    """One model predicts all cells, its own among them: what it says of two is compared."""
    values = []
    for cell in data.cells:
        rows = results.select(model="ridge", train_cells=(cell,))
        assert set(rows["test_cell"]) == set(data.cells)  # its own from "same cell"
        predicted = pd.concat([results.predictions(row) for row in rows.itertuples()])
        columns = {name: predicted[name].to_numpy() for name in ("gene", "cell", "chrom")}
        values.append(switching_accuracy(predicted["label"], predicted["prediction"], **columns))
    row = found.loc[("one other cell", "ridge", "switching_accuracy")]
    assert row["score"] == pytest.approx(np.mean([score.value for score in values]))
    assert row["low"] < row["score"] < row["high"]
    assert row["n_genes"] == values[0].n_genes


def test_auroc_of_variable_genes_is_that_of_the_table(results, data, found):
    for model, group in (("logistic", "other cells"), ("same-gene rank", "baseline")):
        for metric in ("roc_auc", "roc_auc_variable"):
            row = found.loc[(group, model, metric)]
            assert row["score"] == pytest.approx(results.scores(group, model, metric).mean())
            intervals = results.intervals(metric).set_index(["experiment", "model", "test_cell"])
            expected = intervals.loc[(group, model, "mean"), ["low", "high"]].astype(float)
            # whose number of chromosomes is that of all genes
            atol = 0.005 if metric == "roc_auc_variable" else 1e-9
            np.testing.assert_allclose(row[["low", "high"]].astype(float), expected, atol=atol)
    for row in results.select("other cells", "logistic").itertuples():
        predicted = results.predictions(row)
        chosen = np.isin(predicted["gene"], variable_genes(data, without=row.test_cell))
        assert chosen.tolist() == (predicted["variable"] == 1).tolist()
        part = predicted[chosen]
        assert row.roc_auc_variable == pytest.approx(auroc(part["label"], part["prediction"]))
    assert found.loc[("other cells", "logistic", "roc_auc"), "n_genes"] == 240


def test_baselines_of_the_other_cells_have_no_figures_between_cells(results, found):
    names = {"same-gene consensus", "same-gene rank", "same-gene mean"}
    assert names < set(results.models)
    for model in results.models:
        metrics = set(found.xs(model, level="model").index.get_level_values("metric"))
        assert metrics >= {"roc_auc", "roc_auc_variable"}
        assert bool(metrics & set(BETWEEN_SCORES)) == (model in ("logistic", "ridge"))
    # what they would be: the order of all cells the wrong way round
    rows = results.select("baseline", "same-gene consensus")
    assert TestedGenes(results).score_between(rows, False)["switching_accuracy"]["score"] == 0


def test_two_cells_one_cell_and_no_expression(data):
    models = {"logistic": make_model("m", "logistic")}
    two = evaluate_cells(models, data.select(cells=data.cells[:2]), genes="split").between_cells
    assert "roc_auc_variable" not in set(two["metric"])  # of the other cell alone
    assert "within_gene_spearman" not in set(two["metric"])
    assert "switching_accuracy" in set(two["metric"])
    one = evaluate_cells(models, data.select(cells=data.cells[0]), genes="split")
    assert set(one.between_cells["metric"]) == {"roc_auc"}
    assert one.format_between() == ""
    plain = evaluate_cells(models, data.replace(expression=None), genes="split")
    assert set(plain.between_cells["metric"]) == {
        *("roc_auc", "roc_auc_variable", "switching_accuracy", "switching_roc_auc")
    }
    assert "same-gene rank" not in plain.models


def test_without_labels_or_chromosomes(data):
    models = {"ridge": make_model("m", "ridge")}
    plain = evaluate_cells(models, data.replace(y=None, chrom=None), genes="split").between_cells
    assert set(plain["metric"]) == set(BETWEEN_SCORES) - {
        *("switching_accuracy", "switching_roc_auc")
    }
    assert set(plain["resampled"]) == {"gene"}


def invented(rng, effect):
    """Results of one model on three cells, whose predictions are noise beside the effect."""
    n, cells = 120, ["A", "B", "C"]
    log2 = 2 * rng.normal(size=(n, 3)) + 5
    frames = [
        pd.DataFrame(
            {
                "cell": cell,
                "gene": np.arange(n).astype(str),
                "chrom": (np.arange(n) % 20).astype(str),
                "label": (log2[:, number] > 5).astype(int),
                "log2_expression": log2[:, number],
                "variable": rng.integers(0, 2, n),
                "prediction": effect * log2[:, number] + rng.normal(size=n),
            }
        )
        for number, cell in enumerate(cells)
    ]
    predictions = pd.concat(frames, ignore_index=True)
    common = {"target": "log2_expression", "fold": "1", "fit": "m", "regime": "inclusive all"}
    common |= {"experiment": "all", "model": "m", "train_cells": tuple(cells), "roc_auc": 0.5}
    table = as_table([{**common, "test_cell": cell} for cell in cells])
    return CrossCellResults(table, {}, pd.DataFrame(index=["m"]), lambda key: predictions)


def test_intervals_cover_nothing_and_find_something():
    rng = np.random.default_rng(0)
    truth = {"switching_accuracy": 0.5, "switching_roc_auc": 0.5, "within_gene_spearman": 0}
    truth |= {"fold_change_pearson": 0, "fold_change_spearman": 0}
    hits = dict.fromkeys(truth, 0)
    for _ in range(60):
        found = compare_between_cells(invented(rng, 0)).set_index("metric")
        for metric, value in truth.items():
            hits[metric] += found.loc[metric, "low"] <= value <= found.loc[metric, "high"]
    assert min(hits.values()) >= 51
    found = compare_between_cells(invented(rng, 0.5)).set_index("metric")
    for metric, value in truth.items():
        assert found.loc[metric, "low"] > value


def test_order_of_samples_and_repeated_ones_do_not_matter():
    results = invented(np.random.default_rng(0), 0.5)
    predictions = results.predictions_of_fit("m")
    expected = compare_between_cells(results)
    mixed = predictions.sample(frac=1, random_state=0)
    # of a second sample of the same gene and cell
    more = pd.concat([mixed, mixed.iloc[:7].assign(prediction=99.0)], ignore_index=True)
    again = CrossCellResults(results.table, {}, results.times, lambda key: more)
    pd.testing.assert_frame_equal(compare_between_cells(again), expected)
