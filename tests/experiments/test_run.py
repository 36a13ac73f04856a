"""The engine: fits that are missing are done, whatever happens to workers."""

import os

import pytest
from joblib import parallel_config

from histoexpr.experiments import StudySpec, run_study
from histoexpr.experiments._run import run_plan
from support.study_cases import SPEC, Fragile, contents


@pytest.mark.parametrize("backend", [pytest.param("loky", marks=pytest.mark.slow), "threading"])
def test_two_workers_give_the_same_bytes(saved_cells, finished_study, tmp_path, backend):
    with parallel_config(backend, n_jobs=2):
        study = run_study(SPEC, saved_cells, tmp_path / "out")
    assert contents(study.out) == contents(finished_study.out)


@pytest.mark.filterwarnings("ignore:A worker stopped", "ignore:lbfgs failed")
def test_a_killed_worker_does_not_lose_the_study(saved_cells, tmp_path):
    model = Fragile(str(tmp_path / "marker"), os.getpid())
    spec = StudySpec([{"name": "own", "regime": "own"}], {"fragile": model}, genes="split")
    study = run_study(spec, saved_cells, tmp_path / "out", n_jobs=2)
    assert (tmp_path / "marker").exists()
    assert len(study.times) == 4


class Counting:
    """A store that has some results already."""

    def __init__(self, done):
        self.results = dict.fromkeys(done)

    def __contains__(self, fit):
        return fit in self.results

    def job(self, fit):
        return str.upper, (fit,)

    def keep(self, fit, result):
        self.results[fit] = result


def test_only_missing_fits_are_done():
    class Plan:
        fits = ("a", "b", "c")

    store = Counting(["b"])
    run_plan(Plan, store)
    assert store.results == {"a": "A", "b": None, "c": "C"}
