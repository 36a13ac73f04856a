"""Small track files for the tests of histoexpr.tracks."""

import gzip
import struct
import zlib
from itertools import pairwise

import numpy as np
import pytest

from histoexpr.tracks import Windows

SIZES = {"chr1": 20_000, "chr2": 5_000}
SOME_READS = [("chr1", 100, 136, "+"), ("chr1", 150, 186, "-")]
BINS = {"window": (-1000, 1000), "bin_size": 100}


def write_bed(path, reads, compress=False):
    """Write (chrom, start, end, strand) as tagAlign."""
    text = "".join(f"{c}\t{s}\t{e}\tN\t1000\t{d}\n" for c, s, e, d in reads)
    data = gzip.compress(text.encode()) if compress else text.encode()
    path.write_bytes(data)
    return path


def write_bam(path, reads, sizes=SIZES, mode="wb", **options):
    """Write reads, given as dicts of pysam attributes or (chrom, start, end, strand)."""
    pysam = pytest.importorskip("pysam")
    header = pysam.AlignmentHeader.from_dict(
        {"HD": {"VN": "1.6"}, "SQ": [{"SN": n, "LN": size} for n, size in sizes.items()]}
    )
    with pysam.AlignmentFile(str(path), mode, header=header, **options) as out:
        for number, read in enumerate(reads):
            if isinstance(read, tuple):
                chrom, start, end, strand = read
                read = {"chrom": chrom, "reference_start": start, "cigarstring": f"{end - start}M"}
                read["flag"] = 16 if strand == "-" else 0
            read = {"mapping_quality": 30, "flag": 0, "chrom": "chr1"} | read
            segment = pysam.AlignedSegment(header)
            segment.query_name = read.pop("query_name", f"read{number}")
            segment.flag = read.pop("flag")
            chrom = read.pop("chrom")
            segment.reference_id = -1 if chrom is None else list(sizes).index(chrom)
            for name, value in read.items():
                setattr(segment, name, value)
            length = sum(n for op, n in segment.cigartuples or [(0, 30)] if op in (0, 1, 4))
            segment.query_sequence = "A" * length
            out.write(segment)
    return path


def random_reads(rng, n, sizes=SIZES, sort=True):
    """Draw n reads of 20 to 200 bp as (chrom, start, end, strand)."""
    names = list(sizes)
    reads = []
    for _ in range(n):
        chrom = names[rng.integers(len(names))]
        length = int(rng.integers(20, 200))
        start = int(rng.integers(0, sizes[chrom] - length))
        reads.append((chrom, start, start + length, "+-"[rng.integers(2)]))
    return sorted(reads) if sort else reads


def depth(reads, sizes=SIZES):
    """Depth of reads at each base of each chromosome."""
    depths = {chrom: np.zeros(size, dtype=int) for chrom, size in sizes.items()}
    for chrom, start, end, _ in reads:
        depths[chrom][start:end] += 1
    return depths


def depth_intervals(depths):
    """Turn depths into (chrom, start, end, value) without the uncovered bases."""
    intervals = []
    for chrom, values in depths.items():
        edges = np.flatnonzero(np.diff(values)) + 1
        bounds = [0, *edges.tolist(), len(values)]
        for start, end in pairwise(bounds):
            if values[start]:
                intervals.append((chrom, start, end, float(values[start])))
    return intervals


def write_bigwig(path, blocks, sizes=SIZES, order="<", compress=True):
    """Write a bigWig of given blocks: (chrom, kind, first, step, span, items).

    Kind 1 has items (start, end, value), kind 2 (start, value), kind 3 (value,).
    """
    names = list(sizes)
    body = bytearray(struct.pack(order + "Q", len(blocks)))
    leaves = []
    for chrom, kind, first, step, span, items in blocks:
        number = names.index(chrom)
        if kind == 1:
            last = items[-1][1]
        else:
            last = span + (items[-1][0] if kind == 2 else first + step * (len(items) - 1))
        head = struct.pack(
            order + "IIIIIBBH", number, first, last, step, span, kind, 0, len(items)
        )
        code = {1: "IIf", 2: "If", 3: "f"}[kind]
        data = head + b"".join(struct.pack(order + code, *item) for item in items)
        packed = zlib.compress(data) if compress else data
        leaves.append((number, first, number, last, len(body), len(packed)))
        body += packed
    width = max(map(len, names))
    tree = struct.pack(order + "IIIIQQ", 0x78CA8C91, len(names), width, 8, len(names), 0)
    tree += struct.pack(order + "BBH", 1, 0, len(names))
    for number, name in enumerate(names):
        tree += name.encode().ljust(width, b"\0") + struct.pack(order + "II", number, sizes[name])
    data_at = 64 + len(tree)
    index = struct.pack(order + "IIQIIIIQII", 0x2468ACE0, 256, len(leaves), 0, 0, 0, 0, 0, 1, 0)
    index += struct.pack(order + "BBH", 1, 0, len(leaves))
    for *span, offset, size in leaves:
        index += struct.pack(order + "IIIIQQ", *span, data_at + offset, size)
    header = struct.pack(
        order + "IHHQQQHHQQIQ",
        0x888FFC26, 4, 0, 64, data_at, data_at + len(body), 0, 0, 0, 0,
        1 << 16 if compress else 0, 0,
    )  # fmt: skip
    path.write_bytes(header + tree + bytes(body) + index)
    return path


def write_depth(path, reads, sizes=SIZES):
    """Write the depth of reads as a bigWig."""
    blocks = []
    for chrom in sizes:
        items = [i[1:] for i in depth_intervals(depth(reads, sizes)) if i[0] == chrom]
        for first in range(0, len(items), 50):
            part = items[first : first + 50]
            blocks.append((chrom, 1, part[0][0], 0, 0, part))
    return write_bigwig(path, blocks, sizes)


def make_windows(places, n_bins=4, bin_size=10, flip=None):
    chrom, start = zip(*places, strict=True)
    flip = np.zeros(len(start), bool) if flip is None else np.asarray(flip)
    return Windows(np.array(chrom), np.array(start), n_bins, bin_size, flip)


def random_windows(rng, n=60, n_bins=7, bin_size=30):
    places = [(c, int(rng.integers(-100, SIZES[c]))) for c in rng.choice(list(SIZES), n)]
    return make_windows(places, n_bins, bin_size)
