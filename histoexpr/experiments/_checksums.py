"""Files of a study with checksums: what is damaged or edited is reported, never read."""

import hashlib

from ..exceptions import DataFormatError
from ..utils import json_text, read_json, write_json

REMEDY = "Remove the file and run the study again."


def write_sealed(path, value):
    """Write a dict as JSON, with a checksum of what it holds."""
    write_json(path, {**value, "checksum": _checksum(value)})


def read_sealed(path, remedy=REMEDY):
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


def check_file(path, sha256, remedy=REMEDY):
    """Raise DataFormatError if a file is missing or is not the one with a SHA-256."""
    try:
        found = hash_file(path)
    except FileNotFoundError as error:
        raise DataFormatError(f"is missing. {remedy}", path) from error
    except OSError as error:
        raise DataFormatError(f"cannot be read ({error}). {remedy}", path) from error
    if found != sha256:
        raise DataFormatError(f"is damaged: its checksum differs. {remedy}", path)


def _checksum(value):
    return hashlib.sha256(json_text(value).encode()).hexdigest()
