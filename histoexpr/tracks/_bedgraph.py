"""bedGraph: text with an interval and its value a line."""

import re

import numpy as np

from ..exceptions import DataFormatError
from ._intervals import is_number, read_intervals
from ._track_format import SignalIntervals, TrackFormat

_NAME = re.compile(r"\.(bedgraph|bdg|bg)(\.b?gz)?$", re.IGNORECASE)
_BED_NAME = re.compile(r"\.(bed|tagalign|ta)(\.b?gz)?$", re.IGNORECASE)


class BedGraphFormat(TrackFormat):
    """bedGraph: chromosome, start, end and value, sorted."""

    name, title = "bedgraph", "bedGraph"

    def sniff(self, head):
        """Take what name or track line call bedGraph, or text of four columns, the last a number.

        Without a name, most lines decide: an odd value is reported, and makes no reads of a
        signal.
        """
        head.check_intervals()
        if head.declared is not None:
            return head.declared == "bedgraph"
        if _NAME.search(str(head.path)):
            return True
        numeric = [len(fields) == 4 and is_number(fields[3]) for _, fields in head.rows]
        if all(numeric) and _BED_NAME.search(str(head.path)):
            raise DataFormatError(
                "four columns with a number in the last could be reads with numbers for names "
                "or a signal. Name a signal .bedGraph, or cut reads down to three columns.",
                head.path,
            )
        return 2 * sum(numeric) > len(numeric) and not _BED_NAME.search(str(head.path))

    def read(self, path, wanted, tally):
        """Yield the intervals that have a value."""
        tally["intervals"] = 0
        reached, last_start = {}, {}
        current = None
        for piece in read_intervals(path, values=True):
            if piece.chrom != current and piece.chrom in reached:
                raise _unsorted(path, piece.line[0])
            current = piece.chrom
            ends = np.append(reached.get(current, 0), piece.end[:-1])
            back = piece.start < ends
            if back.any():
                place = int(np.argmax(back))
                before = last_start.get(current, 0) if place == 0 else piece.start[place - 1]
                fault = _overlap if piece.start[place] >= before else _unsorted
                raise fault(path, piece.line[place])
            last_start[current] = piece.start[-1]
            reached[current] = piece.end[-1]
            tally["intervals"] += len(piece.start)
            known = ~np.isnan(piece.value)
            if known.any():
                columns = (piece.start, piece.end, piece.value)
                yield SignalIntervals(current, *(column[known] for column in columns))


def _unsorted(path, line):
    return DataFormatError(
        "this interval is not in order. A bedGraph must be sorted: sort -k1,1 -k2,2n.",
        path,
        int(line),
    )


def _overlap(path, line):
    return DataFormatError(
        "this interval overlaps the one before, or repeats it: a base has two values, as where "
        "two strands or replicates were joined. Give their files one by one, or combine them to "
        "one value a base (mean or sum) with bedtools unionbedg or bedtools merge -d -1 -c 4 "
        "-o mean.",
        path,
        int(line),
    )
