"""The command ``explain``: one gene, its figure and its numbers, and what is refused."""

import inspect
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from histoexpr import (
    HistoneLinearRegressor,
    attribute,
    load_model,
    make_histone_cells,
    save_model,
)
from histoexpr.cli import main
from histoexpr.cli._explain import BASELINES, METHODS

pytest.importorskip("matplotlib")


def explain(*options):
    return main(["explain", *map(str, options)])


@pytest.fixture(scope="module")
def gene(narrow_cells):
    return str(narrow_cells.gene[3])


def test_the_figure_its_table_and_what_is_printed(
    narrow_cells, saved_narrow, kept_classifier, gene, tmp_path, capsys
):
    cell = str(narrow_cells.cells[0])
    out, as_json = tmp_path / "g.png", tmp_path / "g.json"
    command = [kept_classifier, saved_narrow, "--gene", gene.lower(), "--cell", cell, "-o", out]
    assert explain(*command, "--json", as_json, "--regions", 2) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert {path.name for path in tmp_path.iterdir()} == {"g.png", "g.tsv", "g.json"}
    whole = narrow_cells.select(cells=cell)
    found = attribute(load_model(kept_classifier), whole.select(genes=gene), reference=whole)
    table = pd.read_csv(tmp_path / "g.tsv", sep="\t")
    assert len(table) == 20 * 5
    np.testing.assert_allclose(table["contribution"], found.values[0].T.ravel(), atol=1e-6)
    assert table["gene"].eq(gene).all()
    kept = json.loads(as_json.read_text())
    assert kept["gene"] == gene
    assert kept["output"] == pytest.approx(found.output[0])
    assert kept["method"] == "exact"
    sums = [abs(one["contribution"]) for one in kept["marks"]]
    assert sums == sorted(sums, reverse=True)
    printed = capsys.readouterr().out
    assert printed.startswith(found.title(0))
    assert "average of 150 genes" in printed
    assert f"Written: {out}" in printed
    # the same again is refused, and --overwrite and --quiet do what they say
    assert explain(*command) == 1
    assert "g.png exists" in capsys.readouterr().err
    assert explain(*command, "--overwrite", "--quiet", "--class", 0, "--baseline", "zero") == 0
    assert capsys.readouterr().out == ""
    other = pd.read_csv(tmp_path / "g.tsv", sep="\t")
    assert (other["baseline"] == 0).all()


def test_occlusion_of_boosting_says_its_gap(narrow_cells, gene, tmp_path, capsys):
    from histoexpr.experiments import make_model

    one = narrow_cells.select(cells=narrow_cells.cells[:1])
    model = make_model("boosting", {"kind": "boosting", "params": {"n_regions": 4}})
    path = save_model(model.fit(one, one.y), tmp_path / "b.histoexpr", data=one)
    one.save(tmp_path / "one")
    assert explain(path, tmp_path / "one", "--gene", gene, "-o", tmp_path / "b.svg", "-q") == 0
    command = ["--gene", gene, "-o", tmp_path / "b.pdf", "--method", "occlusion"]
    assert explain(path, tmp_path / "one", *command) == 1  # its table is that of b.svg
    assert "b.tsv exists" in capsys.readouterr().err
    assert explain(path, tmp_path / "one", *command, "--overwrite") == 0
    printed = capsys.readouterr().out
    assert "(method occlusion)" in printed
    assert "Sum of the parts less the difference" in printed
    exact = [*command, "--overwrite", "--method", "exact"]
    assert explain(path, tmp_path / "one", *exact) == 1
    assert "'exact' is for linear models" in capsys.readouterr().err


def test_regressors_and_marks_in_another_order(narrow_cells, gene, tmp_path, capsys):
    one = narrow_cells.select(cells=narrow_cells.cells[:1])
    path = save_model(HistoneLinearRegressor(n_regions=2).fit(one), tmp_path / "r.histoexpr",
                      data=one)  # fmt: skip
    extra = one.replace(
        X=np.concatenate([one.X, one.X[:, :, :1]], axis=2), marks=[*one.marks, "H3K27ac"], y=None
    )
    extra.select(marks=extra.marks[::-1]).save(tmp_path / "more")
    assert explain(path, tmp_path / "more", "--gene", gene, "-o", tmp_path / "r.png") == 0
    printed = capsys.readouterr()
    assert "H3K27ac" in printed.err
    assert "Contributions in prediction" in printed.out
    table = pd.read_csv(tmp_path / "r.tsv", sep="\t")
    assert sorted(table["mark"].unique()) == sorted(one.marks)
    assert explain(path, tmp_path / "more", "--gene", gene, "-o", tmp_path / "s.png",
                   "--class", "1") == 1  # fmt: skip
    assert "--class 1: the model is a regressor" in capsys.readouterr().err


def test_models_with_reference_cells(tmp_path, capsys):
    from histoexpr import ReferenceClassifier

    data, reference = make_histone_cells(
        n_cells=2, n_genes=220, n_reference_cells=5, random_state=0
    )
    first = data.select(cells=data.cells[:1])
    fitted = ReferenceClassifier(reference=reference).fit(first)
    path = save_model(fitted, tmp_path / "r.histoexpr", data=first)
    data.save(tmp_path / "both")
    gene, cell = data.gene[0], data.cells[1]
    command = ["--gene", gene, "--cell", cell, "-o", tmp_path / "r.png", "--json", tmp_path / "j"]
    assert explain(path, tmp_path / "both", *command, "-q") == 0
    kept = json.loads((tmp_path / "j").read_text())
    model = load_model(path)
    whole = data.select(cells=cell)
    row = whole.gene.tolist().index(gene)
    assert kept["probability"] == pytest.approx(model.predict_proba(whole)[row, 1], abs=1e-4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--gene", "nothing", "-o", "{tmp}/g.png"], "No gene nothing"),
        (["--gene", "{gene}", "-o", "{tmp}/g.png"], "{gene} is in several cells: "),
        (["--gene", "{gene}", "--cell", "C9", "-o", "{tmp}/g.png"], "No cell C9"),
        (["--gene", "{gene}", "-o", "{tmp}/g"], "needs a name that ends in .png"),
        (["--gene", "{gene}", "-o", "{tmp}/there.png"], "there.png exists"),
        (["--gene", "{gene}", "--cell", "{cell}", "-o", "{tmp}/g.png", "--class", "2"],
         "--class 2: the classifier knows the classes 0, 1"),
        (["--gene", "{gene}", "-o", "{tmp}/g.png", "--json", "{tmp}/g.tsv"], "g.tsv. Choose"),
    ],
)  # fmt: skip
def test_errors_are_one_line_and_leave_nothing(
    options, message, narrow_cells, saved_narrow, kept_classifier, gene, tmp_path, capsys
):
    (tmp_path / "there.png").write_text("mine\n")
    names = {"tmp": tmp_path, "gene": gene, "cell": narrow_cells.cells[0]}
    options = [part.format(**names) for part in options]
    assert explain(kept_classifier, saved_narrow, *options) == 1
    error = capsys.readouterr().err
    assert error.startswith("histoexpr: error: ")
    assert error.count("\n") == 1
    assert message.format(**names) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.png"]


def test_a_generator_predicts_nothing(saved_narrow, kept_generator, gene, tmp_path, capsys):
    assert explain(kept_generator, saved_narrow, "--gene", gene, "-o", tmp_path / "g.png") == 1
    assert "holds a SignalGenerator, which predicts nothing of a gene" in capsys.readouterr().err


def test_choices_are_those_of_the_function():
    documented = inspect.getdoc(attribute)
    for name in (*METHODS, *BASELINES):
        assert f'"{name}"' in documented


def test_a_wrong_path_is_said_before_numpy_is_loaded(tmp_path):
    code = (
        "import sys; from histoexpr.cli import main; "
        f"status = main(['explain', '{tmp_path}/no', 'd', '--gene', 'g', '-o', 'f.png']); "
        "assert status == 1 and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
