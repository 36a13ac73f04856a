"""Training on other cells against the test cell's own."""

import numpy as np
import pytest

from histoexpr.experiments._regime_tests import compare_regimes
from histoexpr.experiments._statistics import make_resampled


def test_differences_are_from_the_own_cell_over_the_same_cells_and_genes(mixed_results):
    resampled = make_resampled(mixed_results)
    rows = compare_regimes(mixed_results, resampled)
    found = {(r["model"], r["group"], r["metric"]): r for r in rows}
    assert {group for _, group, _ in found} == {"one other cell", "other cells"}
    for (model, group, metric), row in found.items():
        expected = mixed_results.scores(group, model, metric)
        expected = expected - mixed_results.scores("same cell", model, metric)
        assert row["mean_difference"] == pytest.approx(np.nanmean(expected))
        assert row["own"] == "same cell"
        clusters = resampled.cells.count(mixed_results.cells)
        assert (row["n_cells"], row["n_clusters"]) == (3, clusters)
        assert np.isnan(row["low"])  # three cells
        if metric == "roc_auc":
            assert row["low_by_genes"] < row["mean_difference"] < row["high_by_genes"]
    assert ("ridge", "other cells", "log_loss") not in found
