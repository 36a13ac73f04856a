"""Ctrl-C and closed pipes, in processes of their own: no partial file, no result lost."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from histoexpr import HistoneDataset, make_histone_cells
from histoexpr.datasets import save_deepchrome

# Runs the command line; says when its code is in place, before anything slow is imported
PROGRAM = """
import sys
from histoexpr.cli import main
print("ready", flush=True)
sys.exit(main())
"""
# Seconds after that: while libraries are imported, data are read, models are fitted ...
MOMENTS = (0.0, 0.3, 1.0, 2.5)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    path = tmp_path_factory.mktemp("interrupted")
    cells = make_histone_cells(3, 120, random_state=0)
    cells.save(path / "cells")
    save_deepchrome(make_histone_cells(1, 30, oriented=False, random_state=0), path / "files")
    (path / "spec.json").write_text(
        json.dumps(
            {"models": {"linear": "linear"}, "experiments": [{"name": "a", "regime": "own"}]}
        )
    )
    (path / "reads.bed").write_text("chr1\t3000\t3036\tr\t1\t+\n" * 1000)
    (path / "tracks.tsv").write_text("cell\tmark\tfile\nA\tK4\treads.bed\nB\tK4\treads.bed\n")
    (path / "genes.bed").write_text("chr1\t3000\t5000\tG1\t0\t+\nchr1\t9000\t9500\tG2\t0\t-\n")
    (path / "rpkm.tsv").write_text("gene\tC01\n" + "".join(f"{g}\t{n}\n" for n, g in
                                   enumerate(cells.genes)))  # fmt: skip
    return path


COMMANDS = {
    "demo": ["demo", "--n-cells", "2", "--n-genes", "120", "--models", "linear", "-o", "{out}"],
    "crosscell": [
        "crosscell",
        "cells",
        "--models",
        "linear",
        "-o",
        "{out}",
        "--json",
        "{out}.json",
    ],
    "build": ["build", "tracks.tsv", "genes.bed", "-o", "{out}", "--json", "{out}.json"],
    "audit": ["audit", "cells", "rpkm.tsv", "--json", "{out}.json", "--plot", "{out}.png"],
    "study": ["study", "spec.json", "--data", "cells", "-o", "{out}", "--json", "{out}.json"],
    "compare": ["compare", "cells", "C01", "C02", "--method", "scores", "-o", "{out}.tsv"],
}


def start(name, work, out, **options):
    command = [part.format(out=out) for part in COMMANDS[name]]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command], cwd=work, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=dict(os.environ), start_new_session=True, **options
    )  # fmt: skip


def check_files(name, out):
    """Every file that there is, is whole; nothing temporary is left."""
    for path in out.parent.rglob("*"):
        # the store of a study stays, with its finished fits and its lock
        kept = name == "study" and ("results" in path.parts or path.name == ".lock")
        assert kept or not path.name.startswith("."), path
        assert ".old" not in path.name
        if path.suffix == ".json":
            json.loads(path.read_text())
        if path.suffix == ".png":
            assert path.read_bytes().endswith(b"IEND\xaeB`\x82")
    if name == "build" and out.exists():
        assert HistoneDataset.load(out).n_samples == 4
    if name in ("demo", "crosscell") and out.exists():
        named = json.loads((out / "manifest.json").read_text())["files"]
        assert {path.name for path in out.iterdir()} == {*named, "manifest.json"}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("seconds", MOMENTS)
def test_ctrl_c_leaves_nothing_partial(name, seconds, work, tmp_path):
    process = start(name, work, tmp_path / "out")
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers, too
    _, err = process.communicate(timeout=120)
    # after all is written, Python may be ended by the signal while it takes itself down
    assert process.returncode in (0, 130, -signal.SIGINT), err
    assert "Traceback" not in err
    if process.returncode == 130:
        assert "interrupted" in err.lower()
    check_files(name, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_closed_pipe_loses_no_result(name, work, tmp_path):
    process = start(name, work, tmp_path / "out")
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    with process:
        err = process.stderr.read()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert any(path.is_file() for path in tmp_path.rglob("*"))
    check_files(name, tmp_path / "out")


def test_ctrl_c_and_a_closed_pipe_in_small(work, tmp_path):
    process = start("demo", work, tmp_path / "out")
    process.stdout.readline()
    time.sleep(0.5)
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=5)
            break
        except subprocess.TimeoutExpired:
            continue  # it came where Python ignores it: in the clean-up of an object
    assert process.returncode == 130
    assert err.splitlines()[-1] == "histoexpr: interrupted"
    assert list(tmp_path.iterdir()) == []
    help_of = subprocess.Popen(
        [sys.executable, "-m", "histoexpr", "build", "--help"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    help_of.stdout.close()
    with help_of:
        assert help_of.stderr.read() == b""
    assert help_of.returncode == 0
