"""Plain and gzip-compressed text, read in pieces of whole lines."""

import contextlib
import gzip
import io
import os
import zlib

import numpy as np

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


class _AsUtf8:
    """A stream of UTF-16 text, read as UTF-8."""

    def __init__(self, stream):
        self._text = io.TextIOWrapper(stream, "utf-16", newline="")

    def read(self, size):
        return self._text.read(size).encode()

    def detach(self):
        self._text.detach()  # leave closing to the owner


@contextlib.contextmanager
def _without_mark(stream, path):
    """Yield a reading stream without byte-order mark, as UTF-8 if the mark is that of UTF-16."""
    if not stream.seekable():
        stream = io.BufferedReader(stream)
    start = stream.read(4)
    stream.seek(0)
    if start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        stream.seek(3 if start.startswith(b"\xef\xbb\xbf") else 0)
        yield stream
        return
    recoded = _AsUtf8(stream)
    try:
        yield recoded
    except UnicodeError as error:
        fault = f"begins as UTF-16 text, but is none ({error}). Export it as UTF-8."
        raise DataFormatError(fault, path) from error
    finally:
        recoded.detach()


def text_chunks(path, size=CHUNK_BYTES):
    """Yield a plain or gzip text file in pieces of about ``size`` bytes that end at a line's end.

    A piece is the 1-based number of its first line and its bytes: whole lines, the last one ended
    by a newline. Lines may end as on Unix, Windows or old Macs; a byte-order mark is taken away
    and UTF-16 text is recoded. Damaged data and files that are no text raise DataFormatError.
    """
    line, rest = 1, b""
    with open_text(path) as raw, _without_mark(raw, path) as stream:
        while block := stream.read(size):
            if block.endswith(b"\r"):
                block += stream.read(1)  # of a pair, perhaps
            chunk = rest + block
            if b"\0" in block:
                raise DataFormatError("holds zero bytes: not a text file.", path, line)
            if b"\r" in block:
                chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            end = chunk.rfind(b"\n") + 1
            chunk, rest = chunk[:end], chunk[end:]
            if len(rest) > size:
                raise DataFormatError(
                    f"no line break in {size:,} bytes: not a text file.", path, line
                )
            if chunk:
                yield line, chunk
                # bytes.count takes five times as long where there are many
                line += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord("\n")))
        if rest:
            yield line, rest + b"\n"


def text_lines(path):
    """Yield the 1-based number and the text of every line of a plain or gzip file.

    Lines come without their break. Damaged data and text that is not UTF-8 raise DataFormatError.
    """
    for first, chunk in text_chunks(path):
        try:
            text = chunk.decode("utf-8")
        except UnicodeDecodeError as error:
            line = first + chunk.count(b"\n", 0, error.start)
            raise DataFormatError("not UTF-8 text.", path, line) from error
        yield from enumerate(text[:-1].split("\n"), start=first)
