"""Atomic writing: files and folders appear whole or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path

from ._values import check_path

# The mask can only be read by setting it: at import, before threads write files.
_UMASK = os.umask(0)
os.umask(_UMASK)

# Of a disk, a quota and a file
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def _named(path):
    """Report a fault by the path that was asked for, not by a temporary name or a parent."""
    try:
        yield
    except OSError as error:
        why = error.strerror
        if error.errno == errno.EEXIST and str(error.filename) == str(path.parent):
            why = f"{error.filename} is a file, not a folder"
        fault = f"cannot be written ({why}). Choose another name or folder"
        raise OSError(error.errno, fault, str(path)) from error


@contextlib.contextmanager
def naming_full_disk(path, temporary=None):
    """Say which file a full disk is about: what writes into an open file does not know it."""
    try:
        yield
    except OSError as error:
        known = error.filename is not None and str(error.filename) != str(temporary)
        if known or error.errno not in _FULL:
            raise
        fault = f"cannot be written ({error.strerror}). Make room, or choose another folder"
        raise OSError(error.errno, fault, str(path)) from error


@contextlib.contextmanager
def atomic_path(path):
    """Yield a temporary path in the same folder, which is moved to ``path`` at the end.

    It has the suffix of ``path``; an existing file is replaced. If the body raises, the temporary
    file is removed and ``path`` is untouched. IsADirectoryError if it is a folder, OSError if it
    cannot be written, both naming ``path``.
    """
    path = check_path(path)
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} is a folder. Give the name of a file, such as one in it.")
    ending = "".join(path.suffixes[-2:])[-20:]
    with _named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(ending, f".{path.name[:40]}.", path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with naming_full_disk(path, temporary):
            yield temporary
        with _named(path):
            os.chmod(temporary, 0o666 & ~_UMASK)
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path, *, overwrite=False):
    """Yield a temporary folder beside ``path``, which is moved into place at the end.

    If the body raises, it is removed and ``path`` is untouched. An existing folder is refused
    with FileExistsError unless ``overwrite`` is True; OSError names ``path`` if it cannot be
    written.
    """
    path = check_path(path)
    if os.path.exists(path) and not overwrite:
        raise FileExistsError(f"{path} exists. Choose another name or pass overwrite=True.")
    with _named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:40]}."))
    retired = temporary.with_name(temporary.name + ".old")
    try:
        yield temporary
        with _named(path):
            os.chmod(temporary, 0o777 & ~_UMASK)
            if os.path.exists(path):
                if not overwrite:  # another process was faster
                    raise FileExistsError(errno.EEXIST, "exists by now", str(path))
                os.replace(path, retired)
            os.replace(temporary, path)
    finally:
        if retired.exists() and not os.path.exists(path):
            os.replace(retired, path)
        for left_over in (temporary, retired):
            shutil.rmtree(left_over, ignore_errors=True)
