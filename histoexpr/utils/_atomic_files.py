"""Atomic writing: files and folders appear whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

# The mask can only be read by setting it: at import, before threads write files.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextlib.contextmanager
def atomic_path(path):
    """Write a file under a temporary name and move it into place at the end.

    Parameters
    ----------
    path : str or path-like
        Where the file is to stand; an existing one is replaced.

    Yields
    ------
    pathlib.Path
        The temporary file, in the same folder and with the same suffix. If the body
        raises, it is removed and ``path`` is untouched.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name[:40]}.", suffix="".join(path.suffixes[-2:])[-20:]
    )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o666 & ~_UMASK)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path, *, overwrite=False):
    """Write a folder under a temporary name and move it into place at the end.

    Parameters
    ----------
    path : str or path-like
        Where the folder is to stand.
    overwrite : bool, default=False
        Whether an existing folder may be replaced.

    Yields
    ------
    pathlib.Path
        The temporary folder, beside ``path``. If the body raises, it is removed and
        ``path`` is untouched.

    Raises
    ------
    FileExistsError
        If ``path`` exists and ``overwrite`` is False.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists. Choose another name or pass overwrite=True.")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:40]}."))
    retired = temporary.with_name(temporary.name + ".old")
    try:
        yield temporary
        os.chmod(temporary, 0o777 & ~_UMASK)
        if path.exists():
            os.replace(path, retired)
        os.replace(temporary, path)
    finally:
        if retired.exists() and not path.exists():
            os.replace(retired, path)
        for left_over in (temporary, retired):
            shutil.rmtree(left_over, ignore_errors=True)
