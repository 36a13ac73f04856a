"""Models against what is known of the same gene elsewhere."""

import numpy as np
import pytest

from histoexpr.experiments._against_baselines import COLUMNS, compare_with_baselines
from histoexpr.experiments._gene_blocks import known_genes
from histoexpr.experiments._gene_bootstrap import GeneBootstrap, best_bootstrap
from histoexpr.metrics import holm
from support.scored import draw_genes_of_chromosomes, draw_scores, results_of


def test_differences_are_those_of_the_table(finished_study):
    found = finished_study.statistics.against_baselines
    assert tuple(found) == COLUMNS
    names = ("same-gene consensus", "same-gene rank")
    assert len(found) == 3 * 2 * 2 * 2  # experiments, models, scores, baselines
    for row in found[found["group"] != "matrix"].itertuples():
        assert row.baseline in names
        expected = finished_study.scores(row.group, row.model, row.metric).mean()
        expected -= finished_study.scores("baseline", row.baseline, row.metric).mean()
        assert row.difference == pytest.approx(expected)
        assert row.score - row.baseline_score == pytest.approx(expected)
        assert row.low < row.difference < row.high
    assert set(found["resampled"]) == {"chrom"}
    for _, part in found.groupby(["group", "metric"]):
        np.testing.assert_allclose(part["p_holm"], holm(part["p_value"]))
    written = (finished_study.out / "against-baselines.tsv").read_text().splitlines()
    assert len(written) == len(found) + 1


def test_the_interval_is_of_the_same_resamples(finished_study):
    genes = best_bootstrap(finished_study, known_genes(finished_study))
    rows = finished_study.select("others", "linear")
    base = finished_study.select("baseline", "same-gene rank")
    # the model against itself differs in no resample
    n = known_genes(finished_study)["chrom"].nunique()
    assert genes.compare(rows, rows, "roc_auc") == {"low": 0, "high": 0, "error": 0, "n_units": n}
    difference = genes.replicates(rows) - genes.replicates(base)
    over = genes.compare(rows, base, "roc_auc")
    assert over["error"] == pytest.approx(difference.std(ddof=1) * np.sqrt(n / (n - 1)))


def test_models_of_expression_are_held_against_the_mean_of_the_gene(mixed_results):
    found = mixed_results.statistics.against_baselines
    rows = found[found["baseline"] == "same-gene mean"]
    assert set(rows["metric"]) == {"pearson", "r2"}
    assert set(rows.loc[rows["metric"] == "r2", "model"]) == {"ridge"}
    ridge = rows[(rows["metric"] == "r2") & (rows["group"] == "other cells")].iloc[0]
    expected = mixed_results.scores("other cells", "ridge", "r2").mean()
    expected -= mixed_results.scores("baseline", "same-gene mean", "r2").mean()
    assert ridge["difference"] == pytest.approx(expected)


@pytest.mark.slow
def test_equal_models_differ_no_more_often_than_stated_and_better_ones_are_found():
    rng, n_draws = np.random.default_rng(0), 120
    found = {"by block": 0, "by gene": 0, "better": 0}
    for number in range(n_draws):
        known = draw_genes_of_chromosomes(rng)
        scores = {"same-gene consensus": draw_scores(rng, known), "equal": draw_scores(rng, known)}
        scores["better"] = scores["equal"] + 2.5 * known["label"]
        results = results_of(scores, known)
        rows = compare_with_baselines(results, best_bootstrap(results, known))
        p_values = {row["model"]: row["p_value"] for row in rows}
        found["by block"] += p_values["equal"] < 0.05
        found["better"] += p_values["better"] < 0.05
        if number % 4 == 0:  # some are enough to see that genes are not independent
            by_gene = compare_with_baselines(results, GeneBootstrap(results))
            found["by gene"] += by_gene[0]["p_value"] < 0.05
    assert found["by block"] <= 13  # of 120, 6 expected
    assert found["by gene"] >= 9  # of 30, 1.5 expected
    assert found["better"] >= 100


def test_one_cell_has_nothing_to_be_held_against(mixed_results):
    class NoBaselines:
        groups, models, compared = mixed_results.groups, ["ridge"], ("pearson",)

        @staticmethod
        def of_group(group, model):
            return mixed_results.of_group(group, model)

        @staticmethod
        def select(*args):
            return mixed_results.table.iloc[:0]

    assert compare_with_baselines(NoBaselines, GeneBootstrap(mixed_results)) == []
