"""Files with checksums."""

import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.utils import (
    check_crc,
    check_file,
    crc_of_file,
    hash_file,
    read_sealed,
    write_sealed,
)

REMEDY = "Remove the file and run the study again."


def test_what_is_sealed_is_read_back_or_refused(tmp_path):
    path, value = tmp_path / "a.json", {"x": [1, 2.5, None], "y": {"z": "t"}}
    write_sealed(path, value)
    assert read_sealed(path, REMEDY) == value
    text = path.read_text()
    for damaged in (text.replace("2.5", "2.6"), text.replace('"t"', '"u"')):
        path.write_text(damaged)
        with pytest.raises(DataFormatError, match=r"a.json: is damaged.*run the study again"):
            read_sealed(path, REMEDY)
    path.write_text('{"x": 1}')
    with pytest.raises(DataFormatError, match="lacks some of checksum"):
        read_sealed(path, REMEDY)


def test_a_file_is_held_against_its_hash(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    sha256 = hash_file(path)
    assert sha256.startswith("ba7816bf")  # of the standard
    check_file(path, sha256, REMEDY)
    path.write_bytes(b"xyz")
    with pytest.raises(DataFormatError, match="a: is damaged"):
        check_file(path, sha256, REMEDY)
    path.unlink()
    with pytest.raises(DataFormatError, match="a: is missing"):
        check_file(path, sha256, REMEDY)


def test_size_and_crc_of_a_file(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"123456789")
    expected = crc_of_file(path)
    assert expected == {"bytes": 9, "crc32": "cbf43926"}  # the check value of CRC-32
    check_crc(path, expected, REMEDY)
    for damaged in (b"123456788", b"12345678", b"1234567890"):
        path.write_bytes(damaged)
        with pytest.raises(DataFormatError, match="a: is damaged: its checksum differs"):
            check_crc(path, expected, REMEDY)
    path.unlink()
    with pytest.raises(DataFormatError, match="a: is missing"):
        check_crc(path, expected, REMEDY)
