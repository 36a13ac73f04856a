"""Plain and gzip-compressed text, read in pieces of whole lines."""

import contextlib
import gzip
import os
import zlib

from ..exceptions import DataFormatError

# Big enough that vectorised parsing pays, small against a chromosome of reads.
CHUNK_BYTES = 1 << 23

# The empty block that ends every complete BGZF file (SAM specification, section 4.1.2).
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")

_TRUNCATED = "the file is cut short. Copy or download it again."


@contextlib.contextmanager
def open_text(path):
    """Open a plain or gzip file for reading bytes, whatever its name.

    Compressed data that are truncated or damaged raise DataFormatError, while reading, too.
    """
    with open(path, "rb") as raw:
        head = raw.read(18)
        if not head.startswith(b"\x1f\x8b"):
            raw.seek(0)
            yield raw
            return
        # A BGZF file cut between two blocks is still valid gzip: it only lacks the last block
        if head[12:14] == b"BC" and not _ends_with(raw, _BGZF_END):
            raise DataFormatError(_TRUNCATED, path)
        raw.seek(0)
        try:
            with gzip.GzipFile(fileobj=raw) as stream:
                yield stream
        except EOFError as error:
            raise DataFormatError(_TRUNCATED, path) from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise DataFormatError(
                f"the compressed data are damaged ({error}). Copy or download the file again.",
                path,
            ) from error


def _ends_with(raw, ending):
    raw.seek(0, os.SEEK_END)
    if raw.tell() < len(ending):
        return False
    raw.seek(-len(ending), os.SEEK_END)
    return raw.read() == ending


def text_chunks(path, size=CHUNK_BYTES):
    """Yield a plain or gzip text file in pieces of about ``size`` bytes that end at a line's end.

    A piece is the 1-based number of its first line and its bytes: whole lines, the last one ended
    by a newline, without carriage returns. Damaged data and files that are no text raise
    DataFormatError.
    """
    line = 1
    with open_text(path) as stream:
        while chunk := stream.read(size):
            end = stream.readline(size)
            if len(end) == size and not end.endswith(b"\n"):
                raise DataFormatError(
                    f"no line break in {size:,} bytes: not a text file.", path, line
                )
            chunk += end
            if b"\0" in chunk:
                raise DataFormatError("holds zero bytes: not a text file.", path, line)
            chunk = chunk.replace(b"\r\n", b"\n")
            yield line, chunk if chunk.endswith(b"\n") else chunk + b"\n"
            line += chunk.count(b"\n")


def text_lines(path):
    """Yield the 1-based number and the text of every line of a plain or gzip file.

    Lines come without their break. Damaged data and text that is not UTF-8 raise DataFormatError.
    """
    for first, chunk in text_chunks(path):
        try:
            text = chunk.decode("utf-8-sig" if first == 1 else "utf-8")
        except UnicodeDecodeError as error:
            line = first + chunk.count(b"\n", 0, error.start)
            raise DataFormatError("not UTF-8 text.", path, line) from error
        yield from enumerate(text[:-1].split("\n"), start=first)
