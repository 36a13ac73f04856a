"""Tar archives read member by member: nothing is unpacked, nothing unsafe is accepted.

:func:`tarfile.data_filter` is weaker than what is refused here: it strips the root of absolute
paths, accepts links within the archive, and knows no Windows paths on other systems.
"""

import contextlib
import gzip
import re
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from ...exceptions import DataFormatError

# What tarfile and gzip raise on damaged bytes, and on absurd sizes and offsets
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError)
_DAMAGE += (RecursionError, OverflowError, MemoryError)


class ArchiveMember:
    """A regular file within an archive, readable until the next member is asked for.

    ``name`` is its path with ``/`` between the parts and no leading ``./``; ``label``, for error
    messages, is ``archive::name``.
    """

    def __init__(self, name, label, handle, archive):
        self.name, self.label = name, label
        self._handle, self._archive = handle, archive

    def read(self, size=-1):
        """Read up to ``size`` bytes; raises DataFormatError where the archive is damaged."""
        with _translated(self._archive):
            return self._handle.read(size)


# Headers that hold a long name or other properties of the next member, which TarFile reads whole
_PROPERTIES = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip
_LONGEST = 1 << 16


class _StrictTarInfo(tarfile.TarInfo):
    """Reports a damaged header, which TarFile takes for the end of the archive.

    Names and other properties of members are refused where they are longer than any name.
    """

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        info = super().frombuf(buf, encoding, errors)
        if info.type in _PROPERTIES and not 0 <= info.size <= _LONGEST:
            raise tarfile.ReadError(f"a header declares a name of {info.size:,} bytes")
        return info

    @classmethod
    def fromtarfile(cls, tar):
        try:
            return super().fromtarfile(tar)
        except tarfile.EOFHeaderError:
            raise  # the mark at the end of a whole archive
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"bad or missing header: {error}") from error


def iter_members(path):
    """Yield the regular files of a ``.tar`` or ``.tar.gz`` (as its content shows) in their order.

    The archive is read once, from front to end, and its checksum is verified at the end. A
    truncated or damaged archive is refused, and so is a member that could reach outside of the
    folder it is unpacked in: an absolute path, one with ``..``, a link, a device or a pipe.
    """
    path = Path(path)
    with path.open("rb") as raw:
        mode = "r:gz" if raw.read(2) == b"\x1f\x8b" else "r:"
    with contextlib.ExitStack() as stack:
        with _translated(path):
            tar = stack.enter_context(tarfile.open(path, mode, tarinfo=_StrictTarInfo))
        while True:
            with _translated(path):
                info = tar.next()
                if info is None:
                    while tar.fileobj.read(1 << 20):  # gzip compares its checksum at the end
                        pass
                    return
                _check_safe(info, path)
                handle = tar.extractfile(info)
            if handle:
                name = str(PurePosixPath(_printable(info.name)))
                yield ArchiveMember(name, f"{path}::{name}", handle, path)


@contextlib.contextmanager
def _translated(path):
    try:
        yield
    except DataFormatError:
        raise
    except _DAMAGE as error:
        fault = f"cannot be read as a tar archive ({error}): truncated, damaged or none at all."
        raise DataFormatError(f"{fault} Get it again.", path) from error


def _check_safe(info, path):
    if info.size < 0:  # would lead back to where the archive was read already
        fault = "has a negative size"
    elif info.islnk() or info.issym():
        fault = "is a link"
    elif not (info.isfile() or info.isdir()):
        fault = "is a device, a pipe or another special file"
    elif re.match(r"[/\\]|[A-Za-z]:", info.name):
        fault = "has an absolute path"
    elif ".." in re.split(r"[/\\]", info.name):
        fault = "has a path that leads out of the archive (..)"
    else:
        return
    member = _printable(info.name)
    raise DataFormatError(f"member {member!r} {fault}, which is refused: pack plain files.", path)


def _printable(name):
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
