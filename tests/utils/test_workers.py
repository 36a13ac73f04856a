"""Workers end with the process that they work for."""

import os
import signal
import subprocess
import sys
import time

import pytest

from histoexpr.utils import end_with_parent

CODE = """
import os, sys, time
from joblib import Parallel, delayed
from histoexpr.utils import end_with_parent

def work(path):
    end_with_parent()
    open(os.path.join(path, str(os.getpid())), "w").close()
    time.sleep(60)

Parallel(n_jobs=2)(delayed(work)(sys.argv[1]) for _ in range(2))
"""


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes in /proc")
def test_workers_are_gone_some_seconds_after_a_kill(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(CODE)
    (tmp_path / "pids").mkdir()
    process = subprocess.Popen([sys.executable, str(script), str(tmp_path / "pids")])
    deadline = time.monotonic() + 60
    while len(os.listdir(tmp_path / "pids")) < 2 and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.05)
    workers = [int(name) for name in os.listdir(tmp_path / "pids")]
    assert len(workers) == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_alive, workers))


def test_the_main_process_is_left_alone():
    import threading

    before = threading.active_count()
    end_with_parent()
    assert threading.active_count() == before
