"""bigWig files, read with NumPy: only the blocks that hold wanted regions.

The layout is that of the format's paper (Kent et al. 2010, BigWig and BigBed, Bioinformatics
26:2204, supplement). This reader is kept beside the libraries that wrap others, for three
reasons. On 300 damaged files pybigtools aborted the process 8 times and panicked 11 times; this
one raises :class:`~histoexpr.exceptions.DataFormatError`. It was the fastest of those measured
(``benchmarks/tracks.py``). And bases that no value covers are left out of what it returns, so
that the caller can count them as zero without doubt.
"""

import os
import struct
import zlib

import numpy as np

from ..exceptions import DataFormatError
from ._track_format import SignalIntervals, TrackFormat

_MAGIC = 0x888FFC26
_CHROM_TREE_MAGIC = 0x78CA8C91
_INDEX_MAGIC = 0x2468ACE0
_HEADER_BYTES = 64
_SECTION_HEADER = 24
# Longest name of a chromosome in bytes; a larger number in a file is damage.
_MAX_KEY = 1024
# Up to 65,535 intervals stand in a block, usually 512 or 1,024.
_BLOCKS_AT_A_TIME = 1024
_COUNTS = (("I", 4), ("Q", 8))
# A header and 65,535 intervals of 12 bytes
_LARGEST_BLOCK = 24 + 65_535 * 12
_BEDGRAPH, _VARIABLE_STEP, _FIXED_STEP = 1, 2, 3


class BigWigFormat(TrackFormat):
    """bigWig: a signal with an index."""

    name, title = "bigwig", "bigWig"

    def sniff(self, head):
        """Recognise the magic number, in either order of bytes."""
        return head.data[:4] in (struct.pack("<I", _MAGIC), struct.pack(">I", _MAGIC))

    def chromosome_sizes(self, path):
        """Read the tree of chromosomes."""
        with BigWig(path) as signal:
            return signal.chrom_sizes

    def read(self, path, wanted, tally):
        """Yield the intervals in the blocks that overlap wanted regions."""
        tally["intervals"] = 0
        with BigWig(path) as signal:
            for name in signal.chrom_sizes:
                regions = wanted.regions(name)
                if regions is not None:
                    for piece in signal.intervals(name, *regions):
                        tally["intervals"] += len(piece.start)
                        yield piece


class BigWig:
    """An open bigWig file, a context manager; a damaged or truncated one is refused.

    ``chrom_sizes`` is a dict from every chromosome that the file names to its length in bp.
    """

    def __init__(self, path):
        self.path = path
        self._file = open(path, "rb")  # noqa: SIM115 - closed in __exit__
        try:
            self._read_header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._file.close()

    def intervals(self, chrom, start, stop):
        """Yield the values on a chromosome as SignalIntervals, in order, at least in the regions.

        The regions, ``start`` and ``stop`` of shape (n_regions,) in bp, are sorted and of the same
        length; blocks of the file that overlap none are not read. Bases without a value, or with
        NaN for one, are in none of the intervals.
        """
        own = np.flatnonzero(self._blocks["chrom"] == self._numbers[chrom])
        blocks = self._blocks[own]
        ahead = np.searchsorted(stop, blocks["start"], side="right")
        nearest = np.append(start, np.iinfo(np.int64).max)[ahead]
        wanted = nearest < blocks["end"]
        self._check_neighbours(self._numbers[chrom], start, stop, own[wanted])
        blocks = blocks[wanted]
        reached = 0
        for first in range(0, len(blocks), _BLOCKS_AT_A_TIME):
            piece = self._read_blocks(chrom, blocks[first : first + _BLOCKS_AT_A_TIME])
            if len(piece.start):
                if piece.start[0] < reached:
                    raise self._damaged(f"the intervals of {chrom} overlap")
                reached = piece.end[-1]
                yield piece

    def _check_neighbours(self, number, start, stop, wanted):
        """Hold the blocks on both sides of each region against what the index says of them.

        A wrong position in the index hides a block, and its region would be without signal; its
        place among the other blocks stays.
        """
        place = self._blocks["chrom"].astype(np.int64) << 32 | self._blocks["start"]
        ends = [np.searchsorted(place, number << 32 | np.maximum(at, 0)) for at in (start, stop)]
        near = np.unique(np.concatenate([at + step for at in ends for step in (-1, 0)]))
        near = np.setdiff1d(near[(near >= 0) & (near < len(self._blocks))], wanted)
        for block in self._blocks[near]:
            self._check_header(self._unpack(block, _SECTION_HEADER), block)

    def _check_header(self, data, block):
        """Return the header of a block, which repeats what the index says of it."""
        if len(data) < _SECTION_HEADER:
            raise self._damaged("a block is empty")
        header = struct.unpack(f"{self._order}IIIIIBBH", data[:_SECTION_HEADER])
        if header[:3] != (block["chrom"], block["start"], block["end"]):
            raise self._damaged(
                f"a block holds {header[1]:,}-{header[2]:,} of chromosome {header[0]}, but its "
                f"index says {block['start']:,}-{block['end']:,} of {block['chrom']}"
            )
        return header

    def _unpack(self, block, most):
        """Return up to so many bytes of a block."""
        if not self._buffer_size:
            return self._read(int(block["offset"]), min(int(block["size"]), most))
        packed = self._read(int(block["offset"]), int(block["size"]))
        try:
            return zlib.decompressobj().decompress(packed, most)
        except zlib.error as error:
            raise self._damaged(f"a block cannot be decompressed ({error})") from error

    def _read_blocks(self, chrom, blocks):
        parts = [self._read_block(block) for block in blocks]
        starts, ends, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        known = ~np.isnan(values)
        if not known.all():
            starts, ends, values = starts[known], ends[known], values[known]
        if np.isinf(values).any():
            raise self._damaged(f"{chrom} holds infinite values")
        if (starts[1:] < ends[:-1]).any() or (starts >= ends).any():
            raise self._damaged(f"the intervals of {chrom} overlap or are not sorted")
        return SignalIntervals(chrom, starts, ends, values)

    # -- layout ------------------------------------------------------------------------

    def _read_header(self):
        self._length = os.fstat(self._file.fileno()).st_size
        head = self._read(0, _HEADER_BYTES)
        self._order = "<" if struct.unpack("<I", head[:4])[0] == _MAGIC else ">"
        fields = struct.unpack(f"{self._order}IHHQQQHHQQIQ", head)
        magic, _, _, chrom_tree, body, index, *_, self._buffer_size, _ = fields
        if magic != _MAGIC:
            raise DataFormatError("not a bigWig file.", self.path)
        self._read_chromosomes(chrom_tree)
        self._read_index(index)
        count = self._read(body, 8)  # of 32 bits as UCSC's tools write it, or of 64
        counts = [struct.unpack(self._order + code, count[:size])[0] for code, size in _COUNTS]
        if len(self._blocks) not in counts:
            raise self._damaged(f"it has {counts[0]:,} blocks, its index {len(self._blocks):,}")

    def _read(self, offset, n_bytes):
        if offset + n_bytes > self._length:
            raise DataFormatError(
                f"the bigWig file is cut short: {self._length:,} bytes, but it refers to byte "
                f"{offset + n_bytes:,}. Copy or download it again.",
                self.path,
            )
        self._file.seek(offset)
        return self._file.read(n_bytes)

    def _damaged(self, what):
        return DataFormatError(
            f"the bigWig file is damaged: {what}. Copy, download or make it again.", self.path
        )

    def _read_chromosomes(self, offset):
        head = self._read(offset, 32)
        magic, _, key_size, value_size = struct.unpack(f"{self._order}IIII", head[:16])
        n_chroms = struct.unpack(f"{self._order}Q", head[16:24])[0]
        if magic != _CHROM_TREE_MAGIC or value_size != 8 or not 0 < key_size <= _MAX_KEY:
            raise self._damaged("no list of chromosomes")
        name, u4, u8 = f"S{key_size}", f"{self._order}u4", f"{self._order}u8"
        leaf = np.dtype([("name", name), ("number", u4), ("size", u4)])
        branch = np.dtype([("name", name), ("child", u8)])
        entries = self._tree(offset + 32, leaf, branch)
        names = [name.decode("utf-8", "replace") for name in entries["name"]]
        numbers = np.sort(entries["number"])
        if (
            len(names) != n_chroms
            or len(set(names)) < len(names)
            or not all(name.isprintable() and name for name in names)
            or not np.array_equal(numbers, np.arange(len(names)))
            or (entries["size"] == 0).any()
        ):
            raise self._damaged("its list of chromosomes is not consistent")
        self.chrom_sizes = dict(zip(names, entries["size"].tolist(), strict=True))
        self._numbers = dict(zip(names, entries["number"].tolist(), strict=True))

    def _read_index(self, offset):
        if struct.unpack(f"{self._order}I", self._read(offset, 4))[0] != _INDEX_MAGIC:
            raise self._damaged("no index of its data")
        spans = [(name, f"{self._order}u4") for name in ("chrom", "start", "last", "end")]
        leaf = np.dtype([*spans, ("offset", f"{self._order}u8"), ("size", f"{self._order}u8")])
        branch = np.dtype([*spans, ("child", f"{self._order}u8")])
        blocks = self._tree(offset + 48, leaf, branch)
        if not len(blocks):
            raise DataFormatError("the bigWig file holds no values.", self.path)
        if (blocks["chrom"] != blocks["last"]).any():
            raise self._damaged("a block spans two chromosomes")
        blocks = blocks[np.argsort(blocks["offset"], kind="stable")]
        self._check_order(blocks)
        self._blocks = blocks

    def _check_order(self, blocks):
        """Refuse an index whose blocks do not follow each other, in the file and in the genome."""
        chrom, start, end = (blocks[name].astype(np.int64) for name in ("chrom", "start", "end"))
        offset, size = (blocks[name].astype(np.int64) for name in ("offset", "size"))
        length = np.zeros(len(self._numbers), np.int64)
        for name, number in self._numbers.items():
            length[number] = self.chrom_sizes[name]
        if (chrom >= len(length)).any():
            raise self._damaged("a block is of no chromosome")
        if (start >= end).any() or (end > length[chrom]).any():
            raise self._damaged("a block lies beyond its chromosome")
        same = chrom[1:] == chrom[:-1]
        # libBigWig writes empty blocks that repeat the one before
        again = (start[1:] == start[:-1]) & (end[1:] == end[:-1])
        if (np.diff(chrom) < 0).any() or (same & (start[1:] < end[:-1]) & ~again).any():
            raise self._damaged("the blocks of its index overlap or are not sorted")
        if (offset[1:] < (offset + size)[:-1]).any():
            raise self._damaged("two blocks share bytes of the file")

    def _tree(self, root, leaf, branch):
        """Return the entries of the leaves below a node; each node is visited once."""
        todo, seen, leaves = [root], set(), [np.empty(0, leaf)]
        while todo:
            node = todo.pop()
            if node in seen:
                raise self._damaged("its index runs in a circle")
            seen.add(node)
            is_leaf, _, count = struct.unpack(f"{self._order}BBH", self._read(node, 4))
            dtype = leaf if is_leaf else branch
            entries = np.frombuffer(self._read(node + 4, count * dtype.itemsize), dtype)
            if is_leaf:
                leaves.append(entries)
            else:
                todo.extend(entries["child"][::-1].tolist())
        return np.concatenate(leaves)

    def _read_block(self, block):
        data = self._unpack(block, _LARGEST_BLOCK + 1)
        if len(data) > _LARGEST_BLOCK:
            raise self._damaged(f"a block is larger than {_LARGEST_BLOCK:,} bytes")
        _, first, last, step, span, kind, _, count = self._check_header(data, block)
        columns = {
            _BEDGRAPH: [("start", "u4"), ("end", "u4"), ("value", "f4")],
            _VARIABLE_STEP: [("start", "u4"), ("value", "f4")],
            _FIXED_STEP: [("value", "f4")],
        }.get(kind)
        if columns is None:
            raise self._damaged(f"unknown kind of block {kind}")
        dtype = np.dtype([(name, self._order + code) for name, code in columns])
        if len(data) < _SECTION_HEADER + count * dtype.itemsize:
            raise self._damaged("a block is shorter than its header states")
        items = np.frombuffer(data, dtype, count=count, offset=_SECTION_HEADER)
        if kind == _FIXED_STEP:
            start = first + step * np.arange(count, dtype=np.int64)
        else:
            start = items["start"].astype(np.int64)
        end = items["end"].astype(np.int64) if kind == _BEDGRAPH else start + span
        if count and (start[0] < first or end[-1] > last):
            raise self._damaged("intervals of a block lie outside of it")
        return start, end, items["value"].astype(np.float64)
