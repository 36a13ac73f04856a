"""Models by name, and figures on every backend."""

import argparse

import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.cli._evaluation import make_models, number_of_jobs, write_figures
from histoexpr.experiments import MODELS


def test_models_are_made_by_name_and_seeded():
    models = make_models("cnn, Linear,cnn", 3)
    assert list(models) == ["CNN", "linear"]
    assert models["CNN"].random_state == 3
    with pytest.raises(ValueError, match="Unknown model 'forest'; choose among linear"):
        make_models("linear,forest", 0)
    assert set(make_models(",".join(MODELS), 0)) == {model.label for model in MODELS.values()}


def test_a_number_of_jobs_is_not_zero():
    assert [number_of_jobs(text) for text in ("1", "-1")] == [1, -1]
    with pytest.raises(argparse.ArgumentTypeError, match="give 1 or more"):
        number_of_jobs("0")


def test_figures_leave_the_backend_alone_and_no_figure_open(tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_backend()
    plt.switch_backend("svg")
    open_before = plt.get_fignums()
    cells = make_histone_cells(n_cells=2, n_genes=100, random_state=0)
    results = evaluate_cells({"a$b$": HistoneLinearClassifier()}, cells)
    for name in write_figures(cells, results, ["a$b$"], tmp_path):
        assert (tmp_path / name).stat().st_size > 10_000
    assert plt.get_backend() == "svg"
    assert plt.get_fignums() == open_before
    plt.switch_backend(before)
