"""The command ``generate``: training with a report, and making signals."""

import json

import numpy as np
import pytest

from histoexpr import HistoneDataset, load_model, read_model_info
from histoexpr.cli import main
from support.generators import FEW_TREES, QUICK


@pytest.fixture
def quick_report(monkeypatch):
    """Train the judges hardly at all, which take most of the time of a report."""
    for room in ("_judges", "_transfer"):
        monkeypatch.setattr(f"histoexpr.generation.{room}._TRAINING", QUICK)
    monkeypatch.setattr("histoexpr.generation._judges._TREES", FEW_TREES)
    monkeypatch.setattr("histoexpr.cli._generate._REPEATS", 2)


def generate(*options):
    return main(["generate", *map(str, options), "--quiet"])


def test_a_generator_is_trained_compared_and_kept(
    narrow_cells, saved_narrow, tmp_path, capsys, quick_report
):
    out, as_json = tmp_path / "g.histoexpr", tmp_path / "g.json"
    assert generate(saved_narrow, "-o", out, "--steps", 3, "--json", as_json, "--seed", 4) == 0
    printed = capsys.readouterr().out
    generator, info = load_model(out), read_model_info(out)
    assert generator.n_iter_ == 3
    assert generator.cells_.tolist() == ["C01", "C02"]
    assert info["kind"] == "generator"
    # whole chromosomes, in both cells
    held_out = json.loads(as_json.read_text())["about"]["held_out"]
    chroms = held_out.removeprefix("chromosomes ").split(", ")
    test = np.isin(narrow_cells.chrom, chroms)
    assert 0.15 < test.mean() < 0.25
    assert info["training"]["n_samples"] == (~test).sum()
    assert not set(chroms) & set(info["training"]["chromosomes"])
    assert f"Held out: {test.sum()} samples ({test.sum() // 2} genes), {held_out}." in printed
    report = json.loads(as_json.read_text())["report"]
    assert f"{report['verdict']}\n\nmeasure" in printed
    assert f"n = {report['n']} real and as many generated samples in each of 2 draws" in printed
    assert 0.9 * test.sum() <= report["n"] <= test.sum()
    rows = {row["measure"]: row for row in report["rows"]}
    assert {f"zero_fraction_error {mark}" for mark in narrow_cells.marks} < set(rows)
    assert len(info["scores"]) == 8
    row = next(row for row in info["scores"] if row["measure"] == "recall")
    assert row.items() <= rows["recall"].items()
    assert f"{row['generator']:.3f} ({row['generator low']:.3f} to" in printed
    assert (tmp_path / "g.png").read_bytes().startswith(b"\x89PNG")
    # the same command gives the same file but for the date
    again = tmp_path / "again.histoexpr"
    assert generate(saved_narrow, "-o", again, "--steps", 3, "--seed", 4, "--no-figure") == 0
    assert not (tmp_path / "again.png").exists()
    first, second = (load_model(p).sample(4, random_state=0) for p in (out, again))
    np.testing.assert_array_equal(first, second)


def test_data_without_labels_or_of_one_cell(narrow_cells, tmp_path, capsys, quick_report):
    one = narrow_cells.select(cells="C02").replace(y=None)
    one.save(tmp_path / "one")
    out = tmp_path / "g.histoexpr"
    assert generate(tmp_path / "one", "-o", out, "--steps", 2) == 0
    generator = load_model(out)
    assert not hasattr(generator, "classes_")
    assert not hasattr(generator, "cells_")
    printed = capsys.readouterr().out
    assert "with neither labels nor cell types" in printed
    assert "transfer, CNN" in printed
    assert "are few: all of these figures are vague" in printed  # 30 genes
    made = tmp_path / "made"
    assert generate(out, "--samples", 5, "-o", made) == 0
    assert HistoneDataset.load(made).y is None


def test_held_out_none_trains_on_everything(narrow_cells, saved_narrow, tmp_path, capsys):
    out = tmp_path / "g.histoexpr"
    command = [saved_narrow, "-o", out, "--steps", 2, "--hold-out", "none", "--cells", "C01"]
    assert generate(*command) == 0
    assert "how faithful it is was not measured" in capsys.readouterr().out
    assert read_model_info(out)["training"]["n_samples"] == 150
    assert read_model_info(out)["scores"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["g.histoexpr"]


def test_signals_are_made_as_a_data_set(narrow_cells, kept_generator, tmp_path, capsys):
    out = tmp_path / "made"
    assert generate(kept_generator, "--samples", 400, "-o", out, "--seed", 1) == 0
    made = HistoneDataset.load(out)
    assert repr(made).replace(", memory-mapped", "") in capsys.readouterr().out
    assert made.X.shape == (400, 20, 5)
    assert made.X.dtype.kind == "u"  # counts, as in training
    assert made.marks == narrow_cells.marks
    assert (made.window, made.bin_size) == ((-1000, 1000), 100)
    assert made.oriented == narrow_cells.oriented
    assert len(made.genes) == 400
    assert "simulated" in made.meta["source"]
    # classes and cells as often as in training: half of each, within four standard errors
    assert abs(np.mean(made.cell == "C01") - 0.5) < 0.1
    assert abs(np.mean(made.y) - narrow_cells.y.mean()) < 0.1
    generator = load_model(kept_generator)
    again = generator.sample(400, y=made.y, cell=made.cell, counts="round", random_state=0)
    assert again.shape == made.X.shape


def test_signals_of_one_class_and_cell(kept_generator, tmp_path):
    shared = [kept_generator, "--samples", 9, "--label", 1, "--cells", "C02"]
    for name, seed in (("a", 0), ("b", 0), ("c", 5)):
        assert generate(*shared, "-o", tmp_path / name, "--seed", seed) == 0
    a, b, c = (HistoneDataset.load(tmp_path / name) for name in "abc")
    assert set(a.y) == {1}
    assert set(a.cell) == {"C02"}
    np.testing.assert_array_equal(a.X, b.X)
    assert (a.X != c.X).any()


def test_a_data_set_that_exists_is_replaced_only_if_asked(kept_generator, tmp_path, capsys):
    command = [kept_generator, "--samples", 3, "-o", tmp_path / "made"]
    assert generate(*command) == 0
    assert generate(*command) == 1
    assert "made exists. Choose another folder, or replace" in capsys.readouterr().err
    assert generate(kept_generator, "--samples", 4, "-o", tmp_path / "made", "--overwrite") == 0
    assert len(HistoneDataset.load(tmp_path / "made")) == 4


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["{tmp}/no", "-o", "{tmp}/g.histoexpr"], "DATA or GENERATOR: {tmp}/no does not exist"),
        (["{data}", "-o", "{tmp}/g"], "--out: {tmp}/g needs a name that ends in .histoexpr"),
        (["{data}", "-o", "{tmp}/g.histoexpr", "--samples", "5"], "--samples makes signals with"),
        (["{data}", "-o", "{tmp}/no/g.histoexpr"], "--out: the folder {tmp}/no does not exist"),
        (["{data}", "-o", "{tmp}/there.histoexpr"], "--out: {tmp}/there.histoexpr exists. Choose"),
        (
            ["{data}", "-o", "{tmp}/g.histoexpr", "--figure", "{tmp}/f"],
            "--figure: {tmp}/f needs a name",
        ),
        (["{data}", "-o", "{tmp}/g.histoexpr", "--cells", "C07"], "No cell C07; there are C01"),
        (["{data}", "-o", "{tmp}/g.histoexpr", "--cells", ","], "--cells names nothing"),
        (
            ["{data}", "-o", "{tmp}/g.histoexpr", "--hold-out", "none", "--figure", "{tmp}/f.png"],
            "--figure is of the comparison with held-out genes",
        ),
        (
            ["{data}", "-o", "{tmp}/g.histoexpr", "--figure", "{tmp}/f.png", "--no-figure"],
            "exclude each other",
        ),
        (["{kept}", "-o", "{tmp}/x"], "Say how many signals it is to make, such as --samples"),
        (["{kept}", "-o", "{tmp}/x", "--samples", "5", "--steps", "3"], "--steps is of training"),
        (["{kept}", "-o", "{tmp}/x.npz", "--samples", "5"], "written as a data set, which is a"),
        (["{kept}", "-o", "{tmp}/no/x", "--samples", "5"], "--out: the folder {tmp}/no does not"),
        (["{kept}", "-o", "{tmp}/x", "--samples", "5", "--label", "2"], "fitted to 0, 1"),
        (["{kept}", "-o", "{tmp}/x", "--samples", "5", "--cells", "E1"], "fitted to C01, C02"),
        (
            ["{classifier}", "-o", "{tmp}/x", "--samples", "5"],
            "m.histoexpr holds a HistoneLinearClassifier, which is no generator",
        ),
        (["{tmp}/there.histoexpr", "-o", "{tmp}/x", "--samples", "5"], "there.histoexpr"),
    ],
)
def test_errors_are_one_line_and_leave_nothing(
    saved_narrow, kept_generator, kept_classifier, tmp_path, capsys, command, message
):
    (tmp_path / "there.histoexpr").write_text("mine\n")
    names = {"tmp": tmp_path, "data": saved_narrow, "kept": kept_generator}
    names["classifier"] = kept_classifier
    assert generate(*(part.format(**names) for part in command)) == 1
    error = capsys.readouterr().err
    assert error.startswith("histoexpr: error: ")
    assert error.count("\n") == 1
    assert message.format(**names) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.histoexpr"]
    assert (tmp_path / "there.histoexpr").read_text() == "mine\n"


def test_ctrl_c_in_training_leaves_nothing(saved_narrow, tmp_path, monkeypatch, capsys):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("histoexpr.generation.SignalGenerator.fit", interrupt)
    assert generate(saved_narrow, "-o", tmp_path / "g.histoexpr") == 130
    assert not list(tmp_path.iterdir())


def test_a_report_that_fails_does_not_lose_the_generator(
    saved_narrow, tmp_path, monkeypatch, capsys
):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("histoexpr.generation.generation_report", interrupt)
    assert generate(saved_narrow, "-o", tmp_path / "g.histoexpr", "--steps", 2) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["g.histoexpr"]
    assert load_model(tmp_path / "g.histoexpr").n_iter_ == 2
    error = capsys.readouterr().err
    assert "g.histoexpr is kept, without the comparison" in error
