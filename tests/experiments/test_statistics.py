"""What is made of the results of a study: the summary and the command line."""

import json

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset, make_histone_cells
from histoexpr.experiments import StudySpec, load_study, run_study
from histoexpr.metrics import auroc, bootstrap_mean, holm
from support.study_cases import SMALL_CNN, SPEC


def test_summary_says_what_the_records_say(finished_study):
    summary = finished_study.summary
    means = {(row["group"], row["model"]): row for row in summary["means"]}
    row = means["others", "linear"]
    values = finished_study.scores("others", "linear")
    assert row["roc_auc"] == pytest.approx(values.mean())
    assert row["roc_auc_by_cells"] == [None, None]  # four cells are too few
    assert row["roc_auc_by_genes"][0] < values.mean() < row["roc_auc_by_genes"][1]
    row = means["baseline", "same-gene consensus"]
    assert row["roc_auc_by_genes"][0] < row["roc_auc"] < row["roc_auc_by_genes"][1]
    row = means["others", "linear"]
    assert row["seed_noise"] == 0  # its solver draws nothing
    noise = np.std([finished_study.scores("others", "cnn", seed=s).mean() for s in (0, 1)], ddof=1)
    assert means["others", "cnn"]["seed_noise"] == pytest.approx(noise)
    score = finished_study.matrix("matrix", "linear").score()
    off = score[~np.eye(4, dtype=bool)]
    assert means["matrix", "linear"]["roc_auc"] == pytest.approx(off.mean())
    test = next(t for t in summary["models"] if t["group"] == "others")["tests"][0]
    difference = values - finished_study.scores("others", "cnn")
    assert test["mean_difference"] == pytest.approx(difference.mean())
    assert test["equivalence"]["margin"] == 0.01
    assert test["by_genes"][0] < difference.mean() < test["by_genes"][1]
    assert test["equivalent_by_genes"] is False
    regime = next(r for r in summary["regimes"] if (r["model"], r["group"]) == ("cnn", "others"))
    for metric in ("roc_auc", "log_loss", "transferred_accuracy"):
        both = [finished_study.scores(name, "cnn", metric).mean() for name in ("others", "own")]
        assert regime[metric]["mean_difference"] == pytest.approx(both[0] - both[1])
        seeds = [
            finished_study.scores("others", "cnn", metric, seed=s).mean()
            - finished_study.scores("own", "cnn", metric, seed=s).mean()
            for s in (0, 1)
        ]
        assert regime[metric]["seed_noise"] == pytest.approx(np.std(seeds, ddof=1))
    seeds = [
        finished_study.scores("others", "linear", seed=s).mean()
        - finished_study.scores("others", "cnn", seed=s).mean()
        for s in (0, 1)
    ]
    assert test["seed_noise"] == pytest.approx(np.std(seeds, ddof=1))
    pairs = [p for p in summary["pairs"] if p["model"] == "linear"]
    assert len(pairs) == 16
    assert all(p["low"] < p["roc_auc"] < p["high"] for p in pairs)


def test_p_values_are_adjusted_over_models_and_experiments(finished_study):
    rows = finished_study.summary["regimes"]
    assert len(rows) == 4  # two models, and two experiments beside their own cells
    for metric in ("roc_auc", "log_loss"):
        tests = [row[metric] for row in rows]
        adjusted = holm([test["p_value"] for test in tests])
        assert [test["p_holm"] for test in tests] == adjusted.tolist()


def test_own_cell_is_that_with_the_same_settings(saved_cells, tmp_path):
    steps = {"steps": 4}
    experiments = [
        {"name": "own", "regime": "own"},
        {"name": "own, 4 steps", "regime": "own"} | steps,
        {"name": "others", "regime": "exclusive"},
        {"name": "others, 4 steps", "regime": "exclusive"} | steps,
        {"name": "others, 5 steps", "regime": "exclusive", "steps": 5},
    ]
    spec = {"models": {"cnn": SMALL_CNN}, "experiments": experiments}
    study = run_study(spec, saved_cells, tmp_path / "out")
    rows = {row["group"]: row for row in study.summary["regimes"]}
    assert {name: row["own"] for name, row in rows.items()} == {
        "others": "own",
        "others, 4 steps": "own, 4 steps",
        "others, 5 steps": "own",
    }
    expected = study.scores("others, 4 steps") - study.scores("own, 4 steps")
    found = rows["others, 4 steps"]["roc_auc"]["mean_difference"]
    assert found == pytest.approx(expected.mean())


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
                tested = [study.test_genes(fold, c)[0] for c in study.cells]
                genes = np.unique(np.concatenate(tested))
                share = np.full(len(genes), 1 / len(genes))
                drawn = np.random.default_rng(number).multinomial(len(genes), share, size=1000)
                gene, y = study.test_genes(fold, cell)
                score = study.predictions(study.select(name, fold=fold, test_cell=cell)[0])
                times = drawn[:, np.searchsorted(genes, gene)]
                found.append([auroc(np.repeat(y, t), np.repeat(score, t)) for t in times])
    replicates = {name: np.mean(found, axis=0) for name, found in replicates.items()}
    row = next(row for row in study.summary["means"] if row["group"] == "others")
    expected = np.quantile(replicates["others"], [0.025, 0.975])
    np.testing.assert_allclose(row["roc_auc_by_genes"], expected)
    difference = replicates["others"] - replicates["own"]
    found = study.summary["regimes"][0]["roc_auc"]
    np.testing.assert_allclose(found["by_genes"], np.quantile(difference, [0.025, 0.975]))
    row = study.summary["means"][0]
    np.testing.assert_allclose(row["roc_auc_by_cells"], bootstrap_mean(study.scores("own")))


def test_groups_name_the_sizes(saved_cells, tmp_path):
    experiment = {"name": "e", "regime": "exclusive", "cells": "random"}
    experiment |= {"n_cells": [1, "all"], "n_genes": [20, "all"]}
    spec = {"models": {"linear": "linear"}, "experiments": [experiment], "genes": "kfold"}
    study = run_study(spec | {"n_splits": 2}, saved_cells, tmp_path / "out")
    names = [group["name"] for group in study.groups]
    expected = [f"e, {c}, {g} genes" for g in (20, "all") for c in ("1 cell", "3 cells")]
    assert names == expected
    assert len(study.select("e", n_cells=1, n_genes=20)) == 8  # cells and folds
    gene, y = study.test_genes("2", "C03")
    assert len(gene) == len(y) == 120


def test_command_line(saved_cells, tmp_path, capsys):
    from histoexpr.cli import main

    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(SPEC | {"seeds": [0], "models": {"linear": "linear"}}))
    command = [
        "study",
        str(spec),
        "--data",
        str(saved_cells),
        "--out",
        str(tmp_path / "o"),
        "--quiet",
    ]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "same-gene consensus" in shown
    assert f"{load_study(tmp_path / 'o').scores('own').mean():.3f}" in shown
    spec.write_text(json.dumps(SPEC))
    assert main(command) == 1
    assert "another study" in capsys.readouterr().err
    for jobs in ("0", "two"):
        with pytest.raises(SystemExit, match="2"):
            main([*command, "--jobs", jobs])
    assert "argument --jobs" in capsys.readouterr().err
    assert main([*command[:3], str(tmp_path / "none"), *command[4:]]) == 1
    assert "not a saved HistoneDataset" in capsys.readouterr().err


def test_the_example_of_the_help_is_a_study(capsys):
    from histoexpr.cli import main

    with pytest.raises(SystemExit, match="0"):
        main(["study", "--help"])
    shown = capsys.readouterr().out
    text = shown[shown.index("  {") : shown.rindex("}") + 1]
    assert len(StudySpec.from_dict(json.loads(text)).experiments) == 3


def test_ctrl_c_says_that_finished_fits_are_kept(saved_cells, tmp_path, capsys, monkeypatch):
    from histoexpr.cli import main
    from histoexpr.experiments import _run as _study

    done = []

    def interrupted(context, task):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(task)
        return run_task(context, task)

    run_task = _study.run_task
    monkeypatch.setattr(_study, "run_task", interrupted)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(SPEC | {"models": {"linear": "linear"}}))
    out = tmp_path / "out"
    command = ["study", str(spec), "--data", str(saved_cells), "--out", str(out), "--quiet"]
    assert main(command) == 130
    assert "The same command goes on from there" in capsys.readouterr().err
    assert len(list((out / "results").glob("*.json"))) == 3
    monkeypatch.undo()
    assert main(command) == 0
    assert len(load_study(out).times) == 16
