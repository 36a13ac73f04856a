"""Cache of parsed data sets: memory maps, renewal, damage and concurrent loads."""

import os
import threading

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset, load_deepchrome
from histoexpr.datasets.deepchrome import _parse
from histoexpr.exceptions import DataFormatError
from support.deepchrome_files import SOUND, assert_same, pack_folder, read, write


def entries():
    root = os.environ["HISTOEXPR_CACHE"]
    return sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(root)
        for name in names
        if name == "dataset.json"
    )


@pytest.fixture(params=["folder", "archive"])
def source(request, tmp_path):
    """A folder or an archive, and a function that replaces its content."""
    folder, archive = tmp_path / "set", tmp_path / "set.tar.gz"

    def fill(**texts):
        write(folder, **texts)
        pack_folder(archive, folder, "set")
        return folder if request.param == "folder" else archive

    return fill


def test_second_load_is_a_memory_map(source, monkeypatch):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    first = load_deepchrome(path)
    monkeypatch.setattr(_parse, "_parse_block", None)  # nothing to parse with
    second = load_deepchrome(path)
    monkeypatch.undo()
    for data in (first, second):
        assert isinstance(data.X, np.memmap)
        assert not data.X.flags.writeable
        assert_same(data, read(path))
        assert data.meta == {"source": str(path)}


def test_nothing_is_written_beside_the_source(source, tmp_path):
    load_deepchrome(source(train=SOUND))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["set", "set.tar.gz"]
    assert len(entries()) == 1


def test_no_cache_writes_nothing(source):
    data = read(source(train=SOUND))
    assert not isinstance(data.X, np.memmap)
    assert data.X.flags.writeable
    assert os.listdir(os.environ["HISTOEXPR_CACHE"]) == []


def test_changed_source_is_read_again_and_the_old_entry_removed(source):
    load_deepchrome(source(train=SOUND))
    path = source(train=SOUND.replace("7,8", "9,8"))  # of the same size
    assert load_deepchrome(path).X.max() == 9
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")  # a file more
    assert load_deepchrome(path).n_samples == 3
    assert len(entries()) == 1


def test_change_with_the_time_set_back(tmp_path):
    file = write(tmp_path, train=SOUND) / "E003" / "classification" / "train.csv"
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    load_deepchrome(tmp_path)
    file.write_text(SOUND.replace("7,8", "9,8"))
    os.utime(file, ns=times)
    assert load_deepchrome(tmp_path).X.max() == 9


def test_selections_are_cached_apart(source):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    for _ in range(2):
        assert load_deepchrome(path).n_samples == 3
        assert load_deepchrome(path, splits="test").n_samples == 1
        assert load_deepchrome(path, splits=["test", "train"]).n_samples == 3
        assert load_deepchrome(path, splits=["train", "test"]).n_samples == 3
    assert len(entries()) == 3


@pytest.mark.parametrize("name", ["X.npy", "y.npy", "gene.npy", "dataset.json"])
@pytest.mark.parametrize("damage", ["cut", "remove", "rubbish"])
def test_damaged_cache_is_rebuilt(tmp_path, name, damage):
    write(tmp_path, train=SOUND)
    load_deepchrome(tmp_path)
    file = os.path.join(os.path.dirname(entries()[0]), name)
    if damage == "cut":
        os.truncate(file, os.path.getsize(file) // 2)
    elif damage == "remove":
        os.remove(file)
    else:
        with open(file, "wb") as handle:
            handle.write(b"[1]" * 50)
    for _ in range(2):
        data = load_deepchrome(tmp_path)
        assert_same(data, read(tmp_path))
        assert isinstance(data.X, np.memmap)


def test_cache_that_cannot_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("HISTOEXPR_CACHE", str(blocked))
    path = write(tmp_path / "set", train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    assert_same(load_deepchrome(path), read(path))


def test_disk_that_is_full(tmp_path, monkeypatch):
    path = write(tmp_path / "set", train=SOUND, test="c,1,300,2,0\nc,2,3,4,0\n")
    expected = read(path)

    def refuse(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", refuse)
    monkeypatch.setattr(np, "save", refuse)
    assert_same(load_deepchrome(path), expected)
    assert entries() == []


def test_fault_leaves_no_entry(source):
    path = source(train=SOUND, test="rubbish")
    for _ in range(2):
        with pytest.raises(DataFormatError):
            load_deepchrome(path)
    assert entries() == []
    leftover = [f for _, _, files in os.walk(os.environ["HISTOEXPR_CACHE"]) for f in files]
    assert leftover == []


def test_loads_at_the_same_time(source):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    expected, results = read(path), []
    start = threading.Barrier(8)

    def load():
        start.wait()
        try:
            results.append(load_deepchrome(path))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for data in results:
        assert isinstance(data, HistoneDataset), data
        assert_same(data, expected)
    assert len(results) == 8
    assert len(entries()) == 1
    assert_same(load_deepchrome(path), expected)


def test_source_that_changes_while_it_is_read_is_not_cached(tmp_path, monkeypatch):
    file = write(tmp_path, train=SOUND) / "E003" / "classification" / "train.csv"
    parse = _parse._assemble

    def change(blocks, name):
        file.write_text(SOUND.replace("7,8", "10,8"))
        return parse(blocks, name)

    monkeypatch.setattr(_parse, "_assemble", change)
    assert load_deepchrome(tmp_path).X.max() == 8
    assert entries() == []
