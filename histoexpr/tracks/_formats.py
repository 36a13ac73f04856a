"""The formats of tracks that can be read, and recognition of a file by its content.

A new format is a class in a file of its own and a line in ``FORMATS``.
"""

import re
from functools import cached_property

from ..exceptions import DataFormatError
from ..utils import open_text, text_chunks
from ._bam import BamFormat, CramFormat
from ._bed import BedFormat
from ._bedgraph import BedGraphFormat
from ._bigwig import BigWigFormat
from ._intervals import holds_data, split_fields
from ._other_tables import refuse_other_tables

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

# what a line of another kind of text begins with -> what the file is and what to do about it
_NOT_INTERVALS = {
    rb"(fixed|variable)Step\s": _NOT_TRACKS[(b"fixedStep", b"variableStep")],
    rb"(?i)<(!doctype|html|\?xml|head|body)": "a web page or an error of a server, saved in place "
    "of the file. Download it again",
    rb"version https://git-lfs": "a pointer of Git LFS, not the file. Get it with git lfs pull",
    rb"@\w\w\t\w\w:": _NOT_TRACKS[(b"@HD\t", b"@SQ\t")],
    rb"@\S+": "FASTQ, or a matrix of deepTools. Give aligned reads (BAM) or a signal (bigWig)",
    rb"\S+\t[^\t]*\t[^\t]+\t\d+\t\d+\t[^\t]+\t[+.?-]\t[012.]\t": _NOT_TRACKS[b"##gff"],
    rb"\S+\t\d+\t[^\t]*\t[ACGTNacgtn]+\t[ACGTNacgtn,.<*]": _NOT_TRACKS[b"##fileformat=VCF"],
    rb"(?i)(\S+\t)chr(om\w*)?\tstart\tend\tstrand": "SAF, or a table of counts of featureCounts: "
    "regions, not reads. Give the BAM that was counted",
    rb"\S+\t[^\t\d][^\t]*\t[1-9]\d*\t\d+\t[+.-]$": "SAF: regions, not reads. Give the BAM",
    rb"\S+,\d+,\d+": "separated by commas. Separate the columns by tabs",
    rb"(?i)\W?chr(om\w*)?\W?\tstart\tend\b": "a table with a header. If it holds reads or one "
    "value an interval, take the header away, or put # in front of it",
}

# Comments may stand before the first line of data.
_HEAD_BYTES = 1 << 20
_LINES_SEEN = 200
_POSITION = re.compile(rb"\d+|-[1-9]\d{0,2}")
_CIGAR = re.compile(rb"(\d+[MIDNSHP=X])+|\*")


class FileHead:
    """The beginning of a file, decompressed, as ``data``; an empty file is refused.

    ``expected`` names the formats there are, for messages.
    """

    def __init__(self, path, expected):
        self.path, self.expected = path, expected
        with open_text(path) as stream:
            self.data = stream.read(_HEAD_BYTES)
        if not self.data:
            raise DataFormatError("the file is empty.", path)

    @cached_property
    def _text(self):
        """Type that a ``track`` line declares, or None; numbers and fields of the first lines."""
        if b"\0" in self.data and self.data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            what = "unknown binary content"
            if re.match(rb"(\0?[\t -~]\0?)+", self.data[:64]):
                what = "zero bytes in text (UTF-16 without a mark?), to be saved as UTF-8"
            raise DataFormatError(f"not a track: {what}. {self.expected}.", self.path)
        declared, rows, comments = None, [], []
        for number, line in self._lines():
            if line.startswith(b"track"):
                declared = self._declared_type(number, line)
            elif line.startswith(b"#"):
                if len(comments) < _LINES_SEEN:
                    comments.append(line)
            elif line.strip() and not line.startswith(b"browser"):
                self._check_kind(number, line)
                rows.append((number, split_fields(line)))
                if len(rows) == _LINES_SEEN:
                    break
        if not rows:
            raise DataFormatError("the file has no lines of data.", self.path)
        return declared, rows, comments

    @property
    def declared(self):
        """Type that a ``track`` line declares, in lower case, or None."""
        return self._text[0]

    @property
    def rows(self):
        """Line number and fields of each of the first lines of data."""
        return self._text[1]

    def check_intervals(self):
        """Raise DataFormatError for text that is none of intervals, or no track."""
        refuse_other_tables(self)
        for number, fields in self.rows:
            self._check_interval(number, fields)

    @property
    def comments(self):
        """The comments among the first lines."""
        return self._text[2]

    def _lines(self):
        """Yield number and text of the lines up to the end of the piece with the first data."""
        for first, chunk in text_chunks(self.path, _HEAD_BYTES):
            lines = chunk[:-1].split(b"\n")
            yield from enumerate(lines, first)
            if any(map(holds_data, lines)):
                return

    def _check_kind(self, number, line):
        """Refuse a line that another kind of text has, with what to do."""
        for pattern, what in _NOT_INTERVALS.items():
            if re.match(pattern, line):
                raise DataFormatError(f"this is {what}.", self.path, number)

    def _declared_type(self, number, line):
        found = re.search(rb"type=\"?([A-Za-z_0-9]+)", line)
        declared = found.group(1).decode().lower() if found else None
        if declared == "wiggle_0":
            raise DataFormatError(
                "this is wiggle text. Turn it into bigWig with wigToBigWig.", self.path, number
            )
        return declared

    def _check_interval(self, number, fields):
        if len(fields) >= 11 and _CIGAR.fullmatch(fields[5]):
            what = "this looks like SAM text. Turn it into BAM with samtools view -b."
        elif len(fields) < 3 or not (_POSITION.fullmatch(fields[1]) and fields[2].isdigit()):
            shown = b" ".join(fields)[:60].decode("utf-8", "replace")
            what = (
                f"not a track: expected chromosome, start and end, got {shown!r}. {self.expected}."
            )
        else:
            return
        raise DataFormatError(what, self.path, number)


def find_format(path):
    """Return the :class:`TrackFormat` of a file; see :func:`detect_format`."""
    head = FileHead(path, f"Expected one of {', '.join(f.title for f in FORMATS.values())}")
    for magic, what in _NOT_TRACKS.items():
        if head.data.startswith(magic):
            raise DataFormatError(f"this is {what}.", path)
    # the last format takes the file, or the head of the file raises
    return next(track_format for track_format in FORMATS.values() if track_format.sniff(head))


def detect_format(path):
    """Return the name of a track's format, from its content, and for text from its name, too.

    ``"bam"``, ``"cram"``, ``"bigwig"``, ``"bedgraph"`` or ``"bed"``, which is tagAlign, too: each
    line is a read. Four columns with a number in the last are bedGraph.
    """
    return find_format(path).name
