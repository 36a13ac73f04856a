"""Options that commands share, and the checks of their values before anything slow is imported.

Types of arguments (``positive``, ``random_state``, ``number_of_jobs``, ``names_among``), options
that several commands have (``add_common``), checks of paths (``check_read``, ``check_written``,
``check_ending``, ``check_folder``), names in lists (``names_of``, ``did_you_mean``) and threads
(``limited_threads``). Imports neither NumPy nor scikit-learn nor pandas, so that help and a wrong
path take no longer than Python itself.
"""

import argparse
import contextlib
import difflib
import os
import sys
from pathlib import Path

# Endings of what commands write
TABLES = (".tsv", ".csv", ".tsv.gz", ".csv.gz")
FIGURES = (".png", ".pdf", ".svg")
MODEL = ".histoexpr"
# Names in registries that are slow to import; a test holds them against those
MODELS = (
    *("linear", "logistic", "regions", "cnn", "mlp", "boosting", "gradient-boosting", "ridge"),
    *("linear-regressor", "regions-regressor", "cnn-regressor", "mlp-regressor"),
    "boosting-regressor",
)
GENE_DIVISIONS = ("auto", "split", "kfold", "chromosome")
NORMALIZATIONS = ("predictions", "quantile", "depth", "power")
# What numerical libraries ask for their number of threads when they are loaded
_THREADS = tuple(
    f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
)


def positive(text):
    """Read a whole number of 1 or more."""
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def random_state(text):
    """Read a random state as NumPy takes it: from 0 to 4294967295."""
    if not (text.isdecimal() and int(text) < 2**32):
        raise argparse.ArgumentTypeError(f"{text!r} is no integer from 0 to {2**32 - 1}")
    return int(text)


def number_of_jobs(text):
    """Read a number of jobs as joblib takes it: not 0, negative counts from all cores."""
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error
    if number == 0:
        raise argparse.ArgumentTypeError("0 jobs do nothing; give 1 or more, or -1 for all cores")
    return number


def names_among(known, what):
    """Return a type that reads names separated by commas, in lower case, each once.

    ``known`` are the names there are, ``what`` one of them is, for messages: ``"model"``.
    """

    def read(text):
        names = list(dict.fromkeys(part.strip().lower() for part in text.split(",")))
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"unknown {what} {name!r}{did_you_mean(name, known)}; "
                    f"choose among {', '.join(known)}"
                )
        return names

    return read


def did_you_mean(name, known):
    """Return " (did you mean 'x'?)" of the name that is most alike, or an empty text."""
    lower = {str(other).lower(): str(other) for other in known}
    found = difflib.get_close_matches(str(name).lower(), lower, n=1, cutoff=0.6)
    return f" (did you mean {lower[found[0]]!r}?)" if found else ""


def names_of(option, text):
    """Return the names that an option holds, separated by commas; None if it is not given."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise ValueError(f"{option} names nothing. Give names, separated by commas.")
    return names


def add_common(
    parser,
    *,
    json=None,
    overwrite=None,
    seed=False,
    jobs=None,
    threads=False,
    quiet="no progress bar",
):
    """Add options that commands share, and ``--quiet`` always; each has its line of help.

    ``json`` is what ``--json FILE`` holds, ``overwrite`` what ``--overwrite`` replaces, ``jobs``
    the default of ``--jobs``; None leaves the option out. ``quiet`` is its help.
    ``main`` itself applies ``--threads``.
    """
    add = parser.add_argument
    if json:
        add("--json", type=Path, metavar="FILE", help=f"write {json} as JSON, too")
    if overwrite:
        add("--overwrite", action="store_true", help=f"replace {overwrite}")
    if seed:
        add("--seed", type=random_state, default=0, metavar="N", help="random state (default 0)")
    if jobs is not None:
        what = f"number of fits at a time, -1 for one a core (default {jobs})"
        add("--jobs", "-j", type=number_of_jobs, default=jobs, metavar="N", help=what)
    if threads:
        add_threads(parser)
    add("--quiet", "-q", action="store_true", default=False, help=quiet)


def add_threads(parser):
    """Add ``--threads``, which ``main`` applies."""
    what = "threads of numerical libraries in each process (default: as many as they choose)"
    parser.add_argument("--threads", type=positive, metavar="N", help=what, default=None)


@contextlib.contextmanager
def limited_threads(number):
    """Let numerical libraries use so many threads, None as many as they choose, for a while.

    Those that are not loaded yet read the environment, as do worker processes; those that are
    loaded are told.
    """
    if number is None:
        yield
        return
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, str(number)))
    with contextlib.ExitStack() as stack:
        if "numpy" in sys.modules:
            from threadpoolctl import threadpool_limits

            stack.enter_context(threadpool_limits(number))
        if torch := sys.modules.get("torch"):
            stack.callback(torch.set_num_threads, torch.get_num_threads())
            torch.set_num_threads(number)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def check_read(path, what, remedy="", *, file=False):
    """Raise OSError unless a path can be read; ``what`` is the argument that gives it.

    ``file`` refuses folders; ``remedy`` is said instead of a similar name beside it.
    """
    if not path.exists():
        raise FileNotFoundError(f"{what}: {path} does not exist.{_hint(remedy or _beside(path))}")
    if file and path.is_dir():
        raise IsADirectoryError(f"{what}: {path} is a folder. Give a file.{_hint(remedy)}")
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise PermissionError(f"{what}: {path} may not be read. Change its permissions.")


def _hint(text):
    return f" {text}" if text else ""


def _beside(path):
    """Return what to do about a path that does not exist, from what there is beside it."""
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder {folder}, either: check the path."
    try:
        alike = did_you_mean(path.name, os.listdir(folder))
    except OSError:
        alike = ""
    return f"Check the path{alike}."


def check_ending(option, path, endings):
    """Raise ValueError unless the name of a file has one of some endings."""
    if not path.name.lower().endswith(tuple(endings)) or path.name.lower() in endings:
        raise ValueError(f"{option}: {path} needs a name that ends in {' or '.join(endings)}.")


def check_written(files, read, *, overwrite):
    """Raise unless all files may be written: dict of option -> path, and the paths that are read.

    Paths that are None are not asked for. No two may be one file, none a file that is read.
    """
    sources = {path.resolve() for path in read if path is not None}
    taken = {}
    for option, path in files.items():
        if path is None:
            continue
        resolved = path.resolve()
        if path.is_dir():
            raise IsADirectoryError(
                f"{option}: {path} is a folder. Give the name of a file, such as one in it."
            )
        if resolved in sources or any(source in resolved.parents for source in sources):
            raise ValueError(
                f"{option}: {path} is read, or lies in what is read, and would be written. "
                "Choose another name."
            )
        if resolved in taken:
            raise ValueError(f"{taken[resolved]} and {option} are both {path}. Choose another.")
        taken[resolved] = option
        _check_place(option, path)
        if path.exists() and not overwrite:
            raise FileExistsError(
                f"{option}: {path} exists. Choose another name, or replace it with --overwrite."
            )


def check_folder(option, path):
    """Raise OSError unless a folder can be made or written to; whose it is, is not asked."""
    if path.exists() and not path.is_dir():
        raise FileExistsError(f"{option}: {path} is a file. Choose a folder with {option}.")
    if path.is_dir():
        _check_writable(option, path)
    else:
        _check_place(option, path)


def _check_place(option, path):
    """Raise OSError unless something can be made in the folder above a path."""
    folder = path.absolute().parent
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{option}: {folder} is a file, not a folder. Choose another.")
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{option}: the folder {folder} does not exist. Make it, or choose another name."
        )
    _check_writable(option, folder)


def _check_writable(option, folder):
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(
            f"{option}: nothing may be written in {folder}. Choose another folder, or change its "
            "permissions."
        )
