"""Files with checksums: what is damaged or edited is reported, never read."""

import hashlib
import zlib
from pathlib import Path

from ..exceptions import DataFormatError
from ._json import json_text, read_json, write_json

_BLOCK = 1 << 20


def write_sealed(path, value):
    """Write a dict as JSON, with a checksum of what it holds."""
    write_json(path, {**value, "checksum": _checksum(value)})


def read_sealed(path, remedy):
    """Return what :func:`write_sealed` wrote; DataFormatError if it is missing or damaged."""
    value = read_json(path, ("checksum",), remedy=remedy)
    checksum = value.pop("checksum")
    if checksum != _checksum(value):
        raise DataFormatError(f"is damaged: its checksum differs. {remedy}", path)
    return value


def hash_file(path):
    """Return the SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(path, sha256, remedy):
    """Raise DataFormatError if a file is missing or is not the one with a SHA-256."""
    try:
        found = hash_file(path)
    except FileNotFoundError as error:
        raise DataFormatError(f"is missing. {remedy}", path) from error
    except OSError as error:
        raise DataFormatError(f"cannot be read ({error}). {remedy}", path) from error
    if found != sha256:
        raise DataFormatError(f"is damaged: its checksum differs. {remedy}", path)


def crc_of_file(path):
    """Return the size in bytes and the CRC-32 of a file: 2.5 GB a second, SHA-256 up to 1.5."""
    size = crc = 0
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            size, crc = size + len(block), zlib.crc32(block, crc)
    return {"bytes": size, "crc32": f"{crc:08x}"}


def check_crc(path, expected, remedy):
    """Raise DataFormatError if a file is missing or is not as :func:`crc_of_file` found it."""
    try:
        # the size first: a file that is much too long is not read
        same = Path(path).stat().st_size == expected["bytes"] and crc_of_file(path) == expected
    except FileNotFoundError as error:
        raise DataFormatError(f"is missing. {remedy}", path) from error
    except OSError as error:
        raise DataFormatError(f"cannot be read ({error}). {remedy}", path) from error
    if not same:
        raise DataFormatError(f"is damaged: its checksum differs. {remedy}", path)


def _checksum(value):
    return hashlib.sha256(json_text(value).encode()).hexdigest()
