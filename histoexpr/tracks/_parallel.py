"""Counting of several files in parallel, with finished counts kept in a folder."""

import contextlib
import hashlib
import json
import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import joblib
import numpy as np

from ..exceptions import DataFormatError
from ..utils import atomic_path, end_with_parent, progress_bar, shrink_counts
from ._count import SIGNAL_RULES, TrackCounts, count_track

# Goes up when the same inputs give other counts.
_VERSION = 2
_SUFFIX = ".counts.npz"

# What is read of a track for its digest: the whole file up to 64 MiB
_SAMPLES, _SAMPLE_BYTES = 64, 1 << 20


def count_tracks(tracks, windows, *, n_jobs=None, work_dir=None, verbose=0, **how):
    """Count several tracks, ``n_jobs`` at a time and each in one pass, in the order given.

    ``work_dir`` keeps finished counts, one file per track: a later call with the same arguments
    and unchanged tracks takes them from there. Values come in the smallest type that holds them
    (float32 for ``"mean"`` and ``"sum"``); ``how`` goes to :func:`count_track`.
    """
    if work_dir is not None:
        with _named(work_dir):
            Path(work_dir).mkdir(parents=True, exist_ok=True)
    jobs = (
        joblib.delayed(_count)(place, track.path, windows, work_dir, how)
        for place, track in enumerate(tracks)
    )
    done = [None] * len(tracks)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    with progress_bar(total=len(tracks), desc="counting", unit="file", show=verbose > 0) as bar:
        try:
            for place, counts in parallel(jobs):
                done[place] = counts
                bar.set_postfix_str(tracks[place].name)
                bar.update()
        except BrokenProcessPool as error:
            raise ChildProcessError(
                "A worker was killed, which the system does for lack of memory. Count fewer files "
                "at the same time: n_jobs (on the command line --jobs)."
            ) from error
    return done


@contextlib.contextmanager
def _named(path):
    """Report what goes wrong in writing by the folder's name, with the remedy."""
    try:
        yield
    except OSError as error:
        raise OSError(
            error.errno,
            f"finished counts cannot be written there ({error.strerror}). Make room, or choose "
            "another folder for the work or the result",
            str(path),
        ) from error


def clear_work(work_dir):
    """Remove finished counts from a work folder, and the folder if nothing else is in it."""
    work_dir = Path(work_dir)
    for file in work_dir.glob(f"*{_SUFFIX}"):
        file.unlink()
    if work_dir.is_dir() and not any(work_dir.iterdir()):
        work_dir.rmdir()


def _count(place, path, windows, work_dir, how):
    end_with_parent()
    before = _state(path)
    counts = kept = None
    if work_dir is not None:
        key = _key(path, before, windows, how)
        kept = Path(work_dir, key + _SUFFIX)
        counts = _load(kept, key)
    if counts is None:
        counts = count_track(path, windows, **how)
        if _state(path) != before:
            raise DataFormatError(
                "the file was changed while it was read. Build again when it is complete.", path
            )
        values, is_signal = counts.values, counts.rule in SIGNAL_RULES
        values = values.astype(np.float32) if is_signal else shrink_counts(values)
        counts = counts._replace(values=values)
        if kept is not None:
            with _named(work_dir):
                _save(kept, key, counts)
    return place, counts


def _state(path):
    """Return what changes when a file is written or replaced by another one."""
    state = os.stat(path)
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_dev]


def _key(path, state, windows, how):
    """Digest of everything that the counts depend on."""
    facts = [
        _VERSION,
        os.path.realpath(path),
        state,
        windows.n_bins,
        windows.bin_size,
        sorted((windows.aliases or {}).items()),
        sorted((name, repr(value)) for name, value in how.items()),
    ]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for values in (windows.chrom.astype("U"), windows.start, windows.flip):
        digest.update(str(values.dtype).encode() + np.ascontiguousarray(values).tobytes())
    _add_content(digest, path, state[0])
    return digest.hexdigest()[:32]


def _add_content(digest, path, size):
    """Add a file's content, of a large file pieces: time stamps may lie, as on copied disks."""
    with open(path, "rb") as stream:
        if size <= _SAMPLES * _SAMPLE_BYTES:
            digest.update(stream.read())
            return
        for place in np.linspace(0, size - _SAMPLE_BYTES, _SAMPLES, dtype=np.int64).tolist():
            stream.seek(place)
            digest.update(stream.read(_SAMPLE_BYTES))


def _save(path, key, counts):
    facts = counts._asdict()
    values = facts.pop("values")
    facts = json.dumps(facts)
    digest = _checksum(key, facts, values)
    with atomic_path(path) as temporary:
        np.savez(temporary, values=values, facts=np.array(facts), digest=np.array(digest))


def _load(path, key):
    """Return finished counts, or None if there are none or the file is damaged."""
    try:
        # numpy leaves a file open that it cannot read
        with open(path, "rb") as handle, np.load(handle, allow_pickle=False) as archive:
            values, facts, digest = (archive[name] for name in ("values", "facts", "digest"))
        if str(digest) != _checksum(key, str(facts), values):
            return None
        return TrackCounts(values=values, **json.loads(str(facts)))
    except Exception:  # whatever the damage raises, the file is counted again
        return None


def _checksum(key, facts, values):
    about = json.dumps([key, facts, str(values.dtype), values.shape])
    return hashlib.sha256(about.encode() + np.ascontiguousarray(values).tobytes()).hexdigest()
