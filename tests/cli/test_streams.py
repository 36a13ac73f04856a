"""Output that ends early or is closed, and the argument that an error is about."""

import argparse
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from histoexpr.cli import build_parser, main
from histoexpr.cli._streams import option_of, tolerant_output

# Prints more than a pipe holds, complains, and writes a file
PROGRAM = """
import sys
from histoexpr.cli._streams import tolerant_output
with tolerant_output():
    print("x" * 300_000, flush=True)
    print("y", file=sys.stderr, flush=True)
    with open(sys.argv[1], "w") as file:
        file.write("whole")
    print("z" * 300_000)
"""
DEMO = ["demo", "--n-cells", "2", "--n-genes", "120", "--models", "linear", "-o", "out"]


def run_closed(command, folder, ends):
    """Run a command, with shell code that says how its output ends; return its status."""
    shell = f'("$@"; echo $? > status) {ends}'
    subprocess.run(["bash", "-c", shell, "bash", *command], cwd=folder, check=False, timeout=300,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return int((folder / "status").read_text())


@pytest.mark.parametrize("ends", ["2>&1 | true", "| true", ">&-", "2>&-", ">&- 2>&-"])
def test_work_goes_on_where_nobody_reads(ends, tmp_path):
    command = [sys.executable, "-c", PROGRAM, "file.txt"]
    assert run_closed(command, tmp_path, ends) == 0
    assert (tmp_path / "file.txt").read_text() == "whole"


@pytest.mark.slow
@pytest.mark.parametrize("ends", ["2>&1 | true", ">&-", "2>&-"])
def test_no_result_is_lost_where_nobody_reads(ends, tmp_path):
    assert run_closed([sys.executable, "-m", "histoexpr", *DEMO], tmp_path, ends) == 0
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_below_the_output_is_an_error_in_words(tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "histoexpr", "example", "cells"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("histoexpr: error: standard output cannot be written (No space")
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "cells" / "tracks.tsv").is_file()


def test_streams_are_as_before_afterwards(capsys):
    before = sys.stdout, sys.stderr
    with tolerant_output():
        assert sys.stdout is not before[0]
        assert sys.stdout.isatty() is before[0].isatty()
        print("shown")
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out == "shown\n"


def test_a_file_is_of_the_argument_that_names_it_or_its_folder(tmp_path):
    parser = build_parser("compare")._commands().choices["compare"]
    paths = {"data": tmp_path, "out": tmp_path / "t.tsv", "json": tmp_path / "t.json"}
    args = argparse.Namespace(parser=parser, first="A", seed=0, **paths)
    for name, option in {
        "t.tsv": "--out",
        ".t.tsv.x7.tsv": "--out",
        "t.json": "--json",
        "X.npy": "DATA",
        "a/b": "DATA",
    }.items():
        assert option_of(tmp_path / name, args) == option
        assert option_of(os.fsencode(tmp_path / name), args) == option
    assert option_of("/elsewhere", args) is None
    assert option_of(None, args) is None
    assert option_of(tmp_path / "t.tsv", None) is None


def test_errors_of_the_system_name_argument_and_remedy(tmp_path, capsys, monkeypatch):
    import histoexpr.datasets

    def fail(folder, **options):
        raise OSError(errno.ENOSPC, "No space left on device", str(Path(folder) / "tracks.tsv"))

    monkeypatch.setattr(histoexpr.datasets, "save_example", fail)
    assert main(["example", str(tmp_path / "new")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"histoexpr: error: DIR: {tmp_path / 'new' / 'tracks.tsv'}: No space")
    assert "Make room" in error
    assert error.count("\n") == 1


def test_ctrl_c_while_a_library_makes_classes_is_130(tmp_path):
    # as a dataclass that is interrupted while it is imported
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, histoexpr.cli as cli\n"
        "def main():\n"
        "    try:\n"
        "        exec('raise KeyboardInterrupt')\n"
        "    except KeyboardInterrupt:\n"
        "        return 130\n"
        "cli.main = main\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "histoexpr"], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == 130
