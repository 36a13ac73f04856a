"""The folder of a run."""

import errno
import json
import os

import pytest

from histoexpr.cli._output import RunFolder
from histoexpr.exceptions import DataFormatError


def write(path, run, names, **options):
    with RunFolder(path, run, **options) as folder, folder.write({"command": "x"}) as out:
        for name in names:
            (out / name).write_text(str(run))
    return folder


def names_in(path):
    return {file.name for file in path.iterdir()}


def test_another_run_is_refused_or_replaced_whole(tmp_path):
    out = tmp_path / "out"
    assert write(out, {"a": 1, "b": 2}, ["x", "y"]).files == ["x", "y", "manifest.json"]
    with pytest.raises(FileExistsError, match=r"with other b\. .*--out.*--overwrite"):
        write(out, {"a": 1, "b": 3}, [])
    (out / "notes of the user").write_text("mine")
    write(out, {"a": 1, "b": 3}, ["y", "z"], overwrite=True)
    expected = {"y", "z", "manifest.json", "notes of the user"}
    assert names_in(out) == expected
    write(out, {"a": 1, "b": 3}, ["y", "z"])  # the same run
    assert names_in(out) == expected


def test_files_of_no_run_are_never_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(FileExistsError, match=r"files that are of no run .*thesis.tex"):
            write(tmp_path, {}, [], overwrite=overwrite)
    with pytest.raises(FileExistsError, match="is a file"):
        write(tmp_path / "thesis.tex", {}, [])
    assert names_in(tmp_path) == {"thesis.tex"}
    write(tmp_path / "out", {"a": 1}, ["x"])
    (tmp_path / "out" / "y").write_text("mine")
    with pytest.raises(FileExistsError, match=r"y is of no run .* stays"):
        write(tmp_path / "out", {"a": 2}, ["x", "y"], overwrite=True)
    assert (tmp_path / "out" / "y").read_text() == "mine"
    assert (tmp_path / "out" / "x").read_text() == "{'a': 1}"


def test_nothing_is_left_of_a_run_that_failed(tmp_path):
    def fail(out):
        with RunFolder(out, {}) as folder, folder.write({}) as new:
            (new / "half").write_text("h")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / "out", {}, ["whole"])
    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "out")
    assert names_in(tmp_path / "out") == {"whole", "manifest.json"}


def test_a_replacement_that_fails_leaves_the_old_run(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write(out, {"a": 1}, ["x", "y"])

    def full(source, target):
        if str(target) == str(out / "z"):
            raise OSError(28, "No space left on device")
        return replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(out, {"a": 2}, ["x", "z"], overwrite=True)
    monkeypatch.undo()
    assert names_in(out) == {"x", "y", "manifest.json"}
    assert (out / "x").read_text() == "{'a': 1}"


def test_two_runs_do_not_share_a_folder(tmp_path):
    with (
        RunFolder(tmp_path / "out", {"a": 1}),
        pytest.raises(FileExistsError, match="Another run is at work"),
        RunFolder(tmp_path / "out", {"a": 2}),
    ):
        pass
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_named_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OSError, match=r"Cannot write to .*file/out .*--out"),
        RunFolder(tmp_path / "file" / "out", {}),
    ):
        raise AssertionError


@pytest.mark.parametrize("damaged", [{"run": [], "files": []}, {"run": {}, "files": 3}, []])
def test_a_manifest_of_another_kind_is_refused(tmp_path, damaged):
    (tmp_path / "manifest.json").write_text(json.dumps(damaged))
    with pytest.raises(DataFormatError, match=r"manifest.json: .*--out"):
        write(tmp_path, {}, [], overwrite=True)


def test_a_manifest_does_not_remove_files_elsewhere(tmp_path):
    out = tmp_path / "out"
    write(out, {"a": 1}, ["x"])
    (tmp_path / "precious").write_text("mine")
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"files": ["../precious", "x"]}))
    write(out, {"a": 2}, ["y"], overwrite=True)
    assert (tmp_path / "precious").exists()
    assert not (out / "x").exists()


def test_a_full_disk_is_named_and_leaves_the_folder_as_it_was(tmp_path):
    fault = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as of a file that is open
    run = RunFolder(tmp_path / "out", {"seed": 0})
    with pytest.raises(OSError, match="Make room") as caught, run as folder, folder.write({}):
        raise fault
    assert caught.value.filename == str(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
