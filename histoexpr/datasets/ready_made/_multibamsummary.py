"""Read counts of deepTools multiBamSummary."""

import zipfile
from pathlib import Path

import numpy as np

from ...exceptions import DataFormatError
from ...utils import HEADER_FAULTS, check_path, npy_header, shorten
from .._dataset import HistoneDataset
from ._number_table import check_regions, name_columns, parse_positions, read_number_table

# Of one array; a genome in bins of 100 bp of 20 files has 5 GB
_MOST_BYTES = 1 << 34


def read_multibamsummary(path, regions, *, cell=None, marks=None, window=None, chromosomes=None):
    r"""Read counts of deepTools ``multiBamSummary`` in bins around TSSs as a data set.

    Parameters
    ----------
    path : str or path-like
        The table that ``--outRawCounts`` names, or the ``.npz`` file. The table is the better one:
        the ``.npz`` does not say which bin a row is.
    regions : str or path-like
        BED file of the bins, with six columns: those of a gene have its name, lie side by side
        and are equally wide. It is what ``multiBamSummary BED-file --BED`` was given; of
        ``multiBamSummary bins`` each bin must be one of the file.
    cell : str, optional
        The cell type; by default the name of the file without its endings.
    marks : sequence of str, or dict, optional
        Names of the marks, one for each BAM file in its order; or a dict from the name of a BAM
        file (its label) to its mark, and only these are taken. By default the labels without
        ``.bam``.
    window : tuple of two int, optional
        First and last (exclusive) position of a gene's bins in bp relative to the TSS; by default
        centred on it.
    chromosomes : sequence of str, optional
        For ``.npz`` only: the chromosomes in the order of the BAM files, by which its rows are
        sorted.

    Returns
    -------
    HistoneDataset
        Without labels; genes in the order of ``regions``, bins along the genome
        (``oriented=False``); :meth:`HistoneDataset.orient` turns them where strands are known.

    Raises
    ------
    DataFormatError
        If a file is damaged, naming line and column, a bin of ``regions`` has no counts, or the
        bins of a gene leave gaps.
    ValueError
        If ``marks`` do not fit, or a ``.npz`` comes without ``chromosomes``.

    Notes
    -----
    Bins are matched by chromosome, start and end: multiBamSummary sorts its rows by position,
    whatever the order of the BED file is.

    References
    ----------
    F. Ramírez et al., "deepTools2: a next generation web server for deep-sequencing data
    analysis", Nucleic Acids Research 44 (2016).

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from histoexpr import read_multibamsummary
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     counts, bins = Path(folder, "E003.tab"), Path(folder, "bins.bed")
    ...     _ = counts.write_text("#'chr'\t'start'\t'end'\t'H3K4me3.bam'\nchr1\t0\t100\t7.0\n")
    ...     _ = bins.write_text("chr1\t0\t100\tGENE\t0\t+\n")
    ...     data = read_multibamsummary(counts, bins)
    >>> data.marks, data.X.ravel()
    (['H3K4me3'], array([7], dtype=uint8))
    """
    path, regions = check_path(path), check_path(regions, name="regions")
    bins = _read_bins(regions)
    if zipfile.is_zipfile(path):
        labels, counts = _read_npz(path, bins, chromosomes, regions)
    else:
        labels, counts = _read_counts(path, bins, regions)
    places, names = name_columns(labels, marks, "BAM file", path)
    names = names if marks is not None else [name.removesuffix(".bam") for name in names]
    counts = counts[:, places].reshape(len(bins.genes), bins.n_bins, len(places))
    whole = np.array_equal(counts, np.rint(counts))
    first = bins.rows[:: bins.n_bins]
    data = HistoneDataset(
        counts.astype(np.int64) if whole else counts.astype(np.float32),
        cell=np.full(len(bins.genes), cell or Path(path).name.split(".")[0]),
        gene=bins.genes,
        chrom=[row[0] for row in first],
        strand=bins.strand,
        marks=names,
        bin_size=bins.bin_size,
        window=window,
        oriented=False,
        meta={"source": str(path), "counting": "multiBamSummary"},
    )
    return data.replace(tss=np.array([row[1] for row in first]) - data.window[0])


class _Bins:
    """The bins of a BED file: rows (chrom, start, end) gene by gene, bins upwards."""

    def __init__(self, table, path):
        start, end = parse_positions(table, (1, 2), path)
        of_gene = {}
        for row, (chrom, gene) in enumerate(zip(table.text[:, 0], table.text[:, 3], strict=True)):
            of_gene.setdefault(gene, []).append((start[row], row, chrom))
        order = [row for rows in of_gene.values() for _, row, _ in sorted(rows)]
        self.genes, self.n_bins = list(of_gene), len(table.text) // len(of_gene)
        self.bin_size = int(end[0] - start[0])
        for gene, rows in of_gene.items():
            self._check(gene, sorted(rows), end, table, path)
        self.strand = table.text[order[:: self.n_bins], 5]
        chrom = table.text[order, 0].tolist()
        self.rows = list(zip(chrom, start[order].tolist(), end[order].tolist(), strict=True))

    def _check(self, gene, rows, end, table, path):
        line = table.line_of(rows[0][1])
        if len(rows) != self.n_bins:
            raise DataFormatError(
                f"gene {gene} has {len(rows)} bins, others have {self.n_bins} on average. Every "
                "gene needs the same number, all with its name in column 4.",
                path,
                line,
            )
        for number, (start, row, chrom) in enumerate(rows):
            place = rows[0][0] + number * self.bin_size
            if (start, end[row], chrom) != (place, place + self.bin_size, rows[0][2]):
                raise DataFormatError(
                    f"bin {number + 1} of gene {gene} is {chrom}:{start}-{end[row]}; expected "
                    f"{rows[0][2]}:{place}-{place + self.bin_size}, as bins of a gene are equally "
                    "wide and leave no gaps.",
                    path,
                    table.line_of(row),
                )


def _read_bins(path):
    table = read_number_table(path, 6, n_numbers=0)
    check_regions(table, 3, 5, path)
    return _Bins(table, path)


def _read_counts(path, bins, regions):
    """Return the labels of the BAM files and the counts of the bins in a raw table."""
    table = read_number_table(path, 3, n_header=1)
    labels = [label.strip("'\"") for label in table.header[0].removeprefix("#").split("\t")]
    if labels[:3] != ["chr", "start", "end"] or len(labels) != table.numbers.shape[1] + 3:
        raise DataFormatError(
            f"begins with {table.header[0][:60]!r}; expected #'chr', 'start', 'end' and a column "
            "for each BAM file, as multiBamSummary --outRawCounts writes.",
            path,
            1,
        )
    start, end = parse_positions(table, (1, 2), path)
    keys = zip(table.text[:, 0].tolist(), start.tolist(), end.tolist(), strict=True)
    rows = {key: row for row, key in enumerate(keys)}
    lacking = [key for key in bins.rows if key not in rows]
    if lacking:
        chrom, first, last = lacking[0]
        raise DataFormatError(
            f"has no counts of {len(lacking):,} bins of {regions}, the first being "
            f"{chrom}:{first}-{last}. Give the BED file that the counts were made for.",
            path,
        )
    places = [rows[key] for key in bins.rows]
    return labels[3:], _check_counts(
        table.numbers[places], path, lambda r: table.line_of(places[r])
    )


def _check_counts(counts, path, line_of):
    wrong = ~(counts >= 0).all(axis=1)
    if wrong.any():
        fault = "has a count that is negative or missing (nan)."
        raise DataFormatError(fault, path, line_of(int(wrong.argmax())))
    return counts


def _read_npz(path, bins, chromosomes, regions):
    """Return labels and counts of an archive, whose rows are sorted by position."""
    if chromosomes is None:
        raise ValueError(
            f"{path} does not say which bin a row is. Run multiBamSummary with --outRawCounts "
            "counts.tab and read that; or pass chromosomes in the order of the BAM files."
        )
    place = {str(name): number for number, name in enumerate(chromosomes)}
    unknown = sorted({row[0] for row in bins.rows} - set(place))
    if unknown:
        raise ValueError(f"chromosomes lacks {shorten(unknown)}, which {regions} has.")
    labels, counts = _load_members(path)
    if counts.shape != (len(bins.rows), len(labels)):
        raise DataFormatError(
            f"has counts of {counts.shape[0]} bins and {counts.shape[1]} BAM files; expected "
            f"{len(bins.rows)} bins, as in {regions}, and {len(labels)} files.",
            path,
        )
    order = sorted(
        range(len(bins.rows)), key=lambda n: (place[bins.rows[n][0]], *bins.rows[n][1:])
    )
    placed = np.empty_like(counts)
    placed[order] = counts
    return labels, _check_counts(placed, path, lambda row: None)


def _load_members(path):
    """Return labels and matrix, whose sizes are held against the archive before they are read."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = [_load_member(archive, name) for name in ("labels.npy", "matrix.npy")]
    except (OSError, zipfile.BadZipFile, NotImplementedError, *HEADER_FAULTS) as error:
        raise DataFormatError(
            f"cannot be read as the output of multiBamSummary ({error}). Make it again.", path
        ) from error
    labels, counts = arrays
    if labels.ndim != 1 or labels.dtype.kind not in "US" or counts.ndim != 2:
        raise DataFormatError("holds no labels and matrix of two axes. Make it again.", path)
    if counts.dtype.kind not in "iuf":
        raise DataFormatError(f"has counts of the type {counts.dtype}. Make it again.", path)
    return labels.astype(str).tolist(), counts.astype(np.float64)


def _load_member(archive, name):
    info = archive.getinfo(name)
    with archive.open(info) as file:
        shape, dtype, start = npy_header(file)
        size = start + int(np.prod(shape, dtype=object)) * dtype.itemsize
    if size != info.file_size or size > _MOST_BYTES:
        raise ValueError(f"{name} declares {size:,} bytes, and {info.file_size:,} are there")
    with archive.open(info) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
