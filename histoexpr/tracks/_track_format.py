"""What a track format is: recognition, chromosome sizes and reading behind three methods."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ._read_filter import ReadFilter


class ReadBatch(NamedTuple):
    """Reads on one chromosome; positions in bp, 0-based, end exclusive."""

    chrom: str
    start: np.ndarray
    end: np.ndarray
    minus: np.ndarray | None  # None: the file has no strands
    template: np.ndarray | None  # fragment length of a proper pair, 0 for other reads


class SignalIntervals(NamedTuple):
    """Sorted, non-overlapping intervals with one value each; bp, 0-based, end exclusive."""

    chrom: str
    start: np.ndarray
    end: np.ndarray
    value: np.ndarray


class Wanted(NamedTuple):
    """What a caller wants from a track.

    ``regions`` takes a chromosome of the track and returns the sorted starts and ends of the
    regions wanted on it, or None; a format that can find them may leave out everything else.
    ``fragments`` is whether a proper pair is to come as one entry with its fragment length.
    """

    regions: Callable
    read_filter: ReadFilter
    fragments: bool


class TrackFormat:
    """Base of the formats; each is a class in a file of its own and a line in ``_formats``.

    ``title`` is what messages call it. Reads can be counted, signals cannot; reads with flags
    have mapping qualities, too, to filter by.
    """

    name: str
    title: str
    holds_reads = False
    has_flags = False

    def sniff(self, head):
        """Return whether a file, of which a :class:`FileHead` is given, is of this format."""
        raise NotImplementedError

    def chromosome_sizes(self, path):
        """Return a dict of the chromosomes that a file names and their lengths in bp."""
        return {}

    def read(self, path, wanted, tally):
        """Yield what a file holds, as ReadBatch or SignalIntervals, in any order.

        ``tally`` is to be filled with the numbers of reads or intervals used and left out, by
        reason.
        """
        raise NotImplementedError
