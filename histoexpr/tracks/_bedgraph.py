"""bedGraph: text with an interval and its value a line."""

import re

import numpy as np

from ..exceptions import DataFormatError
from ._intervals import is_number, read_intervals
from ._track_format import SignalIntervals, TrackFormat

_BED_NAME = re.compile(r"\.(bed|tagalign|ta)(\.b?gz)?$", re.IGNORECASE)


class BedGraphFormat(TrackFormat):
    """bedGraph: chromosome, start, end and value, sorted."""

    name, title = "bedgraph", "bedGraph"

    def sniff(self, head):
        """Take text declared as bedGraph, or of four columns with a number in the last."""
        declared, rows = head.text
        if declared is not None:
            return declared == "bedgraph"
        numeric = all(len(fields) == 4 and is_number(fields[3]) for _, fields in rows)
        if numeric and _BED_NAME.search(str(head.path)):
            raise DataFormatError(
                "four columns with a number in the last could be reads with numbers for names "
                "or a signal. Name a signal .bedGraph, or cut reads down to three columns.",
                head.path,
            )
        return numeric

    def read(self, path, wanted, tally):
        """Yield the intervals that have a value."""
        tally["intervals"] = 0
        reached = {}
        current = None
        for piece in read_intervals(path, values=True):
            if piece.chrom != current and piece.chrom in reached:
                raise _unsorted(path, piece.line[0])
            current = piece.chrom
            back = piece.start < np.append(reached.get(current, 0), piece.end[:-1])
            if back.any():
                raise _unsorted(path, piece.line[int(np.argmax(back))])
            reached[current] = piece.end[-1]
            tally["intervals"] += len(piece.start)
            known = ~np.isnan(piece.value)
            if known.any():
                columns = (piece.start, piece.end, piece.value)
                yield SignalIntervals(current, *(column[known] for column in columns))


def _unsorted(path, line):
    return DataFormatError(
        "this interval overlaps the one before or is not in order. A bedGraph must be sorted: "
        "sort -k1,1 -k2,2n.",
        path,
        int(line),
    )
