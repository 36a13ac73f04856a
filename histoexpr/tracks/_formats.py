"""The formats of tracks that can be read, and recognition of a file by its content.

A new format is a class in a file of its own and a line in ``FORMATS``.
"""

from ..exceptions import DataFormatError
from ._bam import BamFormat, CramFormat
from ._bed import BedFormat
from ._bedgraph import BedGraphFormat
from ._bigwig import BigWigFormat
from ._file_head import FileHead

# In this order a file is offered to them; BED takes every text of intervals.
_ALL = (BigWigFormat(), BamFormat(), CramFormat(), BedGraphFormat(), BedFormat())
FORMATS = {track_format.name: track_format for track_format in _ALL}

# first bytes -> what the file is and what to do about it
_NOT_TRACKS = {
    (b"\xeb\xf2\x89\x87", b"\x87\x89\xf2\xeb"): "a bigBed file. Turn it into BED with bigBedToBed",
    b"BAI\1": "the index of a BAM file. Give the BAM file; no index is needed",
    (b"CSI\1", b"TBI\1"): "an index. Give the file that it belongs to; no index is needed",
    b"BZh": "compressed with bzip2. Decompress it or compress it with gzip",
    b"\xfd7zXZ": "compressed with xz. Decompress it or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "compressed with zstd. Decompress it or compress it with gzip",
    b"PK\3\4": "a zip archive. Unpack it",
    b"\x1f\x8b": "compressed with gzip twice. Decompress it once",
    (b"@HD\t", b"@SQ\t"): "SAM text. Turn it into BAM with samtools view -b",
    b"##gff": "an annotation of genes. Pass it as genes",
    b"##fileformat=VCF": "a VCF file. Tracks hold reads or a signal",
    (b"fixedStep", b"variableStep"): "wiggle text. Turn it into bigWig with wigToBigWig",
    b">": "sequence text (FASTA). Align the reads first",
}


def find_format(path):
    """Return the :class:`TrackFormat` of a file; see :func:`detect_format`."""
    head = FileHead(path, f"Expected one of {', '.join(f.title for f in FORMATS.values())}")
    for magic, what in _NOT_TRACKS.items():
        if head.data.startswith(magic):
            raise DataFormatError(f"this is {what}.", path)
    # the last format takes the file, or the head of the file raises
    return next(track_format for track_format in FORMATS.values() if track_format.sniff(head))


def detect_format(path):
    """Return the name of a track's format, from its content; its name does not matter.

    ``"bam"``, ``"cram"``, ``"bigwig"``, ``"bedgraph"`` or ``"bed"``, which is tagAlign, too: each
    line is a read. Four columns with a number in the last are bedGraph.
    """
    return find_format(path).name
