"""The command ``compare``."""

import json

import numpy as np
import pandas as pd
import pytest

from histoexpr import compare_cells, make_histone_cells
from histoexpr.cli import main
from histoexpr.cli._compare import read_names
from histoexpr.datasets import save_deepchrome
from histoexpr.exceptions import DataFormatError

QUICK = ["--quiet", "--method", "scores", "--no-figure"]


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.fixture(scope="module")
def saved(cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "cells"
    cells.save(path)
    return str(path)


def read(path):
    return pd.read_csv(path, sep="\t", dtype={"gene": str})


def test_table_json_and_figure_are_those_of_the_function(cells, saved, tmp_path, capsys):
    names = tmp_path / "names.tsv"
    names.write_text(f"# genes\n{cells.genes[0]}\tSOX1\n\n")
    command = ["compare", saved, "C01", "C02", "-o", str(tmp_path / "t.tsv"), "--seed", "3"]
    command += ["--json", str(tmp_path / "t.json"), "--names", str(names), "--top", "4"]
    assert main([*command, "--method", "scores"]) == 0
    printed = capsys.readouterr()
    found = compare_cells(cells, "C01", "C02", method="scores", random_state=3)
    table = read(tmp_path / "t.tsv")
    assert table["gene"].tolist() == found.table["gene"].tolist()
    np.testing.assert_allclose(table["predicted_change"], found.table["predicted_change"])
    assert table.set_index("gene")["name"][cells.genes[0]] == "SOX1"
    about = json.loads((tmp_path / "t.json").read_text())["about"]
    assert about["trained_on"] == ["C01", "C02", "C03"]
    assert about["command"].startswith("histoexpr compare")
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")
    assert "relative to C01" in printed.out
    assert found.top(4, "C01")["gene"].iloc[3] in printed.out
    assert found.top(5, "C01")["gene"].iloc[4] not in printed.out.split("Written")[0]
    assert "folds of genes" in printed.err


def test_options_reach_the_function(cells, saved, tmp_path, capsys):
    command = ["compare", saved, "C01", "C02", *QUICK, "-o"]
    changes = {}
    for name, options in {
        "default": [],
        "cells": ["--train-cells", "C03, C01"],
        "raw": ["--no-normalize"],
        "random": ["--genes", "kfold"],
        "model": ["--model", "regions"],
    }.items():
        assert main([*command, str(tmp_path / f"{name}.tsv"), *options]) == 0
        changes[name] = tuple(read(tmp_path / f"{name}.tsv")["predicted_change"])
    assert len(set(changes.values())) == 5
    out = capsys.readouterr().out
    assert "trained on: C01, C03" in out
    assert "change of log-odds" in out
    assert not (tmp_path / "default.png").exists()


def test_train_is_another_data_set(cells, tmp_path, capsys):
    cells.select(cells=["C01", "C02"]).replace(y=None, expression=None).save(tmp_path / "new")
    cells.select(cells="C03").save(tmp_path / "old")
    command = ["compare", str(tmp_path / "new"), "C01", "C02", "-o", str(tmp_path / "t.csv.gz")]
    assert main([*command, *QUICK]) == 1
    assert "No cell has expression to learn from" in capsys.readouterr().err
    assert main([*command, *QUICK, "--train", str(tmp_path / "old")]) == 0
    assert "trained on: C03" in capsys.readouterr().out
    assert "log2_fold_change" not in pd.read_csv(tmp_path / "t.csv.gz")


def test_the_deepchrome_layout_is_read(cells, tmp_path, capsys):
    data = make_histone_cells(2, 60, oriented=False, random_state=0)
    save_deepchrome(data, tmp_path / "files")
    command = ["compare", str(tmp_path / "files"), "C01", "C02", "-o", str(tmp_path / "t.tsv")]
    assert main([*command, *QUICK]) == 0
    assert "change of log-odds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "{tmp}/table"], "--out: {tmp}/table needs a name that ends in .tsv"),
        (
            ["-o", "{tmp}/t.tsv", "--figure", "{tmp}/f"],
            "--figure: {tmp}/f needs a name that ends in .png",
        ),
        (["-o", "{tmp}/t.tsv", "--figure", "f.png", "--no-figure"], "exclude each other"),
        (["-o", "{tmp}/t.tsv", "--json", "{tmp}/t.tsv"], "--out and --json are both {tmp}/t.tsv"),
        (["-o", "{tmp}/there.tsv"], "--out: {tmp}/there.tsv exists. Choose another name"),
        (["-o", "{tmp}/t.tsv", "--json", "{tmp}/there.tsv"], "--json: {tmp}/there.tsv exists"),
        (["-o", "{tmp}/t.tsv", "--train-cells", " ,"], "--train-cells names nothing"),
        (["-o", "{tmp}/t.tsv", "--train-cells", "C07"], "no cell C07"),
        (
            ["-o", "{tmp}/t.tsv", "--names", "{tmp}/there.tsv"],
            "there.tsv, line 1: expected a gene",
        ),
    ],
)
def test_errors_are_one_line_and_leave_nothing(saved, tmp_path, capsys, options, message):
    (tmp_path / "there.tsv").write_text("mine\n")
    options = [option.format(tmp=tmp_path) for option in options]
    assert main(["compare", saved, "C01", "C02", "--quiet", "--method", "scores", *options]) == 1
    error = capsys.readouterr().err
    assert error.startswith("histoexpr: error: ")
    assert error.count("\n") == 1
    assert message.format(tmp=tmp_path) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.tsv"]
    assert (tmp_path / "there.tsv").read_text() == "mine\n"


def test_files_are_replaced_if_asked_for(saved, tmp_path):
    out = tmp_path / "t.tsv"
    out.write_text("before")
    command = ["compare", saved, "C01", "C02", "-o", str(out), *QUICK]
    assert main(command) == 1
    assert out.read_text() == "before"
    assert main([*command, "--overwrite"]) == 0
    assert len(read(out)) == 200


def test_wrong_numbers_are_wrong_usage(saved, capsys):
    for top in ("0", "many"):
        with pytest.raises(SystemExit):
            main(["compare", saved, "C01", "C02", "-o", "t.tsv", "--top", top])
        assert "no whole number of 1 or more" in capsys.readouterr().err


def test_names_may_be_empty_or_separated_by_commas(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("g1,SOX1,more\ng2,\n")
    assert read_names(path) == {"g1": "SOX1", "g2": "g2"}
    path.write_text("g1\tSOX1\ng2\n")
    with pytest.raises(DataFormatError, match="line 2"):
        read_names(path)


def test_one_cell_is_an_error(tmp_path, capsys, cells):
    cells.select(cells="C01").save(tmp_path / "one")
    command = ["compare", str(tmp_path / "one"), "C01", "C02", "-o", str(tmp_path / "t.tsv")]
    assert main([*command, *QUICK]) == 1
    assert "No cell 'C02' in the data; there are C01" in capsys.readouterr().err


def test_files_that_are_read_are_not_written(saved, tmp_path, capsys):
    names = tmp_path / "names.tsv"
    names.write_text("G00001\tSOX1\n")
    command = ["compare", saved, "C01", "C02", *QUICK, "--overwrite", "--names", str(names)]
    assert main([*command, "-o", str(names)]) != 0
    assert "is read, and would be written" in capsys.readouterr().err
    assert names.read_text() == "G00001\tSOX1\n"
