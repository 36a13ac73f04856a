"""Intervals over genes, recomputed by repeating genes."""

import numpy as np

from histoexpr.datasets import HistoneDataset, make_histone_cells
from histoexpr.experiments import run_study
from histoexpr.metrics import auroc, bootstrap_mean


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
    over_cells = means.loc["own", ["low_by_cells", "high_by_cells"]].astype(float)
    np.testing.assert_allclose(over_cells, bootstrap_mean(study.scores("own")))
