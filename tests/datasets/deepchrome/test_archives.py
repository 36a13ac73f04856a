"""Archives: unsafe, truncated and damaged ones are refused."""

import gzip
import tarfile

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from support.deepchrome_files import (
    SOUND,
    pack,
    read,
)


def test_fault_within_an_archive(tmp_path):
    files = {"x/E003/classification/test.csv": SOUND.replace("7,8", "7,z").encode()}
    archive = pack(tmp_path / "set.tar.gz", files)
    with pytest.raises(DataFormatError) as caught:
        read(archive)
    expected = f"{archive}::x/E003/classification/test.csv, line 4: count 'z' of mark 2"
    assert str(caught.value).startswith(expected)


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("/etc/passwd", b"", "has an absolute path"),
        ("C:/windows/x", b"", "has an absolute path"),
        ("\\server\\x", b"", "has an absolute path"),
        ("a/../../x", b"", "leads out of the archive"),
        ("a\\..\\x", b"", "leads out of the archive"),
        ("x", special("x", tarfile.SYMTYPE, "/etc/passwd"), "is a link"),
        ("x", special("x", tarfile.LNKTYPE, "E003/classification/train.csv"), "is a link"),
        ("x", special("x", tarfile.CHRTYPE), "is a device"),
        ("x", special("x", tarfile.BLKTYPE), "is a device"),
        ("x", special("x", tarfile.FIFOTYPE), "is a device, a pipe"),
    ],
)
def test_unsafe_member_is_refused(tmp_path, name, content, fault):
    files = {"E003/classification/train.csv": SOUND.encode(), name: content}
    archive = pack(tmp_path / "set.tar.gz", files)
    with pytest.raises(DataFormatError, match=fault) as caught:
        read(archive)
    assert repr(name) in str(caught.value)
    assert caught.value.path == archive


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_truncated_archive(tmp_path, suffix):
    rng = np.random.default_rng(0)
    text = "".join(f"g{g},1,{c},0\n" for g, c in enumerate(rng.integers(0, 10**9, 2000)))
    names = [f"E00{n}/classification/train.csv" for n in (1, 2, 3)]
    mode = "w:gz" if suffix == ".tar.gz" else "w"
    whole = pack(tmp_path / f"whole{suffix}", dict.fromkeys(names, text.encode()), mode)
    content = whole.read_bytes()
    last = len(content) - 4 if mode == "w:gz" else len(content.rstrip(b"\0")) // 512 * 512 + 512
    cut = tmp_path / f"cut{suffix}"
    for size in [0, 1, 300, 512, *rng.integers(513, last, 20).tolist(), last]:
        cut.write_bytes(content[:size])
        with pytest.raises(DataFormatError, match="truncated") as caught:
            read(cut)
        assert str(caught.value.path).startswith(str(cut))


def test_damaged_header_is_not_the_end(tmp_path):
    names = [f"E00{n}/classification/train.csv" for n in (1, 2, 3)]
    archive = pack(tmp_path / "set.tar", dict.fromkeys(names, SOUND.encode()), "w")
    content = bytearray(archive.read_bytes())
    content[1024 + 3] ^= 1  # the second member's name
    archive.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        read(archive)


def test_damaged_byte_of_a_compressed_archive(tmp_path):
    rng = np.random.default_rng(0)
    text = "".join(f"g{g},1,{c},0\n" for g, c in enumerate(rng.integers(0, 1000, 3000)))
    archive = pack(tmp_path / "set.tar.gz", {"E003/classification/train.csv": text.encode()})
    content = archive.read_bytes()
    for place in rng.integers(20, len(content) - 8, 20):
        archive.write_bytes(
            content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        )
        with pytest.raises(DataFormatError):
            read(archive)


def test_archive_that_is_none(tmp_path):
    for content in (b"hello", SOUND.encode() * 100, gzip.compress(b"hello")):
        (tmp_path / "set.tar.gz").write_bytes(content)
        with pytest.raises(DataFormatError, match="cannot be read as a tar archive"):
            read(tmp_path / "set.tar.gz")
