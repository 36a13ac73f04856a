"""Choosing a command, and errors on one line."""

import os
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
        (["crosscell", "{tmp}/saved", "--cells", " , "], "--cells names nothing"),
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
    for command in (["nonsense"], ["demo", "--jobs", "many"], ["demo", "--jobs", "0"]):
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
    lines = done.stdout.splitlines()
    assert lines[0] == f"histoexpr {__version__}"
    assert [line.split()[0] for line in lines[1:]] == ["Python", "numpy", "scikit-learn", "torch"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(28, "No space left on device", "a.tsv"),
         "a.tsv: No space left on device. Make room on the disk, then run the same"),
        (PermissionError(13, "Permission denied", "a"), "a: Permission denied. Change its perm"),
        (OSError(30, "Read-only file system", "a"), "a: Read-only file system. The disk can only"),
        (IsADirectoryError(21, "Is a directory", "a"), "a: Is a directory. It is a folder: give"),
        (OSError(5, "Input/output error"), "Input/output error.\n"),
        (OSError(28, "cannot be written (full). Choose another name", "a"),
         "a: cannot be written (full). Choose another name.\n"),
        (MemoryError("Unable to allocate 9 TiB."), "out of memory. Unable to allocate 9 TiB. Use"),
        (ValueError("what is wrong."), "what is wrong.\n"),
    ],
)  # fmt: skip
def test_errors_of_the_system_name_a_remedy(error, message, monkeypatch, capsys, tmp_path):
    import histoexpr.experiments

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(histoexpr.experiments, "evaluate_cells", fail)
    assert main(["demo", "--n-genes", "50", "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"histoexpr: error: {message}")
    assert printed.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_shell_completes_commands_options_and_choices(tmp_path):
    pytest.importorskip("argcomplete")
    program = [sys.executable, "-m", "histoexpr"]
    for line, expected in (
        ("histoexpr cross", {"crosscell"}),
        ("histoexpr demo --no", {"--normalize"}),
        ("histoexpr compare a b c --method ", {"auto", "scores", "pairs"}),
    ):
        found = tmp_path / "found"
        asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)),
                 "_ARGCOMPLETE_STDOUT_FILENAME": str(found), "_ARGCOMPLETE_IFS": " "}  # fmt: skip
        subprocess.run(program, env={**os.environ, **asked}, check=True, capture_output=True)
        assert set(found.read_text().split()) == expected
    code = subprocess.run([*program, "--print-completion", "bash"], capture_output=True, text=True)
    assert "complete" in code.stdout
    assert "histoexpr" in code.stdout


def test_without_argcomplete_its_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "argcomplete", None)
    assert main(["--print-completion", "bash"]) == 1
    assert "histoexpr[completion]" in capsys.readouterr().err
