"""The folder of a run: whole or not at all, and never mixed with another run."""

import contextlib
import os
import tempfile
from pathlib import Path

import filelock

from ..exceptions import DataFormatError
from ..utils import naming_full_disk, read_json, to_json, write_json

_MANIFEST, _LOCK = "manifest.json", ".lock"


class RunFolder:
    """A folder that one run writes into; a context that locks it, made if needed.

    ``run`` is what decides the results: data, models, settings, versions. FileExistsError if the
    folder holds another run and ``overwrite`` is not given, or files that no run wrote, or if
    another run is at work in it. ``files`` are the names that :meth:`write` wrote.
    """

    def __init__(self, path, run, *, overwrite=False):
        self.path, self.run, self.overwrite = Path(path), to_json(run), overwrite
        self.files, self._stale = [], []
        self._lock = filelock.FileLock(self.path / _LOCK)

    def __enter__(self):
        if self.path.exists() and not self.path.is_dir():
            raise FileExistsError(f"{self.path} is a file. Choose a folder with --out.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except filelock.Timeout as error:
            raise FileExistsError(
                f"Another run is at work in {self.path}. Choose another folder with --out."
            ) from error
        except OSError as error:
            raise OSError(
                f"Cannot write to {self.path} ({error.strerror}). Choose another --out."
            ) from error
        try:
            self._check()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        self._lock.release()
        with contextlib.suppress(OSError):
            (self.path / _LOCK).unlink(missing_ok=True)
            self.path.rmdir()  # only if it is empty

    def _check(self):
        manifest = self.path / _MANIFEST
        others = [path.name for path in self.path.iterdir() if path.name != _LOCK]
        if not manifest.is_file():
            if others:
                raise FileExistsError(
                    f"{self.path} holds files that are of no run of this command ({others[0]}). "
                    "Choose another folder with --out."
                )
            return
        before = read_json(manifest, ("run", "files"), remedy="Choose another --out.")
        if not isinstance(before["run"], dict) or not isinstance(before["files"], list):
            raise DataFormatError("is no manifest of a run. Choose another --out.", manifest)
        differs = [name for name in self.run if before["run"].get(name) != self.run[name]]
        if differs and not self.overwrite:
            raise FileExistsError(
                f"{self.path} holds another run, with other {', '.join(differs)}. Choose another "
                "folder with --out, or replace that run with --overwrite."
            )
        names = [str(name) for name in before["files"]]
        self._stale = [name for name in names if Path(name).name == name]

    @contextlib.contextmanager
    def write(self, about):
        """Collect files in a hidden folder, which is given, and move them into place at the end.

        ``about`` is what else the manifest is to hold. If anything fails, the folder is left as
        it was.
        """
        with tempfile.TemporaryDirectory(dir=self.path, prefix=".run.") as folder:
            new, old = Path(folder) / "new", Path(folder) / "old"
            new.mkdir()
            old.mkdir()
            with naming_full_disk(self.path):
                yield new
            self.files = sorted(path.name for path in new.iterdir())
            write_json(new / _MANIFEST, {**about, "run": self.run, "files": self.files})
            self.files.append(_MANIFEST)
            known = {*self._stale, _MANIFEST}
            foreign = [n for n in self.files if n not in known and (self.path / n).exists()]
            if foreign:
                raise FileExistsError(
                    f"{self.path / foreign[0]} is of no run of this command and stays. Choose "
                    "another folder with --out, or move the file."
                )
            _swap(self.path, new, self.files, old, [n for n in known if (self.path / n).exists()])


def _swap(path, new, files, old, stale):
    """Move stale files of a folder to ``old`` and files of ``new`` in; undo it if that fails."""
    done = []
    try:
        for source, target, names in ((path, old, stale), (new, path, files)):
            for name in names:
                os.replace(source / name, target / name)
                done.append((source / name, target / name))
    except BaseException:
        for source, target in reversed(done):
            os.replace(target, source)
        raise
