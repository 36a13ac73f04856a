"""Files and folders appear whole or not at all."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from histoexpr.utils import atomic_folder, atomic_path


def test_a_file_appears_at_the_end(tmp_path):
    target = tmp_path / "new" / "table.tsv.gz"
    with atomic_path(target) as temporary:
        assert temporary.parent == target.parent
        assert temporary.suffixes[-2:] == [".tsv", ".gz"]
        temporary.write_text("text")
        assert not target.exists()
    assert target.read_text() == "text"
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_the_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_replaced_only_if_asked(tmp_path):
    target = tmp_path / "folder"
    for text in ("old", "new"):
        with atomic_folder(target, overwrite=text == "new") as temporary:
            (temporary / text).touch()
    assert [path.name for path in target.iterdir()] == ["new"]
    with pytest.raises(FileExistsError, match=r"folder exists.*overwrite=True"):
        atomic_folder(target).__enter__()
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(IsADirectoryError, match=f"^{re.escape(str(tmp_path))} is a folder"):
        atomic_path(tmp_path).__enter__()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("atomic", [atomic_path, atomic_folder])
def test_what_cannot_be_written_is_named_as_it_was_given(tmp_path, atomic):
    (tmp_path / "file").touch()
    for target in (
        tmp_path / "file" / "a.csv",
        tmp_path / "file" / "b" / "a.csv",
        Path("/proc/a.csv"),
        tmp_path / ("a" * 300),
    ):
        with pytest.raises(OSError, match=r"cannot be written") as caught, atomic(target):
            pass
        assert caught.value.filename == str(target)
        assert str(caught.value).endswith(f"Choose another name or folder: {str(target)!r}")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(TypeError, match="path must be a str or path-like, got 3"):
        atomic(3).__enter__()


@pytest.mark.parametrize("atomic", [atomic_path, atomic_folder])
def test_a_folder_that_is_a_file_is_named(tmp_path, atomic):
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError, match=r"file is a file, not a folder\). Choose another"):
        atomic(tmp_path / "file" / "a.csv").__enter__()


def test_a_folder_that_appears_meanwhile_stays(tmp_path):
    path = tmp_path / "a"

    def write():
        with atomic_folder(path) as folder:
            (folder / "mine").touch()
            path.mkdir()
            (path / "theirs").touch()

    with pytest.raises(FileExistsError, match="a"):
        write()
    assert [file.name for file in path.iterdir()] == ["theirs"]
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_is_named_by_the_file_that_was_asked_for(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("before")
    for number in (errno.ENOSPC, errno.EFBIG):
        fault = OSError(number, os.strerror(number))
        with pytest.raises(OSError, match=r"Make room.*table\.tsv'") as caught, atomic_path(path):
            raise fault
        assert caught.value.errno == number
        assert caught.value.filename == str(path)
    with pytest.raises(OSError, match=r"another\.bam"), atomic_path(path):
        raise OSError(errno.ENOSPC, "No space left on device", "another.bam")
    assert [child.name for child in tmp_path.iterdir()] == ["table.tsv"]
    assert path.read_text() == "before"


def test_a_real_limit_is_an_error_in_words(tmp_path):
    pytest.importorskip("resource")  # not on Windows
    program = (
        "import resource, sys\n"
        "from histoexpr.utils import atomic_path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "with atomic_path(sys.argv[1]) as temporary, open(temporary, 'w') as file:\n"
        "    file.write('x' * 10_000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "a.tsv"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot be written (File too large). Make room" in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
