"""Options that commands share."""

import argparse
import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info

from histoexpr.cli import _options as options
from histoexpr.experiments import GENE_DIVISIONS, MODELS, NORMALIZATIONS


def test_names_that_help_lists_are_those_of_the_registries():
    assert tuple(MODELS) == options.MODELS
    assert tuple(GENE_DIVISIONS) == options.GENE_DIVISIONS
    assert tuple(NORMALIZATIONS) == options.NORMALIZATIONS


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (options.positive, {"1": 1, "20": 20}, ("0", "-1", "1.5", "many")),
        (options.random_state, {"0": 0, "4294967295": 4294967295}, ("-1", "4294967296", "x")),
        (options.number_of_jobs, {"2": 2, "-1": -1}, ("0", "two")),
        (options.names_among(("cnn", "linear"), "model"), {"CNN, linear,cnn": ["cnn", "linear"]},
         ("cn", "cnn,")),
    ],
)  # fmt: skip
def test_types(read, good, bad):
    for text, value in good.items():
        assert read(text) == value
    for text in bad:
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)


def test_the_most_similar_name_is_suggested():
    assert options.did_you_mean("liner", ["cnn", "linear"]) == " (did you mean 'linear'?)"
    assert options.did_you_mean("e003", ["E003", "E123"]) == " (did you mean 'E003'?)"
    assert options.did_you_mean("xyz", ["cnn", "linear"]) == ""


def test_lists_of_names():
    assert options.names_of("--cells", None) is None
    assert options.names_of("--cells", " a,b ,, ") == ["a", "b"]
    with pytest.raises(ValueError, match="--cells names nothing"):
        options.names_of("--cells", " , ")


def test_what_is_read(tmp_path):
    (tmp_path / "cells").mkdir()
    options.check_read(tmp_path / "cells", "DATA")
    with pytest.raises(FileNotFoundError, match=r"DATA: .*cels does not exist.*'cells'"):
        options.check_read(tmp_path / "cels", "DATA")
    with pytest.raises(FileNotFoundError, match=r"no folder .*none"):
        options.check_read(tmp_path / "none" / "a", "DATA")
    with pytest.raises(IsADirectoryError, match=r"SPEC: .* is a folder. Give a file"):
        options.check_read(tmp_path / "cells", "SPEC", file=True)


def test_what_is_written(tmp_path):
    def check(path, read=(), **others):
        overwrite = others.pop("overwrite", False)
        options.check_written({"--out": path, "--none": None, **others}, read, overwrite=overwrite)

    there, folder = tmp_path / "there.tsv", tmp_path / "folder"
    there.write_text("mine")
    folder.mkdir()
    check(tmp_path / "new.tsv")
    check(there, overwrite=True)
    for path, read, error, message in (
        (there, (), FileExistsError, "--out: .*exists.*--overwrite"),
        (folder, (), IsADirectoryError, "--out: .*is a folder"),
        (tmp_path / "none" / "a", (), FileNotFoundError, "none does not exist. Make it"),
        (there / "a", (), NotADirectoryError, "there.tsv is a file"),
        (there, (there,), ValueError, "is read"),
        (folder / "a", (folder,), ValueError, "lies in what is read"),
    ):
        with pytest.raises(error, match=message):
            check(path, read)
    with pytest.raises(ValueError, match="--out and --json are both"):
        check(tmp_path / "a", **{"--json": tmp_path / "folder" / ".." / "a"})
    options.check_ending("--out", tmp_path / "a.TSV", options.TABLES)
    for name in ("a", ".tsv", "a.txt"):
        with pytest.raises(ValueError, match=r"--out: .* ends in \.tsv or"):
            options.check_ending("--out", tmp_path / name, options.TABLES)


def test_folders_of_results(tmp_path):
    (tmp_path / "file").write_text("")
    options.check_folder("--out", tmp_path)
    options.check_folder("--out", tmp_path / "new")
    with pytest.raises(FileExistsError, match=r"is a file. Choose a folder with --out"):
        options.check_folder("--out", tmp_path / "file")
    with pytest.raises(FileNotFoundError, match="Make it"):
        options.check_folder("--out", tmp_path / "none" / "new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write and read everywhere")
def test_permissions(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="--out: nothing may be written"):
        options.check_written({"--out": tmp_path / "a"}, (), overwrite=False)
    with pytest.raises(PermissionError, match="--out: nothing may be written"):
        options.check_folder("--out", tmp_path)
    tmp_path.chmod(0o700)
    (tmp_path / "a").touch(0o000)
    with pytest.raises(PermissionError, match=r"DATA: .* may not be read"):
        options.check_read(tmp_path / "a", "DATA")


def test_permissions_of_anyone(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match=r"DATA: .* may not be read. Change"):
        options.check_read(tmp_path, "DATA")
    with pytest.raises(PermissionError, match="--out: nothing may be written"):
        options.check_folder("--out", tmp_path / "new")


def test_threads_are_limited_for_a_while(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    before = torch.get_num_threads()
    with options.limited_threads(2):
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "2"
        assert torch.get_num_threads() == 2
        assert {pool["num_threads"] for pool in threadpool_info()} == {2}
    assert "OMP_NUM_THREADS" not in os.environ
    assert os.environ["MKL_NUM_THREADS"] == "3"
    assert torch.get_num_threads() == before
    with options.limited_threads(None):
        assert "OMP_NUM_THREADS" not in os.environ


def test_nothing_slow_is_imported():
    code = (
        "import sys; import histoexpr.cli._options; "
        "print(*{'numpy', 'pandas', 'sklearn', 'torch'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
