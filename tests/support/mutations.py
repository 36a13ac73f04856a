"""Ways in which files go wrong on their way to a user, and what a reader made of them."""

import contextlib
import signal
import warnings
import zlib

import numpy as np

from histoexpr.exceptions import DataFormatError

ODD_FIELDS = (
    "", " ", ".", "-", "-1", "0", "1e3", "1e400", "1_0", "٣", "１", "nan", "NA", "inf", "0x1f",
    "1,5", "1.5", "+", "chr1", "x", '"', '"a', "a b", "#", "=1+1", "99999999999999999999",
    "é", "﻿", "null", "True", "gene_id", "x" * 3000,
)  # fmt: skip


def damage_bytes(data, rng):
    """Return bytes as a bad disk, a broken transfer or a careless tool leaves them."""
    data, size = bytearray(data), len(data)
    at = int(rng.integers(size + 1))
    length = int(min(rng.integers(1, 64), size - at))
    kind = rng.integers(9)
    if kind == 0 and size:
        data[at % size] ^= 1 << int(rng.integers(8))
    elif kind == 1 and size:
        data[at % size] = int(rng.integers(256))
    elif kind == 2:
        del data[at:]
    elif kind == 3:
        del data[at : at + length]
    elif kind == 4:
        data[at:at] = data[at : at + length]
    elif kind == 5:
        data[at : at + length] = bytes(length)
    elif kind == 6:
        data[at:at] = rng.bytes(8)
    elif kind == 7:
        data[at : at + length] = b"\xff" * length
    else:
        data += rng.bytes(16)
    return bytes(data)


def edit_text(data, rng):
    """Return a text file as editors, spreadsheets, scripts and people leave it."""
    lines = data.decode().split("\n")
    row = int(rng.integers(max(len(lines) - 1, 1)))
    fields = lines[row].split("\t")
    place = int(rng.integers(len(fields)))
    kind = rng.integers(12)
    if kind == 0:
        del lines[row]
    elif kind == 1:
        lines.insert(row, lines[int(rng.integers(len(lines)))])
    elif kind == 2:
        other = int(rng.integers(len(lines)))
        lines[row], lines[other] = lines[other], lines[row]
    elif kind in (3, 4, 5):
        fields[place] = ODD_FIELDS[int(rng.integers(len(ODD_FIELDS)))]
        lines[row] = "\t".join(fields)
    elif kind == 6:
        del fields[place]
        lines[row] = "\t".join(fields)
    elif kind == 7:
        fields.insert(place, fields[place])
        lines[row] = "\t".join(fields)
    elif kind == 8:
        lines.insert(row, ("", "# a comment", "#\twith\ttabs", "track name=x", " ")[row % 5])
    elif kind == 9:
        lines[row] += ("\t", " ", "\t\t", "\r", "\x00")[int(rng.integers(5))]
    elif kind == 10:
        lines[row] = lines[row].replace("\t", " ")
    else:
        return rewrite_text(data, rng)
    return "\n".join(lines).encode()


def rewrite_text(data, rng):
    """Return the same text in another encoding, with other line ends, or compressed."""
    kind = rng.integers(6)
    if kind == 0:
        return b"\xef\xbb\xbf" + data
    if kind == 1:
        return data.replace(b"\n", b"\r\n")
    if kind == 2:
        return data.replace(b"\n", b"\r")
    if kind == 3:
        return data.decode().encode("utf-16")
    if kind == 4:
        packer = zlib.compressobj(wbits=31)
        return packer.compress(data) + packer.flush()
    return data.rstrip(b"\n")


class _TooLong(BaseException):
    """Raised by the clock: no handler of errors may catch it."""


@contextlib.contextmanager
def _time_limit(seconds):
    def ring(*_):
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def same(a, b):
    """Return whether two results, of arrays, dicts and sequences, are equal."""
    if isinstance(a, dict) or isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == b.dtype.kind == "f"))


def outcome(read, expected, names, seconds=20):
    """Read a file and return what came of it, and the detail.

    ``expected`` is the value that the file has by the rules of its format, or None if it has
    none. Outcomes are "right" (that value, or a refusal that ``expected=None`` calls for, which
    is "clear" or "unclear" by whether the message has one of ``names``), "wrong" (another value),
    "raw" (an error of a library) and "hang". Refusing a file that could be read is no fault.
    """
    try:
        with _time_limit(seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = read()
    except _TooLong:
        return "hang", ""
    except Exception as error:
        return _judge(error, names), f"{type(error).__name__}: {error}"
    if expected is None:
        return "wrong", f"read as {value!r}"
    return ("right", "") if same(value, expected) else ("wrong", f"{value!r} not {expected!r}")


def _judge(error, names):
    ours = isinstance(error, DataFormatError) or type(error) in (ValueError, FileNotFoundError)
    if not ours and not (isinstance(error, OSError) and error.filename):
        return "raw"
    return "clear" if any(str(name) in str(error) for name in names) else "unclear"
