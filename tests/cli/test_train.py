"""The command ``train``."""

import json

import numpy as np
import pytest

from histoexpr import load_model, make_histone_cells, read_model_info, train_model
from histoexpr.cli import main
from histoexpr.cli._train import _MODELS
from histoexpr.datasets import save_deepchrome
from histoexpr.experiments import MODELS as REGISTRY
from histoexpr.experiments import REFERENCE

QUICK = ["--model", "logistic"]


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.fixture(scope="module")
def saved(cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("train") / "cells"
    cells.save(path)
    return str(path)


def train(*arguments):
    return main(["train", *map(str, arguments)])


def test_models_of_the_help_are_those_of_the_registry():
    assert set(_MODELS) == {*REGISTRY, REFERENCE}


def test_file_json_and_text_are_those_of_the_function(cells, saved, tmp_path, capsys):
    out, found = tmp_path / "m.histoexpr", tmp_path / "s.json"
    texts = ["--title", "mine", "--licence", "CC0-1.0", "--intended-use", "tests"]
    assert train(saved, "-o", out, *QUICK, "--json", found, "--seed", 3, *texts) == 0
    printed = capsys.readouterr()
    expected = train_model(cells, "logistic", random_state=3)
    assert printed.out.startswith(expected.describe())
    assert "fits" in printed.err
    model = load_model(out)
    np.testing.assert_array_equal(
        model.predict_proba(cells), expected.estimator.predict_proba(cells)
    )
    info = read_model_info(out)
    assert (info["title"], info["licence"], info["intended_use"]) == ("mine", "CC0-1.0", "tests")
    assert info["training"]["cells"] == ["C01", "C02", "C03"]
    assert info["target"] == "labels"
    rows = json.loads(found.read_text())
    assert len(rows["scores"]) == len(info["scores"]) == len(expected.table)
    assert rows["scores"][0]["score"] == expected.table["score"][0]
    assert rows["notes"] == expected.notes
    assert rows["command"].startswith("histoexpr train")


def test_the_default_model_is_kept_too(saved, tmp_path, capsys):
    out = tmp_path / "m.histoexpr"
    assert train(saved, "-o", out, "--quiet", "--validate", "none") == 0
    assert capsys.readouterr().out == ""
    assert read_model_info(out)["estimator"]["class"] == "histoexpr.HistoneLinearClassifier"
    assert read_model_info(out)["scores"] is None


def test_cells_targets_and_references(saved, tmp_path, capsys):
    command = [saved, "--quiet", "--validate", "genes", "-o"]
    assert train(*command, tmp_path / "a.histoexpr", *QUICK, "--exclude", "C02") == 0
    assert read_model_info(tmp_path / "a.histoexpr")["training"]["cells"] == ["C01", "C03"]
    level = tmp_path / "b.histoexpr"
    assert train(*command, level, "--target", "expression", "--cells", "C01") == 0
    assert read_model_info(level)["kind"] == "regressor"
    data, reference = make_histone_cells(3, 200, n_reference_cells=6, random_state=0)
    lines = ["\t".join(["gene", *reference.cells])]
    for gene, row in zip(reference.genes, reference.values, strict=True):
        lines.append("\t".join([gene, *map(str, row)]))
    (tmp_path / "rpkm.tsv").write_text("\n".join(lines) + "\n")
    both = tmp_path / "c.histoexpr"
    assert train(*command, both, "--model", "reference", "--reference", tmp_path / "rpkm.tsv") == 0
    names = {row["model"] for row in read_model_info(both)["scores"]}
    assert {"reference", "references alone", "same-gene rank"} <= names
    assert load_model(both).predict(data).shape == (600,)


def test_small_data_is_said(cells, tmp_path, capsys):
    save_deepchrome(make_histone_cells(1, 10, oriented=False, random_state=0), tmp_path / "few")
    assert train(tmp_path / "few", "-o", tmp_path / "m.histoexpr", *QUICK) == 0
    assert "Too few genes to judge by: 10 are tested in a cell, 5 of the rarer class" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "{tmp}/m"], "--out: {tmp}/m needs a name that ends in .histoexpr"),
        (["-o", "{tmp}/there.histoexpr"], "there.histoexpr exists."),
        (["-o", "{tmp}/no/m.histoexpr"], "the folder {tmp}/no does not exist"),
        (["-o", "{tmp}/m.histoexpr", "--cells", "C09"], "No cell C09; there are C01"),
        (["-o", "{tmp}/m.histoexpr", "--cells", " ,"], "--cells names nothing"),
        (["-o", "{tmp}/m.histoexpr", "--exclude", "C9"], "--exclude: no cell 'C9'; there are C01"),
        (["-o", "{tmp}/m.histoexpr", "--exclude", "C01,C02,C03"], "leaves no cell"),
        (["-o", "{tmp}/m.histoexpr", "--model", "reference"], "needs reference"),
        (["-o", "{tmp}/m.histoexpr", "--reference", "{tmp}/n"], "--reference: {tmp}/n does not"),
        (["-o", "{tmp}/m.histoexpr", "--json", "{tmp}/m.histoexpr"], "--out and --json are both"),
        (["-o", "{data}/m.histoexpr"], "is read, or lies in what is read"),
    ],
)
def test_errors_are_one_line_and_leave_nothing(saved, tmp_path, capsys, options, message):
    (tmp_path / "there.histoexpr").write_text("mine\n")
    options = [option.format(tmp=tmp_path, data=saved) for option in options]
    assert train(saved, "--quiet", *options) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert message.format(tmp=tmp_path) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.histoexpr"]


def test_files_are_replaced_if_asked_for(saved, tmp_path):
    out = tmp_path / "m.histoexpr"
    out.write_text("before")
    assert train(saved, "-o", out, "--quiet", *QUICK, "--validate", "none", "--overwrite") == 0
    assert read_model_info(out)["kind"] == "classifier"


def test_data_without_labels_are_told_what_to_do(cells, tmp_path, capsys):
    cells.replace(y=None, expression=None).save(tmp_path / "bare")
    assert train(tmp_path / "bare", "-o", tmp_path / "m.histoexpr", "-q") == 1
    assert "no labels to learn. Make them with histoexpr.relabel" in capsys.readouterr().err
