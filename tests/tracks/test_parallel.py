"""Counting in parallel and after an interruption."""

import os

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import _parallel as parallel_module
from histoexpr.tracks import build_dataset
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
        assert parallel_module._load(file) is not None
