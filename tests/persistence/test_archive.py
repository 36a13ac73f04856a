import io
import json
import os
import pickle
import struct
import warnings
import zipfile

import joblib
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.persistence._archive import MEMBERS, read_archive, read_info, write_archive


def test_what_is_written_is_read(tmp_path, parts):
    before = parts("boosting")
    write_archive(tmp_path / "m", {**before.info, "a": [1, 2.5]}, before.tree, before.arrays)
    archive = read_archive(tmp_path / "m")
    assert archive.info["a"] == [1, 2.5]
    assert archive.tree == before.tree
    assert {name: a.tobytes() for name, a in archive.arrays.items()} == {
        name: a.tobytes() for name, a in before.arrays.items()
    }


def test_the_same_content_is_the_same_file(tmp_path, parts):
    both = [parts("cnn").write(tmp_path / name).read_bytes() for name in "ab"]
    assert both[0] == both[1]


def test_no_member_is_compressed(saved):
    with zipfile.ZipFile(saved["cnn"]) as file:
        assert file.namelist() == list(MEMBERS)
        assert {m.compress_type for m in file.infolist()} == {zipfile.ZIP_STORED}


class Harmful:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("dump", [pickle.dump, joblib.dump])
def test_a_pickle_is_refused_and_not_opened(tmp_path, dump):
    harmful = Harmful(tmp_path / "harm")
    if dump is joblib.dump:
        joblib.dump(harmful, tmp_path / "m.histoexpr", compress=("zlib", 3))
    else:
        with open(tmp_path / "m.histoexpr", "wb") as file:
            pickle.dump(harmful, file)
    with pytest.raises(DataFormatError, match=r"no model file .* may be a pickle"):
        read_archive(tmp_path / "m.histoexpr")
    assert not (tmp_path / "harm").exists()


def test_a_pickle_as_a_member_is_refused(tmp_path, members, write_zip):
    content = pickle.dumps(Harmful(tmp_path / "harm"))
    path = write_zip([*members("linear"), ("weights.pkl", content)])
    with pytest.raises(DataFormatError, match=r"weights\.pkl"):
        read_archive(path)
    swapped = [(n, content if n == MEMBERS[2] else c) for n, c in members("linear")]
    with pytest.raises(DataFormatError, match="checksum differs"):
        read_archive(write_zip(swapped))
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/../../b", "MODEL.JSON"])
def test_members_with_other_names_are_refused(tmp_path, members, write_zip, name):
    path = write_zip([*members("linear"), (name, b"x")])
    with pytest.raises(DataFormatError, match="It holds"):
        read_archive(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_members_that_occur_twice_are_refused(members, write_zip):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's own
        path = write_zip([*members("linear"), members("linear")[0]])
    with pytest.raises(DataFormatError, match="once"):
        read_archive(path)


def test_a_missing_member_is_refused(members, write_zip):
    with pytest.raises(DataFormatError, match="expected each of"):
        read_archive(write_zip(members("linear")[:2]))


def test_zip_bombs_are_refused_by_what_they_declare(members, write_zip):
    bomb = [(n, b"\0" * 50_000_000 if n == MEMBERS[2] else c) for n, c in members("linear")]
    path = write_zip(bomb, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 200_000
    with pytest.raises(DataFormatError, match="compressed"):
        read_archive(path)


def test_members_that_overlap_are_refused(tmp_path, saved):
    content = bytearray(saved["linear"].read_bytes())
    first, second, _ = (i for i in range(len(content)) if content[i : i + 4] == b"PK\x01\x02")
    # the second entry of the directory points to the first member
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(DataFormatError):
        read_archive(tmp_path / "m")


def test_a_size_beyond_the_file_takes_no_memory(tmp_path, saved):
    content = bytearray(saved["linear"].read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 20 : entry + 28] = struct.pack("<II", 0xF0000000, 0xF0000000)
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(DataFormatError, match="longer than the file"):
        read_archive(tmp_path / "m")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[" * 200_000, "JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"format": 1, "format": 2}', "twice"),
        (b"\xff\xfe", "JSON"),
        (b'{"format": "histoexpr.model", "version": 1}', "checksum"),
        (b"[]", "no model file"),
        (b"9" * 5000, "JSON"),
        (b'{"format": "histoexpr.model", "x": 1e999}', "no number"),
    ],
)
def test_json_that_is_none_or_not_ours_is_refused(members, write_zip, content, fault):
    path = write_zip([(n, content if n == MEMBERS[0] else c) for n, c in members("linear")])
    with pytest.raises(DataFormatError, match=fault):
        read_info(path)


def test_long_json_is_refused_before_it_is_read(members, write_zip, monkeypatch):
    monkeypatch.setattr("histoexpr.persistence._archive._MAX_JSON", 1000)
    long = [(n, b" " * 2000 if n == MEMBERS[1] else c) for n, c in members("linear")]
    with pytest.raises(DataFormatError, match="at most 1,000"):
        read_info(write_zip(long))


def test_newer_formats_and_odd_versions_are_refused(tmp_path, parts, monkeypatch):
    path = tmp_path / "m"
    for version, fault in ((99, "newer histoexpr"), ("1", "version"), (0, "version")):
        monkeypatch.setattr("histoexpr.persistence._archive.VERSION", version)
        parts("linear").write(path)
        monkeypatch.undo()
        with pytest.raises(DataFormatError, match=fault):
            read_info(path)


def test_arrays_whose_shape_and_size_differ_are_refused(tmp_path, parts, monkeypatch):
    header = json.dumps(
        {"a00000": {"dtype": "F64", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 8]}}
    ).encode()
    made = struct.pack("<Q", len(header)) + header + bytes(8)
    monkeypatch.setattr("histoexpr.persistence._archive.dump_arrays", lambda arrays: made)
    path = parts("linear").write(tmp_path / "m")
    with pytest.raises(DataFormatError, match=r"arrays\.safetensors cannot be read"):
        read_archive(path)


@pytest.mark.parametrize("content", [b"", b"gene\tcell\n", b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(DataFormatError, match="no model file"):
        read_info(tmp_path / "m")


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder"):
        read_info(tmp_path)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read_info(tmp_path / "none")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "m")
    with pytest.raises(DataFormatError, match="no plain file"):
        read_info(tmp_path / "m")


def test_an_encrypted_member_is_refused(saved, tmp_path):
    content = bytearray(saved["linear"].read_bytes())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(signature) + offset] |= 1
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(DataFormatError, match="encrypted"):
        read_archive(tmp_path / "m")
    assert zipfile.is_zipfile(io.BytesIO(content))
