"""Results of studies that survive kills, and refusals."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from histoexpr.datasets import make_histone_cells
from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import Experiment, StudySpec, load_study, run_study

SMALL_CNN = {"kind": "cnn", "params": {"n_filters": 2, "hidden_sizes": [4], "max_epochs": 1}}
SPEC = {
    "models": {"linear": "linear", "cnn": SMALL_CNN},
    "seeds": [0, 1],
    "experiments": [
        {"name": "own", "regime": "own"},
        {"name": "matrix", "regime": "each"},
        {"name": "others", "regime": "exclusive"},
    ],
}


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=4, n_genes=240, random_state=0)


@pytest.fixture(scope="module")
def saved(cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "data"
    cells.save(path)
    return path


@pytest.fixture(scope="module")
def finished(saved, tmp_path_factory):
    return run_study(SPEC, saved, tmp_path_factory.mktemp("finished"))


def contents(out):
    """Bytes of all files but those that tell times."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and "times" not in str(p)]
    return {str(p.relative_to(out)): p.read_bytes() for p in files}


def test_a_killed_study_goes_on_to_the_same_bytes(saved, finished, tmp_path):
    out, spec = tmp_path / "out", tmp_path / "spec.json"
    spec.write_text(json.dumps(SPEC))
    code = "import sys; from histoexpr.experiments import run_study; run_study(*sys.argv[1:])"
    process = subprocess.Popen([sys.executable, "-c", code, str(spec), str(saved), str(out)])
    results = out / "results"
    deadline = time.monotonic() + 60
    while len(list(results.glob("[!.]*.json"))) < 3 and time.monotonic() < deadline:
        assert process.poll() is None, "the study ended before it could be killed"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = {path: path.stat().st_mtime_ns for path in results.glob("[!.]*.json")}
    assert 3 <= len(before) < len(finished.times)
    assert not (out / "results.csv").exists()
    with pytest.raises(DataFormatError, match="no finished study"):
        load_study(out)
    (results / ".linear.json.half").write_text("{")
    run_study(spec, saved, out)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert contents(out) == contents(finished.out)


@pytest.mark.parametrize("backend", [pytest.param("loky", marks=pytest.mark.slow), "threading"])
def test_two_workers_give_the_same_bytes(saved, finished, tmp_path, backend):
    with parallel_config(backend, n_jobs=2):
        study = run_study(SPEC, saved, tmp_path / "out")
    assert contents(study.out) == contents(finished.out)


class Fragile(LogisticRegression):
    """Kills its worker the first time."""

    def __init__(self, marker=None, parent=None):
        super().__init__()
        self.marker, self.parent = marker, parent

    def fit(self, X, y):
        marker = Path(self.marker)
        if not marker.exists() and os.getpid() != self.parent:
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit(X.reshape(len(X), -1), y)

    def predict_proba(self, X):
        return super().predict_proba(X.reshape(len(X), -1))


@pytest.mark.filterwarnings("ignore:A worker stopped", "ignore:lbfgs failed")
def test_a_killed_worker_does_not_lose_the_study(saved, tmp_path):
    model = Fragile(str(tmp_path / "marker"), os.getpid())
    spec = StudySpec([{"name": "own", "regime": "own"}], {"fragile": model})
    study = run_study(spec, saved, tmp_path / "out", n_jobs=2)
    assert (tmp_path / "marker").exists()
    assert len(study.times) == 4


def test_another_study_or_data_is_refused(cells, saved, finished, tmp_path):
    for changes, told in [
        ({"seeds": [0]}, "seeds of the study"),
        (
            {"models": {"linear": {"kind": "linear", "params": {"alpha": 1}}, "cnn": SMALL_CNN}},
            "mod",
        ),
        ({"experiments": SPEC["experiments"][:2]}, "experiments of the study"),
    ]:
        with pytest.raises(ValueError, match=f"{told}.*changed. Choose another folder"):
            run_study(SPEC | changes, saved, finished.out)
    other = tmp_path / "data"
    cells._replace(y=1 - cells.y).save(other)
    with pytest.raises(ValueError, match="the data set has changed"):
        run_study(SPEC, other, finished.out)
    manifest = json.loads((finished.out / "manifest.json").read_text())
    assert manifest["seeds"] == [0, 1]
    assert {"histoexpr", "torch", "numpy"} <= set(manifest["versions"])
    (tmp_path / "foreign" / "results").mkdir(parents=True)
    with pytest.raises(ValueError, match="no manifest"):
        run_study(SPEC, saved, tmp_path / "foreign")


def test_a_failing_fit_is_named(saved, tmp_path):
    class Failing(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            raise FloatingPointError("no number")

    spec = StudySpec([{"name": "own", "regime": "own"}], {"failing": Failing()})
    with pytest.raises(ValueError, match=r"failing, seed 0.*trained on C01, failed: no number"):
        run_study(spec, saved, tmp_path / "out")


def test_missing_needs_are_told_before_the_work(cells, tmp_path):
    plain = cells._replace(split=None, expression=None)
    plain.save(tmp_path / "data")
    for experiment, told in [
        ({"cells": "nearest", "n_cells": 1}, "no expression"),
        ({"validation": "leaking-test-cell"}, "split 'valid'"),
        ({"test_cells": ["X"]}, "no cell X"),
        ({"cells": "random", "n_cells": 4}, "asks for 4 training cells"),
    ]:
        spec = StudySpec([{"name": "e", "regime": "exclusive", **experiment}], {"l": "linear"})
        with pytest.raises(ValueError, match=told):
            run_study(spec, tmp_path / "data", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert Experiment("e", "own").test_cells is None
