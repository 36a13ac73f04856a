"""A study of six cells and three models, and its figures."""

import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import run_study
from support.drawn import CELLS, EVERY_REGIME


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("figures")
    cells = make_histone_cells(n_cells=6, n_genes=150, random_state=0, cell_names=CELLS)
    cells.save(path / "data")
    models = {"linear": "linear", "logistic": "logistic"}
    models["largest"] = {"kind": "linear", "params": {"pooling": "max"}}
    sizes = {"name": "n", "regime": "exclusive", "cells": "random", "n_cells": [1, "all"]}
    spec = {"models": models, "experiments": [*EVERY_REGIME, sizes], "genes": "split"}
    return run_study(spec, path / "data", path / "out")


@pytest.fixture(scope="session")
def figures(study):
    """All figures that there are, as if the test genes were those of the benchmark."""
    pytest.importorskip("matplotlib")
    from histoexpr.plots import study_figures

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("histoexpr.experiments._benchmark.are_test_genes", any_genes)
        return study_figures(study)


def any_genes(genes):
    return len(genes) > 0
