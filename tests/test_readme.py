"""The README keeps its word."""

import re
import shlex
import warnings

import pytest

from histoexpr.cli import build_parser
from histoexpr.exceptions import HistoexprWarning
from support import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == language]


def test_the_example_runs_as_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)  # it writes a file
    first, kept, pairs, reference, second, third = blocks("python")
    names = {}
    exec(compile(first, "README.md", "exec"), names)
    assert names["proba"].shape == (1200, 2)
    printed = capsys.readouterr().out
    assert "binpooler__pooling" in printed
    assert len(re.findall(r"0\.\d+", printed)) == 3
    exec(compile(kept, "README.md", "exec"), names)
    assert "CC0-1.0" in capsys.readouterr().out
    same, regions, data = (names[name] for name in ("same", "regions", "data"))
    assert (same.predict_proba(data) == regions.predict_proba(data)).all()
    exec(compile(pairs + reference, "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "(1200,)" in printed
    assert "most_similar" in printed
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    # in small: training and report take some minutes
    for long, short in (
        ("SignalGenerator(", "SignalGenerator(n_steps=2, width=4, encoder_steps=1, "),
        ("X_train=data[~test]", "X_train=data[~test], n_repeats=1, n=40, n_transfer=80"),
        ("probability=p", "probability=p, n_maps=8"),
    ):
        assert second.count(long) == 1
        second = second.replace(long, short)
    with warnings.catch_warnings():  # of maps that a generator so young cannot make
        warnings.simplefilter("ignore", HistoexprWarning)
        exec(compile(second, "README.md", "exec"), names)
        plt.close("all")
        assert "two-sample AUROC" in capsys.readouterr().out
        for long, short in (
            ("generator=generator, ", "generator=generator, n_steps=3, "),
            ("data[test]", "data[test][:120]"),
        ):
            assert third.count(long) == 1
            third = third.replace(long, short)
        exec(compile(third, "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "importance" in printed
    assert "[2 rows x 25 columns]" in printed  # counterfactuals of two genes
    assert [maps.signals.shape for maps in names["maps"].values()] == [(8, 100, 5)] * 3


def test_commands_and_paths_exist(capsys):
    parser = build_parser()
    commands = [line for block in blocks("bash") for line in block.splitlines()]
    ours = [line for line in commands if line.startswith("histoexpr ")]
    assert len(ours) >= 3
    for line in ours:
        parser.parse_args(shlex.split(line)[1:])
    for path in re.findall(r"\]\(([^)]+\.png)\)", TEXT):
        assert (ROOT / path).is_file()
    for path in re.findall(r"`(examples/\w+\.py)`", TEXT):
        assert (ROOT / path).is_file()
    for name in re.findall(r"`(\w+\.py)`", TEXT):
        assert (ROOT / "benchmarks" / name).is_file()


def test_public_names_in_the_table_exist():
    import histoexpr
    import histoexpr.datasets
    import histoexpr.generation
    import histoexpr.inspection

    rooms = (histoexpr, histoexpr.datasets, histoexpr.generation, histoexpr.inspection)

    table = re.findall(r"^\| .*", TEXT, re.MULTILINE)
    names = re.findall(r"`([A-Za-z_]+)`", "\n".join(table))
    assert len(names) > 12
    for name in names:
        assert any(hasattr(room, name) for room in rooms), name


@pytest.mark.slow
def test_the_table_is_what_the_demo_prints(tmp_path, capsys):
    from histoexpr.cli import main

    assert main(["demo", "--out", str(tmp_path), "--quiet"]) == 0
    printed = capsys.readouterr().out
    rows = [line for line in blocks("")[0].splitlines() if re.search(r"0\.\d{3}", line)]
    assert len(rows) == 17
    for row in rows:
        assert row in printed
