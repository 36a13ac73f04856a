"""Cache of parsed data sets in the user's cache folder, to be memory-mapped.

An entry is a saved HistoneDataset, with checksums, at ``deepchrome/<request>/<state of the
sources>``; one that is damaged is removed and built again. The state
holds size and times of every source file, so that a source that changed has another name; the
entry that it replaces is removed afterwards. Entries are written whole or not at all. No fault
here fails a load: where the folder cannot be written, the data are kept in memory.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from .._dataset import HistoneDataset

# To be raised when the same files are read into something else
CACHE_VERSION = 3
_ABANDONED_AFTER = 24 * 3600  # seconds after which an unfinished entry is abandoned


def user_cache_folder():
    """Return the folder for cached data, or None if there is no place for one.

    That is the environment variable ``HISTOEXPR_CACHE`` if set, else ``histoexpr`` in the
    platform's cache folder (``~/.cache`` on Linux).
    """
    if os.environ.get("HISTOEXPR_CACHE"):
        return Path(os.environ["HISTOEXPR_CACHE"])
    try:
        if sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        elif sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # no home folder
        return None
    return base / "histoexpr"


def load_cached(request, sources, build):
    """Return a data set from the cache, its ``X`` memory-mapped, or build it and leave it there.

    ``request`` (for JSON) says what was asked for, ``sources`` are the files it is read from.
    ``build(scratch)`` returns the HistoneDataset; ``scratch`` is a folder for large arrays that is
    removed later, or None if there is none.
    """
    if (root := user_cache_folder()) is None:
        return build(None)
    state = _state(sources)
    slot = root / "deepchrome" / _digest(request)
    entry = slot / _digest([CACHE_VERSION, state])
    if (dataset := _load_entry(entry)) is not None:
        return dataset
    try:
        slot.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=slot, prefix=".", ignore_cleanup_errors=True)
    except OSError:
        return build(None)
    with scratch as folder:
        dataset = build(Path(folder))
        if _state(sources) != state:  # changed while it was read
            return dataset
        with contextlib.suppress(OSError):  # another process was faster, or the disk is full
            dataset.save(entry)
        if (saved := _load_entry(entry)) is None:
            return dataset
        _remove_stale(slot, entry)
        return saved


def stack(arrays, dtype, folder):
    """Join arrays along their first axis into a memory map of a new file in ``folder``.

    Without a folder, or if it cannot be written, the result is an array in memory.
    """
    if folder is not None:
        with contextlib.suppress(OSError):
            return _stack_on_disk(arrays, dtype, folder)
    if len(arrays) == 1:
        return arrays[0].astype(dtype, copy=False)
    return np.concatenate(arrays, dtype=dtype, casting="unsafe")


def _stack_on_disk(arrays, dtype, folder):
    # Written, not mapped: a mapped file kills the process when the disk is full
    shape = (sum(len(array) for array in arrays), *arrays[0].shape[1:])
    handle, name = tempfile.mkstemp(dir=folder, suffix=".npy")
    with os.fdopen(handle, "wb") as file:
        description = np.lib.format.dtype_to_descr(np.dtype(dtype))
        head = {"descr": description, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, head)
        for array in arrays:
            file.write(np.ascontiguousarray(array, dtype=dtype).data)
    return np.load(name, mmap_mode="r")


def _state(sources):
    # The change time catches files of equal size whose modification time was set back
    stats = {str(source): os.stat(source) for source in sources}
    return [[name, s.st_size, s.st_mtime_ns, s.st_ctime_ns] for name, s in stats.items()]


def _digest(value):
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]


def _load_entry(entry):
    if not entry.is_dir():
        return None
    try:
        return HistoneDataset.load(entry)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        shutil.rmtree(entry, ignore_errors=True)  # damaged: to be built again
        return None


def _remove_stale(slot, entry):
    for other in set(slot.iterdir()) - {entry}:
        with contextlib.suppress(OSError):
            age = time.time() - other.stat().st_mtime
            # Another process is at work where the name starts with a dot
            if not other.name.startswith(".") or age > _ABANDONED_AFTER:
                shutil.rmtree(other, ignore_errors=True)
