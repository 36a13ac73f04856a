"""Choosing a command, and errors on one line."""

import subprocess
import sys

import pytest

from histoexpr import __version__, make_histone_cells
from histoexpr.cli import main


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["crosscell", "{tmp}/nowhere"], "nowhere does not exist"),
        (["crosscell", "{tmp}"], "{tmp}/saved can be read: give one of them"),
        (["crosscell", "{tmp}/savde"], "did you mean 'saved'?"),
        (["demo", "--n-genes", "1"], "n_genes"),
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


def test_module_runs():
    done = subprocess.run(
        [sys.executable, "-m", "histoexpr", "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == f"histoexpr {__version__}"
