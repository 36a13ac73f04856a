"""Reads of a file as arrays, in batches on one chromosome; one pass, in any order."""

import contextlib
from array import array
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import require
from ._intervals import read_intervals

# Reads held at a time. Counts add up over batches, so memory does not grow with the file.
BATCH = 1_000_000

_PAIRED, _PROPER, _UNMAPPED, _REVERSE = 0x1, 0x2, 0x4, 0x10
_SECONDARY, _QC_FAILED, _DUPLICATE, _SUPPLEMENTARY = 0x100, 0x200, 0x400, 0x800

# CRAM: decode flag, chromosome, position, quality, CIGAR, mate and template length only,
# which needs no reference sequence.
_CRAM_FIELDS = b"required_fields=0x1fe"


class ReadFilter(NamedTuple):
    """Which alignments of BAM and CRAM files count; unmapped ones never do.

    Parameters
    ----------
    min_mapq : int, default=0
        Smallest mapping quality.
    keep_duplicates : bool, default=False
        Whether to count reads flagged as PCR or optical duplicates.
    keep_secondary : bool, default=False
        Whether to count secondary and supplementary alignments. By default a read counts
        once, where its primary alignment lies.
    keep_qc_failed : bool, default=False
        Whether to count reads that failed quality control.
    """

    min_mapq: int = 0
    keep_duplicates: bool = False
    keep_secondary: bool = False
    keep_qc_failed: bool = False

    @property
    def skipped_flags(self):
        """Bits of the SAM flag, any of which excludes an alignment."""
        return (
            _UNMAPPED
            | (0 if self.keep_duplicates else _DUPLICATE)
            | (0 if self.keep_secondary else _SECONDARY | _SUPPLEMENTARY)
            | (0 if self.keep_qc_failed else _QC_FAILED)
        )


class ReadBatch(NamedTuple):
    """Reads on one chromosome; positions in bp, 0-based, end exclusive."""

    chrom: str
    start: np.ndarray
    end: np.ndarray
    minus: np.ndarray | None  # None: the file does not tell strands
    template: np.ndarray | None  # fragment length of a proper pair, 0 for other reads


def read_batches(path, file_format, read_filter, tally, *, fragments=False):
    """Yield the reads of a file that pass the filter.

    Parameters
    ----------
    path : str or path-like
    file_format : {"bam", "cram", "bed"}
    read_filter : ReadFilter
        Applies to BAM and CRAM; BED has no flags.
    tally : dict
        Is filled with the number of reads used and of those left out, by reason.
    fragments : bool, default=False
        Whether to give proper pairs as one entry with their fragment length.

    Yields
    ------
    ReadBatch

    Raises
    ------
    DataFormatError
        If the file is damaged, truncated, or holds no reads.
    MissingExtraError
        If the file is BAM or CRAM and pysam is not installed.
    """
    if file_format == "bed":
        yield from _bed_batches(path, tally)
    else:
        yield from _alignment_batches(path, file_format, read_filter, tally, fragments)


def _bed_batches(path, tally):
    tally["reads"] = 0
    for piece in read_intervals(path):
        tally["reads"] += len(piece.start)
        minus = None
        if piece.strand is not None:
            minus = piece.strand == ord("-")
            if not (minus | (piece.strand == ord("+"))).all():
                minus = None
        yield ReadBatch(piece.chrom, piece.start, piece.end, minus, None)


@contextlib.contextmanager
def open_alignments(path, file_format):
    """Open a BAM or CRAM file; what goes wrong in the body is told as a fault of the file."""
    pysam = require("pysam", "Reading BAM and CRAM files")
    options = [_CRAM_FIELDS] if file_format == "cram" else None
    # htslib writes to standard error on its own; the exceptions say the same.
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(
            str(path),
            mode="rc" if file_format == "cram" else "rb",
            check_sq=False,
            format_options=options,
        ) as alignments:
            if not alignments.nreferences:
                raise DataFormatError("holds unaligned reads. Align them to a genome.", path)
            yield alignments
    except DataFormatError:
        raise
    except (OSError, ValueError) as error:
        raise DataFormatError(
            f"the {file_format.upper()} file cannot be read to its end ({error}). It is cut "
            "short or damaged: copy or download it again.",
            path,
        ) from error
    finally:
        pysam.set_verbosity(verbosity)


def _alignment_batches(path, file_format, read_filter, tally, fragments):
    tally.update(
        reads=0, unmapped=0, qc_failed=0, duplicates=0, secondary=0, low_mapq=0, second_mates=0
    )
    with open_alignments(path, file_format) as alignments:
        names = alignments.references
        while True:
            columns, skipped = _next_alignments(alignments, read_filter, fragments)
            if not len(skipped) + len(columns[0]):
                break
            _tally_skipped(skipped, read_filter, tally)
            columns = [np.frombuffer(column, dtype=column.typecode) for column in columns]
            columns = _drop_unplaced(columns, tally)
            if fragments:
                columns = _join_pairs(columns, tally)
            tally["reads"] += len(columns[0])
            yield from _by_chromosome(names, columns)
    if not any(tally.values()):
        raise DataFormatError("the file holds no reads.", path)
    if not tally["reads"]:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in tally.items() if n)
        raise DataFormatError(f"no read passes the filter ({reasons}).", path)


def _next_alignments(alignments, read_filter, fragments):
    """Read a batch: (chromosome number, start, end, flag, template length), skipped flags."""
    chrom, start, end, flags, template = (array(code) for code in "iiiHi")
    skipped = array("H")
    skip, min_mapq = read_filter.skipped_flags, read_filter.min_mapq
    for read in islice(alignments, BATCH):
        flag = read.flag
        if flag & skip or (min_mapq and read.mapping_quality < min_mapq):
            skipped.append(flag)
            continue
        begin = read.reference_start
        chrom.append(read.reference_id)
        start.append(begin)
        # without a CIGAR only the first base is known
        end.append(read.reference_end or begin + 1)
        flags.append(flag)
        if fragments:
            template.append(read.template_length)
    return [chrom, start, end, flags, template], skipped


def _tally_skipped(skipped, read_filter, tally):
    """Count the reads left out, each under its first reason."""
    flags = np.frombuffer(skipped, dtype=np.uint16)
    reasons = {
        "unmapped": _UNMAPPED,
        "qc_failed": _QC_FAILED,
        "duplicates": _DUPLICATE,
        "secondary": _SECONDARY | _SUPPLEMENTARY,
    }
    for reason, bits in reasons.items():
        hit = (flags & (bits & read_filter.skipped_flags)) != 0
        tally[reason] += int(hit.sum())
        flags = flags[~hit]
    tally["low_mapq"] += len(flags)


def _drop_unplaced(columns, tally):
    """Leave out reads without a chromosome, whatever their flag says."""
    placed = columns[0] >= 0
    if placed.all():
        return columns
    tally["unmapped"] += int((~placed).sum())
    return [column[placed] if len(column) else column for column in columns]


def _join_pairs(columns, tally):
    """Keep the left mate of each proper pair and give it the length of the fragment."""
    chrom, start, end, flags, template = columns
    proper = (flags & (_PAIRED | _PROPER)) == (_PAIRED | _PROPER)
    template = np.where(proper, template, 0)
    left = template >= 0
    tally["second_mates"] += int((~left).sum())
    return [column[left] for column in (chrom, start, end, flags, template)]


def _by_chromosome(names, columns):
    chrom, start, end, flags, template = columns
    if not len(chrom):
        return
    order = slice(None)
    if (np.diff(chrom) < 0).any():
        order = np.argsort(chrom, kind="stable")
    chrom = chrom[order]
    start, end = (values[order].astype(np.int64) for values in (start, end))
    minus = (flags[order] & _REVERSE) != 0
    template = template[order].astype(np.int64) if len(template) else None
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(chrom)) + 1, [len(chrom)]])
    for lo, hi in pairwise(bounds):
        part = None if template is None else template[lo:hi]
        yield ReadBatch(names[chrom[lo]], start[lo:hi], end[lo:hi], minus[lo:hi], part)
