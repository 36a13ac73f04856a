"""Running a study: every fit once, each result in a file, to be taken up where it stopped."""

import contextlib
import hashlib
import json
import os
import platform
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from pathlib import Path

from joblib import Parallel, delayed

from .. import __version__
from ..datasets import HistoneDataset
from ..utils import progress_bar
from ._data import StudyData
from ._files import read_json, without_nan, write_json
from ._fit import StudyContext, is_done, run_task
from ._models import describe_model
from ._plan import plan_study
from ._results import load_study
from ._spec import StudySpec
from ._statistics import summarise
from ._tables import collect, write_tables, write_test_genes, write_times

FORMAT_VERSION = 2
# What scores may come from
_PACKAGES = ("joblib", "numpy", "scikit-learn", "scipy", "skorch", "torch")
# Times that workers may die in one run before it gives up
_RESTARTS = 3


def run_study(spec, data, out, *, n_jobs=None, verbose=0):
    """Run a study, or go on with one that was interrupted.

    Every finished fit is kept as a small file in ``out``; a study that is started again,
    even after its processes were killed, does only the fits that are missing, and its
    tables come out the same to the byte. Fits run through joblib, each on one thread; with
    ``joblib.parallel_config("dask")`` they run on the workers of a Dask cluster that see
    the same files. Workers map X from the saved data set into memory: nothing large is
    sent to them.

    Parameters
    ----------
    spec : StudySpec, dict, str or path-like
        The study, its parameters, or the JSON file that holds them.
    data : str or path-like
        A data set saved with :meth:`HistoneDataset.save`, with labels of two classes.
    out : str or path-like
        Folder for the results; made if needed.
    n_jobs : int, optional
        Number of fits at a time, as in joblib.
    verbose : int, default=0
        1 shows a progress bar over fits.

    Returns
    -------
    Study
        Its tables stand in ``out``, too: ``results.csv``, ``summary.json`` and, apart,
        ``times.csv``.

    Raises
    ------
    ValueError
        If the study cannot be done on the data, a fit fails, another process runs a study
        in ``out``, or ``out`` holds the results of another study, other data or other
        versions.
    DataFormatError
        If the study, the data set or a result cannot be read.
    ChildProcessError
        If workers are killed again and again.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from histoexpr.datasets import make_histone_cells
    >>> from histoexpr.experiments import run_study
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name)
    >>> make_histone_cells(n_cells=3, n_genes=300, random_state=0).save(path / "data")
    >>> spec = {
    ...     "models": {"linear": "linear"},
    ...     "experiments": [
    ...         {"name": "own cell", "regime": "own"},
    ...         {"name": "other cells", "regime": "exclusive"},
    ...     ],
    ... }
    >>> study = run_study(spec, path / "data", path / "out")
    >>> study.scores("other cells").shape  # test cells
    (3,)
    >>> folder.cleanup()
    """
    spec, data, out = _read_spec(spec), Path(data).resolve(), Path(out).resolve()
    if out == data or (out.exists() and not out.is_dir()):
        what = "the data set" if out == data else "a file"
        raise ValueError(f"out={str(out)!r} is {what}. Choose a folder for the results.")
    dataset = HistoneDataset.load(data)
    study_data = StudyData(dataset, spec.division)
    tasks, entries = plan_study(spec, study_data)
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        manifest = _manifest(spec, data, dataset)
        _check_manifest(out, manifest)
        for name in ("results", "predictions", "times"):
            (out / name).mkdir(exist_ok=True)
        _remove_left_overs(out)
        sha256 = manifest["data_sha256"]
        context = StudyContext(str(data), sha256, str(out), spec.division, spec.estimators())
        _run_all(context, tasks, n_jobs, verbose)
        write_times(out, tasks)
        write_test_genes(out, study_data)
        write_tables(out, collect(out, study_data, tasks, entries))
        study = load_study(out)
        write_json(out / "summary.json", summarise(study))
    return study


def _read_spec(spec):
    if isinstance(spec, StudySpec):
        return spec
    if not isinstance(spec, dict | str | os.PathLike):
        raise TypeError(f"spec must be a StudySpec, a dict or a path, got {type(spec).__name__}.")
    return StudySpec.from_dict(spec) if isinstance(spec, dict) else StudySpec.load(spec)


def _run_all(context, tasks, n_jobs, verbose):
    with progress_bar(total=len(tasks), desc="study", unit="fit", show=bool(verbose)) as bar:
        done = 0
        for restart in range(_RESTARTS + 1):
            missing = [task for task in tasks if not is_done(context.out, task)]
            bar.update(len(tasks) - len(missing) - done)
            done = len(tasks) - len(missing)
            parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
            try:
                for _ in parallel(delayed(run_task)(context, task) for task in missing):
                    bar.update(1)
                    done += 1
                return
            except BrokenProcessPool as error:
                # of joblib's processes, too: killed from outside, or for memory; what was
                # finished is on disk
                if restart == _RESTARTS:
                    raise ChildProcessError(
                        f"Workers were killed {_RESTARTS + 1} times, which the system does for "
                        "lack of memory. Finished fits are kept: go on with fewer at a time."
                    ) from error


@contextlib.contextmanager
def _alone(out):
    """Keep a second process out of the folder; the lock goes with the process."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    with open(out / ".lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ValueError(
                f"Another process is running a study in {out}. Wait for it, or choose another "
                "folder."
            ) from error
        except OSError:
            pass  # a file system without locks
        yield


def _remove_left_overs(out):
    """Remove half-written files of a process that was killed."""
    names = [".results.*", ".summary.json.*", ".times.csv.*", ".manifest.json.*", ".test_genes.*"]
    names += ["results/.*.json", "times/.*.json", "predictions/.*.npy"]
    for left_over in (path for name in names for path in out.glob(name)):
        if left_over.is_file():
            left_over.unlink(missing_ok=True)


def _manifest(spec, data, dataset):
    return {
        "format": FORMAT_VERSION,
        "spec": spec.to_dict(),
        "models": {name: describe_model(m) for name, m in spec.estimators().items()},
        "seeds": list(spec.seeds),
        "data_sha256": hash_folder(data),
        "data_source": _source(dataset.meta),
        "versions": {
            "histoexpr": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
    }


def _source(meta):
    """Return where a data set says that it comes from, its parts if they differ."""
    parts = meta.get("parts", [meta])
    return "; ".join(dict.fromkeys(str(part.get("source", "unknown")) for part in parts))


def hash_folder(path):
    """Return the SHA-256 of the files in a folder, with their names; not of hidden ones.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
    """
    total = hashlib.sha256()
    files = (file for file in path.iterdir() if file.is_file() and file.name[0] != ".")
    for file in sorted(files):
        with open(file, "rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        total.update(f"{file.name} {digest}\n".encode())
    return total.hexdigest()


def _check_manifest(out, manifest):
    path = out / "manifest.json"
    if not path.is_file():
        others = [p.name for p in out.iterdir() if p.name != ".lock"]
        if (out / "results").exists():
            raise ValueError(
                f"{out} holds results but no manifest.json that says whose ({others[0]} ...). "
                "Choose another folder."
            )
        write_json(path, manifest)
        return
    before = read_json(path, ("spec", "models", "versions"), "Choose another folder.")
    changed = _changes(before, json.loads(json.dumps(without_nan(manifest))))
    if changed:
        raise ValueError(
            f"{out} holds the results of another study, which are not mixed with this one: "
            f"{'; '.join(changed)}. Choose another folder."
        )


def _changes(before, now):
    """Say in words what differs between two manifests."""
    changed = []
    if before.get("data_sha256") != now["data_sha256"]:
        changed.append("the data set has changed")
    for part, what in (("spec", "of the study"), ("models", "of the models")):
        old = before[part]
        names = [name for name in {**old, **now[part]} if old.get(name) != now[part].get(name)]
        if names:
            changed.append(f"{', '.join(names)} {what} changed")
    old = before["versions"]
    for name, used in now["versions"].items():
        if old.get(name) != used:
            changed.append(f"{name} was {old.get(name)} and is {used}")
    if not changed and before != now:
        changed.append("it was written in another format")
    return changed
