"""BAM and CRAM files, read with pysam in batches; one pass, in any order."""

import contextlib
from array import array
from itertools import islice

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..utils import require
from ._read_filter import DUPLICATE, QC_FAILED, SECONDARY, SUPPLEMENTARY, UNMAPPED
from ._track_format import ReadBatch, TrackFormat

# Reads held at a time. Counts add up over batches, so memory does not grow with the file.
BATCH = 1_000_000

_PAIRED, _PROPER, _REVERSE, _FIRST = 0x1, 0x2, 0x10, 0x40


class BamFormat(TrackFormat):
    """BAM: aligned reads with flags and mapping qualities."""

    name, title = "bam", "BAM"
    holds_reads = has_flags = True
    _magic, _mode, _options = b"BAM\1", "rb", None

    def sniff(self, head):
        """Recognise the magic number."""
        return head.data.startswith(self._magic)

    def chromosome_sizes(self, path):
        """Read the header."""
        with self._open(path) as alignments:
            return dict(zip(alignments.references, alignments.lengths, strict=True))

    def read(self, path, wanted, tally):
        """Yield the reads that pass the filter, batch by batch and chromosome by chromosome."""
        tally.update(
            reads=0, unmapped=0, qc_failed=0, duplicates=0, secondary=0, low_mapq=0, second_mates=0
        )
        pairs = _Pairs() if wanted.fragments else None
        with self._open(path) as alignments:
            names = alignments.references
            while True:
                reads, skipped = _next_alignments(alignments, wanted, pairs)
                if not len(reads) + len(skipped):
                    break
                _tally_skipped(skipped, wanted.read_filter, tally)
                # some have no chromosome, whatever their flag is
                placed = reads["chrom"] >= 0
                tally["unmapped"] += int((~placed).sum())
                reads = reads[placed]
                if wanted.fragments:
                    reads = _join_pairs(reads, tally)
                tally["reads"] += len(reads)
                for number, part in reads.groupby("chrom"):
                    start, end = (part[name].to_numpy(np.int64) for name in ("start", "end"))
                    minus = (part["flag"].to_numpy() & _REVERSE) != 0
                    template = part["template"].to_numpy(np.int64) if wanted.fragments else None
                    yield ReadBatch(names[number], start, end, minus, template)
        if not any(tally.values()):
            raise DataFormatError("the file holds no reads.", path)
        if not tally["reads"]:
            reasons = ", ".join(f"{n:,} {reason}" for reason, n in tally.items() if n)
            raise DataFormatError(f"no read passes the filter ({reasons}).", path)

    @contextlib.contextmanager
    def _open(self, path):
        """Open a file; what goes wrong in the body is reported as a fault of the file."""
        pysam = require("pysam", "Reading BAM and CRAM files")
        # htslib writes to standard error what the exceptions state.
        verbosity = pysam.set_verbosity(0)
        try:
            with pysam.AlignmentFile(
                str(path), mode=self._mode, check_sq=False, format_options=self._options
            ) as alignments:
                if not alignments.nreferences:
                    raise DataFormatError("holds unaligned reads. Align them to a genome.", path)
                yield alignments
        except DataFormatError:
            raise
        except (OSError, ValueError, NotImplementedError) as error:
            raise DataFormatError(
                f"the {self.title} file cannot be read to its end ({error}). It is cut short or "
                "damaged: copy or download it again.",
                path,
            ) from error
        finally:
            pysam.set_verbosity(verbosity)


class CramFormat(BamFormat):
    """CRAM: as BAM, compressed against a reference that is not needed here."""

    name, title = "cram", "CRAM"
    # decode name, flag, chromosome, position, quality, CIGAR, mate and template length only
    _magic, _mode, _options = b"CRAM", "rc", [b"required_fields=0x1ff"]


class _Pairs:
    """Fragments of proper pairs of which the left mate does not pass the filter.

    A pair counts once if either of its mates passes, wherever that lies: as a rule by its left
    mate, and if that fails by the right one. A left mate knows the whole fragment, and stands
    before the right one in files sorted by position, beside it in those sorted by name; of right
    mates the last ones are remembered.
    """

    _N_REMEMBERED = 10_000

    def __init__(self):
        self._waiting, self._passed = {}, {}

    def template(self, read):
        """Return the length of the fragment of a proper pair, negative for the right mate, else 0.

        Where the file does not state it, the mates are taken to be of equal length.
        """
        if read.flag & (_PAIRED | _PROPER) != (_PAIRED | _PROPER):
            return 0
        length, begin, mate = read.template_length, read.reference_start, read.next_reference_start
        if length or read.next_reference_id != read.reference_id or mate < 0:
            return length
        if begin < mate or (begin == mate and read.flag & _FIRST):
            return mate - begin + (read.reference_end or begin + 1) - begin
        return -1

    def failed(self, read, template):
        """Return the fragment of a left mate that fails, if its right mate has passed already."""
        if template > 0:
            fragment = read.reference_id, read.reference_start, template
            if self._passed.pop(read.query_name, False):
                return fragment
            self._waiting[read.query_name] = fragment
        return None

    def passed(self, read):
        """Return the fragment of a right mate that passes, if its left mate has failed."""
        fragment = self._waiting.pop(read.query_name, None)
        if fragment is None:
            self._passed[read.query_name] = True
            if len(self._passed) > self._N_REMEMBERED:
                del self._passed[next(iter(self._passed))]
        return fragment


def _next_alignments(alignments, wanted, pairs):
    """Read a batch: the alignments that pass the filter, and the flags of the others."""
    columns = {name: array("i") for name in ("chrom", "start", "end", "flag", "template")}
    chrom, start, end, flags, template = columns.values()
    skipped = array("i")
    skip, min_mapq = wanted.read_filter.skipped_flags, wanted.read_filter.min_mapq
    for read in islice(alignments, BATCH):
        flag = read.flag
        length = 0 if pairs is None else pairs.template(read)
        fragment = None
        if flag & skip or (min_mapq and read.mapping_quality < min_mapq):
            skipped.append(flag)
            if length and not flag & (UNMAPPED | SECONDARY | SUPPLEMENTARY):
                fragment = pairs.failed(read, length)
            if fragment is None:
                continue
        elif length < 0:
            fragment = pairs.passed(read)
        begin = read.reference_start
        if fragment is not None:
            chrom.append(fragment[0])
            start.append(fragment[1])
            end.append(fragment[1] + fragment[2])
            flags.append(flag & ~_REVERSE)
            template.append(fragment[2])
            continue
        chrom.append(read.reference_id)
        start.append(begin)
        # without a CIGAR only the first base is known
        end.append(read.reference_end or begin + 1)
        flags.append(flag)
        template.append(length)
    if pairs is None:
        del columns["template"]
    reads = {name: np.frombuffer(column, np.int32) for name, column in columns.items()}
    return pd.DataFrame(reads), np.frombuffer(skipped, np.int32)


def _tally_skipped(flags, read_filter, tally):
    """Count the reads left out, each under its first reason."""
    reasons = {
        "unmapped": UNMAPPED,
        "qc_failed": QC_FAILED,
        "duplicates": DUPLICATE,
        "secondary": SECONDARY | SUPPLEMENTARY,
    }
    for reason, bits in reasons.items():
        hit = (flags & (bits & read_filter.skipped_flags)) != 0
        tally[reason] += int(hit.sum())
        flags = flags[~hit]
    tally["low_mapq"] += len(flags)


def _join_pairs(reads, tally):
    """Keep one mate of each proper pair, which has the length of the fragment."""
    left = reads["template"] >= 0
    tally["second_mates"] += int((~left).sum())
    return reads[left]
