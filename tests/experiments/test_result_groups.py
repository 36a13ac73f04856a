"""Groups of results: an experiment, or one size of it."""

from histoexpr.experiments import run_study


def test_groups_name_the_sizes(saved_cells, tmp_path):
    experiment = {"name": "e", "regime": "exclusive", "cells": "random"}
    experiment |= {"n_cells": [1, "all"], "n_genes": [20, "all"]}
    spec = {"models": {"linear": "linear"}, "experiments": [experiment], "genes": "kfold"}
    study = run_study(spec | {"n_splits": 2}, saved_cells, tmp_path / "out")
    names = [group["name"] for group in study.groups]
    expected = [f"e, {c}, {g} genes" for g in (20, "all") for c in ("1 cell", "3 cells")]
    assert names == expected
    assert len(study.select("e", n_cells=1, n_genes=20)) == 8  # cells and folds
    row = study.select("baseline", "majority class", fold="2", test_cell="C03").iloc[0]
    assert len(study.predictions(row)) == 120
