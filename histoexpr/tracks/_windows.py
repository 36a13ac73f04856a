"""Windows around transcription start sites (TSS), each divided into bins."""

from dataclasses import dataclass, replace

import numpy as np

from ..utils import check_positive_int

POLICIES = ("pad", "drop", "error")


@dataclass(frozen=True)
class Windows:
    """Windows of equal length, each cut into bins of ``bin_size`` bp.

    ``start`` is the first position in bp, 0-based; negative where a window leaves the chromosome.
    ``flip`` is whether bins run against the genome's direction. All are of shape (n_windows,).
    ``aliases`` has other names of chromosomes, such as accessions, with the names in ``chrom``.
    """

    chrom: np.ndarray
    start: np.ndarray
    n_bins: int
    bin_size: int
    flip: np.ndarray
    aliases: dict | None = None

    @property
    def span(self):
        """Length of a window in bp."""
        return self.n_bins * self.bin_size

    def take(self, rows):
        """Return the windows with the given indices or mask."""
        return replace(self, **{n: getattr(self, n)[rows] for n in ("chrom", "start", "flip")})


def check_window(window, bin_size):
    """Return ``(first, last, n_bins)`` of a window relative to the TSS."""
    bin_size = check_positive_int("bin_size", bin_size)
    whole = int, np.integer
    if isinstance(window, whole) and not isinstance(window, bool):
        window = -window, window
    if np.shape(window) != (2,) or not all(isinstance(edge, whole) for edge in window):
        raise ValueError(
            f"window must be two integers, bp relative to the TSS, or one for both sides; "
            f"got {window!r}."
        )
    first, last = int(window[0]), int(window[1])
    if last <= first or (last - first) % bin_size:
        raise ValueError(
            f"window ({first}, {last}) spans {last - first} bp, which bins of {bin_size} bp do "
            "not fill. Choose a window that is a positive multiple of bin_size."
        )
    return first, last, (last - first) // bin_size


def place_windows(genes, sizes, *, window=(-5000, 5000), bin_size=100, flip_minus_strand=False):
    """Place a window at the TSS of each gene; return them, and whether each leaves its chromosome.

    ``sizes`` has the lengths in bp of those chromosomes whose length is known. With
    ``flip_minus_strand`` the windows of genes on the minus strand are mirrored at the base of the
    TSS: they cover ``[TSS - last + 1, TSS - first + 1)``, and their bins run along transcription:
    this base is in the same bin on both strands.
    """
    first, last, n_bins = check_window(window, bin_size)
    length = np.array([sizes.get(chrom, -1) for chrom in genes.chrom], dtype=np.int64)
    outside = (length >= 0) & (genes.tss >= length)
    if outside.any():
        gene = int(np.argmax(outside))
        raise ValueError(
            f"mixed genome builds: {outside.sum():,} genes start beyond the end of their "
            f"chromosome, such as {genes.gene[gene]} at {genes.chrom[gene]}:"
            f"{genes.tss[gene]:,}, where the tracks have {length[gene]:,} bp. Use an annotation "
            "of the build that the reads were aligned to."
        )
    flip = (genes.strand == "-") & bool(flip_minus_strand)
    start = genes.tss + np.where(flip, 1 - last, first)
    windows = Windows(genes.chrom, start, n_bins, int(bin_size), flip, genes.aliases)
    off = (start < 0) | ((length >= 0) & (start + windows.span > length))
    return windows, off
