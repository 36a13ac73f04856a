"""The beginning of a file, by which track formats are recognised."""

import re
from functools import cached_property

from ..exceptions import DataFormatError
from ..utils import open_text

# Comments may stand before the first line of data.
_HEAD_BYTES = 1 << 20
_LINES_SEEN = 200
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
    def text(self):
        """Type that a ``track`` line declares, or None; numbers and fields of the first lines."""
        if b"\0" in self.data:
            raise DataFormatError(
                f"not a track: unknown binary content. {self.expected}.", self.path
            )
        lines = self.data.replace(b"\r\n", b"\n").split(b"\n")
        if len(self.data) == _HEAD_BYTES:
            lines.pop()
        declared, rows = None, []
        for number, line in enumerate(lines, start=1):
            if line.startswith(b"track"):
                declared = self._declared_type(number, line)
            elif line.strip() and not line.startswith((b"#", b"browser")):
                rows.append((number, line.split(b"\t") if b"\t" in line else line.split()))
                if len(rows) == _LINES_SEEN:
                    break
        if not rows:
            raise DataFormatError("the file has no lines of data.", self.path)
        for number, fields in rows:
            self._check_interval(number, fields)
        return declared, rows

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
        elif len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
            shown = b" ".join(fields)[:60].decode("utf-8", "replace")
            what = (
                f"not a track: expected chromosome, start and end, got {shown!r}. {self.expected}."
            )
        else:
            return
        raise DataFormatError(what, self.path, number)
