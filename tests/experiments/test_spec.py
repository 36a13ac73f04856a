"""What a study may declare, and what is refused."""

import json

import pytest
from sklearn.linear_model import LogisticRegression

from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import StudySpec, run_study
from support import ROOT

SPEC = {
    "models": {"linear": "linear"},
    "experiments": [{"name": "own", "regime": "own"}],
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"regime": "others"}, "'regime' parameter of Experiment 'e' must be a str among"),
        ({"cells": "random"}, "n_cells belongs to"),
        ({"n_cells": 3}, "n_cells belongs to"),
        ({"cells": "similar"}, "threshold belongs to"),
        ({"threshold": 0.5}, "threshold belongs to"),
        ({"regime": "own", "cells": "random", "n_cells": 2}, "has no meaning"),
        ({"steps": 0}, "'steps' parameter of Experiment 'e' must be an int"),
        ({"n_genes": [0]}, "'n_genes' parameter of Experiment 'e' must be an int"),
        ({"n_genes": [True]}, "'n_genes' parameter of Experiment 'e' must be an int"),
        ({"steps": 5, "validation": "leaking-test-cell"}, "no epoch is chosen"),
        ({"step": 5}, "unknown key 'step'"),
        ({"cells": "similar", "threshold": float("nan")}, "'threshold' parameter"),
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
        ({"models": {"m": "os:getcwd"}}, "names 'os:getcwd', which would run code"),
        ({"allow_imports": True}, "unknown key 'allow_imports'"),
        ({"models": {"m": {"kind": "linear", "params": {"a": 1}}}}, "cannot be made"),
        ({"models": {}}, "models must be"),
        ({"random_state": [0, 0]}, "random_state has a value twice"),
        ({"random_state": [-1]}, "'random_state' parameter of The study"),
        ({"similarity": "x"}, "'similarity' parameter of The study"),
        ({"random_state": []}, "random_state is empty"),
        ({"random_state": 1.5}, "'random_state' parameter of The study"),
        ({"random_state": [True]}, "'random_state' parameter of The study"),
        ({"n_splits": 1}, "'n_splits' parameter of The study must be an int"),
        ({"train_splits": ["train", "test"]}, "and not 'test'"),
        ({"models": {"majority class": "linear"}}, "that is a baseline"),
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
    with pytest.raises(DataFormatError, match=r"spec.json, line 2: cannot be read as JSON"):
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


def test_a_study_file_runs_no_code_unless_it_may(tmp_path):
    mark, path = tmp_path / "ran", tmp_path / "spec.json"
    run = {"kind": "subprocess:run", "params": {"args": ["touch", str(mark)]}}
    path.write_text(json.dumps(SPEC | {"models": {"m": run}}))
    for given in (path, json.loads(path.read_text())):
        with pytest.raises(ValueError, match="allow_imports=True, or --allow-imports"):
            run_study(given, tmp_path / "data", tmp_path / "out")
    assert not mark.exists()
    trusted = {"kind": "sklearn.linear_model:LogisticRegression", "params": {"C": 2.0}}
    path.write_text(json.dumps(SPEC | {"models": {"m": trusted}}))
    spec = StudySpec.load(path, allow_imports=True)
    assert spec.estimators()["m"].C == 2
    assert "allow_imports" not in spec.to_dict()
    with pytest.raises(ValueError, match="is no estimator"):
        StudySpec.from_dict(SPEC | {"models": {"m": "os:getcwd"}}, allow_imports=True)
