"""Published data sets: the DeepChrome benchmark and Roadmap's expression, downloaded once."""

import gzip
import zlib
from numbers import Integral, Real

from ..exceptions import DataFormatError
from ..utils import Interval, shorten, validate_params
from ._download import data_folder, download, read_record
from ._read_expression import read_expression
from .deepchrome._load import load_deepchrome

_ZENODO = "https://zenodo.org"
_DEEPCHROME_RECORD = "2652278"
_DEEPCHROME_FILE = "data.tar.gz"
_ROADMAP = "https://egg2.wustl.edu/roadmap/data/byDataType/rna/expression"
_ROADMAP_FILE = "57epigenomes.RPKM.pc.gz"
_NO_CELL = "E000"
_CONSTRAINTS = {
    "download_if_missing": ["boolean"],
    "retries": [Interval(Integral, 0, None, closed="left")],
    "timeout": [Interval(Real, 0, None, closed="neither")],
    "verbose": ["verbose"],
}


@validate_params(_CONSTRAINTS, prefer_skip_nested_validation=True)
def fetch_deepchrome(
    cells=None,
    *,
    splits=None,
    data_home=None,
    download_if_missing=True,
    retries=3,
    timeout=30,
    verbose=0,
):
    """Load the DeepChrome benchmark of 56 Roadmap cell types, downloading it once.

    The archive of Zenodo record 2652278 is checked against the size and checksum that the record
    states, kept packed and read member by member; see :func:`load_deepchrome` for the cache.

    .. warning::
       The published labels compare RPKM with its median as text, and are wrong for 13 to
       32 % of the genes in 49 of the 56 cells. Correct them with :func:`relabel` and
       :func:`fetch_roadmap_expression`.

    Parameters
    ----------
    cells, splits : str or sequence of str, optional
        What to load; all by default.
    data_home : str or path-like, optional
        Folder of downloads. By default the environment variable ``HISTOEXPR_DATA``, or else
        ``~/histoexpr_data``.
    download_if_missing : bool, default=True
        With False, raise an error where the file is not there yet.
    retries : int, default=3
        Further attempts after a passing failure, with growing pauses.
    timeout : float, default=30
        Seconds to wait for an answer of the server.
    verbose : int, default=0
        With 1, show a progress bar.

    Returns
    -------
    HistoneDataset
        See :func:`load_deepchrome`.

    Raises
    ------
    FileNotFoundError
        If the file is not there and may not be downloaded.
    ConnectionError
        If it cannot be downloaded. Both messages state what to download by hand and where to.
    DataFormatError
        If what arrives differs from the record, is damaged or holds an unsafe member.
    ValueError
        If a cell or split is not in the archive.

    References
    ----------
    R. Singh et al., "DeepChrome: deep-learning for predicting gene expression from histone
    modifications", Bioinformatics 32 (2016).

    Examples
    --------
    >>> from histoexpr.datasets import fetch_deepchrome, fetch_roadmap_expression
    >>> from histoexpr.labels import relabel
    >>> data = fetch_deepchrome(["E003", "E123"], verbose=1)  # doctest: +SKIP
    >>> data = relabel(data, fetch_roadmap_expression())  # doctest: +SKIP
    """
    path = data_folder(data_home, "deepchrome", _DEEPCHROME_FILE)
    options = {"retries": retries, "timeout": timeout}

    def get():
        url = f"{_ZENODO}/api/records/{_DEEPCHROME_RECORD}"
        link, size, checksum = _find_in_record(read_record(url, **options), _DEEPCHROME_FILE, url)
        download(link, path, size=size, checksum=checksum, verbose=verbose, **options)

    page = f"{_ZENODO}/records/{_DEEPCHROME_RECORD}/files/{_DEEPCHROME_FILE}"
    _provide(path, page, get, download_if_missing)
    return load_deepchrome(path, cells=cells, splits=splits)


@validate_params(_CONSTRAINTS, prefer_skip_nested_validation=True)
def fetch_roadmap_expression(
    cells=None, *, data_home=None, download_if_missing=True, retries=3, timeout=30, verbose=0
):
    """Load the RPKM of protein-coding genes in 56 Roadmap epigenomes, downloading it once.

    The file has a 57th column, ``E000``: a universal reference of RNA from many cells, which is
    left out unless it is asked for. The server publishes no checksum:
    the announced length and the checksum within the gzip file are verified.

    Parameters
    ----------
    cells : str or sequence of str, optional
        Cells to read; by default all but ``E000``.
    data_home : str or path-like, optional
        Folder of downloads. By default the environment variable ``HISTOEXPR_DATA``, or else
        ``~/histoexpr_data``.
    download_if_missing : bool, default=True
        With False, raise an error where the file is not there yet.
    retries : int, default=3
        Further attempts after a passing failure, with growing pauses.
    timeout : float, default=30
        Seconds to wait for an answer of the server.
    verbose : int, default=0
        With 1, show a progress bar.

    Returns
    -------
    ExpressionTable
        See :func:`histoexpr.datasets.read_expression`.

    Raises
    ------
    FileNotFoundError
        If the file is not there and may not be downloaded.
    ConnectionError
        If it cannot be downloaded. Both messages state what to download by hand and where to.
    DataFormatError
        If what arrives is cut short or damaged, or has no such cell.

    References
    ----------
    Roadmap Epigenomics Consortium, "Integrative analysis of 111 reference human epigenomes",
    Nature 518 (2015).

    Examples
    --------
    >>> from histoexpr.datasets import fetch_roadmap_expression
    >>> table = fetch_roadmap_expression(verbose=1)  # doctest: +SKIP
    >>> model = ReferenceClassifier(reference=table).fit(data)  # doctest: +SKIP
    """
    path = data_folder(data_home, "roadmap", _ROADMAP_FILE)
    url = f"{_ROADMAP}/{_ROADMAP_FILE}"

    def get():
        options = {"retries": retries, "timeout": timeout, "verbose": verbose}
        download(url, path, check=lambda file: _check_gzip(file, url), **options)

    _provide(path, url, get, download_if_missing)
    table = read_expression(path, cells=cells, unit="RPKM")
    if cells is None and _NO_CELL in table.cells:
        return table.select(cells=table.cells[table.cells != _NO_CELL])
    return table


def _provide(path, page, get, download_if_missing):
    """Download a file that is not there yet, and say how to do it by hand if it fails."""
    if path.is_file():
        return
    by_hand = (
        f"To do it by hand, download {page} and put it, unchanged, at {path} (data_home= or the "
        "environment variable HISTOEXPR_DATA choose another place)."
    )
    if not download_if_missing:
        raise FileNotFoundError(f"{path} does not exist, and downloading is off. {by_hand}")
    try:
        get()
    except ConnectionError as error:
        raise ConnectionError(f"{error} {by_hand}") from error


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
