"""BED and tagAlign: text with one read a line."""

import numpy as np

from ..exceptions import DataFormatError
from ._intervals import read_intervals
from ._track_format import ReadBatch, TrackFormat

# which bytes name a strand
_STRANDS = np.isin(np.arange(256), list(b"+-."))
NO_STRAND = (
    "column 6 is no strand (+, - or .): this is no list of reads, but perhaps a table of counts "
    "or coverage. Give the reads (BAM, tagAlign), or the numbers as a signal: chromosome, start, "
    "end and value, sorted, in a file named .bedGraph."
)


class BedFormat(TrackFormat):
    """BED or tagAlign: chromosome, start and end, and the strand in the sixth column."""

    name, title = "bed", "BED or tagAlign"
    holds_reads = True

    def sniff(self, head):
        """Take every text of intervals that no format before this one took."""
        head.check_intervals()
        return True

    def read(self, path, wanted, tally):
        """Yield the lines as reads; on a chromosome without strands ``minus`` is None."""
        tally["reads"] = 0
        for piece in read_intervals(path):
            tally["reads"] += len(piece.start)
            minus = None
            if piece.strand is not None:
                known = _STRANDS[piece.strand]
                if not known.all():
                    line = int(piece.line[int(np.argmin(known))])
                    raise DataFormatError(NO_STRAND, path, line)
                minus = piece.strand == ord("-")
                if not (minus | (piece.strand == ord("+"))).all():
                    minus = None
            yield ReadBatch(piece.chrom, piece.start, piece.end, minus, None)
