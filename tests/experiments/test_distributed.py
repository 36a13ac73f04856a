"""A study on a Dask cluster whose workers are processes, one of them killed."""

import os
import signal
import threading

import pytest
from joblib import parallel_config

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import StudySpec, run_study
from support.study_cases import Slow

distributed = pytest.importorskip("distributed")


@pytest.mark.slow
def test_a_study_survives_the_death_of_a_dask_worker(tmp_path):
    make_histone_cells(n_cells=4, n_genes=200, random_state=0).save(tmp_path / "data")
    experiments = [{"name": "others", "regime": "exclusive"}, {"name": "own", "regime": "own"}]
    seen = tmp_path / "seen"
    seen.mkdir()
    killed, done = [], threading.Event()

    def kill_one():
        """Kill a worker in the middle of the study."""
        while not killed and not done.wait(0.01):
            names = [path.name for path in seen.iterdir()]
            if len(names) >= 3:
                killed.append(int(names[0].split("-")[0]))
                os.kill(killed[0], signal.SIGKILL)

    spec = StudySpec(experiments, {"slow": Slow(str(seen))}, random_state=[0, 1], genes="split")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs="CRITICAL",
        ) as cluster,
        distributed.Client(cluster),
    ):
        watcher = threading.Thread(target=kill_one)
        watcher.start()
        try:
            with parallel_config("dask"):
                study = run_study(spec, tmp_path / "data", tmp_path / "out")
        finally:
            done.set()
            watcher.join()
    processes = {int(path.name.split("-")[0]) for path in seen.iterdir()}
    assert killed
    assert os.getpid() not in processes
    assert len(processes) >= 2
    assert len(study.times) == 16
    alone = run_study(spec, tmp_path / "data", tmp_path / "alone")
    for name in ("results.csv", "summary.json", "manifest.json"):
        assert (study.out / name).read_bytes() == (alone.out / name).read_bytes()
