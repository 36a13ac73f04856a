"""Models by name, and figures on every backend."""

import json

import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.cli._evaluation import check_run_folder, make_models, write_figures
from histoexpr.experiments import MODELS


def test_models_are_made_by_name_and_seeded():
    models = make_models(["cnn", "linear"], 3)
    assert list(models) == ["CNN", "linear"]
    assert models["CNN"].random_state == 3
    assert set(make_models(MODELS, 0)) == {model.label for model in MODELS.values()}


def test_a_folder_of_other_settings_is_refused_early(tmp_path):
    settings = {"genes": "auto", "seed": 0}
    (tmp_path / "manifest.json").write_text(json.dumps({"run": settings | {"more": 1}}))
    check_run_folder(tmp_path, settings, overwrite=False)
    check_run_folder(tmp_path, {"seed": 1}, overwrite=True)
    check_run_folder(tmp_path / "none", settings, overwrite=False)
    with pytest.raises(FileExistsError, match=r"another run, with other seed.*--overwrite"):
        check_run_folder(tmp_path, settings | {"seed": 1}, overwrite=False)
    (tmp_path / "manifest.json").write_text("[]")  # RunFolder says what it is
    check_run_folder(tmp_path, settings, overwrite=False)


def test_figures_leave_the_backend_alone_and_no_figure_open(tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_backend()
    plt.switch_backend("svg")
    open_before = plt.get_fignums()
    cells = make_histone_cells(n_cells=2, n_genes=100, random_state=0)
    results = evaluate_cells({"a$b$": HistoneLinearClassifier()}, cells, genes="split")
    for name in write_figures(cells, results, ["a$b$"], tmp_path):
        assert (tmp_path / name).stat().st_size > 10_000
    assert plt.get_backend() == "svg"
    assert plt.get_fignums() == open_before
    plt.switch_backend(before)
