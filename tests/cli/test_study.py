"""The command ``study``."""

import json
import re

import pytest

from histoexpr.cli import main
from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import StudySpec, load_study
from support import ROOT
from support.study_cases import SPEC, Interrupted


def test_the_command_of_the_readme_works(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^histoexpr (study \S+ --data .*)$", readme, re.MULTILINE)[1].split()
    # as histoexpr build makes them: without predefined splits
    cells = make_histone_cells(n_cells=4, n_genes=120, random_state=0).replace(split=None)
    cells.save(tmp_path / "data")
    spec = json.loads((ROOT / command[1]).read_text())
    spec["models"]["CNN"] = {"kind": "cnn", "params": {"n_filters": 1, "max_epochs": 1}}
    spec["models"] = {name: spec["models"][name] for name in ("linear", "CNN")}
    for experiment in spec["experiments"]:
        if "steps" in experiment:
            experiment["steps"] = 2
    (tmp_path / "spec.json").write_text(json.dumps(spec | {"n_splits": 2, "random_state": [0]}))
    places = {"--data": tmp_path / "data", "--out": tmp_path / "out", "--jobs": "1"}
    command[1] = tmp_path / "spec.json"
    for name, value in places.items():
        command[command.index(name) + 1] = value
    assert main([*map(str, command), "--quiet"]) == 0
    assert "n_cells=4, 8, 16, 32, but there are only 3" in capsys.readouterr().err
    study = load_study(tmp_path / "out")
    assert study.experiments == [experiment["name"] for experiment in spec["experiments"]]


def test_command_line(saved_cells, tmp_path, capsys):
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(SPEC | {"random_state": [0], "models": {"linear": "linear"}}))
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
    assert "report.html, report-figures, " in shown
    assert (tmp_path / "o" / "report-figures" / "regimes.png").is_file()
    assert f"{load_study(tmp_path / 'o').scores('own').mean():.3f}" in shown
    spec.write_text(json.dumps(SPEC))
    assert main(command) == 1
    assert "another study" in capsys.readouterr().err
    for jobs in ("0", "two"):
        with pytest.raises(SystemExit, match="2"):
            main([*command, "--jobs", jobs])
    assert "argument --jobs" in capsys.readouterr().err
    assert main([*command[:3], str(tmp_path / "none"), *command[4:]]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_the_example_of_the_help_is_a_study(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["study", "--help"])
    shown = capsys.readouterr().out
    text = shown[shown.index("  {") : shown.rindex("}") + 1]
    assert len(StudySpec.from_dict(json.loads(text)).experiments) == 3


def test_ctrl_c_says_that_finished_fits_are_kept(saved_cells, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Interrupted, "left", 3)
    spec, out = tmp_path / "spec.json", tmp_path / "out"
    models = {"interrupted": "support.study_cases:Interrupted"}
    spec.write_text(json.dumps(SPEC | {"models": models}))
    command = ["study", str(spec), "--data", str(saved_cells), "--out", str(out), "--quiet"]
    assert main(command) == 1
    assert "--allow-imports" in capsys.readouterr().err
    command.append("--allow-imports")
    assert main(command) == 130
    assert "The same command goes on from there" in capsys.readouterr().err
    assert len(list((out / "results").glob("*.json"))) == 3
    monkeypatch.setattr(Interrupted, "left", 100)
    assert main(command) == 0
    assert len(load_study(out).times) == 16
    assert Interrupted.left == 100 - (16 - 3)
