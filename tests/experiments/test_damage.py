"""Damaged files of a study, and a disk that is full."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import load_study, run_study
from support.study_cases import SPEC, contents


@pytest.mark.parametrize("folder", ["results", "predictions", "times"])
def test_a_damaged_fit_is_named_and_done_again_when_removed(
    saved_cells, finished_study, tmp_path, folder
):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    file = sorted((out / folder).iterdir())[3]
    for damaged in (file.read_bytes()[:-20], b"", b"[]"):
        file.write_bytes(damaged)
        with pytest.raises(DataFormatError, match=f"{file.name}: .*Remove the file and run"):
            run_study(SPEC, saved_cells, out)
    file.unlink()
    run_study(SPEC, saved_cells, out)
    assert contents(out) == contents(finished_study.out)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("results.json", "[{", "results.json: cannot be read"),
        ("results.json", "[]", "holds no records"),
        ("summary.json", None, "summary.json: is missing"),
        ("summary.json", "[]", "lacks some of means"),
        ("times.csv", None, "times.csv: cannot be read"),
        ("test_genes.npy", "", "test_genes.npy: cannot be read"),
        ("manifest.json", "{", "Run the study in another folder"),
    ],
)
def test_damaged_tables_are_named(finished_study, tmp_path, name, text, told):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    (out / name).unlink()
    if text is not None:
        (out / name).write_text(text)

    def read():
        study = load_study(out)
        assert study.summary["means"]
        study.test_genes("test", "C01")

    with pytest.raises(DataFormatError, match=told):
        read()


def test_a_damaged_manifest_is_no_reason_to_mix(saved_cells, finished_study, tmp_path):
    shutil.copytree(finished_study.out, tmp_path / "out")
    for text in ("", "[]", "{}"):
        (tmp_path / "out" / "manifest.json").write_text(text)
        with pytest.raises(DataFormatError, match=r"manifest.json: .*Choose another folder"):
            run_study(SPEC, saved_cells, tmp_path / "out")


def test_a_full_disk_is_told_and_the_study_goes_on(
    saved_cells, finished_study, tmp_path, monkeypatch
):
    import histoexpr.experiments._fit as module

    class Full:
        """Numpy, with a disk that is full from the fifth file on."""

        n_saved = 0

        def __getattr__(self, name):
            return getattr(np, name)

        def save(self, path, values):
            Full.n_saved += 1
            if Full.n_saved > 4:
                Path(path).write_bytes(b"half")
                raise OSError(28, "No space left on device")
            np.save(path, values)

    monkeypatch.setattr(module, "np", Full())
    with pytest.raises(OSError, match="No space left"):
        run_study(SPEC, saved_cells, tmp_path / "out")
    monkeypatch.undo()
    assert len(list((tmp_path / "out" / "predictions").iterdir())) == 4
    run_study(SPEC, saved_cells, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(finished_study.out)
