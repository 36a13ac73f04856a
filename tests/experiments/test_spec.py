"""What a study may be, and what is said of one that may not."""

import json
import re

import pytest
from sklearn.linear_model import LogisticRegression

from histoexpr.datasets import make_histone_cells
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from histoexpr.experiments import StudySpec, load_study
from histoexpr.experiments._data import StudyData
from histoexpr.experiments._plan import plan_study
from support import ROOT

SPEC = {
    "models": {"linear": "linear"},
    "experiments": [{"name": "own", "regime": "own"}],
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"regime": "others"}, "regime must be one of own"),
        ({"cells": "random"}, "n_cells belongs to"),
        ({"n_cells": 3}, "n_cells belongs to"),
        ({"cells": "similar"}, "threshold belongs to"),
        ({"threshold": 0.5}, "threshold belongs to"),
        ({"regime": "own", "cells": "random", "n_cells": 2}, "has no meaning"),
        ({"steps": 0}, "steps must be a positive integer"),
        ({"n_genes": [True]}, "n_genes must be a positive integer"),
        ({"steps": 5, "validation": "leaking-test-cell"}, "no epoch is chosen"),
        ({"step": 5}, "unknown key 'step'"),
        ({"cells": "similar", "threshold": float("nan")}, "threshold belongs to"),
        ({"models": []}, "models is empty"),
        ({"name": "baseline"}, "a name of its own"),
    ],
)
def test_experiments_are_checked(changes, told):
    experiment = {"name": "e", "regime": "exclusive", **changes}
    with pytest.raises(ValueError, match=told):
        StudySpec([experiment], {"linear": "linear"})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"models": {"m": "forest"}}, "unknown kind 'forest'"),
        ({"models": {"m": "os:getcwd"}}, "is no estimator"),
        ({"models": {"m": {"kind": "linear", "params": {"a": 1}}}}, "cannot be made"),
        ({"models": {}}, "models must be"),
        ({"seeds": [0, 0]}, "repeat"),
        ({"seeds": [-1]}, "seeds must be"),
        ({"similarity": "x"}, "similarity must be"),
        ({"seeds": None}, "seeds must be"),
        ({"n_splits": 1}, "n_splits must be at least 2"),
        ({"train_splits": ["train", "test"]}, "and not 'test'"),
        ({"models": {"majority class": "linear"}}, "a name of its own"),
        ({"models": {"m": {"kind": "linear", "params": [1]}}}, "params must be"),
        ({"experiments": None}, "experiments must be a list"),
        ({"experiments": []}, "experiments must have"),
    ],
)
def test_studies_are_checked(changes, told):
    with pytest.raises(ValueError, match=told):
        StudySpec.from_dict(SPEC | changes)


def test_a_spec_file_with_a_fault_is_named(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text('{"models": {},\n nonsense}')
    with pytest.raises(DataFormatError, match=r"spec.json, line 2: not a JSON file"):
        StudySpec.load(path)
    path.write_text('{"models": {"linear": "linear"}}')
    with pytest.raises(DataFormatError, match="lacks 'experiments'"):
        StudySpec.load(path)


def test_a_spec_is_read_back_from_its_dict():
    spec = StudySpec.load(ROOT / "examples" / "deepchrome2_study.json")
    assert StudySpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec
    given = StudySpec([{"name": "own", "regime": "own"}], {"m": LogisticRegression()})
    kept = given.to_dict()
    with pytest.raises(ValueError, match=r"'m' is what .*LogisticRegression.* Give the estimator"):
        StudySpec.from_dict(kept)
    assert StudySpec.from_dict(kept | {"models": given.models}) == given
    first, second = (given.estimators()["m"].set_params(C=c) for c in (2, 3))
    assert (first.C, second.C, given.models["m"].C) == (2, 3, 1)


def test_the_example_declares_the_published_experiments():
    spec = StudySpec.load(ROOT / "examples" / "deepchrome2_study.json")
    asked = {(e.regime, e.cells, e.threshold) for e in spec.experiments}
    for regime in ("inclusive", "exclusive"):
        expected = {("all", None), ("random", None), ("similar", 0.75), ("similar", 0.5)}
        assert {(regime, *kind) for kind in expected} <= asked
    assert {("own", "all", None), ("each", "all", None)} <= asked
    assert list(spec.estimators()) == ["linear", "logistic", "CNN", "MLP", "boosting"]


def test_the_example_is_planned_as_far_as_few_cells_go():
    spec = StudySpec.load(ROOT / "examples" / "deepchrome2_study.json")
    cells = make_histone_cells(n_cells=4, n_genes=1200, random_state=0)
    with pytest.warns(HistoexprWarning) as told:
        tasks, entries = plan_study(spec, StudyData(cells, spec.division))
    assert len(told) == 1
    text = str(told[0].message)
    assert "'8 random cells' with n_cells=8, but there are only 4" in text
    assert (
        "'by number of cells, at random' with n_cells=4, 8, 16, 32, but there are only 3" in text
    )
    assert "'by number of genes' with n_genes=1000, 3000, but there are only 400" in text
    left_out = {"8 random cells", "8 random other cells"}
    assert {e.name for e in spec.experiments} - {entry.experiment for entry in entries} == left_out
    named = {e.experiment: set() for e in entries}
    for entry in entries:
        task = tasks[entry.task]
        named[entry.experiment].add((len(task.train_cells), task.n_genes))
    assert named["by number of cells, at random"] == {(1, "all"), (2, "all"), (3, "all")}
    assert named["by number of genes"] == {(3, 100), (3, 300), (3, "all")}


def test_the_command_of_the_readme_works(tmp_path, capsys):
    from histoexpr.cli import main

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
    (tmp_path / "spec.json").write_text(json.dumps(spec | {"n_splits": 2, "seeds": [0]}))
    places = {"--data": tmp_path / "data", "--out": tmp_path / "out", "--jobs": "1"}
    command[1] = tmp_path / "spec.json"
    for name, value in places.items():
        command[command.index(name) + 1] = value
    assert main([*map(str, command), "--quiet"]) == 0
    assert "n_cells=4, 8, 16, 32, but there are only 3" in capsys.readouterr().err
    study = load_study(tmp_path / "out")
    assert study.experiments == [experiment["name"] for experiment in spec["experiments"]]
