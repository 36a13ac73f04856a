"""Downloads over HTTP: whole and verified, or not at all.

pooch 1.9 is not used: it repeats requests that cannot succeed (a missing file was asked for
four times with three retries, an absent server for 6 s), keeps a body of unknown length that
was cut short where no checksum is published, moves a file into place before its content can be
checked, readable by its owner only, and reads no record with the same retries. Its cache folder
depends on platformdirs, ours is one environment variable or one folder in the user's home.
"""

import contextlib
import hashlib
import http.client
import itertools
import json
import os
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from .. import __version__
from ..exceptions import DataFormatError
from ..utils import atomic_path, check_path, progress_bar

_BLOCK = 1 << 20
_PAUSE = 0.5  # seconds before the second attempt; doubles with each
_RECORD_BLOCKS = 17  # no record is longer
# Bytes of a file of which no size is announced, at the most
_MOST = 20 << 30
# Status of a server that is busy or broken for the moment; others are final
_PASSING = {408, 425, 429, 500, 502, 503, 504}


class _Failure(Exception):
    """An attempt that failed, and whether another one may do better."""

    def __init__(self, reason, *, passing):
        super().__init__(reason)
        self.passing = passing


class _CutShort(DataFormatError):
    """A body that ends early."""


def data_folder(data_home, *parts):
    """Return a folder within the data home, which need not exist.

    That is ``data_home``, the environment variable ``HISTOEXPR_DATA`` or ``~/histoexpr_data``.
    """
    home = data_home or os.environ.get("HISTOEXPR_DATA") or "~/histoexpr_data"
    home = check_path(home, name="data_home")
    return Path(os.path.abspath(os.path.expanduser(home)), *parts)


def download(url, path, *, size=None, checksum=None, check=None, retries, timeout, verbose):
    """Download a file; it gets its name only when it is whole and verified.

    ``size`` (bytes) and ``checksum`` (``"md5:0123..."`` or another algorithm of :mod:`hashlib`)
    are those known beforehand. ``check``, if any, is called with the path of the complete file and
    raises DataFormatError. ``retries`` are further attempts after one that failed for a passing
    reason: a server error, a connection that broke or gave no answer for ``timeout`` seconds, a
    body that is cut short or damaged. They go on where the connection broke, if the server gives
    the file a tag by which it knows that it is still the same. Raises ConnectionError if the
    file cannot be downloaded, DataFormatError if what arrives, attempt after attempt, is not
    what was announced.
    """
    algorithm, expected = _split_checksum(checksum, url)

    def attempt():
        with (
            partial.forgotten_unless_passing(),
            _open(url, timeout, partial.headers()) as response,
        ):
            partial.begin(response)
            rest = _length(response)
            announced = size if rest is None or size is not None else partial.received + rest
            with open(temporary, "ab") as file, _bar(path, partial, announced, verbose) as bar:
                for block in _blocks(response):
                    if partial.received + len(block) > (_MOST if announced is None else announced):
                        raise _too_long(url, announced)
                    file.write(block)
                    partial.add(block)
                    bar.update(1)
            if announced is not None and partial.received != announced:
                fault = f"{partial.received:,} bytes arrived, expected {announced:,}."
                raise _CutShort(fault, url)
            if algorithm and (found := partial.digest.hexdigest()) != expected:
                fault = f"{algorithm} checksum {found}, expected {expected}"
                raise DataFormatError(
                    f"{fault}: damaged on the way or not what was published.", url
                )
            if check:
                check(temporary)

    with atomic_path(path) as temporary:
        partial = _Partial(temporary, algorithm)
        _persist(attempt, url, retries)


def _bar(path, partial, announced, verbose):
    total = None if announced is None else -(-announced // _BLOCK)
    done = partial.received // _BLOCK
    return progress_bar(total=total, initial=done, desc=path.name, unit="MiB", show=verbose)


class _Partial:
    """What has arrived of a file, for the next attempt to go on from."""

    def __init__(self, path, algorithm):
        self.path, self.algorithm = path, algorithm
        self.forget()

    def forget(self):
        """Begin anew."""
        self.received, self.tag = 0, None
        self.digest = hashlib.new(self.algorithm) if self.algorithm else None
        with open(self.path, "wb"):
            pass

    def headers(self):
        """Return what asks for the rest, if the file is still the one of which we have a part."""
        if not self.received or self.tag is None:
            return {}
        return {"Range": f"bytes={self.received}-", "If-Range": self.tag}

    def begin(self, response):
        """Go on if the server does, else begin anew."""
        place = response.headers.get("Content-Range", "")
        if response.status != 206 or not place.startswith(f"bytes {self.received}-"):
            self.forget()
            if response.status == 206:
                raise _Failure("another part was sent than asked for", passing=True)
            tag = response.headers.get("ETag", "")
            self.tag = tag if tag.startswith('"') else None  # weak ones allow other bytes

    def add(self, block):
        self.received += len(block)
        if self.digest:
            self.digest.update(block)

    @contextlib.contextmanager
    def forgotten_unless_passing(self):
        """Keep what has arrived where a connection broke; else it may be wrong itself."""
        try:
            yield
        except (_Failure, _CutShort):
            raise
        except DataFormatError:
            self.forget()
            raise


def _too_long(url, announced):
    if announced is None:
        return DataFormatError(
            f"more than {_MOST:,} bytes arrived and no end was announced; stopped.", url
        )
    return DataFormatError(
        f"more than the {announced:,} bytes arrived that were announced; stopped. The address may "
        "lead to another file, or the connection may have been redirected.", url
    )  # fmt: skip


def read_record(url, *, retries, timeout):
    """Return the JSON object at an address; raises ConnectionError if there is none."""

    def attempt():
        with _open(url, timeout) as response:
            content = b"".join(itertools.islice(_blocks(response), _RECORD_BLOCKS))
        try:
            record = json.loads(content)
        except ValueError as error:
            cut = len(content) < (_length(response) or 0)
            raise _Failure("the answer is not JSON", passing=cut) from error
        if not isinstance(record, dict):
            raise _Failure("the answer is not a JSON object", passing=False)
        return record

    return _persist(attempt, url, retries)


def _persist(attempt, url, retries):
    """Try until it works, cannot work, or has failed too often."""
    for number in range(retries + 1):
        last = number == retries
        try:
            return attempt()
        except DataFormatError:
            if last:
                raise
        except _Failure as failure:
            if last or not failure.passing:
                often = f" ({number + 1} attempts)" if number else ""
                raise ConnectionError(f"{url} cannot be read: {failure}{often}.") from failure
        time.sleep(_PAUSE * 2**number)


def _open(url, timeout, headers=None):
    if not url.lower().startswith(("https://", "http://")):  # urllib would open file:, too
        raise _Failure("not an address on the web", passing=False)
    try:
        headers = {"User-Agent": f"histoexpr/{__version__}", **(headers or {})}
        request = urllib.request.Request(url, headers=headers)
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"the server answered {error.code} {error.reason}"
        raise _Failure(reason, passing=error.code in _PASSING) from error
    except urllib.error.URLError as error:
        # without a network or a server another attempt is of no use
        passing = not isinstance(error.reason, socket.gaierror | ConnectionRefusedError)
        raise _Failure(f"no connection ({error.reason})", passing=passing) from error
    except ValueError as error:
        raise _Failure(f"not a proper address ({error})", passing=False) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Failure(f"no proper answer ({error!r})", passing=True) from error


def _blocks(response):
    while True:
        try:
            block = response.read(_BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _Failure(f"the connection broke ({error!r})", passing=True) from error
        if not block:
            return
        yield block


def _length(response):
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isdigit() else None


def _split_checksum(checksum, url):
    if checksum is None:
        return None, None
    algorithm, colon, expected = checksum.partition(":")
    if not colon or algorithm not in hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}:
        raise DataFormatError(f"the record states a checksum of unknown kind: {checksum!r}.", url)
    return algorithm, expected.strip().lower()
