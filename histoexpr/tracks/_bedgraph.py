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
        if _NAME.search(str(head.path)) or head.declared == "bedgraph":
            _check_single(head)
            return True
        if head.declared is not None:
            return False
        widths = [
            len(row) if len(row) in (4, 5) and is_number(row[3]) else 0 for _, row in head.rows
        ]
        if 2 * sum(map(bool, widths)) <= len(widths):
            return False
        if 2 * widths.count(4) <= len(widths) or _BED_NAME.search(str(head.path)):
            raise DataFormatError(
                "a number in column 4, and no strand: these could be reads with numbers for "
                "names or a signal, or a table of counts. Cut a signal down to chromosome, start, "
                "end and value and name it .bedGraph, or cut reads down to three columns.",
                head.path,
            )
        return True

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


def _check_single(head):
    """Refuse a bedGraph with a second value in most lines, of which only the first would count."""
    second = [len(row) > 4 and all(map(is_number, row[3:5])) for _, row in head.rows]
    if 2 * sum(second) > len(second):
        raise DataFormatError(
            "the intervals have several values each, as of samples put together, and a bedGraph "
            "has one. Write one file a sample: cut -f 1-4 for the first, cut -f 1-3,5 for the "
            "second.",
            head.path,
            head.rows[second.index(True)][0],
        )


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
