"""Counting of several files in parallel, with finished counts kept in a folder."""

import hashlib
import json
from pathlib import Path

import joblib
import numpy as np

from ..utils import atomic_path, progress_bar, shrink_counts
from ._count import SIGNAL_RULES, TrackCounts, count_track

# Goes up when the same inputs give other counts.
_VERSION = 1
_SUFFIX = ".counts.npz"


def count_tracks(tracks, windows, *, n_jobs=None, work_dir=None, verbose=0, **how):
    """Count several tracks, ``n_jobs`` at a time and each in one pass, in the order given.

    ``work_dir`` keeps finished counts, one file per track: a later call with the same arguments
    and unchanged tracks takes them from there. Values come in the smallest type that holds them
    (float32 for ``"mean"`` and ``"sum"``); ``how`` goes to :func:`count_track`.
    """
    if work_dir is not None:
        Path(work_dir).mkdir(parents=True, exist_ok=True)
    jobs = (
        joblib.delayed(_count)(place, track.path, windows, work_dir, how)
        for place, track in enumerate(tracks)
    )
    done = [None] * len(tracks)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    with progress_bar(total=len(tracks), desc="counting", unit="file", show=verbose > 0) as bar:
        for place, counts in parallel(jobs):
            done[place] = counts
            bar.set_postfix_str(f"{tracks[place].cell} {tracks[place].mark}")
            bar.update()
    return done


def clear_work(work_dir):
    """Remove finished counts from a work folder, and the folder if nothing else is in it."""
    work_dir = Path(work_dir)
    for file in work_dir.glob(f"*{_SUFFIX}"):
        file.unlink()
    if work_dir.is_dir() and not any(work_dir.iterdir()):
        work_dir.rmdir()


def _count(place, path, windows, work_dir, how):
    kept = None if work_dir is None else Path(work_dir, _key(path, windows, how) + _SUFFIX)
    counts = None if kept is None else _load(kept)
    if counts is None:
        counts = count_track(path, windows, **how)
        values, is_signal = counts.values, counts.rule in SIGNAL_RULES
        values = values.astype(np.float32) if is_signal else shrink_counts(values)
        counts = counts._replace(values=values)
        if kept is not None:
            _save(kept, counts)
    return place, counts


def _key(path, windows, how):
    """Digest of everything that the counts depend on."""
    state = Path(path).stat()
    facts = [
        _VERSION,
        str(Path(path).resolve()),
        state.st_size,
        state.st_mtime_ns,
        windows.n_bins,
        windows.bin_size,
        sorted((windows.aliases or {}).items()),
        sorted((name, repr(value)) for name, value in how.items()),
    ]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for values in (windows.chrom.astype("U"), windows.start, windows.flip):
        digest.update(str(values.dtype).encode() + np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:32]


def _save(path, counts):
    facts = counts._asdict()
    values = facts.pop("values")
    with atomic_path(path) as temporary:
        np.savez(temporary, values=values, facts=np.array(json.dumps(facts)))


def _load(path):
    """Return finished counts, or None if there are none or the file is damaged."""
    try:
        # numpy leaves a file open that it cannot read
        with open(path, "rb") as handle, np.load(handle, allow_pickle=False) as archive:
            return TrackCounts(values=archive["values"], **json.loads(str(archive["facts"])))
    except Exception:  # whatever the damage raises, the file is counted again
        return None
