"""The folder of a run: whole or not at all, and never mixed with another run."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from ..utils import read_json, to_json, write_json

_MANIFEST = "manifest.json"


class RunFolder:
    """A folder that one run writes into; ``files`` are the names that :meth:`write` wrote.

    ``run`` is what decides the results: data, models, settings, versions. FileExistsError if the
    folder holds another run and ``overwrite`` is not given, or files that no run wrote.
    """

    def __init__(self, path, run, *, overwrite=False):
        self.path, self.run, self.files = Path(path), to_json(run), []
        self._stale = []
        if self.path.exists() and not self.path.is_dir():
            raise FileExistsError(f"{path} is a file. Choose a folder with --out.")
        manifest = self.path / _MANIFEST
        if manifest.is_file():
            before = read_json(manifest, ("run", "files"), remedy="Choose another --out.")
            differs = [name for name in run if before["run"].get(name) != self.run[name]]
            if differs and not overwrite:
                raise FileExistsError(
                    f"{path} holds another run, with other {', '.join(differs)}. Choose another "
                    "folder with --out, or replace that run with --overwrite."
                )
            self._stale = [str(name) for name in before["files"]]
        elif self.path.is_dir() and any(self.path.iterdir()):
            raise FileExistsError(
                f"{path} holds files that are of no run of this command. Choose another folder "
                "with --out."
            )

    @contextlib.contextmanager
    def write(self, about):
        """Collect files in a hidden folder, which is given, and move them into place at the end.

        ``about`` is what else the manifest is to hold. If the body raises, nothing is left of it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{self.path.name[:40]}."
        with tempfile.TemporaryDirectory(dir=self.path.parent, prefix=prefix) as folder:
            out = Path(folder) / "files"
            out.mkdir()
            yield out
            self.files = sorted(path.name for path in out.iterdir())
            self.path.mkdir(exist_ok=True)
            (self.path / _MANIFEST).unlink(missing_ok=True)
            for name in self._stale:
                if Path(name).name == name:
                    (self.path / name).unlink(missing_ok=True)
            for name in self.files:
                os.replace(out / name, self.path / name)
            self.files.append(_MANIFEST)
            write_json(self.path / _MANIFEST, {**about, "run": self.run, "files": self.files[:-1]})
            shutil.rmtree(out, ignore_errors=True)
