"""Tables of intervals that are neither reads nor a signal: peaks, pairs, coverage, depth.

Read line by line as reads they would count wrongly, so they are refused, with what to do.
"""

import re
from itertools import pairwise

from ..exceptions import DataFormatError
from ._intervals import is_number

_PEAKS = (
    "this holds peaks, not reads or a signal. Give the reads (BAM, tagAlign) or the signal "
    "(bigWig, bedGraph) that the peaks were called on. To use the peaks themselves, merge them "
    "and write a bedGraph with their signal: bedtools merge -c 7 -o max."
)
_PAIRS = (
    "this holds pairs of reads (BEDPE), of which only the first would count. Write one line a "
    "fragment: awk -v OFS='\\t' '$1==$4 {print $1, ($2<$5?$2:$5), ($3>$6?$3:$6)}', or give "
    "the BAM."
)
_COVERAGE = (
    "this is a table of counts or coverage of intervals, not a list of reads. Give the reads "
    "(BAM, tagAlign), or the numbers as a signal: chromosome, start, end and value, sorted, "
    "in a file named .bedGraph."
)
_DEPTH = (
    "this is a table of depth per base (1-based positions), not a list of reads. Give the reads "
    "(BAM), or write bedGraph with bedtools genomecov -bg, mosdepth, or awk: $1, $2-1, $2, $3."
)
_DEPTH_HEAD = re.compile(rb"#\s*chrom\s+(pos|position)\b(?!\s+ID\s+REF\b)", re.IGNORECASE)
_NAMED = re.compile(r"\.(narrow|broad|gapped)peak(\.b?gz)?$|\.(bedpe)(\.b?gz)?$", re.IGNORECASE)
# As peak callers name their peaks (MACS: NAME_peak_1, in summits, too)
_PEAK_NAME = re.compile(rb"(.*[_.-])?peak[_.-]?\d+[a-z]?", re.IGNORECASE)
# As mosdepth names ranges of depth by default and on request
_DEPTH_RANGE = re.compile(rb"\d+:(\d+|inf)|(NO|LOW|HIGH)_COVERAGE|CALLABLE")
_PEAK_TYPES = {"narrowpeak", "broadpeak", "gappedpeak"}


def refuse_other_tables(head):
    """Raise DataFormatError for a file, of which a FileHead is given, that is such a table."""
    named = _NAMED.search(str(head.path))
    rows = head.rows
    fields = [row for _, row in rows]
    widths = {len(row) for row in fields}
    if any(map(_DEPTH_HEAD.match, head.comments)):
        raise DataFormatError(_DEPTH, head.path, rows[0][0])
    if head.declared in _PEAK_TYPES or (named and named[1]) or _are_peaks(fields):
        raise DataFormatError(_PEAKS, head.path, rows[0][0])
    if _all_named(fields, _PEAK_NAME):
        raise DataFormatError(_PEAKS, head.path, rows[0][0])
    if _all_named(fields, _DEPTH_RANGE):
        raise DataFormatError(_COVERAGE, head.path, rows[0][0])
    if (named and named[3]) or _are_pairs(fields):
        raise DataFormatError(_PAIRS, head.path, rows[0][0])
    if widths == {3} and _is_depth(fields):
        raise DataFormatError(_DEPTH, head.path, rows[0][0])
    if min(widths) > 6 and widths != {12} and all(is_number(row[6]) for row in fields):
        if widths == {9} and all(_is_colour(row[8]) for row in fields):
            return
        raise DataFormatError(_COVERAGE, head.path, rows[0][0])
    if min(widths) >= 5 and _counts_bases(fields):
        raise DataFormatError(_DEPTH, head.path, rows[0][0])


def _all_named(fields, pattern):
    """Whether column 4 of all lines is of a pattern."""
    return all(len(row) > 3 and pattern.fullmatch(row[3]) for row in fields)


def _are_peaks(fields):
    """Whether lines have the nine or ten columns, or fifteen, of peaks without strands."""
    if not {len(row) for row in fields} <= {9, 10, 15}:
        return False
    numbers = [row[6:9] if len(row) < 15 else row[12:15] for row in fields]
    measured = all(is_number(n) for three in numbers for n in three)
    coloured = all(len(row) == 9 and _is_colour(row[8]) and row[6].isdigit() for row in fields)
    return measured and all(row[5] == b"." for row in fields) and not coloured


def _are_pairs(fields):
    """Whether column 4 names a chromosome and columns 5 and 6 are an interval on it."""
    if min(map(len, fields)) < 6:
        return False
    chroms = {row[0] for row in fields} | {b"."}
    return all(
        (row[3] in chroms and (row[4] + row[5]).replace(b"-1", b"").isdigit())
        or (row[3] in chroms and row[4] == row[5] == b"-1")
        for row in fields
    )  # fmt: skip


def _is_depth(fields):
    """Whether column 2 counts the bases one by one, as no reads do."""
    places = [(row[0], int(row[1])) for row in fields if row[1].isdigit()]
    if len(places) < len(fields) or len(places) < 3:
        return False
    steps = [(a, p + 1) == (b, q) for (a, p), (b, q) in pairwise(places)]
    return 2 * sum(steps) > len(steps)


def _counts_bases(fields):
    """Whether lines repeat an interval and count its bases in the column after it."""
    if len(fields) < 3:
        return False
    same = [a[:3] == b[:3] for a, b in pairwise(fields)]
    if 2 * sum(same) <= len(same):
        return False
    for column in range(3, min(map(len, fields))):
        numbers = [row[column] for row in fields]
        if all(n.isdigit() for n in numbers):
            steps = [
                int(b) == int(a) + 1
                for a, b, s in zip(numbers, numbers[1:], same, strict=False)
                if s
            ]
            if steps and all(steps):
                return True
    return False


def _is_colour(field):
    return b"," in field or field in (b"0", b".", b"")
