"""The command ``maps``: figures, their tables, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from histoexpr import (
    HistoneLinearRegressor,
    ReferenceClassifier,
    class_maps,
    load_model,
    make_histone_cells,
    save_model,
)
from histoexpr.cli import main

pytest.importorskip("matplotlib")


def maps(*options):
    return main(["maps", *map(str, options), "--quiet"])


def read(path):
    return pd.read_csv(path, sep="\t")


def test_figures_tables_and_what_was_reached(
    narrow_cells, saved_narrow, kept_classifier, kept_generator, tmp_path, capsys
):
    out, as_json = tmp_path / "m.png", tmp_path / "m.json"
    command = [kept_classifier, saved_narrow, "--generator", kept_generator, "-o", out]
    command += [
        "--n-maps",
        5,
        "--scale",
        "mark",
        "--probability",
        0.6,
        "--path",
        "0.4,0.6",
        "--seed",
        3,
    ]
    assert maps(*command, "--json", as_json) == 0
    printed = capsys.readouterr().out
    names = ["m", "m-path", "m-profiles"]
    assert {path.name for path in tmp_path.iterdir()} == {
        "m.json", *(f"{name}.{ending}" for name in names for ending in ("png", "tsv"))
    }  # fmt: skip
    for name in names:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert f"{name}.tsv" in printed
    # the first panel is what the function makes
    found = class_maps(
        load_model(kept_classifier), 1, generator=load_model(kept_generator),
        X=narrow_cells, probability=0.6, n_maps=5, random_state=3,
    )  # fmt: skip
    table = read(tmp_path / "m.tsv")
    assert len(table) == 4 * 20 * 5
    first = table[table["map"] == table["map"].iloc[0]]
    assert first["class"].eq(1).all()
    np.testing.assert_allclose(first["signal"], found.average.T.ravel(), rtol=1e-5)
    np.testing.assert_allclose(first["sd_of_log"], found.spread.T.ravel(), rtol=1e-5)
    assert first["mark"].unique().tolist() == narrow_cells.marks
    assert first["position"].iloc[:20].tolist() == list(range(-950, 1000, 100))
    rows = json.loads(as_json.read_text())["maps"]
    assert len(rows) == 4 + 2 + 2
    assert rows[0]["median"] == pytest.approx(np.median(found.scores))
    assert rows[0]["n"] == 5
    low, high = np.quantile(found.scores, [0.025, 0.975])
    reached = f"{rows[0]['median']:.3f} ({low:.3f} to {high:.3f})"
    assert reached in printed
    assert "Gradients do not pass" not in printed
    # a path and its profiles are the same maps
    path, profiles = read(tmp_path / "m-path.tsv"), read(tmp_path / "m-profiles.tsv")
    pd.testing.assert_frame_equal(path, profiles)
    assert path["probability_sought"].unique().tolist() == [0.4, 0.6]


@pytest.mark.filterwarnings("ignore:Samples of the null differ")  # hardly trained
def test_cooccurrence_and_the_name_of_the_first_figure(
    saved_narrow, kept_classifier, kept_generator, tmp_path, capsys
):
    out = tmp_path / "together.pdf"
    command = [kept_classifier, saved_narrow, "--generator", kept_generator, "-o", out]
    assert maps(*command, "--figures", "cooccurrence", "--probability", 0.6) == 0
    assert out.read_bytes().startswith(b"%PDF")
    table = read(tmp_path / "together.tsv")
    assert table["set"].nunique() == 4
    assert {"first_mark", "second_mark", "log2_odds", "null_mean", "null_sd", "excess"} < set(
        table
    )
    assert table[["low", "high"]].isna().all(axis=None)  # the number of maps is a choice
    assert " 256 " in capsys.readouterr().out


def test_a_generator_is_trained_on_the_way_and_kept(
    saved_narrow, kept_classifier, tmp_path, capsys
):
    kept = tmp_path / "g.histoexpr"
    command = [kept_classifier, saved_narrow, "-o", tmp_path / "m.svg", "--steps", 2]
    command += ["--figures", "maps", "--n-maps", 2, "--keep-generator", kept]
    assert maps(*command) == 0
    assert load_model(kept).n_iter_ == 2
    assert str(kept) in capsys.readouterr().out


def test_without_data_there_are_no_real_genes(kept_classifier, kept_generator, tmp_path, capsys):
    command = [kept_classifier, "--generator", kept_generator, "-o", tmp_path / "m.png"]
    assert maps(*command, "--figures", "maps", "--n-maps", 2) == 0
    assert "real genes" not in capsys.readouterr().out
    assert read(tmp_path / "m.tsv")["map"].nunique() == 2


def test_unlabelled_data_with_more_marks_in_another_order(
    narrow_cells, kept_generator, kept_classifier, tmp_path, capsys
):
    extra = narrow_cells.replace(
        X=np.concatenate([narrow_cells.X, narrow_cells.X[:, :, :1]], axis=2),
        marks=[*narrow_cells.marks, "H3K27ac"],
        y=None,
    )
    extra.select(marks=extra.marks[::-1]).save(tmp_path / "more")
    command = [kept_classifier, tmp_path / "more", "--generator", kept_generator]
    command += ["--figures", "maps", "--n-maps", 3, "--seed", 0]
    assert maps(*command, "-o", tmp_path / "m.png") == 0
    table = read(tmp_path / "m.tsv")
    real = table[table["map"].str.contains("real genes")]
    found = class_maps(
        load_model(kept_classifier), 1, method="data", X=narrow_cells, probability=0.9, n_maps=3
    )
    first = real[real["map"] == real["map"].iloc[0]]
    signal = first.pivot(index="position", columns="mark", values="signal")
    np.testing.assert_allclose(signal[narrow_cells.marks], found.average, rtol=1e-5)
    narrow_cells.select(marks=narrow_cells.marks[1:]).save(tmp_path / "fewer")
    command[1] = tmp_path / "fewer"
    assert maps(*command, "-o", tmp_path / "n.png") == 1
    assert f"The data set lacks {narrow_cells.marks[0]}" in capsys.readouterr().err


def test_models_without_gradients_say_so(narrow_cells, kept_generator, tmp_path, capsys):
    from histoexpr.experiments import make_model

    model = make_model("logistic", "logistic").fit(narrow_cells, narrow_cells.y)
    path = save_model(model, tmp_path / "logistic.histoexpr", data=narrow_cells)
    command = [path, "--generator", kept_generator, "-o", tmp_path / "m.png"]
    assert maps(*command, "--figures", "maps", "--n-maps", 4) == 0
    printed = capsys.readouterr().out
    assert "Gradients do not pass through this Pipeline" in printed
    assert "--model regions or cnn" in printed


def test_models_of_more_than_signals_are_refused(kept_generator, narrow_cells, tmp_path, capsys):
    data, reference = make_histone_cells(
        n_cells=2, n_genes=220, n_reference_cells=5, random_state=0
    )
    model = ReferenceClassifier(reference=reference).fit(data)
    path = save_model(model, tmp_path / "r.histoexpr", data=data)
    assert maps(path, "--generator", kept_generator, "-o", tmp_path / "m.png") == 1
    error = capsys.readouterr().err
    assert "this ReferenceClassifier takes more than them" in error
    assert "histoexpr train" in error


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            ["{tmp}/no", "{data}", "-o", "{tmp}/m.png"],
            "MODEL: {tmp}/no does not exist. Name a class",
        ),
        (
            ["{data}", "{model}", "-o", "{tmp}/m.png"],
            "is a folder. Give a file. Name a classifier",
        ),
        (["{model}", "{tmp}/no", "-o", "{tmp}/m.png"], "DATA: {tmp}/no does not exist"),
        (["{model}", "-o", "{tmp}/m.png"], "Maps need a generator: name a data set"),
        (["{model}", "{data}", "-o", "{tmp}/m"], "--out: {tmp}/m needs a name that ends in .png"),
        (["{model}", "{data}", "-o", "{tmp}/there.png"], "there.png exists"),
        (
            ["{model}", "{data}", "-o", "{tmp}/no/m.png"],
            "--out: the folder {tmp}/no does not exist",
        ),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--generator", "{tmp}/no"],
            "--generator: {tmp}/no does not exist",
        ),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--generator", "{kept}", "--steps", "3"],
            "--steps is of training a generator",
        ),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--keep-generator", "{tmp}/g"],
            "--keep-generator: {tmp}/g needs a name that ends in .histoexpr",
        ),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--json", "{tmp}/m.tsv"],
            "{tmp}/m.tsv. Choose another",
        ),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--generator", "{model}"],
            "holds a HistoneLinearClassifier, which is no generator",
        ),
        (["{kept}", "{data}", "-o", "{tmp}/m.png"], "holds a SignalGenerator, which is no class"),
        (
            ["{model}", "{data}", "-o", "{tmp}/m.png", "--generator", "{kept}", "--class", "2"],
            "--class 2: the classifier knows the classes 0, 1",
        ),
    ],
)
def test_errors_are_one_line_and_leave_nothing(
    saved_narrow, kept_classifier, kept_generator, tmp_path, capsys, command, message
):
    (tmp_path / "there.png").write_text("mine\n")
    names = {"tmp": tmp_path, "data": saved_narrow, "model": kept_classifier}
    names["kept"] = kept_generator
    assert maps(*(part.format(**names) for part in command)) == 1
    error = capsys.readouterr().err
    assert error.startswith("histoexpr: error: ")
    assert error.count("\n") == 1
    assert message.format(**names) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.png"]
    assert (tmp_path / "there.png").read_text() == "mine\n"


def test_models_of_expression_have_no_classes(narrow_cells, saved_narrow, tmp_path, capsys):
    model = HistoneLinearRegressor(n_regions=2).fit(narrow_cells)
    path = save_model(model, tmp_path / "e.histoexpr", data=narrow_cells)
    assert maps(path, saved_narrow, "-o", tmp_path / "m.png") == 1
    assert "Maps are of the classes that a classifier knows" in capsys.readouterr().err


def test_wrong_options_are_wrong_usage(capsys):
    for option, value, message in (
        ("--probability", "1", "no probability between 0 and 1"),
        ("--path", "0.1,0.1", "each another one"),
        ("--path", ",", "lists no probabilities"),
        ("--figures", "maps,pictures", "'pictures' is no figure; choose among maps"),
        ("--n-maps", "0", "no whole number of 1 or more"),
    ):
        with pytest.raises(SystemExit) as caught:
            maps("m", "d", "-o", "m.png", option, value)
        assert caught.value.code == 2
        assert message in capsys.readouterr().err


def test_ctrl_c_keeps_the_generator_and_leaves_no_figure(
    saved_narrow, kept_classifier, tmp_path, monkeypatch
):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("histoexpr.cli._map_figures.class_maps", interrupt)
    command = [kept_classifier, saved_narrow, "-o", tmp_path / "m.png", "--steps", 2]
    assert maps(*command, "--keep-generator", tmp_path / "g.histoexpr") == 130
    assert [path.name for path in tmp_path.iterdir()] == ["g.histoexpr"]
