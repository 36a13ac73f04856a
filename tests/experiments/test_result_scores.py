"""Scores by cell and with intervals; coverage of those by chromosome on simulated predictions."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments import CrossCellResults
from histoexpr.experiments._collect import as_table
from histoexpr.metrics import pearson


def test_targets_and_what_is_compared(mixed_results, finished_study):
    assert mixed_results.compared == ("roc_auc", "pearson", "r2")
    assert finished_study.compared == ("roc_auc",)
    assert mixed_results.targets["ridge"] == "log2_expression"
    assert set(finished_study.targets.values()) == {"label"}


def test_the_score_shown_is_that_of_the_target(mixed_results):
    for model, metric in (("logistic", "roc_auc"), ("ridge", "pearson")):
        found = mixed_results.scores("same cell", model)
        np.testing.assert_array_equal(found, mixed_results.scores("same cell", model, metric))
    with pytest.raises(ValueError, match="metric must be one of roc_auc"):
        mixed_results.by_cell("same cell", metric="auroc")


def test_statistics_have_intervals_of_every_score(mixed_results):
    found = mixed_results.statistics
    rows = found.intervals.query("model == 'ridge' and metric == 'pearson'")
    assert len(rows) == 3
    assert (rows["low_by_genes"] < rows["score"]).all()
    assert (rows["score"] < rows["high_by_genes"]).all()
    tests = found.models.set_index(["group", "metric"])
    scores = [mixed_results.scores("same cell", m, "pearson") for m in ("logistic", "ridge")]
    row, by_cell = tests.loc["same cell", "pearson"], scores[0] - scores[1]
    # over clusters of cells, as its interval
    assert row["mean_difference"] == pytest.approx((row["low_90"] + row["high_90"]) / 2)
    assert by_cell.min() <= row["mean_difference"] <= by_cell.max()
    if row["n_clusters"] == row["n_cells"]:
        assert row["mean_difference"] == pytest.approx(np.mean(by_cell))
    assert ("same cell", "r2") not in tests.index  # which classifiers do not have
    regimes = found.regimes.query("model == 'ridge'")
    assert set(regimes["metric"]) == {"roc_auc", "pearson", "r2"}


def test_intervals_hold_their_scores(mixed_results):
    for by in ("chrom", "gene"):
        found = mixed_results.intervals(["roc_auc", "pearson"], by=by).dropna()
        models = found[found["experiment"] != "baseline"]
        assert len(models) == 2 * 3 * 2 * 4  # models, experiments, scores; cells and their mean
        assert (models["low"] < models["score"]).all()
        assert (models["score"] < models["high"]).all()
    ridge = found.query("model == 'ridge' and experiment == 'same cell' and metric == 'pearson'")
    expected = mixed_results.by_cell("same cell", "ridge")
    assert ridge.set_index("test_cell")["score"].drop("mean").to_dict() == expected.to_dict()


def test_intervals_that_cannot_be_made(mixed_results, finished_study):
    with pytest.raises(ValueError, match="metric must be one of roc_auc, average_precision"):
        mixed_results.intervals("balanced_accuracy")
    with pytest.raises(ValueError, match="by must be one of chrom, gene"):
        mixed_results.intervals(by="cell")
    with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
        mixed_results.intervals(confidence=95)
    read = mixed_results._read
    without = CrossCellResults(
        mixed_results.table,
        mixed_results.manifest,
        mixed_results.times,
        lambda key: read(key).drop(columns="chrom"),
    )
    with pytest.raises(ValueError, match=r"which chromosomes.*by='gene'"):
        without.intervals()


def simulated(rng, spread):
    """Results of one model and cell, four folds of five chromosomes of twelve genes each.

    The error of prediction is shared, as far as ``spread``, by the genes of a chromosome.
    """
    chrom = np.repeat(np.arange(20), 12)
    y = rng.normal(size=240)
    error = rng.normal(size=240) * np.exp(spread * rng.normal(size=20))[chrom]
    frame = pd.DataFrame({"cell": "C", "gene": np.arange(240).astype(str)})
    frame = frame.assign(chrom=chrom.astype(str), log2_expression=y, prediction=y + error)
    parts = {f"m{fold}": frame[chrom // 5 == fold].reset_index(drop=True) for fold in range(4)}
    common = {"target": "log2_expression", "test_cell": "C", "train_cells": ("C",)}
    rows = [
        {**common, "experiment": name, "regime": name, "model": model, "fold": key, "fit": key}
        | {"pearson": pearson(part["log2_expression"], part["prediction"])}
        for name, model in (("own", "m"), ("baseline", "same-gene mean"))
        for key, part in parts.items()
    ]
    times = pd.DataFrame(index=pd.Index(list(parts), name="fit"))
    return CrossCellResults(as_table(rows), {}, times, parts.__getitem__)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_intervals_by_chromosome_cover(spread):
    rng = np.random.default_rng(0)
    # what the mean over folds is on average
    truth = np.mean([simulated(rng, spread).scores("own").mean() for _ in range(100)])
    hits, n_runs = {"chrom": 0, "gene": 0}, 60
    for _ in range(n_runs):
        results = simulated(rng, spread)
        for by in hits:
            found = results.intervals("pearson", by=by).iloc[0]
            hits[by] += found["low"] <= truth <= found["high"]
    assert hits["chrom"] >= 52
    if spread:  # genes are not independent
        assert hits["gene"] <= hits["chrom"] - 8
