"""What a track file is, told from its content."""

import re

from ..exceptions import DataFormatError
from ..utils import open_text

READ_FORMATS = ("bam", "cram", "bed")
SIGNAL_FORMATS = ("bigwig", "bedgraph")

# Comments may stand before the first line of data.
_HEAD_BYTES = 1 << 20
_LINES_SEEN = 200

_BINARY = {
    b"BAM\1": "bam",
    b"CRAM": "cram",
    b"\x26\xfc\x8f\x88": "bigwig",
    b"\x88\x8f\xfc\x26": "bigwig",
}

# first bytes -> what the file is and what to do about it
_NOT_TRACKS = {
    b"\xeb\xf2\x89\x87": "a bigBed file. Turn it into BED with bigBedToBed",
    b"\x87\x89\xf2\xeb": "a bigBed file. Turn it into BED with bigBedToBed",
    b"BAI\1": "the index of a BAM file. Give the BAM file; no index is needed",
    b"CSI\1": "an index. Give the file that it belongs to; no index is needed",
    b"TBI\1": "an index. Give the file that it belongs to; no index is needed",
    b"BZh": "compressed with bzip2. Decompress it or compress it with gzip",
    b"\xfd7zXZ": "compressed with xz. Decompress it or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "compressed with zstd. Decompress it or compress it with gzip",
    b"PK\3\4": "a zip archive. Unpack it",
    b"\x1f\x8b": "compressed with gzip twice. Decompress it once",
    b"@HD\t": "SAM text. Turn it into BAM with samtools view -b",
    b"@SQ\t": "SAM text. Turn it into BAM with samtools view -b",
    b"##gff": "an annotation of genes. Pass it as genes",
    b"##fileformat=VCF": "a VCF file. Tracks hold reads or a signal",
    b"fixedStep": "wiggle text. Turn it into bigWig with wigToBigWig",
    b"variableStep": "wiggle text. Turn it into bigWig with wigToBigWig",
    b">": "sequence text (FASTA). Align the reads first",
}

_EXPECTED = "Expected BAM, CRAM, tagAlign or BED, bigWig or bedGraph"
_CIGAR = re.compile(rb"(\d+[MIDNSHP=X])+|\*")
_BED_NAME = re.compile(r"\.(bed|tagalign|ta)(\.b?gz)?$", re.IGNORECASE)


def detect_format(path):
    r"""Tell the format of a track from its content; its name does not matter.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    {"bam", "cram", "bed", "bigwig", "bedgraph"}
        ``"bed"`` is tagAlign, too: each line is a read. Text may be compressed with gzip.
        Four columns with a number in the last are bedGraph.

    Raises
    ------
    DataFormatError
        If the file is empty, damaged, or of another format; the message says which.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from histoexpr.tracks import detect_format
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "reads.txt")
    ...     _ = path.write_text("chr1\t100\t136\tN\t1000\t+\n")
    ...     detect_format(path)
    'bed'
    """
    with open_text(path) as stream:
        head = stream.read(_HEAD_BYTES)
    if not head:
        raise DataFormatError("the file is empty.", path)
    for magic, name in _BINARY.items():
        if head.startswith(magic):
            return name
    for magic, what in _NOT_TRACKS.items():
        if head.startswith(magic):
            raise DataFormatError(f"this is {what}.", path)
    if b"\0" in head:
        raise DataFormatError(f"not a track: unknown binary content. {_EXPECTED}.", path)
    return _text_format(path, head)


def _text_format(path, head):
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    if len(head) == _HEAD_BYTES:
        lines.pop()
    declared, rows = None, []
    for number, line in enumerate(lines, start=1):
        if line.startswith(b"track"):
            declared = _declared_type(line)
            if declared == "wiggle_0":
                raise DataFormatError(
                    "this is wiggle text. Turn it into bigWig with wigToBigWig.", path, number
                )
        elif line.strip() and not line.startswith((b"#", b"browser")):
            rows.append((number, split_fields(line)))
            if len(rows) == _LINES_SEEN:
                break
    if not rows:
        raise DataFormatError("the file has no lines of data.", path)
    for number, fields in rows:
        _check_interval(path, number, fields)
    numeric = all(len(fields) == 4 and _is_number(fields[3]) for _, fields in rows)
    if declared == "bedgraph":
        return "bedgraph"
    if numeric and declared is None and _BED_NAME.search(str(path)):
        raise DataFormatError(
            "four columns with a number in the last could be reads with numbers for names or "
            "a signal. Name a signal .bedGraph, or cut reads down to three columns.",
            path,
        )
    return "bedgraph" if numeric and declared is None else "bed"


def split_fields(line):
    """Split a line of a BED-like file at tabs or, if it has none, at blanks."""
    return line.split(b"\t") if b"\t" in line else line.split()


def _declared_type(line):
    found = re.search(rb"type=\"?([A-Za-z_0-9]+)", line)
    return found.group(1).decode().lower() if found else None


def _check_interval(path, number, fields):
    if len(fields) >= 11 and _CIGAR.fullmatch(fields[5]):
        raise DataFormatError(
            "this looks like SAM text. Turn it into BAM with samtools view -b.", path, number
        )
    if len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
        shown = b" ".join(fields)[:60].decode("utf-8", "replace")
        raise DataFormatError(
            f"not a track: expected chromosome, start and end, got {shown!r}. {_EXPECTED}.",
            path,
            number,
        )


def _is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True
