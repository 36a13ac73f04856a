"""The command ``crosscell``."""

import json
import tarfile

import numpy as np
import pandas as pd
import pytest

from histoexpr import make_histone_cells
from histoexpr.cli import main
from histoexpr.datasets import save_deepchrome

QUICK = ["--models", "linear,logistic", "--jobs", "1", "--quiet"]


def test_crosscell_takes_saved_sets_folders_and_archives(tmp_path, capsys):
    data = make_histone_cells(2, 150, oriented=False, random_state=0)
    # which files in the DeepChrome layout do not hold
    data = data.replace(expression=None, chrom=None, tss=None, strand=None)
    data.save(tmp_path / "saved")
    save_deepchrome(data, tmp_path / "files")
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "files", arcname=".")
    tables = []
    for name in ("saved", "files", "files.tar.gz"):
        out = str(tmp_path / f"out-{name}")
        assert main(["crosscell", str(tmp_path / name), "--out", out, *QUICK]) == 0
        text = capsys.readouterr().out
        tables.append(text[text.index("test cell") : text.index("Written to")])
    assert tables[0] == tables[1] == tables[2]


def test_crosscell_on_real_cells(tmp_path, capsys, shared_data):
    path = shared_data / "counts" / "deepchrome_csv"
    assert main(["crosscell", str(path), "--out", str(tmp_path / "out"), *QUICK]) == 0
    assert "E003" in capsys.readouterr().out


def test_crosscell_of_odd_names_and_undefined_scores(tmp_path, capsys):
    names = ["$\\bad$", "a/b"]
    data = make_histone_cells(n_cells=2, n_genes=120, random_state=0, cell_names=names)
    y = np.where(data.split == "test", 1, data.y)
    for name, dataset in (("odd", data), ("undefined", data.replace(y=y))):
        dataset.save(tmp_path / name)
        out = tmp_path / f"{name}-out"
        command = ["crosscell", str(tmp_path / name), "--out", str(out), "--models", "linear"]
        assert main([*command, "--genes", "split", "--jobs", "1", "--quiet"]) == 0
        assert (out / "crosscell-linear.png").stat().st_size > 0
        assert "slice" not in capsys.readouterr().err  # no warning of numpy's


def test_runs_are_not_mixed(tmp_path, capsys):
    for name, seed in (("one", 0), ("two", 1)):
        make_histone_cells(2, 80, random_state=seed).save(tmp_path / name)
    out = tmp_path / "out"
    command = ["--out", str(out), "--genes", "split", "--jobs", "1", "--quiet", "--models"]
    first = ["crosscell", str(tmp_path / "one"), *command, "linear,logistic"]
    second = ["crosscell", str(tmp_path / "two"), *command, "linear"]
    assert main(first) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert "crosscell-logistic.png" in before
    assert main(second) == 1
    assert "with other data_sha256, models. Choose another folder" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert main([*second, "--overwrite"]) == 0
    after = {path.name: path.read_bytes() for path in out.iterdir()}
    assert "crosscell-logistic.png" not in after
    assert after["scores.csv"] != before["scores.csv"]
    assert main([*second]) == 0  # the same run again is no other run


def test_predictions_are_matched_unless_told_otherwise(tmp_path, capsys):
    data = make_histone_cells(2, 300, random_state=0)
    X = data.X.astype(np.uint16)
    X[data.cell == "C02"] *= 3
    data.replace(X=X).save(tmp_path / "data")
    command = ["crosscell", str(tmp_path / "data"), "--jobs", "1", "--quiet", "--models", "linear"]
    command += ["--genes", "split"]
    scores = {}
    for name in ("default", "none", "quantile"):
        out = tmp_path / name
        asked = [] if name == "default" else ["--normalize", name]
        assert main([*command, "--out", str(out), *asked]) == 0
        shown = capsys.readouterr().out
        assert ("without its labels" in shown) == (name != "none")
        manifest = json.loads((out / "manifest.json").read_text())
        assert manifest["run"]["normalize"] == ("predictions" if name == "default" else name)
        table = pd.read_csv(out / "scores.csv").query("model == 'linear' and test_cell == 'C02'")
        scores[name] = table.set_index("experiment")["log_loss"]
    for name in ("default", "quantile"):
        assert scores[name]["one other cell"] < scores["none"]["one other cell"] - 0.05
        assert scores[name]["same cell"] == pytest.approx(scores["none"]["same cell"], rel=1e-5)
    assert main([*command, "--out", str(tmp_path / "none"), "--normalize", "depth"]) == 1
    assert "with other normalize" in capsys.readouterr().err


def test_runs_by_chromosome_are_not_mixed_with_earlier_ones_of_the_split(tmp_path, capsys):
    make_histone_cells(2, 80, random_state=0).save(tmp_path / "data")
    out = tmp_path / "out"
    command = ["crosscell", str(tmp_path / "data"), "--out", str(out), "--models", "linear"]
    command += ["--jobs", "1", "--quiet"]
    assert main(command) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "5 folds of whole chromosomes, not the predefined split; genes='split'" in shown
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["run"]["test_genes"] == "5 folds of whole chromosomes"
    del manifest["run"]["test_genes"]  # as versions wrote that took the split first
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert main(command) == 1
    assert "with other test_genes" in capsys.readouterr().err
