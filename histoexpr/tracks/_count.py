"""Reads or signal of a track counted into the bins of windows."""

from numbers import Integral
from os import PathLike
from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import Interval, StrOptions, shorten, validate_params
from ._bins import BinValues, count_overlaps, count_points, sum_depth, sum_signal
from ._chromosomes import ChromosomeNames
from ._formats import find_format
from ._read_filter import ReadFilter
from ._track_format import SignalIntervals, Wanted
from ._windows import Windows

# name of a counting rule -> what the value of a bin is
RULES = {
    "overlap": "number of reads that overlap the bin",
    "5prime": "number of reads whose 5' end lies in the bin",
    "fragment": "number of fragments, of pairs or single reads, that overlap the bin",
    "midpoint": "number of fragments whose middle lies in the bin",
    "mean": "mean depth or signal over the bases of the bin, uncovered ones being zero",
    "sum": "sum of depth or signal over the bases of the bin",
}
SIGNAL_RULES = ("mean", "sum")
_OF_FRAGMENTS = ("midpoint", "fragment")


class TrackCounts(NamedTuple):
    """What :func:`count_track` returns.

    ``values`` are (n_windows, n_bins): integers, or float64 for the rules ``"mean"`` and
    ``"sum"``. ``tally`` has the numbers of reads or intervals used and left out, by reason;
    ``names`` the track's name of each chromosome of the windows, and ``reach`` the last position
    in bp that it has there and, under the track's own names, on other chromosomes.
    """

    values: np.ndarray
    rule: str
    file_format: str
    tally: dict
    names: dict
    reach: dict


def resolve_rule(rule, track_format, path):
    """Return the counting rule for a file; ``"auto"`` depends on the format."""
    if rule == "auto":
        return "overlap" if track_format.holds_reads else "mean"
    if not track_format.holds_reads and rule not in SIGNAL_RULES:
        raise ValueError(
            f"{path}: rule {rule!r} counts reads, and this {track_format.name} file holds none. "
            "Choose 'mean' or 'sum', or give the reads as BAM or tagAlign."
        )
    return rule


@validate_params(
    {
        "path": [str, PathLike],
        "windows": [Windows],
        "rule": [StrOptions({"auto", *RULES})],
        "read_filter": [ReadFilter, None],
        "fragment_length": [Interval(Integral, 1, None, closed="left"), None],
    },
    prefer_skip_nested_validation=True,
)
def count_track(path, windows, *, rule="auto", read_filter=None, fragment_length=None):
    """Count a track into the bins of windows, in one pass over the file.

    Positions are 0-based and intervals half-open throughout. Bins off the chromosome get zero.
    The rules are those of :func:`build_dataset`. ``fragment_length`` (bp) is for ``"midpoint"``
    and ``"fragment"``: the length of the fragments that single reads stand for, by default that of
    the read.
    """
    track_format = find_format(path)
    rule = resolve_rule(rule, track_format, path)
    sizes = track_format.chromosome_sizes(path)
    bins = BinValues(windows, float if rule in SIGNAL_RULES else np.int32)
    names = ChromosomeNames(bins.chromosomes, sizes, path, windows.aliases)

    def regions(name):
        chrom = names.resolve(name)
        return None if chrom is None else bins.regions(chrom)

    wanted = Wanted(regions, read_filter or ReadFilter(), fragments=rule in _OF_FRAGMENTS)
    stranded = rule == "5prime" or (rule in _OF_FRAGMENTS and fragment_length is not None)
    tally, reach, seen = {}, {}, set()
    for piece in track_format.read(path, wanted, tally):
        seen.add(piece.chrom)
        if stranded and piece.minus is None:
            raise DataFormatError(
                f"rule {rule!r} needs the strand of every read, and on {piece.chrom} there are "
                "reads without + or - in column 6. Choose rule='overlap'.",
                path,
            )
        chrom = names.resolve(piece.chrom)
        if chrom is None:
            tally["elsewhere"] = tally.get("elsewhere", 0) + len(piece.start)
            reach[piece.chrom] = max(reach.get(piece.chrom, 0), int(piece.end.max()))
            continue
        first, last, sum_over = _to_bins(piece, rule, fragment_length, sizes.get(piece.chrom))
        reach[chrom] = max(reach.get(chrom, 0), int(last))
        bins.add(chrom, first, last, sum_over)
    known = {name: names.resolve(name) for name in [*sizes, *seen]}
    _check_common(known, bins.chromosomes, path)
    values = bins.values / windows.bin_size if rule == "mean" else bins.values
    values[windows.flip] = values[windows.flip, ::-1]
    return TrackCounts(values, rule, track_format.name, tally, names.found, reach)


def _check_common(known, wanted, path):
    """Refuse a track none of whose chromosomes has genes: another naming or genome."""
    if wanted and not any(known.values()):
        there, genes = (shorten(sorted(names), 4) or "none" for names in (known, wanted))
        raise DataFormatError(
            f"no chromosome in common with the genes: the track has {there}, the genes lie on "
            f"{genes}. Use an annotation with the chromosome names and the genome build of the "
            "tracks.",
            path,
        )


def _to_bins(piece, rule, fragment_length, size):
    """Return the first and last position of a piece, and its sum over the edges of bins."""
    start, end = piece.start, piece.end
    if isinstance(piece, SignalIntervals):
        return start[0], end[-1], lambda edges: sum_signal(start, end, piece.value, edges)
    if rule == "5prime":
        point = np.sort(np.where(piece.minus, end - 1, start))
        return point[0], point[-1] + 1, lambda edges: count_points(point, edges)
    if rule in _OF_FRAGMENTS:
        start, end = _fragments(piece, fragment_length, size)
    if rule == "midpoint":
        point = np.sort((start + end) // 2)
        return point[0], point[-1] + 1, lambda edges: count_points(point, edges)
    start, end = np.sort(start), np.sort(end)
    sum_over = count_overlaps if rule in ("overlap", "fragment") else sum_depth
    return start[0], end[-1], lambda edges: sum_over(start, end, edges)


def _fragments(batch, fragment_length, size):
    """Return starts and ends of the fragments that reads stand for."""
    start, end = batch.start, batch.end
    if fragment_length is not None:
        start = np.where(batch.minus, end - fragment_length, start)
        end = np.where(batch.minus, end, start + fragment_length)
    if batch.template is not None:
        pair = batch.template > 0
        start = np.where(pair, batch.start, start)
        end = np.where(pair, batch.start + batch.template, end)
    # what an extended read has beyond the ends of the chromosome is no fragment
    end = end if size is None else np.minimum(end, size)
    return np.maximum(start, 0), end
