"""The command line: files written, errors told."""

import csv
import subprocess
import sys

import numpy as np
import pytest

from histoexpr import __version__, make_histone_cells
from histoexpr.cli import main

QUICK = ["--models", "linear,logistic", "--jobs", "1", "--quiet"]


def test_demo_writes_what_it_names(tmp_path, capsys):
    out = tmp_path / "out"
    command = ["demo", "--n-cells", "3", "--n-genes", "200", "--out", str(out), *QUICK]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert str(out) in printed.out
    expected = {"scores.csv", "profiles.png", "crosscell-linear.png", "crosscell-logistic.png"}
    assert {path.name for path in out.iterdir()} == expected
    for name in expected:
        assert name in printed.out
    assert (out / "profiles.png").read_bytes()[:4] == b"\x89PNG"
    with open(out / "scores.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = [row for row in rows if row["model"] == "linear" and row["test_cell"] == "C01"]
    own = next(row for row in shown if row["trained_on"] == "same cell")
    assert f"{float(own['roc_auc']):.3f}" in printed.out
    assert "same-gene consensus" in printed.out
    assert "majority class" in printed.out


def test_demo_is_reproducible(tmp_path):
    for name in ("a", "b"):
        main(["demo", "--n-cells", "2", "--n-genes", "150", "--out", str(tmp_path / name), *QUICK])
    tables = []
    for name in ("a", "b"):
        with open(tmp_path / name / "scores.csv", newline="") as file:
            tables.append([row | {"fit_seconds": 0} for row in csv.DictReader(file)])
    assert tables[0] == tables[1]


def test_crosscell_takes_saved_sets_folders_and_archives(tmp_path, capsys):
    import tarfile

    from histoexpr.datasets import save_deepchrome

    data = make_histone_cells(2, 150, random_state=0)
    data.save(tmp_path / "saved")
    save_deepchrome(data, tmp_path / "files")
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "files", arcname=".")
    tables = []
    for name in ("saved", "files", "files.tar.gz"):
        out = str(tmp_path / f"out-{name}")
        assert main(["crosscell", str(tmp_path / name), "--out", out, *QUICK]) == 0
        text = capsys.readouterr().out
        tables.append(text[text.index("test cell") : text.index("Written to")])
    assert tables[0] == tables[1] == tables[2]


def test_crosscell_on_real_cells(tmp_path, capsys, shared_data):
    path = shared_data / "counts" / "deepchrome_csv"
    assert main(["crosscell", str(path), "--out", str(tmp_path), *QUICK]) == 0
    assert "E003" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["crosscell", "{tmp}/nowhere"], "nowhere does not exist"),
        (["crosscell", "{tmp}"], "{tmp}"),
        (["demo", "--models", "linear,forest"], "Unknown model 'forest'; choose among linear"),
        (["demo", "--n-genes", "0"], "n_genes"),
        (["crosscell", "{tmp}/saved", "--cells", "C09"], "No cell C09; there are C01, C02"),
        (["crosscell", "{tmp}/saved", "--cells", " , "], "--cells names no cell type"),
        (["crosscell", "{tmp}/saved", "--cells", "C01, C03"], "No cell C03"),
    ],
)
def test_errors_are_one_line(tmp_path, capsys, command, message):
    make_histone_cells(2, 30, random_state=0).save(tmp_path / "saved")
    command = [part.format(tmp=tmp_path) for part in command]
    assert main([*command, "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("histoexpr: error: ")
    assert message.format(tmp=tmp_path) in printed.err
    assert printed.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_wrong_usage_exits_with_2(capsys):
    for command in ([], ["nonsense"], ["demo", "--jobs", "many"], ["demo", "--jobs", "0"]):
        with pytest.raises(SystemExit) as caught:
            main(command)
        assert caught.value.code == 2
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_ctrl_c_exits_with_130_and_leaves_nothing(monkeypatch, capsys, tmp_path):
    import histoexpr.experiments

    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(histoexpr.experiments, "evaluate_cells", interrupt)
    assert main(["demo", "--n-genes", "50", "--out", str(tmp_path / "out")]) == 130
    assert not (tmp_path / "out").exists()
    assert "interrupted" in capsys.readouterr().err


def test_import_is_light():
    code = (
        "import sys, histoexpr; "
        "heavy = {'torch', 'matplotlib', 'skorch', 'pandas'} & set(sys.modules); "
        "assert not heavy, heavy; "
        "from histoexpr.datasets import load_deepchrome; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_public_names_exist():
    import histoexpr

    for name in histoexpr.__all__:
        assert getattr(histoexpr, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = histoexpr.nonsense
    assert set(histoexpr.__all__) <= set(dir(histoexpr))


def test_module_runs():
    done = subprocess.run(
        [sys.executable, "-m", "histoexpr", "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == f"histoexpr {__version__}"


@pytest.mark.filterwarnings("ignore:The labels are all of one class")
def test_crosscell_of_odd_names_and_undefined_scores(tmp_path, capsys):
    names = ["$\\bad$", "a/b"]
    data = make_histone_cells(n_cells=2, n_genes=120, random_state=0, cell_names=names)
    y = np.where(data.split == "test", 1, data.y)
    for name, dataset in (("odd", data), ("undefined", data.replace(y=y))):
        dataset.save(tmp_path / name)
        out = tmp_path / f"{name}-out"
        command = ["crosscell", str(tmp_path / name), "--out", str(out), "--models", "linear"]
        assert main([*command, "--jobs", "1", "--quiet"]) == 0
        assert (out / "crosscell-linear.png").stat().st_size > 0
        assert "slice" not in capsys.readouterr().err  # no warning of numpy's
