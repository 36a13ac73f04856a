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
    """Yield a temporary path in the same folder, which is moved to ``path`` at the end.

    It has the suffix of ``path``; an existing file is replaced. If the body raises, the temporary
    file is removed and ``path`` is untouched.
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
    """Yield a temporary folder beside ``path``, which is moved into place at the end.

    If the body raises, it is removed and ``path`` is untouched. An existing folder is refused
    with FileExistsError unless ``overwrite`` is True.
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
