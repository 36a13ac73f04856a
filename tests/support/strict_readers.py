"""Plain readers of text formats, line by line: slow, strict, and nothing like the package's own.

Each takes the bytes of a file and returns its value, or None if a line is not what the format
allows.
"""

import re
import zlib

_INTEGER = re.compile(r"[0-9]+\Z")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")


def text_of(data, odd_bytes="strict"):
    """Return the text of a file in any usual encoding, None if it has none.

    ``odd_bytes="replace"`` lets bytes pass that are no UTF-8, as in names of reads.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompress(data, wbits=31)
        except zlib.error:
            return None
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig", odd_bytes)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def rows_of(data, comments=("#",), odd_bytes="strict"):
    """Return the fields of each line that is neither blank nor a comment, None if unreadable."""
    text = text_of(data, odd_bytes)
    if text is None:
        return None
    lines = [line.rstrip() for line in text.split("\n")]
    return [
        line.split("\t") if "\t" in line else line.split()
        for line in lines
        if line and not line.startswith(comments)
    ]


def integer(field):
    """Return a field as an integer of at most 10 digits, None if it is none."""
    field = field.strip()
    return int(field) if _INTEGER.match(field) and len(field) <= 10 else None


def number(field):
    """Return a field as a finite number, None if it is none."""
    field = field.strip()
    value = float(field) if _NUMBER.match(field) else None
    return None if value is None or abs(value) == float("inf") else value
