"""The file of a model: a zip with three members, none of them compressed.

``model.json`` says what the model is, with checksums of the others; ``estimator.json`` has the
tree of objects, ``arrays.safetensors`` their arrays. Nothing is compressed, so that reading takes
no more memory than the file is large.
"""

import hashlib
import json
import math
import os
import struct
import zipfile
from typing import NamedTuple

from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as dump_arrays

from ..exceptions import DataFormatError
from ..utils import atomic_path, check_path, json_text
from ._info_schema import check_info

FORMAT, VERSION = "histoexpr.model", 1
_INFO, _TREE, _ARRAYS = "model.json", "estimator.json", "arrays.safetensors"
MEMBERS = (_INFO, _TREE, _ARRAYS)
# JSON takes some ten times its size in memory
_MAX_JSON = 1 << 26
# Of a member in front of its content, when there is no extra field: see the zip specification
_LOCAL_HEADER = 30
_DAMAGED = "The model file is damaged: copy it again, or make it again with save_model."
_FOREIGN = "This is no model file that histoexpr save_model or histoexpr train wrote."


class Archive(NamedTuple):
    """What a model file holds: what the model is, its tree of objects, and arrays by name."""

    info: dict
    tree: object
    arrays: dict


def write_archive(path, info, tree, arrays):
    """Write the file, whole or not at all."""
    parts = {_TREE: _plain_json(tree).encode(), _ARRAYS: dump_arrays(arrays)}
    info = {"format": FORMAT, "version": VERSION, **info}
    info["members"] = {name: _seal(part) for name, part in parts.items()}
    info["checksum"] = _checksum(info)
    parts = {_INFO: json_text(info).encode(), **parts}
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as file:
        for name in MEMBERS:
            # a fixed date: the same content is the same member
            member = zipfile.ZipInfo(name)
            member.external_attr = 0o644 << 16
            file.writestr(member, parts[name])


def read_info(path):
    """Return what the model is, without reading the rest; DataFormatError if it is damaged."""
    path = check_path(path)
    with _opened(path) as file:
        return _read_info(path, file)


def read_archive(path):
    """Return the :class:`Archive`; DataFormatError if anything of it is damaged or foreign."""
    path = check_path(path)
    with _opened(path) as file:
        info = _read_info(path, file)
        parts = {}
        for name in (_TREE, _ARRAYS):
            parts[name] = _read_member(path, file, name)
            if info["members"].get(name) != _seal(parts[name]):
                raise DataFormatError(f"{name} is damaged: its checksum differs. {_DAMAGED}", path)
    tree = _parse(path, _TREE, parts[_TREE])
    try:
        arrays = load_arrays(parts[_ARRAYS])
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise DataFormatError(
            f"{_ARRAYS} cannot be read ({_brief(error)}). {_DAMAGED}", path
        ) from error
    return Archive(info, tree, arrays)


class _opened:
    """The members of a zip file that may be anything; errors name it."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        if os.path.isdir(self.path):
            raise IsADirectoryError(f"{self.path} is a folder. Name a model file.")
        if not os.path.exists(self.path):
            raise FileNotFoundError(f"{self.path} does not exist. Name a model file.")
        if not os.path.isfile(self.path):
            raise DataFormatError(f"is no plain file. {_FOREIGN}", self.path)
        try:
            self.file = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
            raise DataFormatError(self._what_it_is(), self.path) from error
        try:
            self._check_members()
        except BaseException:
            self.file.close()
            raise
        return self.file

    def __exit__(self, *exc_info):
        self.file.close()

    def _what_it_is(self):
        with open(self.path, "rb") as file:
            head = file.read(64)
        deflated = head[:1] == b"x" and int.from_bytes(head[:2]) % 31 == 0  # joblib's default
        if head[:1] == b"\x80" or head[:2] == b"\x1f\x8b" or deflated:
            return (
                f"{_FOREIGN} It may be a pickle, or one of joblib: opening such a file runs what "
                "is in it. Open it with joblib.load only if you made it, then use save_model."
            )
        return f"{_FOREIGN} {_DAMAGED}" if head[:2] == b"PK" else _FOREIGN

    def _check_members(self):
        """Refuse anything but our three members, each once, not compressed, one after another."""
        members = self.file.infolist()
        names = [member.filename for member in members]
        if sorted(names) != sorted(MEMBERS):
            shown = ", ".join(repr(name[:40]) for name in names[:4])
            more = " ..." if len(names) > 4 else ""
            raise DataFormatError(
                f"{_FOREIGN} It holds {shown or 'nothing'}{more}; expected each of "
                f"{', '.join(MEMBERS)} once.",
                self.path,
            )
        size = os.path.getsize(self.path)
        end = 0
        for member in sorted(members, key=lambda member: member.header_offset):
            plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 0x1
            stop = member.header_offset + _LOCAL_HEADER + member.file_size
            if not plain or member.file_size != member.compress_size:
                raise DataFormatError(
                    f"{member.filename} is compressed or encrypted, which no model file of "
                    "histoexpr is.",
                    self.path,
                )
            if member.header_offset < end or stop > size:
                fault = f"{member.filename} is said to be longer than the file. {_DAMAGED}"
                raise DataFormatError(fault, self.path)
            end = stop
            if member.filename != _ARRAYS and member.file_size > _MAX_JSON:
                raise DataFormatError(
                    f"{member.filename} has {member.file_size:,} bytes; at most {_MAX_JSON:,} are "
                    "read.",
                    self.path,
                )


def _read_member(path, file, name):
    try:
        return file.read(name)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, struct.error) as error:
        raise DataFormatError(
            f"{name} cannot be read ({_brief(error)}). {_DAMAGED}", path
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise DataFormatError(
            f"{name} cannot be read ({_brief(error)}). {_FOREIGN}", path
        ) from error


def _read_info(path, file):
    info = _parse(path, _INFO, _read_member(path, file, _INFO))
    if not isinstance(info, dict) or info.get("format") != FORMAT:
        raise DataFormatError(_FOREIGN, path)
    checksum = info.pop("checksum", None)
    if checksum != _checksum(info):
        raise DataFormatError(f"{_INFO} is damaged: its checksum differs. {_DAMAGED}", path)
    version = info.get("version")
    if type(version) is not int or version < 1:
        raise DataFormatError(f"has version {version!r}. {_DAMAGED}", path)
    if version > VERSION:
        raise DataFormatError(
            f"was written by a newer histoexpr (format {version}; this one reads up to "
            f"{VERSION}). Upgrade histoexpr.",
            path,
        )
    if not isinstance(info.get("members"), dict):
        raise DataFormatError(f"{_INFO} lacks the checksums of the members. {_DAMAGED}", path)
    try:
        check_info(info)
    except ValueError as error:
        raise DataFormatError(f"What {_INFO} says is malformed: {error}. {_DAMAGED}", path) from (
            error
        )
    return info


def _parse(path, name, content):
    try:
        return json.loads(
            content, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite
        )
    except (ValueError, RecursionError, MemoryError) as error:
        raise DataFormatError(
            f"{name} cannot be read as JSON ({_brief(error)}). {_DAMAGED}", path
        ) from (error)


def _once(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _finite(text):
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{text[:20]} is no number")
    return value


def _no_constant(name):
    raise ValueError(f"{name} is no JSON")


def _brief(error):
    """Return the message of an error, which may quote what is in the file."""
    return " ".join(str(error).split())[:150]


def _plain_json(value):
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _seal(content):
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _checksum(info):
    return hashlib.sha256(_plain_json(info).encode()).hexdigest()
