"""How sure scores are."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.experiments._score_intervals import COLUMNS, compute_intervals, describe_small


@pytest.fixture(scope="module")
def results():
    data = make_histone_cells(2, 300, random_state=0)
    return evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")


def test_every_score_has_its_genes_and_its_interval(results):
    found = compute_intervals(results)
    assert tuple(found) == COLUMNS
    summary = results.summary().set_index(["test_cell", "experiment", "model"])["roc_auc"]
    placed = found.set_index(["test_cell", "experiment", "model"])
    np.testing.assert_allclose(placed["score"], summary[placed.index])
    assert (placed["low"] <= placed["score"]).all()
    assert (placed["score"] <= placed["high"]).all()
    of_cell = results.predictions().query("experiment == 'same cell' and model == 'linear'")
    for cell, frame in of_cell.groupby("cell"):
        row = placed.loc[(cell, "same cell", "linear")]
        assert row["n_genes"] == len(frame)
        assert row["n_rarer"] == frame["label"].value_counts().min()
    assert set(found["resampled"]) == {"chrom"}
    by_chromosome = results.intervals("roc_auc", by="chrom")
    same = by_chromosome.set_index(["test_cell", "experiment", "model"])["low"]
    np.testing.assert_allclose(placed["low"], same[placed.index])


def test_pieces_of_few_chromosomes_are_drawn_and_genes_where_nothing_is_known():
    data = make_histone_cells(2, 300, random_state=0)
    few = np.where(data.chrom < "chr2", "chr1", "chr2")
    for changes, unit in (({"chrom": None}, "gene"), ({"chrom": few}, "5-Mb block")):
        results = evaluate_cells(
            {"linear": HistoneLinearClassifier()},
            data.replace(**changes),
            normalize=None,
            genes="split",
        )
        found = results.score_intervals
        assert set(found["resampled"]) == {unit}
        assert found["low"].notna().all()
        assert f"intervals over {unit}s" in results.format_summary()


def frame(**values):
    base = {"test_cell": "A", "experiment": "same cell", "model": "linear", "metric": "roc_auc",
            "score": 0.9, "low": 0.85, "high": 0.95, "n_genes": 100, "n_rarer": 40,
            "resampled": "gene"}  # fmt: skip
    return pd.DataFrame([base, base | {"test_cell": "B"} | values])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ""),
        ({"n_rarer": 20}, ""),
        ({"n_rarer": 19}, "B (100 genes, 19 of the rarer label)"),
        ({"low": 0.69, "high": 0.91}, "B (100 genes, ±0.11)"),
        ({"low": 0.75, "high": 0.94}, ""),
        ({"n_rarer": np.nan, "low": np.nan, "high": np.nan}, ""),
        ({"n_rarer": 3, "test_cell": "mean"}, ""),
        ({"n_rarer": 3, "model": "majority class"}, ""),
    ],
)
def test_what_is_too_small(values, said):
    found = describe_small(frame(**values))
    assert said in found
    assert bool(found) == bool(said)
    assert "A (" not in found


def test_ten_genes_are_said_to_be_too_few_and_many_are_not(results):
    small = evaluate_cells(
        {"linear": HistoneLinearClassifier()},
        make_histone_cells(2, 30, random_state=0),
        genes="split",
    )
    assert "C01 (10 genes" in small.too_small
    assert "Too few test genes" in small.format_summary()
    assert results.too_small == ""
    assert "Too few" not in results.format_summary()
