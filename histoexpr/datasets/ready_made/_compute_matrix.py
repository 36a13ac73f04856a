"""Output of deepTools computeMatrix."""

import json
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...exceptions import DataFormatError
from ...utils import StrOptions, check_path, open_text, shorten, validate_params
from .._dataset import HistoneDataset
from ._number_table import (
    NumberTable,
    check_regions,
    name_columns,
    parse_positions,
    read_number_table,
)

_N_TEXT = 6  # chrom, start, end, name, score, strand
_NOT_MATRIX = "Not the output of computeMatrix: its first line is @ and JSON."


class _Matrix(NamedTuple):
    """One file: its table, and signals (n_regions, n_bins, n_samples)."""

    path: Path
    table: NumberTable
    tss: np.ndarray
    X: np.ndarray
    labels: list
    window: tuple
    bin_size: int
    head: dict

    @property
    def regions(self):
        """Chromosome, start, end, name, score and strand of each region."""
        return self.table.text

    @property
    def keys(self):
        """What identifies a region: all of that but the score."""
        return self.table.text[:, [0, 1, 2, 3, 5]]


@validate_params(
    {
        "path": [str, Path, "array-like"],
        "cell": [str, None],
        "marks": [dict, "array-like", str, None],
        "missing": [StrOptions({"error", "zero", "drop"})],
    },
    prefer_skip_nested_validation=True,
)
def read_compute_matrix(path, *, cell=None, marks=None, missing="error"):
    r"""Read the matrix of deepTools ``computeMatrix reference-point`` as a data set.

    Parameters
    ----------
    path : str, path-like or sequence of these
        The file that ``--outFileName`` names, or several, such as one for each mark: regions are
        then matched by chromosome, position, name and strand.
    cell : str, optional
        The cell type; by default the name of the file without its endings.
    marks : sequence of str, or dict, optional
        Names of the marks, one for each sample of the file in its order; or a dict from the label
        of a sample to its mark, and only these are taken. By default the labels of the samples.
    missing : {"error", "zero", "drop"}, default="error"
        What to do with bins without data (``nan``): refuse the file, take them as 0, which is
        right if no data means no reads, or leave their regions out.

    Returns
    -------
    HistoneDataset
        Without labels; genes are the names of the regions, in the order of the (first) file.
        ``X`` is float32. Bins run along transcription (``oriented=True``). ``meta`` has the
        parameters of computeMatrix, and with them its groups of regions.

    Raises
    ------
    DataFormatError
        If a file is damaged, naming line and column, holds scaled regions or a matrix around
        ends of transcription, or lacks regions of the first one.
    ValueError
        If ``marks`` or ``cell`` do not fit.

    Notes
    -----
    The reference point must be ``TSS``, or ``center`` of regions that are centred on the TSS.
    computeMatrix turns the bins of regions on the minus strand, and takes the end of such a
    region as its TSS. Without ``--missingDataAsZero`` its mean of a bin leaves out positions
    without data, so that a bin covered in part has the mean of its covered part: for counts, pass
    that option. Regions that computeMatrix renames because their name is repeated end in ``_r1``
    and so on.

    References
    ----------
    F. Ramírez et al., "deepTools2: a next generation web server for deep-sequencing data
    analysis", Nucleic Acids Research 44 (2016).

    Examples
    --------
    The commands for one cell, and its matrix as a data set::

        computeMatrix reference-point --referencePoint TSS -b 5000 -a 5000 -bs 100 \
            --missingDataAsZero -S H3K4me3.bw H3K27me3.bw -R genes.bed -o E003.gz

        data = histoexpr.read_compute_matrix("E003.gz")
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    paths = [check_path(one) for one in paths]
    if not paths:
        raise ValueError("path is empty; give one file or more.")
    if cell is None and len(paths) > 1:
        raise ValueError("cell is needed with several files: cell='E003'.")
    parts = [_read_matrix(one) for one in paths]
    first = parts[0]
    X = np.concatenate([_match(part, first) for part in parts], axis=2)
    labels = [label for part in parts for label in part.labels]
    places, names = name_columns(labels, marks, "sample", paths[0])
    X, kept = _fill_missing(X[:, :, places], missing, first)
    chrom, _, _, gene, _, strand = first.regions[kept].T
    return HistoneDataset(
        X,
        cell=np.full(len(X), cell or paths[0].name.split(".")[0]),
        gene=gene,
        chrom=chrom,
        strand=strand,
        tss=first.tss[kept],
        marks=names,
        bin_size=first.bin_size,
        window=first.window,
        oriented=True,
        meta={"source": [str(one) for one in paths], "computeMatrix": first.head},
    )


def is_compute_matrix(path):
    """Whether a file begins as the output of computeMatrix does."""
    try:
        with open_text(path) as stream:
            return stream.read(2) == b"@{"
    except (OSError, DataFormatError):
        return False


def _read_matrix(path):
    if not is_compute_matrix(path):
        open(path, "rb").close()  # a file that is not there says so itself
        raise DataFormatError(_NOT_MATRIX, path, 1)
    table = read_number_table(path, _N_TEXT, n_header=1)
    check_regions(table, 3, 5, path)
    head = _read_head(table.header[0], path)
    bounds, n_columns = head["sample_boundaries"], table.numbers.shape[1]
    n_bins = bounds[1]
    if bounds != [n_bins * n for n in range(len(bounds))] or bounds[-1] != n_columns:
        raise DataFormatError(
            f"has {n_columns} columns of signals, but its first line says {bounds[-1]} in samples "
            f"that end at {shorten(bounds[1:])}. All samples need the same number of bins.",
            path,
            1,
        )
    if head["group_boundaries"][-1] != len(table.text):
        raise DataFormatError(
            f"has {len(table.text)} regions, but its first line says "
            f"{head['group_boundaries'][-1]}. The file is cut short: make it again.",
            path,
        )
    sizes = [_one_of(head, name, path) for name in ("upstream", "downstream", "bin size")]
    upstream, downstream, bin_size = sizes
    if upstream + downstream != n_bins * bin_size:
        raise DataFormatError(
            f"has {n_bins} bins of {bin_size} bp, but its first line says {upstream} bp upstream "
            f"and {downstream} bp downstream.",
            path,
            1,
        )
    X = table.numbers.astype(np.float32).reshape(len(table.text), len(bounds) - 1, n_bins)
    tss = _find_tss(table, _one_of(head, "ref point", path, str), path)
    labels = [str(label) for label in head["sample_labels"]]
    window = (-upstream, downstream)
    return _Matrix(path, table, tss, X.transpose(0, 2, 1), labels, window, bin_size, head)


def _read_head(line, path):
    """Return the parameters in the first line, of a matrix around a reference point."""
    try:
        head = json.loads(line[1:])
        bounds = [head[name] for name in ("sample_boundaries", "group_boundaries")]
        sound = all(_are_bounds(values) for values in bounds)
        sound = sound and len(head["sample_labels"]) == len(bounds[0]) - 1
        body = head["body"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        fault = f"cannot be read as the parameters of computeMatrix ({error}). Make it again."
        raise DataFormatError(fault, path, 1) from error
    if not sound:
        raise DataFormatError(
            "has samples or groups whose boundaries do not go upwards from 0, or another number "
            "of labels. Make it again.",
            path,
            1,
        )
    if any(body if isinstance(body, list) else [body]):
        raise DataFormatError(
            "holds regions scaled to one length. Make it with computeMatrix reference-point "
            "--referencePoint TSS.",
            path,
            1,
        )
    return head


def _are_bounds(values):
    whole = all(type(value) is int and value >= 0 for value in values)
    return whole and len(values) > 1 and values[0] == 0 and all(a < b for a, b in pairwise(values))


def _one_of(head, name, path, kind=int):
    """Return a parameter that is one value, or the same for every sample."""
    values = head.get(name)
    values = values if isinstance(values, list) else [values]
    if not values or type(values[0]) is not kind or any(v != values[0] for v in values):
        raise DataFormatError(
            f"has {name} = {str(values)[:60]} in its first line; expected the same for all "
            "samples.",
            path,
            1,
        )
    return values[0]


def _find_tss(table, reference, path):
    """Return the 0-based position of the TSS: the last base of a region on the minus strand."""
    if reference not in ("TSS", "center"):
        raise DataFormatError(
            f"is a matrix around {reference}. Make it with --referencePoint TSS.", path, 1
        )
    for column, border in ((1, 0), (2, -1)):  # of several exons, the outermost borders
        table.text[:, column] = [text.split(",")[border] for text in table.text[:, column]]
    start, end = parse_positions(table, (1, 2), path)
    if reference == "center":
        return (start + end) // 2
    return np.where(table.text[:, 5] == "-", end - 1, start)


def _match(part, first):
    """Return the signals of a file for the regions of the first one, in their order."""
    if part is first:
        return part.X
    for name in ("window", "bin_size"):
        if getattr(part, name) != getattr(first, name):
            raise DataFormatError(
                f"has {name} {getattr(part, name)}, but {first.path} has {getattr(first, name)}. "
                "Make both alike.",
                part.path,
                1,
            )
    rows = {tuple(region): row for row, region in enumerate(part.keys)}
    if len(rows) < len(part.keys) or len(part.keys) != len(first.keys):
        raise DataFormatError(
            f"has {len(rows)} different regions, but {first.path} has {len(first.keys)}. Make "
            "both for the same regions, each once, without --skipZeros.",
            part.path,
        )
    try:
        return part.X[[rows[tuple(region)] for region in first.keys]]
    except KeyError as error:
        raise DataFormatError(
            f"lacks the region {' '.join(error.args[0])} of {first.path}. Make both for the same "
            "regions.",
            part.path,
        ) from error


def _fill_missing(X, missing, first):
    """Return signals without NaN, and the rows that are kept."""
    lacking = np.isnan(X)
    kept = ~lacking.any(axis=(1, 2)) if missing == "drop" else np.ones(len(X), dtype=bool)
    if missing == "zero":
        X = np.where(lacking, np.float32(0), X)
    elif missing == "error" and lacking.any():
        row = int(lacking.any(axis=(1, 2)).argmax())
        raise DataFormatError(
            f"{lacking.sum():,} bins of {lacking.any(axis=(1, 2)).sum():,} regions have no data "
            f"(nan), the first in region {first.regions[row][3]}. Pass missing='zero' if no data "
            "means no reads, or missing='drop' to leave these regions out; or run computeMatrix "
            "with --missingDataAsZero.",
            first.path,
            first.table.line_of(row),
        )
    if not kept.any():
        raise DataFormatError("has no region without bins that lack data.", first.path)
    return X[kept], kept
