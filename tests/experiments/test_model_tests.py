"""Models of a group against each other."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments._cell_clusters import CellClusters
from histoexpr.experiments._model_tests import adjust, compare_models, rank_models
from histoexpr.experiments._statistics import make_resampled
from histoexpr.metrics import equivalence_test, friedman_ranks, paired_tests

GROUP = {"name": "g", "regime": "own"}
CELLS = [f"C{number}" for number in range(8)]


class Given:
    """Results of three models of eight cells, scored by hand, without predictions."""

    cells, rng = CELLS, np.random.default_rng(0)
    scores = {"a": 0.9 + 0.01 * rng.random(8), "b": 0.9 + 0.01 * rng.random(8),
              "c": 0.85 + 0.01 * rng.random(8)}  # fmt: skip

    def of_group(self, group, model):
        return pd.DataFrame({"test_cell": CELLS, "random_state": 0, "roc_auc": self.scores[model]})


class SameDraws:
    """A bootstrap of which all differences have a standard error of .002."""

    def compare(self, first, second, metric):
        return {"low": -0.004, "high": 0.004, "error": 0.002, "n_units": 20}


@pytest.fixture
def resampled():
    class Resampled:
        genes, cells = SameDraws(), CellClusters(pd.DataFrame(np.eye(8), CELLS, CELLS))

    return Resampled


def test_equivalence_is_that_of_adjusted_p_values(resampled):
    rows = compare_models(Given(), GROUP, ["a", "b", "c"], resampled, 0.01, "roc_auc")
    assert [(r["first"], r["second"]) for r in rows] == [("a", "b"), ("a", "c"), ("b", "c")]
    raw = [
        equivalence_test(Given.scores[r["first"]], Given.scores[r["second"]], 0.01)["p_value"]
        for r in rows
    ]
    np.testing.assert_allclose([r["p_equivalence"] for r in rows], raw)
    assert rows[0]["p_equivalence_holm"] == pytest.approx(3 * raw[0])  # the smallest of three
    assert [r["equivalent"] for r in rows] == [True, False, False]
    assert [r["equivalent_by_genes"] for r in rows] == [True, False, False]
    # two standard errors within the margin: p = .03, which is not enough for three pairs
    margin = abs(rows[0]["mean_difference"]) + 0.004
    wide = compare_models(Given(), GROUP, ["a", "b", "c"], resampled, margin, "roc_auc")[0]
    assert wide["p_equivalence_by_genes"] < 0.05 < wide["p_equivalence_by_genes_holm"]
    assert wide["equivalent_by_genes"] is False


def test_tests_over_cells_are_over_clusters(resampled):
    pairs = np.kron(np.eye(4), np.ones((2, 2)))
    resampled.cells = CellClusters(pd.DataFrame(pairs, CELLS, CELLS))
    row = compare_models(Given(), GROUP, ["a", "c"], resampled, 0.01, "roc_auc")[0]
    halves = {n: Given.scores[n].reshape(4, 2).mean(axis=1) for n in ("a", "c")}
    assert row["p_value"] == paired_tests(halves)[0]["p_value"] == 0.125
    assert (row["n_cells"], row["n_clusters"]) == (8, 4)
    assert row["mean_difference"] == pytest.approx((Given.scores["a"] - Given.scores["c"]).mean())
    ranks = rank_models(Given(), GROUP, ["a", "b", "c"], resampled.cells, "roc_auc")
    halves = {n: v.reshape(4, 2).mean(axis=1) for n, v in Given.scores.items()}
    expected = friedman_ranks(halves)
    assert {r["model"]: r["mean_rank"] for r in ranks} == expected["mean_ranks"]
    assert ranks[0]["critical_difference"] == expected["critical_difference"]
    assert (ranks[0]["n_cells"], ranks[0]["n_clusters"]) == (8, 4)


def test_one_cluster_has_no_test_of_equivalence(resampled):
    resampled.cells = CellClusters(pd.DataFrame(np.ones((8, 8)), CELLS, CELLS))
    row = compare_models(Given(), GROUP, ["a", "b"], resampled, 0.01, "roc_auc")[0]
    assert row["equivalent"] is None
    assert row["low_90"] is None
    assert rank_models(Given(), GROUP, ["a", "b", "c"], resampled.cells, "roc_auc") == []


def test_what_is_not_defined_is_not_adjusted():
    assert adjust([0.01, None, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert adjust([]) == []


def test_a_model_is_equivalent_to_itself_over_genes(mixed_results):
    class Twice:
        cells = mixed_results.cells

        @staticmethod
        def of_group(group, name):
            return mixed_results.of_group(mixed_results.groups[0], "logistic")

    resampled = make_resampled(mixed_results)
    [row] = compare_models(Twice, GROUP, ["x", "y"], resampled, 0.01, "roc_auc")
    assert row["low_by_genes"] == row["high_by_genes"] == row["p_equivalence_by_genes"] == 0
    assert row["equivalent_by_genes"]
