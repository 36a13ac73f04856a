"""Published data sets: the DeepChrome benchmark and Roadmap's expression, downloaded once."""

from ..utils import validate_params
from ._published import DOWNLOAD_CONSTRAINTS, provide
from ._read_expression import read_expression
from .deepchrome._load import load_deepchrome

_NO_CELL = "E000"
_CONSTRAINTS = {"download_if_missing": ["boolean"], **DOWNLOAD_CONSTRAINTS}


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
    options = {"retries": retries, "timeout": timeout, "verbose": verbose}
    path = provide("deepchrome", data_home, download_if_missing, **options)
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
    options = {"retries": retries, "timeout": timeout, "verbose": verbose}
    path = provide("roadmap-expression", data_home, download_if_missing, **options)
    table = read_expression(path, cells=cells, unit="RPKM")
    if cells is None and _NO_CELL in table.cells:
        return table.select(cells=table.cells[table.cells != _NO_CELL])
    return table
