"""The command ``demo``."""

import json

import pandas as pd
import pytest

from histoexpr import __version__, make_histone_cells
from histoexpr.cli import main
from histoexpr.metrics import auroc

QUICK = ["--models", "linear,logistic", "--jobs", "1", "--quiet"]


def test_demo_writes_what_it_names(tmp_path, capsys):
    out = tmp_path / "out"
    command = ["demo", "--n-cells", "3", "--n-genes", "200", "--out", str(out), *QUICK]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert str(out) in printed.out
    figures = ("profiles", "crosscell-linear", "crosscell-logistic")
    expected = {f"{name}.{ending}" for name in figures for ending in ("png", "tsv")}
    expected |= {"scores.csv", "summary.tsv", "between-cells.tsv", "predictions.tsv.gz"}
    expected |= {"against-baselines.tsv"}
    expected |= {"times.csv", "manifest.json"}
    assert {path.name for path in out.iterdir()} == expected
    for name in expected:
        assert name in printed.out
    assert (out / "profiles.png").read_bytes()[:4] == b"\x89PNG"
    scores = pd.read_csv(out / "scores.csv")
    own = scores.query("model == 'linear' and test_cell == 'C01' and experiment == 'same cell'")
    assert f"{own['roc_auc'].item():.3f}" in printed.out
    assert "same-gene consensus" in printed.out
    assert "majority class" in printed.out
    assert "same-gene rank" in printed.out
    between = pd.read_csv(out / "between-cells.tsv", sep="\t")
    order = between.query("model == 'linear' and metric == 'switching_accuracy'").iloc[0]
    assert f"{order['score']:.3f} ({order['low']:.3f} to {order['high']:.3f})" in printed.out
    assert f"order right, n = {order['n_genes']}" in printed.out
    summary = pd.read_csv(out / "summary.tsv", sep="\t")
    mean = summary.query("test_cell == 'mean' and model == 'linear' and experiment == 'same cell'")
    assert f"{mean['roc_auc'].item():.3f}" in printed.out
    matrix = pd.read_csv(out / "crosscell-linear.tsv", sep="\t", index_col=0)
    assert matrix.loc["C01", "C01"] == pytest.approx(own["roc_auc"].item())
    profiles = pd.read_csv(out / "profiles.tsv", sep="\t")
    assert len(profiles) == 2 * 5 * 100  # labels, marks, bins


def test_predictions_name_cells_and_genes(tmp_path):
    out = tmp_path / "out"
    main(["demo", "--n-cells", "2", "--n-genes", "150", "--out", str(out), *QUICK])
    predictions = pd.read_csv(out / "predictions.tsv.gz", sep="\t")
    data = make_histone_cells(2, 150, random_state=0)
    linear = predictions.query("model == 'linear' and experiment == 'same cell' and cell == 'C02'")
    test = data.select(cells="C02", split="test")
    assert linear["gene"].tolist() == test.gene.tolist()
    assert linear["label"].tolist() == test.y.tolist()
    scores = pd.read_csv(out / "scores.csv")
    score = scores.query("model == 'linear' and experiment == 'same cell' and test_cell == 'C02'")
    assert auroc(test.y, linear["prediction"]) == pytest.approx(score["roc_auc"].item())


def test_the_manifest_states_what_made_the_run(tmp_path):
    out = tmp_path / "out"
    command = ["demo", "--n-cells", "2", "--n-genes", "150", "--out", str(out), *QUICK]
    main(command)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["command"].split()[:4] == ["histoexpr", "demo", "--n-cells", "2"]
    assert list(manifest["run"]["models"]) == ["linear", "logistic"]
    assert manifest["run"]["seed"] == 0
    # the predefined split, although chromosomes are known
    assert manifest["run"]["genes"] == "split"
    assert manifest["run"]["test_genes"] == "those of the predefined split"
    assert manifest["run"]["versions"]["histoexpr"] == __version__
    assert "simulated" in manifest["data_source"]
    names = {path.name for path in out.iterdir()} - {"manifest.json"}
    assert set(manifest["files"]) == names


def test_demo_is_reproducible(tmp_path):
    for name in ("a", "b"):
        main(["demo", "--n-cells", "2", "--n-genes", "150", "--out", str(tmp_path / name), *QUICK])
    for path in (tmp_path / "a").iterdir():
        if path.name not in ("times.csv", "manifest.json"):  # seconds, and the folder's name
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
