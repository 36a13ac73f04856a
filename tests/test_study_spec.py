"""What a study may be, and what is said of one that may not."""

from pathlib import Path

import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import StudySpec

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


def test_the_example_declares_the_published_experiments():
    path = Path(__file__).parents[1] / "examples" / "deepchrome2_study.json"
    spec = StudySpec.load(path)
    asked = {(e.regime, e.cells, e.threshold) for e in spec.experiments}
    for regime in ("inclusive", "exclusive"):
        expected = {("all", None), ("random", None), ("similar", 0.75), ("similar", 0.5)}
        assert {(regime, *kind) for kind in expected} <= asked
    assert {("own", "all", None), ("each", "all", None)} <= asked
    assert list(spec.estimators()) == ["linear", "logistic", "CNN", "MLP", "boosting"]
