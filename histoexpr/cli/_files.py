"""Names of files that a command reads and writes, checked before anything is imported."""

import os

TABLES = (".tsv", ".csv", ".tsv.gz", ".csv.gz")
MODEL = ".histoexpr"


def check_read(path, what, remedy="", *, file=False):
    """Raise OSError unless a path can be read; ``what`` is the argument that gives it."""
    remedy = f" {remedy}" if remedy else ""
    if not path.exists():
        raise FileNotFoundError(f"{what}: {path} does not exist.{remedy}")
    if file and path.is_dir():
        raise IsADirectoryError(f"{what}: {path} is a folder, not a file.{remedy}")
    if not os.access(path, os.R_OK):
        raise PermissionError(f"{what}: {path} may not be read. Change its permissions.")


def check_written(files, read, *, overwrite):
    """Raise unless all files may be written: dict of option -> path, and the paths that are read.

    Paths that are None are not asked for. No two may be one file, none a file that is read.
    """
    files = {option: path for option, path in files.items() if path is not None}
    taken = {}
    sources = {path.resolve() for path in read if path is not None}
    for option, path in files.items():
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
        if not path.parent.is_dir():
            raise FileNotFoundError(f"{option}: the folder {path.parent} does not exist. Make it.")
        if path.exists() and not overwrite:
            raise FileExistsError(
                f"{option}: {path} exists. Choose another name, or replace it with --overwrite."
            )
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(f"{option}: no file may be made in {path.parent}.")


def check_ending(option, path, endings):
    """Raise ValueError unless the name of a file has one of some endings."""
    if not path.name.lower().endswith(endings) or path.name.lower() in endings:
        raise ValueError(f"{option}: {path} needs a name that ends in {' or '.join(endings)}.")


def names_of(option, text):
    """Return the names that an option holds, separated by commas; None if it is not given."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise ValueError(f"{option} names nothing. Give names, separated by commas.")
    return names


def use_threads(number):
    """Let numerical libraries use so many threads: they ask when they are imported."""
    if number is not None:
        for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
            os.environ[f"{name}_NUM_THREADS"] = str(number)
