"""The files of published data sets: where they come from, where they go, and getting them."""

import gzip
import os
import shutil
import zlib
from collections.abc import Callable
from numbers import Integral, Real
from pathlib import Path
from typing import NamedTuple

from ..exceptions import DataFormatError
from ..utils import Interval, StrOptions, atomic_path, check_path, shorten, validate_params
from ._download import data_folder, download, read_record

_ZENODO = "https://zenodo.org"
_DEEPCHROME_RECORD = "2652278"
_ROADMAP = "https://egg2.wustl.edu/roadmap/data/byDataType/rna/expression"
DOWNLOAD_CONSTRAINTS = {
    "retries": [Interval(Integral, 0, None, closed="left")],
    "timeout": [Interval(Real, 0, None, closed="neither")],
    "verbose": ["verbose"],
}


class _Published(NamedTuple):
    folder: str  # in the data home
    file: str
    page: Callable  # () -> address at which a person finds the file
    get: Callable  # (path, **options) -> None: download it


def _get_deepchrome(path, *, retries, timeout, verbose):
    url = f"{_ZENODO}/api/records/{_DEEPCHROME_RECORD}"
    record = read_record(url, retries=retries, timeout=timeout)
    link, size, checksum = _find_in_record(record, PUBLISHED["deepchrome"].file, url)
    options = {"retries": retries, "timeout": timeout, "verbose": verbose}
    download(link, path, size=size, checksum=checksum, **options)


def _get_roadmap(path, **options):
    url = PUBLISHED["roadmap-expression"].page()
    download(url, path, check=lambda file: _check_gzip(file, url), **options)


def _deepchrome_page():
    return f"{_ZENODO}/records/{_DEEPCHROME_RECORD}/files/{PUBLISHED['deepchrome'].file}"


def _roadmap_page():
    return f"{_ROADMAP}/{PUBLISHED['roadmap-expression'].file}"


PUBLISHED = {
    "deepchrome": _Published("deepchrome", "data.tar.gz", _deepchrome_page, _get_deepchrome),
    "roadmap-expression": _Published(
        "roadmap", "57epigenomes.RPKM.pc.gz", _roadmap_page, _get_roadmap
    ),
}


@validate_params(
    {
        "name": [StrOptions(set(PUBLISHED))],
        "path": [str, os.PathLike, None],
        "overwrite": ["boolean"],
        **DOWNLOAD_CONSTRAINTS,
    },
    prefer_skip_nested_validation=True,
)
def fetch_file(
    name, path=None, *, data_home=None, overwrite=False, retries=3, timeout=30, verbose=0
):
    """Get the file of a published data set, as it is, and return its path.

    A file in the data home is not downloaded again; where ``path`` is given it is copied there.

    Parameters
    ----------
    name : {"deepchrome", "roadmap-expression"}
        The benchmark of 56 cell types, an archive that :func:`load_deepchrome` and commands take
        as it is, or the RPKM of Roadmap's cells, for :func:`read_expression`.
    path : str or path-like, optional
        File to write, or a folder to put it in. By default it goes to the data home, where
        :func:`fetch_deepchrome` and :func:`fetch_roadmap_expression` find it.
    data_home : str or path-like, optional
        Folder of downloads. By default the environment variable ``HISTOEXPR_DATA``, or else
        ``~/histoexpr_data``.
    overwrite : bool, default=False
        Whether to replace ``path``. Without ``path``, whether to download again what is there.
    retries : int, default=3
        Further attempts after a passing failure, with growing pauses. They go on where the
        connection broke, if the server can.
    timeout : float, default=30
        Seconds to wait for an answer of the server.
    verbose : int, default=0
        With 1, show a progress bar.

    Returns
    -------
    Path
        The file, which appears whole and checked or not at all: the archive against size and
        checksum that its record states, the table, for which none is published, against the
        checksum within.

    Raises
    ------
    FileExistsError
        If ``path`` exists and may not be replaced.
    ConnectionError
        If the file cannot be downloaded. The message states what to download by hand.
    DataFormatError
        If what arrives differs from the record, or is cut short or damaged.

    Examples
    --------
    >>> from histoexpr.datasets import fetch_file, read_expression
    >>> table = read_expression(fetch_file("roadmap-expression"))  # doctest: +SKIP
    """
    known = PUBLISHED[name]
    home = data_folder(data_home, known.folder, known.file)
    target = home if path is None else _target(path, known.file)
    if path is None and home.is_file() and not overwrite:
        return home
    if target.exists() and not overwrite:
        raise FileExistsError(
            f"{target} exists. Choose another path, or replace it with overwrite=True "
            "(--overwrite)."
        )
    if target != home and home.is_file():
        with atomic_path(target) as temporary:
            shutil.copyfile(home, temporary)
        return target
    _download(name, target, retries=retries, timeout=timeout, verbose=verbose)
    return target


def _target(path, file):
    path = Path(os.path.abspath(check_path(path)))
    return path / file if path.is_dir() else path


def provide(name, data_home, download_if_missing, **options):
    """Return the path of a file in the data home, downloaded if it is not there yet."""
    known = PUBLISHED[name]
    path = data_folder(data_home, known.folder, known.file)
    if path.is_file():
        return path
    if not download_if_missing:
        fault = f"{path} does not exist, and downloading is off."
        raise FileNotFoundError(f"{fault} {_by_hand(name, path)}")
    _download(name, path, **options)
    return path


def _download(name, path, **options):
    try:
        PUBLISHED[name].get(path, **options)
    except ConnectionError as error:
        raise ConnectionError(f"{error} {_by_hand(name, path)}") from error


def _by_hand(name, path):
    known = PUBLISHED[name]
    by_hand = f"To do it by hand, download {known.page()} and put it, unchanged, at {path}"
    if path.parts[-2:] != (known.folder, known.file):  # not in a data home
        return f"{by_hand}."
    where = "data_home= or the environment variable HISTOEXPR_DATA choose another place"
    return f"{by_hand} ({where})."


def _find_in_record(record, name, url):
    """Return link, size and checksum of a file in a Zenodo record."""
    try:
        entries = {entry["key"]: entry for entry in record["files"]}
        if name in entries:
            entry = entries[name]
            return str(entry["links"]["self"]), int(entry["size"]), str(entry["checksum"])
    except (TypeError, KeyError, ValueError) as error:
        raise ConnectionError(f"{url} does not describe its files ({error!r}).") from error
    raise ConnectionError(f"{url} has no file {name}; there are: {shorten(entries) or 'none'}.")


def _check_gzip(path, url):
    try:
        with gzip.open(path, "rb") as stream:
            empty = True
            while stream.read(1 << 20):  # to the end, where its checksum is
                empty = False
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataFormatError(f"what arrived is no whole gzip file ({error}).", url) from error
    if empty:
        raise DataFormatError("what arrived is empty.", url)
