"""The folder of a run."""

import json

import pytest

from histoexpr.cli._output import RunFolder


def write(path, run, names, **options):
    folder = RunFolder(path, run, **options)
    with folder.write({"command": "x"}) as out:
        for name in names:
            (out / name).write_text(str(run))
    return folder


def test_another_run_is_refused_or_replaced_whole(tmp_path):
    out = tmp_path / "out"
    assert write(out, {"a": 1, "b": 2}, ["x", "y"]).files == ["x", "y", "manifest.json"]
    with pytest.raises(FileExistsError, match=r"with other b\. .*--out.*--overwrite"):
        RunFolder(out, {"a": 1, "b": 3})
    (out / "notes of the user").write_text("mine")
    write(out, {"a": 1, "b": 3}, ["y", "z"], overwrite=True)
    assert {path.name for path in out.iterdir()} == {
        "y",
        "z",
        "manifest.json",
        "notes of the user",
    }
    write(out, {"a": 1, "b": 3}, ["y", "z"])  # the same run


def test_files_of_no_run_are_never_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(FileExistsError, match="files that are of no run"):
            RunFolder(tmp_path, {}, overwrite=overwrite)
    with pytest.raises(FileExistsError, match="is a file"):
        RunFolder(tmp_path / "thesis.tex", {})


def test_nothing_is_left_of_a_run_that_failed(tmp_path):
    def fail():
        with RunFolder(tmp_path / "out", {}).write({}) as out:
            (out / "half").write_text("h")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_does_not_remove_files_elsewhere(tmp_path):
    out = tmp_path / "out"
    write(out, {"a": 1}, ["x"])
    (tmp_path / "precious").write_text("mine")
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"files": ["../precious", "x"]}))
    write(out, {"a": 2}, ["y"], overwrite=True)
    assert (tmp_path / "precious").exists()
    assert not (out / "x").exists()
