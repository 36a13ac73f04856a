"""Counting in parallel and after an interruption."""

import errno
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import _parallel as parallel_module
from histoexpr.tracks import build_dataset
from support import ROOT
from support.track_files import BINS, write_bam


def test_parallel_gives_the_same(tracks, genes, expression):
    one = build_dataset(tracks, genes, expression, **BINS)
    two = build_dataset(tracks, genes, expression, **BINS, n_jobs=2)
    np.testing.assert_array_equal(one.X, two.X)
    assert one.meta == two.meta


def test_resuming_counts_only_what_is_missing(tracks, genes, tmp_path, monkeypatch):
    expected = build_dataset(tracks, genes, **BINS)
    counted = []
    count_track = parallel_module.count_track

    def count_until(limit):
        def wrapped(path, *args, **kwargs):
            if len(counted) == limit:
                raise KeyboardInterrupt
            counted.append(path.name)
            return count_track(path, *args, **kwargs)

        return wrapped

    work = tmp_path / "work"
    monkeypatch.setattr(parallel_module, "count_track", count_until(2))
    with pytest.raises(KeyboardInterrupt):
        build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == len(list(work.iterdir())) == 2
    monkeypatch.setattr(parallel_module, "count_track", count_until(99))
    data = build_dataset(tracks, genes, **BINS, work_dir=work)
    np.testing.assert_array_equal(data.X, expected.X)
    assert data.meta == expected.meta
    assert len(counted) == len(set(counted)) == 4
    # nothing is counted again, unless an argument, a window or a file changes
    build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 4
    build_dataset(tracks, genes, **BINS, work_dir=work, min_mapq=2)
    assert len(counted) == 8
    build_dataset(tracks, genes, window=500, work_dir=work)
    assert len(counted) == 12
    write_bam(tmp_path / "A-H3K4me3.bam", [("chr1", 2999, 3035, "+"), ("chr2", 1, 9, "+")])
    changed = build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 13
    assert changed.select(cells="A", marks="H3K4me3").X.sum() == 2
    # a file of the same size, written later, may hold something else
    track = tmp_path / "B-H3K4me3.bam"
    os.utime(track, ns=(0, track.stat().st_mtime_ns + 1))
    build_dataset(tracks, genes, **BINS, work_dir=work)
    assert len(counted) == 14
    # finished counts that were damaged are made again
    for file in work.iterdir():
        file.write_bytes(file.read_bytes()[:-30])
    again = build_dataset(tracks, genes, **BINS, work_dir=work)
    np.testing.assert_array_equal(again.X, changed.X)
    parallel_module.clear_work(work)
    assert not work.exists()


def test_a_bad_track_among_good_ones_leaves_no_half_result(tracks, genes, tmp_path):
    path = tmp_path / "B-H3K27me3.bam"
    path.write_bytes(path.read_bytes()[:-28])
    with pytest.raises(DataFormatError, match=r"B-H3K27me3.bam.*cut short"):
        build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work", n_jobs=2)
    for file in (tmp_path / "work").iterdir() if (tmp_path / "work").exists() else ():
        assert parallel_module._load(file, file.name.split(".")[0]) is not None


def test_a_replaced_track_is_counted_again(tmp_path):
    genes, track, work = (tmp_path / name for name in ("genes.bed", "x.bed", "work"))
    genes.write_text("chr1\t300\t400\tG1\t0\t+\n")
    track.write_text("chr1\t250\t286\n")

    def value():
        return build_dataset([("A", "m", track)], genes, window=100, work_dir=work).X.ravel()

    assert value().tolist() == [1, 0]
    state = track.stat()
    other = tmp_path / "y.bed"
    other.write_text("chr1\t350\t386\n")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    os.replace(other, track)
    assert value().tolist() == [0, 1]
    # written into the same file: the content tells, whatever the times say
    track.write_text("chr1\t290\t326\n")
    os.utime(track, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert value().tolist() == [1, 1]


def test_times_of_a_file_are_not_all_that_tells(tmp_path, monkeypatch):
    # as on a file system that has neither inodes nor times
    monkeypatch.setattr(parallel_module, "_state", lambda path: [9, 0, 0, 0, 0])
    genes, track = tmp_path / "genes.bed", tmp_path / "x.bed"
    genes.write_text("chr1\t300\t400\tG1\t0\t+\n")
    for place, expected in ((250, [1, 0]), (350, [0, 1])):
        track.write_text(f"chr1\t{place}\t{place + 9}\n")
        data = build_dataset([("A", "m", track)], genes, window=100, work_dir=tmp_path / "work")
        assert data.X.ravel().tolist() == expected


def test_flipped_bits_in_kept_counts_are_noticed(tracks, genes, tmp_path):
    expected = build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work")
    rng = np.random.default_rng(0)
    for file in sorted((tmp_path / "work").iterdir()):
        data = bytearray(file.read_bytes())
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        file.write_bytes(data)
    again = build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work")
    np.testing.assert_array_equal(again.X, expected.X)
    # counts under the name of another track's are not taken for them
    one, other, *_ = sorted((tmp_path / "work").iterdir())
    other.write_bytes(one.read_bytes())
    again = build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work")
    np.testing.assert_array_equal(again.X, expected.X)


def test_a_file_that_changes_while_it_is_read_is_refused(tracks, genes, tmp_path, monkeypatch):
    count_track = parallel_module.count_track

    def grow(path, *args, **kwargs):
        counts = count_track(path, *args, **kwargs)
        path.write_bytes(path.read_bytes() + b" ")
        return counts

    monkeypatch.setattr(parallel_module, "count_track", grow)
    with pytest.raises(DataFormatError, match=r"A-H3K4me3.bam: the file was changed while"):
        build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work")
    assert not list((tmp_path / "work").iterdir())


def test_a_folder_that_cannot_be_written_is_named(tracks, genes, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"finished counts cannot be written there .*file"):
        build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "file")

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parallel_module, "_save", full)
    with pytest.raises(OSError, match=r"No space left on device\). Make room.*work"):
        build_dataset(tracks, genes, **BINS, work_dir=tmp_path / "work")


def start_build(tmp_path, tracks, genes, body):
    """Start a build with two workers in which counting is replaced; each writes its process id."""
    pids = tmp_path / "pids"
    pids.mkdir()
    (tmp_path / "sitecustomize.py").write_text(
        "import os, pathlib, time\n"
        "import histoexpr.tracks._parallel as parallel\n"
        "def replaced(path, *args, **kwargs):\n"
        f"    pathlib.Path({str(pids)!r}, str(os.getpid())).touch()\n"
        f"    {body}\n"
        "parallel.count_track = replaced\n"
    )
    code = (
        "import sys; from histoexpr.tracks import build_dataset;"
        "build_dataset(sys.argv[1], sys.argv[2], window=1000, n_jobs=2)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [sys.executable, "-c", code, tracks, genes]
    return pids, subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_a_killed_worker_is_said_with_the_remedy(tracks, genes, tmp_path):
    _, process = start_build(tmp_path, tracks, genes, "os.kill(os.getpid(), 9)")
    error = process.communicate(timeout=120)[1]
    assert "ChildProcessError: A worker was killed" in error
    assert "n_jobs (on the command line --jobs)" in error


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes in /proc")
def test_workers_end_with_a_killed_build(tracks, genes, tmp_path):
    pids, process = start_build(tmp_path, tracks, genes, "time.sleep(120)")
    try:
        until = time.monotonic() + 60
        while len(list(pids.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    workers = [int(path.name) for path in pids.iterdir()]
    assert len(workers) == 2
    assert process.pid not in workers
    until = time.monotonic() + 20
    while any(_lives(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any(_lives(worker) for worker in workers)


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
