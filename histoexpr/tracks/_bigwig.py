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
        blocks = self._blocks[self._blocks["chrom"] == self._numbers[chrom]]
        ahead = np.searchsorted(stop, blocks["start"], side="right")
        nearest = np.append(start, np.iinfo(np.int64).max)[ahead]
        blocks = blocks[nearest < blocks["end"]]
        reached = 0
        for first in range(0, len(blocks), _BLOCKS_AT_A_TIME):
            piece = self._read_blocks(chrom, blocks[first : first + _BLOCKS_AT_A_TIME])
            if len(piece.start):
                if piece.start[0] < reached:
                    raise self._damaged(f"the intervals of {chrom} overlap")
                reached = piece.end[-1]
                yield piece

    def _read_blocks(self, chrom, blocks):
        parts = [self._read_block(int(b["offset"]), int(b["size"])) for b in blocks]
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
        magic, _, _, chrom_tree, _, index, *_, self._buffer_size, _ = fields
        if magic != _MAGIC:
            raise DataFormatError("not a bigWig file.", self.path)
        self._read_chromosomes(chrom_tree)
        self._read_index(index)

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
        if magic != _CHROM_TREE_MAGIC or value_size != 8 or not 0 < key_size <= _MAX_KEY:
            raise self._damaged("no list of chromosomes")
        name, u4, u8 = f"S{key_size}", f"{self._order}u4", f"{self._order}u8"
        leaf = np.dtype([("name", name), ("number", u4), ("size", u4)])
        branch = np.dtype([("name", name), ("child", u8)])
        entries = self._tree(offset + 32, leaf, branch)
        names = [name.decode("utf-8", "replace") for name in entries["name"]]
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
        order = np.lexsort((blocks["start"], blocks["chrom"]))
        self._blocks = blocks[order]

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

    def _read_block(self, offset, size):
        data = self._read(offset, size)
        if self._buffer_size:
            try:
                data = zlib.decompress(data)
            except zlib.error as error:
                raise self._damaged(f"a block cannot be decompressed ({error})") from error
        if len(data) < _SECTION_HEADER:
            raise self._damaged("a block is empty")
        _, first, _, step, span, kind, _, count = struct.unpack(
            f"{self._order}IIIIIBBH", data[:_SECTION_HEADER]
        )
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
        return start, end, items["value"].astype(np.float64)
