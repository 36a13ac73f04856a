"""Worker processes that do not outlive the process that they work for."""

import multiprocessing
import os
import threading
import time

# Seconds between two looks at the parent
_PAUSE = 1.0
_watched = False


def end_with_parent():
    """End this process soon after its parent, where it is a worker; call it in every job.

    Workers of joblib wait for their next task for minutes when the process that they work for is
    killed, and the task that they are at goes on. The kernel could end them at once, but with the
    death of the thread that started them, too, which joblib ends earlier.
    """
    global _watched
    if not _watched and multiprocessing.current_process().name != "MainProcess":
        _watched = True
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os._exit(1)
