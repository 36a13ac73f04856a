"""Finished fits in a folder: resumed after kills, never mixed, never read when damaged."""

import gzip
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy
import sklearn
import skorch
import torch

import histoexpr
from histoexpr.datasets import HistoneDataset
from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import Experiment, StudySpec, load_study, run_study
from histoexpr.experiments._stores import read_predictions
from histoexpr.utils import hash_file, write_sealed
from support.study_cases import SMALL_CNN, SPEC, contents


def test_a_killed_study_goes_on_to_the_same_bytes(saved_cells, finished_study, tmp_path):
    out, spec = tmp_path / "out", tmp_path / "spec.json"
    spec.write_text(json.dumps(SPEC))
    code = "import sys; from histoexpr.experiments import run_study; run_study(*sys.argv[1:])"
    process = subprocess.Popen([sys.executable, "-c", code, str(spec), str(saved_cells), str(out)])
    results = out / "results"
    deadline = time.monotonic() + 60
    while len(list(results.glob("[!.]*.json"))) < 3 and time.monotonic() < deadline:
        assert process.poll() is None, "the study ended before it could be killed"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = {path: path.stat().st_mtime_ns for path in results.glob("[!.]*.json")}
    assert 3 <= len(before) < len(finished_study.times)
    assert not (out / "results.csv").exists()
    with pytest.raises(DataFormatError, match="no finished study"):
        load_study(out)
    (results / ".linear-1234.json.h4lf.json").write_text("{")
    (out / ".results.csv.h4lf.csv").write_text("experiment")
    (results / ".ipynb_checkpoints").mkdir()  # not ours
    run_study(spec, saved_cells, out)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert contents(out) == contents(finished_study.out)


def test_another_study_or_data_is_refused(cells, saved_cells, finished_study, tmp_path):
    for changes, told in [
        ({"random_state": [0]}, "random_state of the study"),
        (
            {"models": {"linear": {"kind": "linear", "params": {"alpha": 1}}, "cnn": SMALL_CNN}},
            "mod",
        ),
        ({"experiments": SPEC["experiments"][:2]}, "experiments of the study"),
    ]:
        with pytest.raises(ValueError, match=f"{told}.*changed. Choose another folder"):
            run_study(SPEC | changes, saved_cells, finished_study.out)
    other = tmp_path / "data"
    cells.replace(y=1 - cells.y).save(other)
    with pytest.raises(ValueError, match="the data set has changed"):
        run_study(SPEC, other, finished_study.out)
    manifest = json.loads((finished_study.out / "manifest.json").read_text())
    assert manifest["spec"]["random_state"] == [0, 1]
    versions = {"python": platform.python_version(), "histoexpr": histoexpr.__version__}
    versions |= {module.__name__: module.__version__ for module in (joblib, np, pd, scipy, skorch)}
    versions |= {"scikit-learn": sklearn.__version__, "torch": torch.__version__}
    assert manifest["versions"] == versions
    assert manifest["data_source"] == "simulated by histoexpr.make_histone_cells"
    (tmp_path / "foreign" / "results").mkdir(parents=True)
    with pytest.raises(ValueError, match="no manifest"):
        run_study(SPEC, saved_cells, tmp_path / "foreign")


def test_the_sources_of_joined_data_are_recorded(cells, tmp_path):
    measured = cells.select(cells="C01").replace(meta={"source": "tracks", "rule": 1})
    parts = [measured, cells.select(cells="C02"), cells.select(cells="C03")]
    HistoneDataset.concat(parts).save(tmp_path / "data")
    spec = {"models": {"linear": "linear"}, "experiments": [{"name": "own", "regime": "own"}]}
    spec["genes"] = "split"
    study = run_study(spec, tmp_path / "data", tmp_path / "out")
    source = study.manifest["data_source"]
    assert source == "tracks; simulated by histoexpr.make_histone_cells"


def test_missing_needs_are_reported_before_the_work(cells, tmp_path):
    plain = cells.replace(split=None, expression=None)
    plain.save(tmp_path / "data")
    for experiment, told in [
        ({"cells": "nearest", "n_cells": 1}, "no expression"),
        ({"validation": "leaking-test-cell"}, "split 'valid'"),
        ({"test_cells": ["X"]}, "no cell X"),
        ({"cells": "random", "n_cells": 4}, "n_cells=4, but there are only 3"),
    ]:
        spec = StudySpec([{"name": "e", "regime": "exclusive", **experiment}], {"l": "linear"})
        with pytest.raises(ValueError, match=told):
            run_study(spec, tmp_path / "data", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert Experiment("e", "own").test_cells is None


def test_a_data_set_that_was_replaced_is_read_anew(cells, tmp_path):
    spec = {"models": {"linear": "linear"}, "experiments": [{"name": "own", "regime": "own"}]}
    spec["genes"] = "split"
    path = tmp_path / "data"
    cells.save(path)
    before = run_study(spec, path, tmp_path / "before").scores("own")
    changed = cells.replace(X=cells.X[::-1].copy())
    changed.save(path, overwrite=True)
    after = run_study(spec, path, tmp_path / "after").scores("own")
    changed.save(tmp_path / "elsewhere")
    expected = run_study(spec, tmp_path / "elsewhere", tmp_path / "expected").scores("own")
    np.testing.assert_array_equal(after, expected)
    assert not np.array_equal(after, before)


def test_json_is_for_any_reader(cells, tmp_path):
    y = np.where((cells.cell == "C01") & (cells.split == "test"), 1, cells.y)
    cells.replace(y=y).save(tmp_path / "data")
    spec = {"models": {"linear": "linear"}, "experiments": [{"name": "own", "regime": "own"}]}
    spec["genes"] = "split"
    study = run_study(spec, tmp_path / "data", tmp_path / "out")
    assert np.isnan(study.scores("own")).tolist() == [True, False, False, False]

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    for file in (tmp_path / "out").rglob("*.json"):
        json.loads(file.read_text(), parse_constant=refuse)


def test_where_results_cannot_go(saved_cells, tmp_path):
    with pytest.raises(ValueError, match="is the data set"):
        run_study(SPEC, saved_cells, saved_cells)
    assert not (saved_cells / "manifest.json").exists()
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file"):
        run_study(SPEC, saved_cells, tmp_path / "file")


def test_two_processes_do_not_share_a_folder(saved_cells, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(out / ".lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        process.stdout.readline()
        with pytest.raises(ValueError, match="Another process is running a study"):
            run_study(SPEC, saved_cells, out)
        process.kill()
    # the lock goes with its process, though the file stays
    assert (out / ".lock").exists()
    assert len(run_study(SPEC, saved_cells, out).times) == 32


@pytest.mark.parametrize("folder", ["results", "predictions", "times"])
def test_a_damaged_fit_is_never_read_and_done_again(saved_cells, finished_study, tmp_path, folder):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    file = sorted((out / folder).glob("cnn*"))[3]
    whole = file.read_bytes()
    for damaged in (whole[:-20], b"", b"[]", whole.replace(b"0", b"1", 1)):
        file.write_bytes(damaged)
        if folder == "predictions":
            with pytest.raises(DataFormatError, match=f"{file.name}: is damaged"):
                load_study(out).predictions()
        run_study(SPEC, saved_cells, out)
        assert contents(out) == contents(finished_study.out)


def test_predictions_that_lost_rows_are_not_read(finished_study, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    file = sorted((out / "predictions").iterdir())[0]
    text = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(text[:-40])))
    with pytest.raises(DataFormatError, match="is damaged"):
        load_study(out).predictions()


@pytest.mark.parametrize("name", ["results.csv", "notes.txt", "dataset.json"])
def test_files_of_others_are_left_alone(saved_cells, tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(ValueError, match=f"no manifest.json of a study .{name}"):
        run_study(SPEC, saved_cells, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_of_the_user_is_not_taken_for_the_copy_of_the_data(cells, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"is something else\. Choose another folder"):
        run_study(SPEC, cells, tmp_path)


def test_a_damaged_manifest_is_no_reason_to_mix(saved_cells, finished_study, tmp_path):
    shutil.copytree(finished_study.out, tmp_path / "out")
    for text in ("", "[]", "{}"):
        (tmp_path / "out" / "manifest.json").write_text(text)
        with pytest.raises(DataFormatError, match=r"manifest.json.*: .*Choose another folder"):
            run_study(SPEC, saved_cells, tmp_path / "out")


def test_a_full_disk_is_reported_and_the_study_goes_on(
    saved_cells, finished_study, tmp_path, monkeypatch
):
    import histoexpr.experiments._stores as module

    n_saved = []

    def full(frame, path, **options):
        n_saved.append(path)
        if len(n_saved) > 4:
            raise OSError(28, "No space left on device")
        write_csv(frame, path, **options)

    write_csv = module.write_csv
    monkeypatch.setattr(module, "write_csv", full)
    with pytest.raises(OSError, match="No space left"):
        run_study(SPEC, saved_cells, tmp_path / "out")
    monkeypatch.undo()
    assert len(list((tmp_path / "out" / "predictions").iterdir())) == 4
    run_study(SPEC, saved_cells, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(finished_study.out)


def test_keys_do_not_lead_out_of_the_folder(finished_study, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    (tmp_path / "secret.tsv.gz").write_bytes(b"")
    for key in ("../../secret", "/etc/passwd", "a/b"):
        with pytest.raises(DataFormatError, match="no key of a fit"):
            read_predictions(out, key)


def test_studies_of_an_earlier_format_are_read(finished_study, tmp_path):
    out = tmp_path / "old"
    shutil.copytree(finished_study.out, out)
    rows = json.loads((out / "results.json").read_text())
    new = (
        "target",
        "roc_auc_clear",
        "roc_auc_variable",
        "r2",
        "pearson",
        "spearman",
        "root_mean_squared_error",
    )
    rows = [{name: row[name] for name in row if name not in new} for row in rows]
    (out / "results.json").write_text(json.dumps(rows))
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"format": 3}))
    names = ("summary.json", "manifest.json", "results.json")
    write_sealed(out / "checksums.json", {name: hash_file(out / name) for name in names})
    old = load_study(out)
    assert set(old.table["target"]) == {"label"}
    assert old.table[["pearson", "roc_auc_variable"]].isna().all(axis=None)
    assert old.between_cells["metric"].tolist() == finished_study.between_cells["metric"].tolist()
    np.testing.assert_array_equal(old.scores("own"), finished_study.scores("own"))
    assert old.statistics.means["roc_auc"].equals(finished_study.statistics.means["roc_auc"])


def test_predictions_hold_what_is_known(finished_study):
    names = ["cell", "gene", "chrom", "tss", "label", "log2_expression", "variable", "prediction"]
    assert list(finished_study.predictions(finished_study.table.iloc[0])) == names


def test_a_folder_begun_with_the_split_under_auto_goes_on_with_it_only(
    saved_cells, finished_study, tmp_path
):
    out = tmp_path / "old"
    shutil.copytree(finished_study.out, out)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["spec"]["genes"] = "auto"  # as versions wrote that took the split first
    manifest["held_out"] = "Test genes: those of the predefined split, as it was said."
    (out / "manifest.json").write_text(json.dumps(manifest))
    told = "were those of the predefined split and would be 5 folds of .*genes='split' goes on"
    with pytest.raises(ValueError, match=f"{told}.*Choose another folder"):
        run_study(SPEC | {"genes": "auto"}, saved_cells, out)
    with pytest.raises(ValueError, match="genes of the study changed"):
        run_study(SPEC | {"genes": "kfold"}, saved_cells, out)
    removed = sorted((out / "results").glob("linear*"))[0]
    whole, kept = removed.read_bytes(), sorted((out / "results").glob("cnn*"))[0]
    before = kept.stat().st_mtime_ns
    removed.unlink()
    study = run_study(SPEC, saved_cells, out)
    assert removed.read_bytes() == whole
    assert kept.stat().st_mtime_ns == before
    assert study.manifest == load_study(out).manifest == manifest
    np.testing.assert_array_equal(study.scores("own"), finished_study.scores("own"))
