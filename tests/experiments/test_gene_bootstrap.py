"""Intervals over genes, recomputed by repeating genes."""

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset, make_histone_cells
from histoexpr.experiments import run_study
from histoexpr.experiments._gene_blocks import known_genes
from histoexpr.experiments._gene_bootstrap import (
    ChromosomeBootstrap,
    GeneBootstrap,
    best_bootstrap,
    p_difference,
    p_equivalence,
)
from histoexpr.metrics import auroc, equivalence_test
from support.scored import TRUE_AUROC, draw_genes_of_chromosomes, draw_scores, results_of


def test_intervals_over_genes_and_cells(tmp_path):
    cells = make_histone_cells(n_cells=6, n_genes=150, random_state=0)
    # gene folds, and cells that lack some genes: every gene is drawn once for all of them
    keep = np.random.default_rng(0).random(cells.n_samples) < 0.8
    columns = ("y", "cell", "gene")
    part = {name: getattr(cells, name)[keep] for name in columns}
    HistoneDataset(cells.X[keep], **part).save(tmp_path / "data")
    spec = {
        "models": {"linear": "linear"},
        "genes": "kfold",
        "n_splits": 2,
        "experiments": [
            {"name": "own", "regime": "own"},
            {"name": "others", "regime": "exclusive", "test_cells": ["C01", "C02"]},
        ],
    }
    study = run_study(spec, tmp_path / "data", tmp_path / "out")
    replicates = {"own": [], "others": []}
    for name, found in replicates.items():
        for cell in ("C01", "C02"):
            for number, fold in enumerate(("1", "2")):
                baseline = study.select("baseline", "same-gene consensus", fold=fold)
                tested = [study.predictions(row)["gene"] for row in baseline.itertuples()]
                genes = np.unique(np.concatenate(tested).astype(str))
                share = np.full(len(genes), 1 / len(genes))
                drawn = np.random.default_rng(number).multinomial(len(genes), share, size=1000)
                row = study.select(name, fold=fold, test_cell=cell).iloc[0]
                predicted = study.predictions(row)
                y, score = (predicted[n].to_numpy() for n in ("label", "prediction"))
                times = drawn[:, np.searchsorted(genes, predicted["gene"].to_numpy(dtype=str))]
                found.append([auroc(np.repeat(y, t), np.repeat(score, t)) for t in times])
    replicates = {name: np.mean(found, axis=0) for name, found in replicates.items()}
    means = study.statistics.means.set_index("group")
    over_genes = ["low_by_genes", "high_by_genes"]
    expected = np.quantile(replicates["others"], [0.025, 0.975])
    np.testing.assert_allclose(means.loc["others", over_genes].astype(float), expected)
    difference = replicates["others"] - replicates["own"]
    found = study.statistics.regimes.iloc[0]
    assert found["metric"] == "roc_auc"
    expected = np.quantile(difference, [0.025, 0.975])
    np.testing.assert_allclose(found[over_genes].astype(float), expected)
    assert study.statistics.resampled == "gene"


def test_blocks_are_drawn_whole_and_for_all_folds(mixed_results):
    genes = best_bootstrap(mixed_results, known_genes(mixed_results))
    assert genes.unit == "chrom"
    rows = mixed_results.select("other cells", "logistic", test_cell="C01")
    assert rows["fold"].nunique() == 2
    frames = [mixed_results.predictions(row) for row in rows.itertuples()]
    names = np.unique(known_genes(mixed_results)["chrom"])
    share = np.full(len(names), 1 / len(names))
    drawn = np.random.default_rng(0).multinomial(len(names), share, size=1000)
    expected = []
    for number in range(20):
        scores = []
        for frame in frames:
            times = drawn[number][np.searchsorted(names, frame["chrom"].to_numpy(dtype=str))]
            scores.append(auroc(np.repeat(frame["label"], times),
                                np.repeat(frame["prediction"], times)))  # fmt: skip
        expected.append(np.mean(scores))
    np.testing.assert_allclose(genes.replicates(rows)[:20], expected)
    same = ChromosomeBootstrap(mixed_results)
    for metric in ("roc_auc", "pearson", "brier_score_loss"):
        np.testing.assert_array_equal(
            same.replicates(rows, metric), genes.replicates(rows, metric)
        )


def test_intervals_by_gene_are_too_narrow_where_neighbours_err_alike_and_by_block_are_not():
    rng, n_draws = np.random.default_rng(1), 50
    covered, errors = np.zeros(2), []
    for _ in range(n_draws):
        known = draw_genes_of_chromosomes(rng)
        results = results_of({"m": draw_scores(rng, known), "same-gene consensus": known["label"]},
                             known)  # fmt: skip
        rows = results.select("others", "m")
        pair = GeneBootstrap(results), best_bootstrap(results, known)
        ends = [bootstrap.interval(rows, 0.95) for bootstrap in pair]
        covered += [low < TRUE_AUROC < high for low, high in ends]
        errors.append([np.std(bootstrap.replicates(rows)) for bootstrap in pair])
    by_gene, by_block = covered / n_draws
    assert by_gene < 0.75
    assert by_block >= 0.88  # nominal .95
    narrow, wide = np.mean(errors, axis=0)
    assert wide > 1.6 * narrow


def test_p_values_of_a_difference():
    # t = 2 with 10 degrees of freedom
    assert p_difference(0.02, 0.01, 11) == pytest.approx(0.0734, abs=1e-4)
    assert p_difference(0.0, 0.0, 11) == 1
    assert p_difference(0.1, 0.0, 11) == 0
    first, second = np.array([0.9, 0.91, 0.93, 0.9]), np.array([0.9, 0.9, 0.92, 0.91])
    error = np.std(first - second, ddof=1) / 2
    expected = equivalence_test(first, second, 0.02)["p_value"]
    assert p_equivalence((first - second).mean(), error, 4, 0.02) == pytest.approx(expected)
    assert p_equivalence(0.0, 0.0, 4, 0.02) == 0
    assert p_equivalence(0.03, 0.0, 4, 0.02) == 1
    for wrong in ((np.nan, 0.1, 5), (0.1, np.nan, 5), (0.1, 0.1, 1)):
        assert np.isnan(p_difference(*wrong))
        assert np.isnan(p_equivalence(*wrong, 0.01))
