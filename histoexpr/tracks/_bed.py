"""BED and tagAlign: text with one read a line."""

from ._intervals import read_intervals
from ._track_format import ReadBatch, TrackFormat


class BedFormat(TrackFormat):
    """BED or tagAlign: chromosome, start and end, and the strand in the sixth column."""

    name, title = "bed", "BED or tagAlign"
    holds_reads = True

    def sniff(self, head):
        """Take every text of intervals that no format before this one took."""
        return bool(head.text)

    def read(self, path, wanted, tally):
        """Yield the lines as reads; on a chromosome without strands ``minus`` is None."""
        tally["reads"] = 0
        for piece in read_intervals(path):
            tally["reads"] += len(piece.start)
            minus = None
            if piece.strand is not None:
                minus = piece.strand == ord("-")
                if not (minus | (piece.strand == ord("+"))).all():
                    minus = None
            yield ReadBatch(piece.chrom, piece.start, piece.end, minus, None)
