"""Held-out scores as a table and as text, and what is too small."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import evaluate_cells, make_histone_cells
from histoexpr.experiments import make_model
from histoexpr.experiments._held_out import (
    format_scores,
    held_out_table,
    scores_legend,
    weak_points,
)


@pytest.fixture(scope="module")
def results():
    data = make_histone_cells(n_cells=3, n_genes=240, random_state=0)
    models = {"logistic": make_model("logistic", "logistic")}
    return evaluate_cells(models, data, genes="chromosome")


def test_the_table_has_scores_sizes_and_intervals_of_the_results(results):
    table = held_out_table(results)
    own = table[(table["model"] == "logistic") & (table["trained_on"] == "other cells")]
    auroc = own[own["metric"] == "roc_auc"].set_index("test_cell")
    expected = results.by_cell("other cells", "logistic")
    assert auroc["score"].drop("mean").to_dict() == expected.to_dict()
    assert auroc["n"].to_dict() == {"C01": 240, "C02": 240, "C03": 240, "mean": 720}
    frame = results.predictions(results.select(model="logistic").iloc[0])
    assert frame["label"].isin([0, 1]).all()
    positives = auroc["n_positive"]
    assert positives["mean"] == positives.drop("mean").sum()
    assert (own["low"] < own["score"]).all()
    assert (own["score"] < own["high"]).all()
    assert set(table["resampled"]) == {"chrom"}
    beside = set(table["model"]) - {"logistic"}
    assert beside == {"same-gene consensus", "same-gene rank", "majority class"}
    assert "log_loss" not in set(table.loc[table["model"] == "same-gene consensus", "metric"])


def test_the_text_has_means_or_all_cells_and_n(results):
    table = held_out_table(results)
    text = format_scores(table)
    assert "test cell" not in text
    assert text.count("logistic") == 3  # same cell, one other, others
    assert "720" in text
    assert "avg. precision" in text
    assert len(scores_legend(table)) == 2
    assert len(scores_legend(table[table["trained_on"] == "same cell"])) == 1
    assert " to " in text.splitlines()[2]
    by_cell = format_scores(table, by_cell=True)
    assert by_cell.count("C03") == len(by_cell.splitlines()[2:]) / 4


def row(**changes):
    values = {"metric": "roc_auc", "test_cell": "mean", "score": 0.9, "low": 0.85, "high": 0.94}
    values |= {"n": 400, "n_positive": 200, "resampled": "chrom"}
    return pd.DataFrame([values | changes])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        (
            {"n": 10, "n_positive": 4, "low": 0.1, "high": 0.9},
            ["10 are tested in a cell, 4 of the rarer"],
        ),
        ({"n_positive": 390}, ["10 of the rarer class"]),
        ({"low": 0.6, "high": 0.97}, ["anything from 0.600 to 0.970"]),
        ({"resampled": "gene"}, ["fewer than 6 chromosomes"]),
        ({"metric": "pearson", "n": 12, "n_positive": np.nan}, ["12 genes"]),
    ],
)
def test_weak_scores_are_told(changes, said):
    target = "log2_expression" if changes.get("metric") == "pearson" else "label"
    found = weak_points(row(**changes), target)
    assert len(found) == len(said)
    for sentence, part in zip(found, said, strict=True):
        assert part in sentence


def test_genes_are_counted_in_the_smallest_cell():
    cells = [row(test_cell=name, n=n, n_positive=15) for name, n in (("A", 30), ("B", 34))]
    table = pd.concat([*cells, row(n=64, n_positive=30)])
    [sentence] = weak_points(table, "label")
    assert "30 are tested in a cell, 15 of the rarer class" in sentence


def test_no_rows_are_not_weak():
    assert weak_points(row().iloc[:0], "label") == []
