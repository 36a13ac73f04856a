"""Scores of predictions of one fitted model."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments import score_table
from histoexpr.experiments._prediction_scores import prediction_scores
from histoexpr.metrics import binary_scores, expression_scores


def draw(n=400, relation=1.0, seed=0):
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.5
    proba = 1 / (1 + np.exp(-(rng.normal(size=n) + relation * (2 * positive - 1))))
    gene = np.char.add("g", np.arange(n).astype(str))
    return positive, proba, np.repeat(["A", "B"], n // 2), gene


def test_scores_are_those_of_metrics_cell_by_cell():
    positive, proba, cell, gene = draw()
    chrom = np.char.add("chr", (np.arange(400) % 8).astype(str))
    table = prediction_scores(proba, cell, gene, chrom, positive=positive)
    for name in "AB":
        rows = table[table["test_cell"] == name].set_index("metric")
        expected = binary_scores(positive[cell == name], proba[cell == name])
        for metric, score in rows["score"].items():
            assert score == pytest.approx(expected[metric])
        assert (rows["low"] < rows["score"]).all()
        assert (rows["score"] < rows["high"]).all()
        assert set(rows["n"]) == {200}
        assert set(rows["n_positive"]) == {positive[cell == name].sum()}
    mean = table[table["test_cell"] == "mean"].set_index("metric")["score"]
    by_cell = table[table["test_cell"] != "mean"].groupby("metric")["score"].mean()
    assert mean.to_dict() == pytest.approx(by_cell.to_dict())
    assert set(table["resampled"]) == {"chrom"}
    assert set(prediction_scores(proba, cell, gene, positive=positive)["resampled"]) == {"gene"}


@pytest.mark.parametrize("n_chroms", [None, 20])
def test_intervals_cover_chance_where_there_is_no_relation(n_chroms):
    covered = 0
    for seed in range(40):
        positive, proba, _, gene = draw(120, 0, seed)
        chrom = None
        if n_chroms:
            chrom = np.char.add("chr", (np.arange(120) % n_chroms).astype(str))
        table = prediction_scores(proba, np.repeat("A", 120), gene, chrom, positive=positive)
        row = table[table["metric"] == "roc_auc"].iloc[0]
        covered += row["low"] <= 0.5 <= row["high"]
    assert covered >= 34  # of 40, by a nominal 95 %


def test_expression_is_scored_where_it_is_known():
    rng = np.random.default_rng(0)
    measured = rng.gamma(2, 2, 100)
    predicted = measured + rng.normal(size=100)
    measured[:7] = np.nan
    gene = np.arange(100).astype(str)
    table = prediction_scores(predicted, np.repeat("A", 100), gene, log2_expression=measured)
    rows = table[table["test_cell"] == "A"].set_index("metric")
    expected = expression_scores(measured[7:], predicted[7:])
    for metric in ("pearson", "spearman", "r2"):
        assert rows.loc[metric, "score"] == pytest.approx(expected[metric])
    assert set(rows["n"]) == {93}
    assert "roc_auc" not in rows.index


def frame(**columns):
    positive, proba, cell, gene = draw()
    values = {"gene": gene, "cell": cell, "probability": proba, "label": positive.astype(int)}
    values |= columns
    return pd.DataFrame({name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(
    ("columns", "classes", "said"),
    [
        ({"label": None}, [0, 1], []),
        ({"label": 0}, [0, 1], ["Not scored against labels: all of the data are 0."]),
        ({"label": 7}, [0, 1], ["Not scored: the labels of the data are 7, of the model 0, 1."]),
        ({}, [0, 1, 2], ["Not scored: there are 3 classes, and scores are of two."]),
    ],
)
def test_what_cannot_be_scored_is_said(columns, classes, said):
    scores, notes = score_table(frame(**columns), classes)
    assert scores is None
    assert notes == said


def test_tables_of_both_kinds_are_scored():
    table = frame()
    scores, notes = score_table(table, [0, 1])
    assert set(scores["metric"]) == {"roc_auc", "average_precision", "log_loss"}
    assert "fewer than 6 chromosomes" in notes[0]
    text = frame(label=np.where(table["label"], "on", "off"))
    same, _ = score_table(text, ["off", "on"])
    pd.testing.assert_frame_equal(same, scores)
    few, notes = score_table(table.iloc[:12], [0, 1])
    assert len(few)
    assert "Too few genes to judge by" in notes[0]
    level = frame(probability=None, log2_expression=1.0, expression=2.0)
    level["log2_expression"] = np.log2(1 + level["label"]) + np.linspace(0, 1, 400)
    level["expression"] = level["label"] * 3.0
    scores, _ = score_table(level)
    assert set(scores["metric"]) == {"pearson", "spearman", "r2", "roc_auc"}
    level["expression"] = -1.0
    assert score_table(level)[1] == ["Not scored: expression is negative or unknown throughout."]
