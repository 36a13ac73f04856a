"""Where finished fits are kept: in memory, or in a folder that can be taken up again."""

import contextlib
import functools
import json
import platform
import zlib
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import filelock
import numpy as np
import pandas as pd

from .. import __version__
from ..datasets import HistoneDataset, hash_dataset
from ..exceptions import DataFormatError
from ..utils import (
    check_file,
    describe_model,
    hash_file,
    read_json,
    read_sealed,
    read_text_cell,
    shorten,
    to_json,
    write_csv,
    write_json,
    write_sealed,
)
from ._data import Division, StudyData
from ._fitting import FitResult, do_fit
from ._gene_division import OF_SPLIT, name_test_genes
from ._words import EXPRESSION, LABEL, VARIABLE

FORMAT_VERSION = 6
REMEDY = "Remove the file and run the study again."
# What scores may come from
_PACKAGES = ("joblib", "numpy", "pandas", "scikit-learn", "scipy", "skorch", "torch")
_FACTS = ("target", "n_train", "steps", "epochs", "threshold")
# Columns of predictions, in order; those of the second line only where they are known
_PREDICTED = {"cell": str, "gene": str, "prediction": np.float32}
_KNOWN = {"chrom": str, "tss": np.int64, LABEL: np.int8, EXPRESSION: np.float32, VARIABLE: np.int8}


def describe_run(spec, data):
    """Return what decides the results: study, models, source of the data, versions.

    ``data`` are StudyData; how their genes are divided is said in words.
    """
    dataset = data.dataset
    parts = dataset.meta.get("parts", [dataset.meta])
    return to_json(
        {
            "format": FORMAT_VERSION,
            "spec": spec.to_dict(),
            "models": {name: describe_model(m) for name, m in spec.estimators().items()},
            "data_source": "; ".join(
                dict.fromkeys(str(part.get("source", "unknown")) for part in parts)
            ),
            "held_out": data.held_out,
            "versions": package_versions(),
        }
    )


def package_versions():
    """Return the versions of what scores may come from."""
    versions = {"histoexpr": __version__, "python": platform.python_version()}
    return versions | {name: version(name) for name in _PACKAGES}


def name_predictions(tested, predictions):
    """Return predictions with their cells, genes and what is known of them, as a DataFrame.

    ``tested`` returns columns of a cell; ``predictions`` holds an array by cell.
    """
    parts = list(map(tested, predictions))
    columns = {"cell": np.repeat(list(predictions), [len(p) for p in predictions.values()])}
    columns |= {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if EXPRESSION in columns:
        columns[EXPRESSION] = columns[EXPRESSION].astype(np.float32)
    columns["prediction"] = np.concatenate(list(predictions.values())).astype(np.float32)
    return pd.DataFrame(columns)


class MemoryStore:
    """Finished fits in memory."""

    def __init__(self, data, models):
        self.data, self.models = data, models
        self._results, self._kept = {}, {}

    def __contains__(self, fit):
        return fit.key in self._results

    def job(self, fit):
        """Return what a worker calls for a fit: function and arguments."""
        return do_fit, (self.data, self.models[fit.model], fit)

    def keep(self, fit, result):
        """Keep what a worker returned."""
        self._results[fit.key] = result
        self.keep_predictions(fit.key, fit.fold, result.predictions)

    def result(self, fit):
        """Return the result of a fit."""
        return self._results[fit.key]

    def keep_predictions(self, key, fold, predictions):
        """Keep predictions by test cell."""
        self._kept[key] = fold, predictions

    def reader(self):
        """Return what gives predictions by key; it holds no signals, so that it can be saved."""
        pairs = {(fold, cell) for fold, kept in self._kept.values() for cell in kept}
        return _Predictions(self._kept, {pair: self.data.tested(*pair) for pair in pairs})


class _Predictions(NamedTuple):
    kept: dict
    tested: dict

    def __call__(self, key):
        fold, predictions = self.kept[key]
        return name_predictions(lambda cell: self.tested[fold, cell], predictions)


@dataclass(frozen=True)
class FolderJob:
    """Does one fit in a worker and writes its files; small, so that it can travel."""

    out: str
    data: str
    data_sha256: str
    division: Division
    models: dict

    def __call__(self, fit):
        """Fit and write; the result comes last and states that all is there."""
        data = open_data(self.data, self.data_sha256, self.division)
        result = do_fit(data, self.models[fit.model], fit)
        files = _files(Path(self.out), fit.key)
        tested = functools.partial(data.tested, fit.fold)
        write_csv(name_predictions(tested, result.predictions), files["predictions"])
        write_sealed(files["times"], result.times)
        seal = {"predictions_sha256": hash_file(files["predictions"])}
        found = {"fit": asdict(fit), **result.facts, "scores": result.scores}
        write_sealed(files["results"], found | seal)


@functools.lru_cache(maxsize=1)
def open_data(path, sha256, division):
    """Open a saved data set with X as a memory map, once a process and content."""
    return StudyData(HistoneDataset.load(path, verify=False), division)


class FolderStore:
    """Finished fits in a folder, with a manifest that states whose they are.

    ``data`` is the folder of a saved data set.
    """

    def __init__(self, out, data, spec):
        self.out, self.path, self._spec = out, data, spec
        self._sha256 = hash_dataset(HistoneDataset.load(data))
        self.data = open_data(str(data), self._sha256, spec.division)
        self.manifest = {**describe_run(spec, self.data), "data_sha256": self._sha256}
        self._job = FolderJob(str(out), str(data), self._sha256, spec.division, spec.estimators())

    @contextlib.contextmanager
    def alone(self):
        """Lock the folder against a second process, and take up what it holds."""
        self.out.mkdir(parents=True, exist_ok=True)
        self._check_manifest()  # before anything is left in a folder of others
        lock = filelock.FileLock(self.out / ".lock")
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout as error:
            raise ValueError(
                f"Another process is running a study in {self.out}. Wait for it, or choose "
                "another folder."
            ) from error
        except (OSError, NotImplementedError):
            pass  # a file system without locks
        try:
            if begun := self._check_manifest():
                self.manifest = begun  # its words for the same division may be others
            else:
                write_json(self.out / "manifest.json", self.manifest)
            for name in _files(self.out, ""):
                (self.out / name).mkdir(exist_ok=True)
            self._remove_left_overs()
            yield self
        finally:
            lock.release()

    def __contains__(self, fit):
        """Return whether a fit has left all its files whole; else it is done again."""
        files = _files(self.out, fit.key)
        try:
            sealed = read_sealed(files["results"], REMEDY)
            check_file(files["predictions"], sealed["predictions_sha256"], REMEDY)
            read_sealed(files["times"], REMEDY)
        except DataFormatError:
            return False
        return True

    def job(self, fit):
        """Return what a worker calls for a fit: function and arguments."""
        return self._job, (fit,)

    def keep(self, fit, result):
        """Do nothing: the worker has written its files."""

    def result(self, fit):
        """Return the result of a fit, without its predictions."""
        files = _files(self.out, fit.key)
        found, times = read_sealed(files["results"], REMEDY), read_sealed(files["times"], REMEDY)
        return FitResult({name: found[name] for name in _FACTS}, found["scores"], {}, times)

    def keep_predictions(self, key, fold, predictions):
        """Write predictions by test cell."""
        frame = name_predictions(functools.partial(self.data.tested, fold), predictions)
        files = _files(self.out, key)
        write_csv(frame, files["predictions"])
        write_sealed(files["results"], {"predictions_sha256": hash_file(files["predictions"])})

    def reader(self):
        """Return what gives predictions by key."""
        return functools.partial(read_predictions, self.out)

    def _check_manifest(self):
        """Return the manifest that there is, or None; refuse the files of others."""
        path = self.out / "manifest.json"
        if not path.is_file():
            names = {p.name for p in self.out.iterdir() if p.name[0] != "."}
            others = sorted(names - ({"data"} if self.path == self.out / "data" else set()))
            if others:
                raise ValueError(
                    f"{self.out} holds files but no manifest.json of a study ({shorten(others)}). "
                    "Choose another folder."
                )
            return None
        keys = ("spec", "models", "versions")
        before = read_json(path, keys, remedy="Choose another folder.")
        if not all(isinstance(before[key], dict) for key in keys):
            raise DataFormatError("is no manifest of a study. Choose another folder.", path)
        changed = _changes(before, self.manifest)
        if changed:
            raise ValueError(
                f"{self.out} holds the results of another study, which are not mixed with this "
                f"one: {'; '.join(changed)}. Choose another folder."
            )
        return before

    def _remove_left_overs(self):
        """Remove half-written files of a process that was killed."""
        names = (
            ".results.*",
            ".summary.*",
            ".between-cells.tsv.*",
            ".against-baselines.tsv.*",
            ".times.csv.*",
            ".manifest.json.*",
            ".checksums.*",
        )
        left_overs = [path for name in names for path in self.out.glob(name)]
        for name in _files(self.out, ""):
            left_overs += (self.out / name).glob(".*.*")
        for left_over in left_overs:
            if left_over.is_file():
                left_over.unlink(missing_ok=True)


def _files(out, key):
    endings = {"results": "json", "predictions": "tsv.gz", "times": "json"}
    return {name: out / name / f"{key}.{ending}" for name, ending in endings.items()}


def read_predictions(out, key):
    """Read the predictions of a fit or baseline, see name_predictions.

    DataFormatError if the file is missing or damaged, or the key leads out of the folder.
    """
    path = _files(out, key)["predictions"]
    if Path(key).name != key:
        raise DataFormatError(f"{key!r} is no key of a fit. Run the study again.", out)
    seal = read_sealed(_files(out, key)["results"], REMEDY)
    check_file(path, seal.get("predictions_sha256"), REMEDY)
    types = _PREDICTED | _KNOWN
    missing = {EXPRESSION: [""]}
    try:
        frame = pd.read_csv(path, sep="\t", dtype=types, keep_default_na=False, na_values=missing)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataFormatError(f"cannot be read ({error}). {REMEDY}", path) from error
    known = [name for name in _KNOWN if name in frame]
    if list(frame) != ["cell", "gene", *known, "prediction"]:
        raise DataFormatError(f"lacks some of {', '.join(_PREDICTED)}. {REMEDY}", path)
    for name in {"cell", "gene", "chrom"} & {*frame}:
        frame[name] = frame[name].map(read_text_cell)
    return frame


def _changes(before, now):
    """State in words what differs between two manifests."""
    changed = []
    if before.get("data_sha256") != now["data_sha256"]:
        changed.append("the data set has changed")
    elif "held_out" in before:
        was, is_now = (name_test_genes(str(manifest["held_out"])) for manifest in (before, now))
        genes = now["spec"]["genes"]
        if was == is_now:  # whatever asked for it, and however its reasons are worded
            spec = before["spec"] | {"genes": genes}
            before = {**before, "held_out": now["held_out"], "spec": spec}
        elif genes == "auto" and was == OF_SPLIT:  # which "auto" was in earlier versions
            changed.append(
                f"the test genes were {was} and would be {is_now} (genes='split' goes on with the "
                "predefined split)"
            )
    for part, what in (("spec", "of the study"), ("models", "of the models")):
        old = before[part]
        names = [name for name in {**old, **now[part]} if old.get(name) != now[part].get(name)]
        if names:
            changed.append(f"{', '.join(names)} {what} changed")
    old = before["versions"]
    for name, used in now["versions"].items():
        if old.get(name) != used:
            changed.append(f"{name} was {old.get(name)} and is {used}")
    if not changed and before != json.loads(json.dumps(now)):
        changed.append("it was written in another format")
    return changed
